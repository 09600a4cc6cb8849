// What a course looks like on the ground, told from its targets alone: a track where they come round
// again, a straight where they lie in a line, gates where they alternate beside one.
(function (W) {
  "use strict";

  const LAP = 60; // targets in which a lap must show
  const WIDE = 230; // units from border to border
  const GATE = 62; // units from a gate's middle to its poles
  const BORDER = 9;

  /** Targets that tell the kind of a course. */
  W.TELLING = 48;

  const side = ([ax, ay], [bx, by]) => ax * by - ay * bx;

  function lapOf(targets) {
    const same = (a, b) => a[0] === b[0] && a[1] === b[1];
    for (let n = 3; 2 * n <= Math.min(LAP, targets.length); n++) {
      if (targets.slice(n).every((target, i) => same(target, targets[i]))) return targets.slice(0, n);
    }
    return null;
  }

  /**
   * What the targets of a course make: {kind, ...}: "track" with its `lap`; "straight" and "gates" with
   * the unit vector `ahead`; "open" where they are anywhere.
   */
  W.wayOf = function (targets) {
    const lap = lapOf(targets);
    if (lap) return { kind: "track", lap };
    if (targets.length < 6) return { kind: "open" };
    const [a, b] = targets, [y, z] = targets.slice(-2);
    const dx = y[0] + z[0] - a[0] - b[0], dy = y[1] + z[1] - a[1] - b[1], long = Math.hypot(dx, dy) || 1;
    const ahead = [dx / long, dy / long];
    const along = targets.map(([tx, ty]) => tx * ahead[0] + ty * ahead[1]);
    if (!along.every((s, i) => s > (i ? along[i - 1] : 0))) return { kind: "open" };
    const aside = targets.map((target) => side(ahead, target));
    const far = Math.max(...aside.map(Math.abs));
    if (far < 1e-6 * long) return { kind: "straight", ahead };
    const alternate = aside.every((s, i) => i === 0 || s * aside[i - 1] < 0);
    return alternate ? { kind: "gates", ahead } : { kind: "open" };
  };

  /** A smooth closed path through points. */
  function smooth(points) {
    const path = new Path2D(), n = points.length, at = (i) => points[(i + n) % n];
    path.moveTo(...at(0));
    for (let i = 0; i < n; i++) {
      const [p, q, r, s] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
      path.bezierCurveTo(q[0] + (r[0] - p[0]) / 6, q[1] + (r[1] - p[1]) / 6,
        r[0] - (s[0] - q[0]) / 6, r[1] - (s[1] - q[1]) / 6, r[0], r[1]);
    }
    path.closePath();
    return path;
  }

  function stroke(context, path, width, style, dash = []) {
    context.setLineDash(dash);
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke(path);
    context.setLineDash([]);
  }

  /** A chequered line across the way at a place; `ahead` is the way's direction. */
  function chequer(context, [x, y], ahead, colours) {
    const size = WIDE / 16;
    for (const odd of [0, 1]) {
      context.beginPath();
      for (let i = 0; i < 16; i++) {
        for (let row = 0; row < 2; row++) {
          if ((i + row) % 2 !== odd) continue;
          const u = (row - 1) * size, v = (i - 8) * size;
          const corner = (du, dv) => [x + ahead[0] * (u + du) - ahead[1] * (v + dv), y + ahead[1] * (u + du) + ahead[0] * (v + dv)];
          context.moveTo(...corner(0, 0));
          for (const [du, dv] of [[size, 0], [size, size], [0, size]]) context.lineTo(...corner(du, dv));
        }
      }
      context.fillStyle = W.css(odd ? colours.ink : colours.chalk, 0.8);
      context.fill();
    }
  }

  /** Where the start spreads beyond the way: from the first target back behind the line. */
  function apron(line) {
    const path = new Path2D();
    if (!line) return path;
    path.moveTo(...line.first);
    path.arc(...line.first, line.back + 30, line.from - 0.04, line.to + 0.04);
    path.closePath();
    return path;
  }

  function drawTrack(context, way, line, colours) {
    way.path = way.path || smooth(way.lap);
    way.apron = way.apron || apron(line);
    context.lineJoin = "round";
    context.lineCap = "butt";
    stroke(context, way.apron, 4 * BORDER, colours.shadow);
    stroke(context, way.apron, 2 * BORDER, W.css(colours.chalk));
    stroke(context, way.path, WIDE + 4 * BORDER, colours.shadow);
    stroke(context, way.path, WIDE + 2 * BORDER, W.css(colours.kerb));
    stroke(context, way.path, WIDE + 2 * BORDER, W.css(colours.chalk), [46, 46]);
    context.fillStyle = W.css(W.blend(colours.sand, colours.road, 0.75));
    stroke(context, way.path, WIDE, context.fillStyle);
    context.fill(way.apron);
    stroke(context, way.path, 3, W.css(colours.chalk, 0.25), [26, 34]);
    const last = way.lap[way.lap.length - 1], [x, y] = way.lap[0], long = Math.hypot(x - last[0], y - last[1]);
    chequer(context, last, [(x - last[0]) / long, (y - last[1]) / long], colours);
  }

  function drawStraight(context, way, scene, colours) {
    const [ax, ay] = way.ahead, { targets } = scene, end = targets[targets.length - 1], long = Math.hypot(...end), half = WIDE / 2;
    way.apron = way.apron || apron(scene.line);
    context.save();
    context.fillStyle = W.css(colours.road, 0.35);
    context.fill(way.apron);
    context.transform(ax, ay, -ay, ax, 0, 0); // x runs along the way
    context.fillRect(-260, -half, long + 520, WIDE);
    context.beginPath();
    for (const y of [-half, half]) {
      context.moveTo(-260, y);
      context.lineTo(long + 260, y);
    }
    context.lineWidth = BORDER;
    context.strokeStyle = W.css(colours.chalk, 0.9);
    context.stroke();
    context.beginPath();
    for (const target of targets) {
      const x = Math.hypot(...target);
      context.moveTo(x, -half);
      context.lineTo(x, half);
    }
    context.lineWidth = 3;
    context.strokeStyle = W.css(colours.chalk, 0.5);
    context.stroke();
    context.restore();
  }

  /** Numbers of the marks beside a straight; the context is in pixels. */
  function numberStraight(context, way, scene, camera, view, colours) {
    const [ax, ay] = way.ahead, size = W.clamp(52 * camera.zoom, 11, 40);
    context.font = "700 " + size + "px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = W.css(colours.chalk, 0.85);
    const each = camera.zoom < 0.15 ? 10 : camera.zoom < 0.3 ? 5 : 1;
    scene.targets.forEach(([x, y], i) => {
      if ((i + 1) % each) return;
      const out = WIDE / 2 + 24 + size / camera.zoom / 2;
      const px = view.x(x - ay * out), py = view.y(y + ax * out);
      if (px > -40 && py > -40 && px < view.width + 40 && py < view.height + 40) context.fillText(i + 1, px, py);
    });
  }

  /** Poles left and right of each target, with a cloth between them, red and blue in turn. */
  function drawGates(context, way, scene, view, colours) {
    const [ax, ay] = way.ahead, mark = [[204, 44, 40], [30, 96, 190]];
    for (const odd of [0, 1]) {
      const poles = [];
      scene.targets.forEach(([x, y], i) => {
        if (i % 2 !== odd) return;
        const px = view.x(x), py = view.y(y);
        if (px < -200 || py < -200 || px > view.width + 200 || py > view.height + 200) return;
        poles.push([x - ay * GATE, y + ax * GATE], [x + ay * GATE, y - ax * GATE]);
      });
      const paint = (shiftX, shiftY, radius, fill) => {
        context.beginPath();
        for (const [x, y] of poles) {
          context.moveTo(x + shiftX + radius, y + shiftY);
          context.arc(x + shiftX, y + shiftY, radius, 0, 2 * Math.PI);
        }
        context.fillStyle = fill;
        context.fill();
      };
      context.beginPath();
      for (let i = 0; i < poles.length; i += 2) {
        context.moveTo(...poles[i]);
        context.lineTo(...poles[i + 1]);
      }
      context.lineCap = "butt";
      context.lineWidth = 9;
      context.strokeStyle = W.css(mark[odd], 0.55);
      context.stroke();
      paint(5, -7, 11, colours.shadow);
      paint(0, 0, 10, W.css(colours.chalk));
      paint(0, 0, 7, W.css(mark[odd]));
    }
  }

  /** Draw the way of a scene's course; the context is in pixels. */
  W.drawWay = function (context, scene, camera, view, colours) {
    const { way } = scene;
    if (!way || way.kind === "open") return;
    context.save();
    context.transform(camera.zoom, 0, 0, -camera.zoom, view.x(0), view.y(0));
    if (way.kind === "track") drawTrack(context, way, scene.line, colours);
    else if (way.kind === "straight") drawStraight(context, way, scene, colours);
    else drawGates(context, way, scene, view, colours);
    context.restore();
    if (way.kind === "straight") numberStraight(context, way, scene, camera, view, colours);
  };
})(window.WALKER);
