// The network of the followed walker, live, drawn from what its units really do.
(function (W) {
  "use strict";

  const EVERY = 80; // milliseconds between two pictures: it costs more than the sand and all walkers

  W.newMindView = function () {
    const canvas = W.byId("brain"), title = W.byId("brainname");
    let drawn = null, wanted = null, last = 0;

    return {
      /** Show the network of a runner, once its names have come. */
      async follow(runner) {
        wanted = runner;
        last = 0;
        title.textContent = runner.thinker || runner.name;
        drawn = runner.drawn || null;
        if (runner.drawn !== undefined) return; // it brought its own, or says that there is none
        const data = await W.load("networks/" + runner.id).catch(() => null);
        if (wanted === runner && data) drawn = W.unpackNetwork(data);
      },
      draw(runner) {
        const now = performance.now();
        if (runner !== wanted || now - last < EVERY || !canvas.offsetParent) return;
        last = now;
        const { context, width, height } = W.sharp(canvas);
        if (drawn) W.drawActivity(context, drawn, W.activate(drawn, Array.from(runner.walkers.seen)), width, height);
      },
    };
  };
})(window.WALKER);
