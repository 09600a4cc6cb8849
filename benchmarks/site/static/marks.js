// Targets that pulse, bursts when one is reached, arrows to what is out of sight.
(function (W) {
  "use strict";

  const TURN = 2 * Math.PI;
  const BURST = 16; // control steps for which a burst is seen
  const PULSE = 24; // control steps of a target's beat
  const RAYS = 12;

  const disc = (context, x, y, radius, fill) => {
    context.beginPath();
    context.arc(x, y, Math.max(0, radius), 0, TURN);
    context.fillStyle = fill;
    context.fill();
  };

  /** A pulsing target; several colours share the disc as sectors. World units. */
  W.drawTarget = function (context, x, y, radius, coloursOf, time) {
    const colours = W.palette();
    const beat = 0.5 - 0.5 * Math.cos((TURN * time) / PULSE);
    disc(context, x, y, radius * (1.25 + 0.55 * beat), W.css(coloursOf[0], 0.34 - 0.2 * beat));
    disc(context, x + 2, y - 3, radius, colours.shadow);
    disc(context, x, y, radius, W.css(colours.ink));
    disc(context, x, y, radius * 0.92, W.css(colours.paper));
    coloursOf.forEach((colour, i) => {
      const from = (TURN * i) / coloursOf.length + TURN / 4;
      context.beginPath();
      context.moveTo(x, y);
      context.arc(x, y, radius * 0.78, from, from + TURN / coloursOf.length);
      context.fillStyle = W.css(colour);
      context.fill();
    });
    disc(context, x, y, radius * (0.3 + 0.13 * beat), W.css(colours.paper));
  };

  /** A target that is yet to come: a faint ring. */
  W.drawComing = function (context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius * 0.7, 0, TURN);
    context.setLineDash([7, 6]);
    context.lineWidth = 2.5;
    context.strokeStyle = W.css(W.palette().ink, 0.35);
    context.stroke();
    context.setLineDash([]);
  };

  function drawBurst(context, x, y, radius, age, colour) {
    const share = age / BURST, left = 1 - share;
    const reach = radius * (1 + 2.8 * Math.sqrt(share));
    const bright = W.blend(colour, [255, 255, 255], 0.45);
    disc(context, x, y, radius * 1.3 * left, W.css(bright, 0.7 * left));
    context.lineCap = "round";
    context.beginPath();
    context.arc(x, y, reach, 0, TURN);
    context.lineWidth = 1 + 5 * left;
    context.strokeStyle = W.css(bright, left);
    context.stroke();
    for (const odd of [0, 1]) {
      const long = odd ? 1 : 0.8;
      context.beginPath();
      for (let i = odd; i < RAYS; i += 2) {
        const turn = (TURN * (i + 0.5)) / RAYS, c = Math.cos(turn), s = Math.sin(turn);
        context.moveTo(x + reach * 0.55 * long * c, y + reach * 0.55 * long * s);
        context.lineTo(x + reach * 0.9 * long * c, y + reach * 0.9 * long * s);
      }
      context.lineWidth = 1 + 4.5 * left;
      context.strokeStyle = W.css(odd ? colour : bright, left);
      context.stroke();
    }
  }

  /** The bursts of what a runner has just reached. */
  W.drawBursts = function (context, runner, radius, time) {
    const { targets } = runner, { reached } = runner.walk;
    for (let i = W.countUpTo(reached, time) - 1; i >= 0; i--) {
      const age = time - reached[i];
      if (age >= BURST) break;
      if (targets[i]) drawBurst(context, targets[i][0], targets[i][1], radius, age, runner.colour);
    }
  };

  /** An arrow at the border towards a place that is out of the picture. Pixels. */
  W.drawArrow = function (context, view, x, y, colour) {
    const px = view.x(x), py = view.y(y), edge = 18;
    if (px >= 0 && py >= 0 && px <= view.width && py <= view.height) return;
    const ex = W.clamp(px, edge, view.width - edge), ey = W.clamp(py, edge, view.height - edge);
    context.save();
    context.translate(ex, ey);
    context.rotate(Math.atan2(py - ey, px - ex));
    context.beginPath();
    context.moveTo(13, 0);
    context.lineTo(-8, 9.5);
    context.lineTo(-4, 0);
    context.lineTo(-8, -9.5);
    context.closePath();
    context.fillStyle = W.css(colour);
    context.strokeStyle = W.css(W.palette().paper);
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
    context.restore();
  };

})(window.WALKER);
