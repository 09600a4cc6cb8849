// The race at a glance under the slider: how far each runner is ahead of the field, over time.
(function (W) {
  "use strict";

  W.drawTimeline = function (canvas, scene) {
    const box = canvas.getBoundingClientRect();
    const density = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = Math.round(box.width * density);
    canvas.height = Math.round(box.height * density);
    const context = canvas.getContext("2d");
    context.setTransform(density, 0, 0, density, 0, 0);
    const points = Math.max(2, Math.floor(box.width / 3));
    const curves = scene.runners.map((runner) =>
      Array.from({ length: points }, (_, i) => W.scoreAt(runner, (scene.steps * i) / (points - 1))));
    const top = Math.max(1, ...curves.map((curve) => curve[points - 1]));
    curves.forEach((curve, lane) => {
      context.beginPath();
      curve.forEach((score, i) => {
        const x = (box.width * i) / (points - 1), y = box.height - 3 - (score / top) * (box.height - 6);
        if (i) context.lineTo(x, y);
        else context.moveTo(x, y);
      });
      context.strokeStyle = W.css(scene.runners[lane].colour, lane === scene.followed ? 1 : 0.6);
      context.lineWidth = lane === scene.followed ? 2.6 : 1.5;
      context.stroke();
    });
  };
})(window.WALKER);
