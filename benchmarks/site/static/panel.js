// The panel with the network of the followed walker.
(function (W) {
  "use strict";

  /** The panel; `redraw()` is called when there is something new to draw. */
  W.newPanel = function (redraw) {
    const box = W.byId("brainbox"), canvas = W.byId("brain"), words = W.byId("brainwords");
    const button = W.byId("network");
    let runner = null, network = null, on = window.innerWidth > 900 && window.innerHeight > 520;

    async function fetchNetwork(wanted) {
      network = wanted.drawn || null;
      words.textContent = "";
      if (network) return redraw();
      if (!wanted.network) {
        words.textContent = "No network: " + wanted.rule + ".";
        return;
      }
      const data = await W.load("networks/" + wanted.id).catch(() => null);
      if (runner !== wanted) return;
      if (data) network = W.unpackNetwork(data);
      else words.textContent = "Its network could not be loaded.";
      redraw();
    }

    const panel = {
      follow(wanted, course) {
        if (wanted === runner) return;
        runner = wanted;
        const known = !wanted.champion, page = known && !wanted.kin;
        W.byId("replaylink").hidden = !page;
        W.byId("replaylink").href = "data/replays/" + course + "/" + wanted.id + ".npz";
        W.byId("brainname").textContent = wanted.name;
        if (page) W.byId("brainlink").href = "entries/" + wanted.id + ".html";
        else W.byId("brainlink").removeAttribute("href");
        if (on) fetchNetwork(wanted);
      },
      show(wish) {
        on = wish;
        box.hidden = !on;
        W.byId("race").dataset.network = String(on);
        button.setAttribute("aria-pressed", String(on));
        if (on && runner) fetchNetwork(runner);
      },
      draw(time) {
        if (!on || !runner || !canvas.offsetParent) return;
        const { context, width, height } = W.sharp(canvas);
        if (network) W.drawBrain(context, network, runner, time, width, height);
      },
    };
    panel.show(on);
    return panel;
  };
})(window.WALKER);
