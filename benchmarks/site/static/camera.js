// Which part of the world is in the picture. It glides; a jump in time or to another duel is a cut.
// Whoever it is about is never cut off at the edge, however fast all goes.
(function (W) {
  "use strict";

  const HEIGHT = 740; // units of the world that a follow camera shows from top to bottom
  const BORDER = 110; // units around what must be in view
  const EDGE = 40; // pixels around it
  const START = 0.11; // of the picture around a line of walkers that wait, for what is written there
  const CORNER = 1.3; // times its extent that a body reaches when it stands askew
  const LEGIBLE = 15; // pixels from the middle of a walker to its end, at least
  const LARGEST = 10; // times that a walker is drawn larger than it is, at most

  /** `inset` are the pixels at the left and right that something else covers; `pan` is in units. */
  W.newCamera = () => ({
    x: 0, y: 0, zoom: 1, factor: 1, mode: "follow", fresh: true, inset: [0, 0], pan: [0, 0], shot: null,
  });

  /** Show what the camera's mode shows, without the visitor's own zoom and shift. */
  W.recentre = (camera) => Object.assign(camera, { factor: 1, pan: [0, 0] });

  /** How much larger than it is a body is drawn, so that it stays readable from afar. */
  W.magnified = (camera, body) =>
    W.clamp(LEGIBLE / (W.shapeOf(body).extent * camera.zoom), 1, LARGEST);

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

  const middlesOf = (runners) => runners.map((runner) => runner.middle);

  function everybody(scene, width, height) {
    const { runners } = scene, border = Math.max(BORDER, largest(runners) + BORDER / 3);
    const goals = runners.map((runner) => runner.goal).filter(Boolean);
    const all = fit(middlesOf(runners).concat(goals), border, width, height);
    return { ...all, zoom: Math.min(all.zoom, nearest(runners, width, height)), about: runners };
  }

  function course(scene, width, height) {
    const border = Math.max(BORDER, largest(scene.runners) + BORDER / 3);
    const points = scene.targets.slice(0, scene.most).concat([[0, 0]], middlesOf(scene.runners));
    return { ...fit(points, border, width, height), about: scene.runners };
  }

  function one(runner, width, height) {
    const [x, y] = runner.middle, goal = runner.goal || runner.middle;
    const near = nearest([runner], width, height), lead = 0.3, most = 0.24 * (height / near);
    return {
      x: x + W.clamp(lead * (goal[0] - x), -most, most),
      y: y + W.clamp(lead * (goal[1] - y), -most, most),
      zoom: near, about: [runner],
    };
  }

  /** A shot of a few: all of them, and where the first is going, if they stay large enough. */
  function several(runners, width, height, close) {
    const [first] = runners, near = nearest(runners, width, height);
    const border = largest(runners) + BORDER;
    const both = fit(middlesOf(runners), border, width, height);
    if (both.zoom < 0.5 * near) return one(first, width, height);
    const goal = first.goal || first.middle;
    const wide = fit(middlesOf(runners).concat([goal]), border, width, height);
    const shot = close || wide.zoom < 0.6 * near ? both : wide;
    return { ...shot, zoom: Math.min(shot.zoom, near), about: runners };
  }

  function wanted(camera, scene, width, height) {
    if (camera.mode === "course") return course(scene, width, height);
    if (camera.mode === "all") return everybody(scene, width, height);
    const followed = scene.runners[scene.followed] || scene.runners[0];
    if (camera.mode === "follow" || !scene.shots) return one(followed, width, height);
    const shot = W.shotAt(scene.shots, scene.moment);
    if (shot.lanes.length === scene.runners.length && !shot.close) return everybody(scene, width, height);
    return several(shot.lanes.map((lane) => scene.runners[lane]), width, height, shot.close);
  }

  /** Whether a shot begins that is so far off that gliding there would blur everything. */
  function cuts(camera, scene, goal, width, height) {
    const shot = camera.mode === "auto" && scene.shots ? W.shotAt(scene.shots, scene.moment) : null;
    const begins = shot !== camera.shot;
    camera.shot = shot;
    const far = Math.max(Math.abs(goal.x - camera.x) / width, Math.abs(goal.y - camera.y) / height);
    return begins && far * camera.zoom > 0.55;
  }

  /** Widen and shift the picture until those it is about are in it, as large as they are drawn. */
  function hold(camera, runners, width, height, waiting) {
    const edge = waiting ? Math.max(EDGE, START * Math.min(width, height)) : EDGE;
    const reach = ({ body }) => CORNER * W.shapeOf(body).extent * W.magnified(camera, body) + edge / camera.zoom;
    const ends = (c) => {
      const low = Math.min(...runners.map((r) => r.middle[c] - reach(r)));
      return [low, Math.max(...runners.map((r) => r.middle[c] + reach(r)))];
    };
    const [left, right] = ends(0), [low, high] = ends(1);
    camera.zoom = Math.min(camera.zoom, width / (right - left), height / (high - low));
    const halfWide = width / 2 / camera.zoom, halfHigh = height / 2 / camera.zoom;
    const within = (value, a, b) => (a > b ? (a + b) / 2 : W.clamp(value, a, b));
    camera.x = within(camera.x, right - halfWide, left + halfWide);
    camera.y = within(camera.y, high - halfHigh, low + halfHigh);
  }

  /** Move the camera towards where it should be; `seconds` have passed on the wall's clock. */
  W.moveCamera = function (camera, scene, width, height, seconds) {
    if (!scene.runners.length) return;
    const free = width - camera.inset[0] - camera.inset[1];
    const goal = wanted(camera, scene, free, height), [panX, panY] = camera.pan;
    const zoom = W.clamp(goal.zoom * camera.factor, 0.02, 6);
    const fresh = cuts(camera, scene, goal, free, height) || camera.fresh;
    const share = fresh ? 1 : 1 - Math.exp(-3.2 * seconds);
    camera.x = W.mix(camera.x, goal.x + panX, share);
    camera.y = W.mix(camera.y, goal.y + panY, share);
    camera.zoom = camera.zoom * Math.pow(zoom / camera.zoom, share);
    camera.fresh = false;
    const own = camera.factor > 1 || panX !== 0 || panY !== 0; // the visitor looks elsewhere
    if (!own) hold(camera, goal.about, free, height, scene.moment < 0);
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
