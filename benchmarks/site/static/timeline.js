// The race at a glance under the slider: how far each runner is ahead of the field, as far as it has
// been seen. What is to come stays hidden.
(function (W) {
  "use strict";

  /** Draw it; `seen` is the latest control step that was shown. */
  W.drawTimeline = function (canvas, scene, seen) {
    const { context, ...box } = W.sharp(canvas);
    const last = W.clamp(seen, 0, scene.steps), end = (box.width * last) / scene.steps;
    const points = Math.max(2, Math.floor(end / 3));
    const curves = scene.runners.map((runner) =>
      Array.from({ length: points }, (_, i) => W.scoreAt(runner, (last * i) / (points - 1))));
    const middle = curves[0].map((_, i) => curves.reduce((sum, c) => sum + c[i], 0) / curves.length);
    const ahead = curves.map((curve) => curve.map((score, i) => score - middle[i]));
    const most = Math.max(1, ...ahead.flat().map(Math.abs));
    ahead.forEach((curve, lane) => {
      context.beginPath();
      curve.forEach((lead, i) => {
        const x = (end * i) / (points - 1);
        const y = box.height / 2 - (lead / most) * (box.height / 2 - 3);
        if (i) context.lineTo(x, y);
        else context.moveTo(x, y);
      });
      context.strokeStyle = W.css(scene.runners[lane].colour, lane === scene.followed ? 1 : 0.6);
      context.lineWidth = lane === scene.followed ? 2.6 : 1.5;
      context.stroke();
    });
    return most;
  };
})(window.WALKER);
