// The race at a glance under the slider: how far each runner is ahead of the field, over time.
(function (W) {
  "use strict";

  W.drawTimeline = function (canvas, scene) {
    const { context, ...box } = W.sharp(canvas);
    const points = Math.max(2, Math.floor(box.width / 3));
    const curves = scene.runners.map((runner) =>
      Array.from({ length: points }, (_, i) => W.scoreAt(runner, (scene.steps * i) / (points - 1))));
    const middle = curves[0].map((_, i) => curves.reduce((sum, c) => sum + c[i], 0) / curves.length);
    const ahead = curves.map((curve) => curve.map((score, i) => score - middle[i]));
    const most = Math.max(1, ...ahead.flat().map(Math.abs));
    ahead.forEach((curve, lane) => {
      context.beginPath();
      curve.forEach((lead, i) => {
        const x = (box.width * i) / (points - 1);
        const y = box.height / 2 - (lead / most) * (box.height / 2 - 3);
        if (i) context.lineTo(x, y);
        else context.moveTo(x, y);
      });
      context.strokeStyle = W.css(scene.runners[lane].colour, lane === scene.followed ? 1 : 0.6);
      context.lineWidth = lane === scene.followed ? 2.6 : 1.5;
      context.stroke();
    });
  };
})(window.WALKER);
