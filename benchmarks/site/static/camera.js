// Which part of the world is in the picture. It glides; a jump in time is a cut.
(function (W) {
  "use strict";

  const HEIGHT = 740; // units of the world that a follow camera shows from top to bottom
  const BORDER = 110; // units around what must be in view

  /** `inset` are the pixels at the left and at the right that something else covers. */
  W.newCamera = () => ({
    x: 0, y: 0, zoom: 1, factor: 1, mode: "follow", fresh: true, inset: [0, 0],
  });

  function fit(points, border, width, height) {
    let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of points) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    const zoom = Math.min(width / (right - left + 2 * border), height / (high - low + 2 * border));
    return { x: (left + right) / 2, y: (low + high) / 2, zoom };
  }

  /** From the middle of the largest body to its end [unit]. */
  const largest = (runners) => Math.max(...runners.map((r) => W.shapeOf(r.body).extent));

  /** The zoom in which even the largest body is in the picture. */
  const nearest = (runners, width, height) =>
    Math.min(width, height * 1.15) / Math.max(HEIGHT, 2.6 * largest(runners));

  function wanted(camera, scene, width, height) {
    const border = Math.max(BORDER, largest(scene.runners) + BORDER / 3);
    const middles = scene.runners.map((runner) => runner.middle);
    if (camera.mode === "course") {
      return fit(scene.targets.slice(0, scene.most).concat([[0, 0]], middles), border, width, height);
    }
    if (camera.mode === "all") {
      const goals = scene.runners.map((runner) => runner.goal).filter(Boolean);
      const all = fit(middles.concat(goals), border, width, height);
      all.zoom = Math.min(all.zoom, nearest(scene.runners, width, height));
      return all;
    }
    const runner = scene.runners[scene.followed] || scene.runners[0];
    const [x, y] = runner.middle, goal = runner.goal || runner.middle;
    const near = nearest([runner], width, height);
    const lead = 0.3, most = 0.24 * (height / near);
    return {
      x: x + W.clamp(lead * (goal[0] - x), -most, most),
      y: y + W.clamp(lead * (goal[1] - y), -most, most),
      zoom: near,
    };
  }

  /** Move the camera towards where it should be; `seconds` have passed on the wall's clock. */
  W.moveCamera = function (camera, scene, width, height, seconds) {
    if (!scene.runners.length) return;
    const free = width - camera.inset[0] - camera.inset[1];
    const goal = wanted(camera, scene, free, height);
    const zoom = W.clamp(goal.zoom * camera.factor, 0.02, 6);
    const share = camera.fresh ? 1 : 1 - Math.exp(-3.2 * seconds);
    camera.x = W.mix(camera.x, goal.x, share);
    camera.y = W.mix(camera.y, goal.y, share);
    camera.zoom = camera.zoom * Math.pow(zoom / camera.zoom, share);
    camera.fresh = false;
  };

  /** From the world to the picture [pixel]. */
  W.viewOf = function (camera, width, height) {
    const middle = (width + camera.inset[0] - camera.inset[1]) / 2;
    return {
      width,
      height,
      x: (x) => (x - camera.x) * camera.zoom + middle,
      y: (y) => height / 2 - (y - camera.y) * camera.zoom,
    };
  };
})(window.WALKER);
