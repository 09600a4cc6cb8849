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
        title.textContent = runner.name;
        drawn = runner.drawn || null;
        if (drawn) return;
        const data = await W.load("networks/" + runner.id).catch(() => null);
        if (wanted === runner && data) drawn = W.unpackNetwork(data);
      },
      draw(runner) {
        if (runner !== wanted || !canvas.offsetParent) return;
        const box = canvas.getBoundingClientRect(), density = Math.min(window.devicePixelRatio || 1, 2);
        const width = Math.round(box.width * density), height = Math.round(box.height * density);
        if (canvas.width !== width || canvas.height !== height) {
          canvas.width = width;
          canvas.height = height;
        }
        const context = canvas.getContext("2d");
        context.setTransform(density, 0, 0, density, 0, 0);
        context.clearRect(0, 0, box.width, box.height);
        if (drawn) W.drawActivity(context, drawn, W.activate(drawn, Array.from(runner.walkers.seen)), box.width, box.height);
      },
    };
  };
})(window.WALKER);
