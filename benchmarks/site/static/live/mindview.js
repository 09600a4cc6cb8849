// The network of the followed walker, live, drawn from what its units really do.
(function (W) {
  "use strict";

  W.newMindView = function () {
    const canvas = W.byId("brain"), title = W.byId("brainname");
    let drawn = null, wanted = null;

    return {
      /** Show the network of a runner, once its names have come. */
      async follow(runner) {
        wanted = runner;
        title.textContent = runner.thinker || runner.name;
        drawn = runner.drawn || null;
        if (drawn) return;
        const data = await W.load("networks/" + runner.id).catch(() => null);
        if (wanted === runner && data) drawn = W.unpackNetwork(data);
      },
      draw(runner) {
        if (runner !== wanted || !canvas.offsetParent) return;
        const { context, width, height } = W.sharp(canvas);
        if (drawn) W.drawActivity(context, drawn, W.activate(drawn, Array.from(runner.walkers.seen)), width, height);
      },
    };
  };
})(window.WALKER);
