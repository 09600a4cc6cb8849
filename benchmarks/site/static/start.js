// The start of a race: a curved line, everybody as far from the first target as in truth.
//
// All walkers of a race truly start at one place, for they do not meet. Until its first target each
// is shown turned around that target, as a whole: no distance, no angle and no step of it changes,
// only where on the arc it comes from. On the last stretch it turns to its true place, and is there
// when it reaches the target.
(function (W) {
  "use strict";

  const COUNTDOWN = 3; // seconds
  const WIDEST = 2.5; // angle that all lanes take at most
  const APART = 14; // units between neighbours at rest
  const STRETCH = 130; // units on which a walker turns to its true place
  const CHALK = 20; // seconds for which the line is seen

  const middleAt = function ({ position, nodes }, step) {
    let x = 0, y = 0;
    for (let at = 2 * nodes * step, k = 0; k < nodes; k++, at += 2) {
      x += position[at] / nodes;
      y += position[at + 1] / nodes;
    }
    return [x, y];
  };

  const widthOf = function (body) {
    const ys = body.nodes.map((node) => node.y);
    return Math.max(...ys) - Math.min(...ys) + 3 * W.shapeOf(body).girth + APART;
  };

  /** The angle by which each walker is shown turned around a target at a distance [unit]. */
  W.lanesOf = function (bodies, distance) {
    const angles = [0];
    for (let i = 1; i < bodies.length; i++) {
      angles.push(angles[i - 1] + (widthOf(bodies[i - 1]) + widthOf(bodies[i])) / 2 / distance);
    }
    const all = angles[angles.length - 1], share = Math.min(1, WIDEST / (all || 1));
    return angles.map((angle) => share * (all / 2 - angle));
  };

  /** A walk as it is shown from a lane: turned by an angle around its first target, then as it is. */
  W.turnedWalk = function (walk, [tx, ty], angle) {
    if (!angle) return walk;
    const position = Float32Array.from(walk.position);
    const arrival = walk.reached.length ? walk.reached[0] : walk.steps + 1;
    const far = (step) => {
      const [x, y] = middleAt(walk, step);
      return Math.hypot(x - tx, y - ty);
    };
    const near = arrival <= walk.steps ? far(arrival) : 0;
    const stretch = Math.max(20, Math.min(STRETCH, 0.8 * (far(0) - near)));
    let left = 1;
    for (let step = 0; step < Math.min(arrival, walk.steps + 1); step++) {
      const share = W.clamp((far(step) - near) / stretch, 0, 1);
      left = Math.min(left, share * share * (3 - 2 * share)); // it never turns back
      const c = Math.cos(left * angle), s = Math.sin(left * angle);
      for (let k = 0, at = 2 * walk.nodes * step; k < walk.nodes; k++, at += 2) {
        const dx = walk.position[at] - tx, dy = walk.position[at + 1] - ty;
        position[at] = tx + c * dx - s * dy;
        position[at + 1] = ty + s * dx + c * dy;
      }
    }
    return { ...walk, position };
  };

  /** Give every runner of a race its lane, and the race its line and its countdown. */
  W.lineUp = function (scene, rate) {
    const { runners, targets: [first] } = scene;
    const distance = Math.hypot(...first);
    const angles = W.lanesOf(runners.map((runner) => runner.body), distance);
    runners.forEach((runner, lane) => (runner.shown = W.turnedWalk(runner.walk, first, angles[lane])));
    const girth = Math.max(...runners.map(({ body }) => W.shapeOf(body).girth));
    const reach = (way) => Math.max(...runners.flatMap(({ body }) =>
      body.nodes.map((node) => (way * (node.x * first[0] + node.y * first[1])) / distance)));
    scene.first = -COUNTDOWN * rate;
    scene.line = {
      first, angles, radius: distance - reach(1) - 3.2 * girth, back: distance + reach(-1) + girth,
      truth: Math.atan2(-first[1], -first[0]), until: CHALK * rate,
    };
    const { line } = scene;
    const gap = angles.length > 1 ? (angles[0] - angles[1]) / 2 : widthOf(runners[0].body) / 2 / distance;
    line.from = line.truth + angles[angles.length - 1] - gap;
    line.to = line.truth + angles[0] + gap;
  };

  /** The chalk of the line and of its lanes; the context is in world units. */
  W.drawLine = function (context, scene) {
    const { line, time } = scene;
    if (!line || time > line.until) return;
    const [tx, ty] = line.first, { angles, truth, radius, from, to } = line;
    const chalk = W.css(W.palette().chalk, 0.85 * Math.min(1, 4 - (4 * time) / line.until));
    context.beginPath();
    context.arc(tx, ty, radius, from, to);
    for (let i = 0; i <= angles.length; i++) {
      const angle = i === 0 ? to : i === angles.length ? from : truth + (angles[i - 1] + angles[i]) / 2;
      const x = Math.cos(angle), y = Math.sin(angle);
      context.moveTo(tx + radius * x, ty + radius * y);
      context.lineTo(tx + line.back * x, ty + line.back * y);
    }
    context.lineWidth = 5;
    context.lineCap = "round";
    context.strokeStyle = chalk;
    context.stroke();
  };

  /** What is counted at a time in control steps: 3, 2, 1, "Go", or nothing. */
  W.countAt = function (time, rate) {
    if (time < 0) return String(Math.ceil(-time / rate));
    return time < 0.8 * rate ? "Go!" : "";
  };
})(window.WALKER);
