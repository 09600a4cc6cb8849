// One walker: shadow, muscles, skin, bones, feet and eyes, for any body. Units are the world's.
(function (W) {
  "use strict";

  const TURN = 2 * Math.PI;
  const BLINK = 90; // control steps between two blinks

  /** What is worked out once for a body: girth, the ring of outer nodes, how each side bends. */
  W.shapeOf = function (body) {
    if (body.shape) return body.shape;
    const links = body.bones.concat(body.muscles.map((m) => [m.a, m.b]));
    const length = ([a, b]) => Math.hypot(
      body.nodes[a][0] - body.nodes[b][0], body.nodes[a][1] - body.nodes[b][1]);
    const girth = (0.1 * links.reduce((sum, link) => sum + length(link), 0)) / links.length;
    const ring = outerRing(body.nodes);
    const inner = body.nodes.map((_, i) => i).filter((i) => !ring.includes(i));
    const sides = ring.map((a, i) => side(body, a, ring[(i + 1) % ring.length], inner));
    body.shape = { girth, ring, sides, inner };
    return body.shape;
  };

  /** Nodes on the border of the drawn body, counterclockwise; those on a straight edge count. */
  function outerRing(nodes) {
    const outer = nodes.map((_, i) => i).filter((i) => widestGap(nodes, i) > Math.PI - 1e-6);
    const middle = [0, 1].map((c) => outer.reduce((s, i) => s + nodes[i][c], 0) / outer.length);
    const angle = (i) => Math.atan2(nodes[i][1] - middle[1], nodes[i][0] - middle[0]);
    return outer.sort((a, b) => angle(a) - angle(b));
  }

  /** The widest angle, seen from a node, in which there is no other: half a turn on the border. */
  function widestGap(nodes, k) {
    const turns = nodes.filter((_, i) => i !== k)
      .map(([x, y]) => Math.atan2(y - nodes[k][1], x - nodes[k][0]))
      .sort((a, b) => a - b);
    return Math.max(...turns.map((t, i) => (i ? t - turns[i - 1] : t + TURN - turns[turns.length - 1])));
  }

  /** A side with a muscle has a waist towards the hub; the others bulge a little. */
  function side(body, a, b, inner) {
    const muscle = body.muscles.some((m) => (m.a === a && m.b === b) || (m.a === b && m.b === a));
    if (!muscle) return { a, b, towards: -1, share: 0 };
    let best = -1, least = Infinity;
    for (const node of inner) {
      const far = Math.hypot(body.nodes[node][0] - (body.nodes[a][0] + body.nodes[b][0]) / 2,
        body.nodes[node][1] - (body.nodes[a][1] + body.nodes[b][1]) / 2);
      if (far < least) [best, least] = [node, far];
    }
    return { a, b, towards: best, share: best < 0 ? 0.5 : 0.92 };
  }

  function outline(context, shape, p) {
    let mx = 0, my = 0;
    for (const i of shape.ring) {
      mx += p[2 * i] / shape.ring.length;
      my += p[2 * i + 1] / shape.ring.length;
    }
    context.moveTo(p[2 * shape.ring[0]], p[2 * shape.ring[0] + 1]);
    for (const { a, b, towards, share } of shape.sides) {
      const x = (p[2 * a] + p[2 * b]) / 2, y = (p[2 * a + 1] + p[2 * b + 1]) / 2;
      let cx, cy;
      if (share > 0) {
        const tx = towards < 0 ? mx : p[2 * towards], ty = towards < 0 ? my : p[2 * towards + 1];
        cx = x + (tx - x) * share;
        cy = y + (ty - y) * share;
      } else {
        cx = x + 0.22 * (x - mx);
        cy = y + 0.22 * (y - my);
      }
      context.quadraticCurveTo(cx, cy, p[2 * b], p[2 * b + 1]);
    }
    context.closePath();
  }

  /** Outline of a muscle, thick in the middle; half thicknesses in units. */
  function spindle(context, ax, ay, bx, by, end, middle) {
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

  const disc = (context, x, y, radius, fill) => {
    context.beginPath();
    context.arc(x, y, radius, 0, TURN);
    context.fillStyle = fill;
    context.fill();
  };

  /** How contracted a muscle is: 0 at its longest, 1 at its shortest. */
  W.contraction = function (muscle, p) {
    const length = Math.hypot(p[2 * muscle.a] - p[2 * muscle.b],
      p[2 * muscle.a + 1] - p[2 * muscle.b + 1]);
    return W.clamp((muscle.longest - length / muscle.rest) / (muscle.longest - muscle.shortest), 0, 1);
  };

  function drawMuscles(context, body, p, g, colours) {
    for (const muscle of body.muscles) {
      const tight = W.contraction(muscle, p);
      const ends = [p[2 * muscle.a], p[2 * muscle.a + 1], p[2 * muscle.b], p[2 * muscle.b + 1]];
      const colour = W.blend(colours.muscleLong, colours.muscleShort, tight);
      const half = g * (0.42 + 1.15 * tight);
      const layer = (end, middle, fill) => {
        context.beginPath();
        spindle(context, ...ends, end * g, middle);
        context.fillStyle = fill;
        context.fill();
      };
      layer(0.55, half + 0.26 * g, W.css(W.blend(colour, colours.ink, 0.6)));
      layer(0.34, half, W.css(colour));
      layer(0.1, half * 0.62, W.css(W.blend(colour, colours.eye, 0.16)));
      layer(0.04, half * 0.24, W.css(W.blend(colour, colours.eye, 0.42)));
    }
  }

  function drawSkin(context, shape, body, p, g, coat) {
    context.lineJoin = context.lineCap = "round";
    context.beginPath();
    outline(context, shape, p);
    context.strokeStyle = coat.dark;
    context.lineWidth = 2.1 * g;
    context.stroke();
    let [left, top, right, bottom] = [Infinity, -Infinity, -Infinity, Infinity];
    for (const i of shape.ring) {
      left = Math.min(left, p[2 * i]);
      right = Math.max(right, p[2 * i]);
      top = Math.max(top, p[2 * i + 1]);
      bottom = Math.min(bottom, p[2 * i + 1]);
    }
    const light = context.createLinearGradient(left, top, right, bottom);
    light.addColorStop(0, coat.light);
    light.addColorStop(0.45, coat.fill);
    light.addColorStop(1, coat.deep);
    context.fillStyle = context.strokeStyle = light;
    context.lineWidth = 1.55 * g;
    context.stroke();
    context.fill();
    context.beginPath();
    for (const [a, b] of body.bones) {
      context.moveTo(p[2 * a], p[2 * a + 1]);
      context.lineTo(p[2 * b], p[2 * b + 1]);
    }
    context.strokeStyle = coat.pale;
    context.globalAlpha *= 0.75;
    context.lineWidth = 0.5 * g;
    context.stroke();
    context.globalAlpha /= 0.75;
    for (const node of shape.inner) {
      disc(context, p[2 * node], p[2 * node + 1], 0.72 * g, coat.dark);
      disc(context, p[2 * node], p[2 * node + 1], 0.48 * g, coat.pale);
    }
  }

  function drawFeet(context, body, pose, g, colours) {
    body.feet.forEach((node, f) => {
      const x = pose.position[2 * node], y = pose.position[2 * node + 1], grip = pose.grip[f];
      const radius = (0.8 + 0.65 * grip) * g;
      const colour = W.blend(colours.footLoose, colours.footFirm, grip);
      disc(context, x, y, radius + 0.2 * g, W.css(colours.ink));
      disc(context, x, y, radius, W.css(colour));
      disc(context, x - 0.22 * radius, y + 0.22 * radius, 0.45 * radius,
        W.css(W.blend(colour, colours.eye, 0.28)));
    });
  }

  const head = {};
  function drawEyes(context, body, p, g, coat, gaze, time, colours) {
    W.headOf(body, p, head);
    const closed = time % BLINK > BLINK - 3;
    for (const side of [1.38, -1.38]) {
      const x = head.x + g * (0.35 * head.fx - side * head.fy);
      const y = head.y + g * (0.35 * head.fy + side * head.fx);
      disc(context, x, y, 1.44 * g, coat.dark);
      disc(context, x, y, 1.2 * g, closed ? coat.fill : W.css(colours.eye));
      if (closed) continue;
      const far = Math.hypot(gaze.x - x, gaze.y - y) || 1;
      const reach = 0.5 * g * Math.min(1, far / (2 * g));
      const px = x + (reach * (gaze.x - x)) / far, py = y + (reach * (gaze.y - y)) / far;
      disc(context, px, py, 0.62 * g, W.css(colours.ink));
      disc(context, px - 0.2 * g, py + 0.22 * g, 0.18 * g, W.css(colours.eye));
    }
  }

  function drawShadow(context, shape, body, pose, g, colours) {
    context.save();
    context.translate(0.75 * g, -0.95 * g);
    context.beginPath();
    outline(context, shape, pose.position);
    context.fillStyle = context.strokeStyle = colours.shadow;
    context.fill();
    for (const muscle of body.muscles) {
      const p = pose.position;
      context.beginPath();
      spindle(context, p[2 * muscle.a], p[2 * muscle.a + 1], p[2 * muscle.b], p[2 * muscle.b + 1],
        0.5 * g, g * (0.6 + W.contraction(muscle, p)));
      context.fill();
    }
    body.feet.forEach((node, f) => {
      disc(context, pose.position[2 * node], pose.position[2 * node + 1],
        (1 + 0.65 * pose.grip[f]) * g, colours.shadow);
    });
    context.restore();
  }

  /** Draw a walker; the context is in world units, `gaze` is the point it looks at. */
  W.drawFigure = function (context, body, pose, coat, gaze, time) {
    const shape = W.shapeOf(body), g = shape.girth, colours = W.palette();
    drawShadow(context, shape, body, pose, g, colours);
    drawMuscles(context, body, pose.position, g, colours);
    drawSkin(context, shape, body, pose.position, g, coat);
    drawFeet(context, body, pose, g, colours);
    drawEyes(context, body, pose.position, g, coat, gaze, time, colours);
  };
})(window.WALKER);
