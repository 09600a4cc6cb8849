// One walker: shadow, muscles, skin, feet and eyes, for any body, as the window draws it
// (walker_env/render/figure.py and outline.py). Units are the world's.
(function (W) {
  "use strict";

  const TURN = 2 * Math.PI;
  const BLINK = 90; // control steps between two blinks
  const POINTS = 9; // along an edge of skin
  const WAIST = 0.3; // share by which an edge is thinner in its middle

  /**
   * What is worked out once for a body: girth and half extent [unit], which muscles lie on skin,
   * which bones have none, which nodes are joints; and each muscle's drawn length.
   */
  W.shapeOf = function (body) {
    if (body.shape) return body.shape;
    const long = ({ a, b }) =>
      Math.hypot(body.nodes[a].x - body.nodes[b].x, body.nodes[a].y - body.nodes[b].y);
    const links = body.bones.concat(body.muscles);
    const edges = body.webs.flatMap((web) => web.edges);
    const covered = ({ a, b }) =>
      edges.some(([c, d]) => (a === c && b === d) || (a === d && b === c));
    for (const muscle of body.muscles) muscle.rest = long(muscle);
    const span = (key) => {
      const values = body.nodes.map((node) => node[key]);
      return Math.max(...values) - Math.min(...values);
    };
    body.shape = {
      girth: (0.1 * links.reduce((sum, link) => sum + long(link), 0)) / links.length,
      extent: Math.max(span("x"), span("y")) / 2,
      lying: body.muscles.filter(covered),
      hanging: body.muscles.filter((muscle) => !covered(muscle)),
      bare: body.bones.filter((bone) => !covered(bone)),
      joints: body.nodes.map((_, i) => i).filter((i) => !body.feet.includes(i)),
      skinned: [...new Set(edges.flatMap(([a, b]) => [a, b]))],
    };
    return body.shape;
  };

  /** An edge as it lies now: points, and at each the unit vector square to it, thinner inside. */
  function bend([a, b, bow], mx, my, p, line) {
    const ax = p[2 * a], ay = p[2 * a + 1], bx = p[2 * b], by = p[2 * b + 1];
    const cx = (ax + bx) / 2 + bow * (mx - (ax + bx) / 2);
    const cy = (ay + by) / 2 + bow * (my - (ay + by) / 2);
    for (let i = 0; i < POINTS; i++) {
      const t = i / (POINTS - 1), s = 1 - t;
      const dx = s * (cx - ax) + t * (bx - cx), dy = s * (cy - ay) + t * (by - cy);
      const thin = (1 - WAIST * 4 * t * s) / Math.max(Math.hypot(dx, dy), 1e-9);
      line.push({
        x: s * s * ax + 2 * t * s * cx + t * t * bx,
        y: s * s * ay + 2 * t * s * cy + t * t * by,
        sx: -dy * thin, sy: dx * thin,
      });
    }
  }

  /** Every web's edges as they lie now: all points of a web in a row, around it. */
  function curvesOf(body, p) {
    return body.webs.map((web) => {
      let mx = 0, my = 0;
      for (const node of web.nodes) {
        mx += p[2 * node] / web.nodes.length;
        my += p[2 * node + 1] / web.nodes.length;
      }
      const line = [];
      for (const edge of web.edges) bend(edge, mx, my, p, line);
      let area = 0;
      line.forEach((q, i) => {
        const next = line[(i + 1) % line.length];
        area += q.x * next.y - q.y * next.x;
      });
      return { line, turn: web.edges.length > 1 ? Math.sign(area) : 0 };
    });
  }

  function trace(context, points) {
    points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
  }

  /** A web grown by a radius beyond its edges; its nodes' own discs close the corners. */
  function traceWeb(context, { line, turn }, radius) {
    if (!turn) {
      ribbon(context, line, radius);
      return;
    }
    const rim = line.map((q) => [q.x - turn * radius * q.sx, q.y - turn * radius * q.sy]);
    trace(context, turn > 0 ? rim : rim.reverse());
  }

  /** A band along an edge. */
  function ribbon(context, line, radius) {
    const right = line.map((q) => [q.x - radius * q.sx, q.y - radius * q.sy]);
    const left = line.map((q) => [q.x + radius * q.sx, q.y + radius * q.sy]);
    trace(context, right.concat(left.reverse()));
  }

  function traceDisc(context, x, y, radius) {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, TURN);
  }

  /** The whole skin, grown by a radius, as one path; all of it turns the same way. */
  function traceSkin(context, shape, curves, p, radius) {
    for (const curve of curves) traceWeb(context, curve, radius);
    for (const node of shape.skinned) traceDisc(context, p[2 * node], p[2 * node + 1], radius);
  }

  /** Outline of a muscle, thick in the middle; half thicknesses in units. */
  function spindle(context, { a, b }, p, end, middle) {
    const ax = p[2 * a], ay = p[2 * a + 1], bx = p[2 * b], by = p[2 * b + 1];
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const sx = -(by - ay) / length, sy = (bx - ax) / length;
    const mx = (ax + bx) / 2, my = (ay + by) / 2;
    const qx = (bx - ax) / 4, qy = (by - ay) / 4;
    context.moveTo(ax - sx * end, ay - sy * end);
    for (const way of [-1, 1]) {
      const t = way * middle;
      const [ex, ey] = way < 0 ? [bx, by] : [ax, ay];
      context.bezierCurveTo(mx + way * qx + sx * t, my + way * qy + sy * t,
        mx - way * qx + sx * t, my - way * qy + sy * t, ex + way * sx * end, ey + way * sy * end);
      context.lineTo(ex - way * sx * end, ey - way * sy * end);
    }
    context.closePath();
  }

  const fill = (context, style, path) => {
    context.beginPath();
    path(context);
    context.fillStyle = style;
    context.fill();
  };
  const disc = (context, x, y, radius, style) =>
    fill(context, style, () => traceDisc(context, x, y, radius));
  const discs = (context, places, radius, style) =>
    fill(context, style, () => places.forEach(([x, y]) => traceDisc(context, x, y, radius)));

  /** How contracted a muscle is: 0 at its longest, 1 at its shortest. */
  W.contraction = function (muscle, p) {
    const length = Math.hypot(p[2 * muscle.a] - p[2 * muscle.b],
      p[2 * muscle.a + 1] - p[2 * muscle.b + 1]);
    const span = muscle.longest - muscle.shortest || 1;
    return W.clamp((muscle.longest - length / muscle.rest) / span, 0, 1);
  };

  /** Muscles, layer by layer; rims and lights of all together, so that a frame has few strokes. */
  function drawMuscles(context, muscles, p, g, colours) {
    if (!muscles.length) return;
    const tight = muscles.map((muscle) => W.contraction(muscle, p));
    const half = tight.map((one) => g * (0.3 + one));
    const colour = tight.map((one) => W.blend(colours.muscleLong, colours.muscleShort, one));
    const mean = tight.reduce((a, b) => a + b) / tight.length;
    const rim = W.blend(W.blend(colours.muscleLong, colours.muscleShort, mean), colours.ink, 0.6);
    const all = (end, middle, style) => fill(context, style, () =>
      muscles.forEach((muscle, m) => spindle(context, muscle, p, end * g, middle(half[m]))));
    all(0.5, (wide) => wide + 0.2 * g, W.css(rim));
    muscles.forEach((muscle, m) =>
      fill(context, W.css(colour[m]), () => spindle(context, muscle, p, 0.3 * g, half[m])));
    all(0.1, (wide) => wide * 0.62, W.css(colours.eye, 0.16));
    all(0.04, (wide) => wide * 0.24, W.css(colours.eye, 0.3));
  }

  /** Lines with round ends, [ax, ay, bx, by] each. */
  function capsules(context, lines, radius, style) {
    context.beginPath();
    for (const [ax, ay, bx, by] of lines) {
      context.moveTo(ax, ay);
      context.lineTo(bx, by);
    }
    context.lineCap = "round";
    context.lineWidth = 2 * radius;
    context.strokeStyle = style;
    context.stroke();
  }

  function drawBare(context, shape, p, g, coat) {
    if (!shape.bare.length) return;
    const lines = shape.bare.map(({ a, b }) => [p[2 * a], p[2 * a + 1], p[2 * b], p[2 * b + 1]]);
    capsules(context, lines, 0.5 * g, coat.dark);
    capsules(context, lines, 0.28 * g, coat.pale);
  }

  /** Skin, lit from the upper left. */
  function drawSkin(context, shape, curves, p, g, coat) {
    fill(context, coat.dark, () => traceSkin(context, shape, curves, p, 1.2 * g));
    let [left, top, right, bottom] = [Infinity, -Infinity, -Infinity, Infinity];
    for (const i of shape.skinned) {
      left = Math.min(left, p[2 * i]);
      right = Math.max(right, p[2 * i]);
      top = Math.max(top, p[2 * i + 1]);
      bottom = Math.min(bottom, p[2 * i + 1]);
    }
    const light = context.createLinearGradient(left, top, right, bottom);
    light.addColorStop(0, coat.light);
    light.addColorStop(0.45, coat.fill);
    light.addColorStop(1, coat.deep);
    fill(context, light, () => traceSkin(context, shape, curves, p, 0.95 * g));
    context.globalAlpha *= 0.75;
    fill(context, coat.pale, () => {
      for (const { line } of curves) {
        for (let i = 0; i < line.length; i += POINTS) {
          ribbon(context, line.slice(i, i + POINTS), 0.22 * g);
        }
      }
    });
    context.globalAlpha /= 0.75;
  }

  function drawJoints(context, shape, p, g, coat) {
    const places = shape.joints.map((node) => [p[2 * node], p[2 * node + 1]]);
    discs(context, places, 0.7 * g, coat.dark);
    discs(context, places, 0.45 * g, coat.pale);
  }

  function drawFeet(context, body, pose, g, colours) {
    const feet = body.feet.map((node, f) => {
      const grip = pose.grip[f];
      return { x: pose.position[2 * node], y: pose.position[2 * node + 1], grip, radius: (0.75 + 0.75 * grip) * g };
    });
    fill(context, W.css(colours.ink), () =>
      feet.forEach(({ x, y, radius }) => traceDisc(context, x, y, radius + 0.2 * g)));
    for (const { x, y, grip, radius } of feet) {
      disc(context, x, y, radius, W.css(W.blend(colours.footLoose, colours.footFirm, grip)));
    }
    fill(context, W.css(colours.eye, 0.28), () => feet.forEach(({ x, y, radius }) =>
      traceDisc(context, x - 0.22 * radius, y + 0.22 * radius, 0.4 * radius)));
  }

  const head = {};
  /** Where the eyes are: `side` is 1 for the left one, -1 for the right one. */
  const eyeAt = (g, side) => [
    head.x + g * (0.3 * head.fx - side * 1.45 * head.fy),
    head.y + g * (0.3 * head.fy + side * 1.45 * head.fx),
  ];

  function drawHead(context, body, p, g, coat, gaze, time, colours) {
    W.headOf(body, p, head);
    const eyes = [eyeAt(g, 1), eyeAt(g, -1)], brow = [eyes.flat()];
    capsules(context, brow, 1.75 * g, coat.dark);
    capsules(context, brow, 1.5 * g, coat.fill);
    const closed = time % BLINK > BLINK - 3;
    discs(context, eyes, 1.25 * g, closed ? coat.dark : W.css(colours.eye));
    if (closed) return;
    const pupils = eyes.map(([x, y]) => {
      const far = Math.hypot(gaze.x - x, gaze.y - y) || 1;
      const reach = 0.5 * g * Math.min(1, far / (2 * g));
      return [x + (reach * (gaze.x - x)) / far, y + (reach * (gaze.y - y)) / far];
    });
    discs(context, pupils, 0.68 * g, W.css(colours.ink));
    discs(context, pupils.map(([x, y]) => [x - 0.12 * g, y + 0.22 * g]), 0.2 * g, W.css(colours.eye));
  }

  /** One path for all of it, so that nothing lies twice in the shade. */
  function drawShadow(context, body, shape, curves, pose, g, colours) {
    const p = pose.position;
    context.save();
    context.translate(0.75 * g, -0.95 * g);
    fill(context, colours.shadow, () => {
      traceSkin(context, shape, curves, p, 1.2 * g);
      for (const muscle of body.muscles) {
        spindle(context, muscle, p, 0.5 * g, g * (0.5 + W.contraction(muscle, p)));
      }
      body.feet.forEach((node, f) =>
        traceDisc(context, p[2 * node], p[2 * node + 1], (0.95 + 0.75 * pose.grip[f]) * g));
    });
    context.restore();
  }

  /** Draw a walker; the context is in world units, `gaze` is the point it looks at. */
  W.drawFigure = function (context, body, pose, coat, gaze, time) {
    const shape = W.shapeOf(body), g = shape.girth, colours = W.palette(), p = pose.position;
    const curves = curvesOf(body, p);
    drawShadow(context, body, shape, curves, pose, g, colours);
    drawMuscles(context, shape.hanging, p, g, colours);
    drawBare(context, shape, p, g, coat);
    drawSkin(context, shape, curves, p, g, coat);
    drawMuscles(context, shape.lying, p, g, colours);
    drawJoints(context, shape, p, g, coat);
    drawFeet(context, body, pose, g, colours);
    drawHead(context, body, p, g, coat, gaze, time, colours);
  };
})(window.WALKER);
