// The picture of a race at a moment: it only watches, everything follows from tapes and time.
(function (W) {
  "use strict";

  const GHOST = 0.45; // of the colours of one that is only there to be compared with
  const GLANCE = 7; // control steps in which the eyes turn to the next target

  /**
   * A race.
   *
   * @param course with its `targets` and `world`
   * @param runners each with a body, a walk and a colour
   * @param radius of the targets [unit]
   * @param rate control steps a second: they begin at a line, with a countdown; null: on the way
   */
  W.newScene = function (course, runners, radius, rate = null) {
    const most = Math.max(0, ...runners.map((runner) => runner.walk.reached.length)) + 1;
    const steps = Math.max(1, ...runners.map((runner) => runner.walk.steps));
    const scene = {
      course, targets: course.targets, radius, runners, most, steps, first: 0, followed: 0, tags: true,
      way: course.way,
    };
    for (const runner of runners) {
      runner.shown = runner.walk;
      runner.coat = W.coat(runner.colour);
      runner.scores = runner.walk.scores || W.scoreCurve(runner, course.targets);
      runner.targets = course.targets;
    }
    if (rate !== null) W.lineUp(scene, rate);
    for (const runner of runners) {
      runner.pose = W.newPose(runner.shown);
      runner.tracks = W.tracksOf(runner.shown, runner.body, W.shapeOf(runner.body).girth);
      runner.middle = [0, 0];
      runner.gaze = { x: 0, y: 0 };
    }
    scene.place = (time) => setTime(scene, time);
    return scene;
  };

  /** Turn the eyes from the target that was reached last to the next one. */
  W.glance = function (runner, time, reached) {
    const { targets, index, gaze } = runner;
    const goal = runner.goal || runner.middle;
    const since = index > 0 ? time - reached[index - 1] : GLANCE;
    const share = W.clamp(since / GLANCE, 0, 1), from = targets[index - 1] || goal;
    const ease = share * share * (3 - 2 * share);
    gaze.x = W.mix(from[0], goal[0], ease);
    gaze.y = W.mix(from[1], goal[1], ease);
  };

  function place(runner, time) {
    W.poseAt(runner.shown, time, runner.pose);
    const p = runner.pose.position, count = runner.shown.nodes;
    let x = 0, y = 0;
    for (let i = 0; i < count; i++) {
      x += p[2 * i] / count;
      y += p[2 * i + 1] / count;
    }
    runner.middle = [x, y];
    runner.index = W.reachedAt(runner, time);
    runner.goal = runner.targets[runner.index] || null;
    W.glance(runner, time, runner.walk.reached);
  }

  /** Put every runner where it is at a time in control steps. */
  function setTime(scene, time) {
    scene.moment = time; // the countdown's is negative
    scene.time = W.clamp(time, 0, scene.steps);
    for (const runner of scene.runners) place(runner, scene.time);
  }

  function drawTargets(context, scene, radius) {
    const groups = new Map();
    for (const runner of scene.runners) {
      if (!runner.goal) continue;
      const place = runner.goal.join();
      if (!groups.has(place)) groups.set(place, { goal: runner.goal, colours: [] });
      groups.get(place).colours.push(runner.colour);
    }
    const followed = scene.runners[scene.followed];
    const coming = followed ? followed.targets.slice(followed.index + 1, followed.index + 2 + (scene.ahead || 0)) : [];
    for (const next of coming) {
      if (!groups.has(next.join())) W.drawComing(context, next[0], next[1], radius);
    }
    for (const { goal, colours } of groups.values()) {
      W.drawTarget(context, goal[0], goal[1], radius, colours, scene.time);
    }
  }

  /** The world of a scene: its course's, or that in which its runners are simulated. */
  const worldOf = ({ course, runners }) => (course ? course.world : runners[0] && runners[0].world) || {};

  function drawRunner(context, runner, lane, camera, time) {
    const size = W.magnified(camera, runner.body), [x, y] = runner.middle;
    context.save();
    context.transform(size, 0, 0, size, x - size * x, y - size * y);
    if (runner.ghost) context.globalAlpha = GHOST;
    W.drawFigure(context, runner.body, runner.pose, runner.coat, runner.gaze, time + 37 * lane);
    context.restore();
  }

  function inView(runner, camera, view) {
    const reach = (W.shapeOf(runner.body).extent * W.magnified(camera, runner.body) + 60) * camera.zoom;
    const x = view.x(runner.middle[0]), y = view.y(runner.middle[1]);
    return x > -reach && y > -reach && x < view.width + reach && y < view.height + reach;
  }

  /** Draw the scene under a camera into a context whose unit is a CSS pixel. */
  W.drawScene = function (context, scene, camera, width, height) {
    const view = W.viewOf(camera, width, height), colours = W.groundColours(worldOf(scene));
    const inWorld = function (draw) {
      context.save();
      context.transform(camera.zoom, 0, 0, -camera.zoom, view.x(0), view.y(0));
      draw();
      context.restore();
    };
    W.drawSand(context, camera, view, colours);
    const { walkers } = scene.runners[scene.followed] || scene.runners[0] || {}; // of a live one
    if (walkers) W.drawGround(context, camera, view, walkers, 0);
    W.drawWay(context, scene, camera, view, colours);
    W.drawTracks(context, camera, view, scene, colours);
    inWorld(() => {
      W.drawLine(context, scene);
      drawTargets(context, scene, Math.max(scene.radius, 6 / camera.zoom));
    });
    W.drawDust(context, camera, view, scene.runners, scene.time, colours);
    const order = scene.runners.map((_, i) => i).filter((i) => i !== scene.followed);
    if (scene.runners[scene.followed]) order.push(scene.followed);
    const seen = order.filter((i) => inView(scene.runners[i], camera, view));
    inWorld(() => {
      if (scene.drawCrowd) scene.drawCrowd(context);
      for (const i of seen) drawRunner(context, scene.runners[i], i, camera, scene.moment ?? scene.time);
      if (scene.drawOver) scene.drawOver(context);
      for (const i of order) W.drawBursts(context, scene.runners[i], scene.radius, scene.time);
    });
    if (scene.tags) W.drawTags(context, scene, view, camera, seen);
    const followed = scene.runners[scene.followed];
    if (camera.mode === "follow" && followed && followed.goal) {
      W.drawArrow(context, view, followed.goal[0], followed.goal[1], followed.colour);
    }
  };

  /** The whole course and everybody's place, small. */
  W.drawMap = function (context, scene, size) {
    const points = scene.targets.slice(0, scene.most).concat([[0, 0]], scene.runners.map((r) => r.middle));
    const span = (c) => [Math.min(...points.map((p) => p[c])), Math.max(...points.map((p) => p[c]))];
    const [left, right] = span(0), [low, high] = span(1);
    const zoom = (size - 22) / Math.max(right - left, high - low, 1);
    const x = (v) => size / 2 + (v - (left + right) / 2) * zoom;
    const y = (v) => size / 2 - (v - (low + high) / 2) * zoom;
    const spot = (px, py, radius, fill) => {
      context.beginPath();
      context.arc(px, py, radius, 0, 2 * Math.PI);
      context.fillStyle = fill;
      context.fill();
    };
    context.clearRect(0, 0, size, size);
    if (scene.way && scene.way.kind === "track") {
      context.beginPath();
      scene.way.lap.forEach(([px, py]) => context.lineTo(x(px), y(py)));
      context.closePath();
      context.lineWidth = 7;
      context.lineJoin = "round";
      context.strokeStyle = "rgba(255,250,238,0.16)";
      context.stroke();
    }
    for (const target of points.slice(0, scene.most)) spot(x(target[0]), y(target[1]), 1.4, "rgba(255,250,238,0.5)");
    scene.runners.forEach((runner, i) => {
      if (runner.goal && i === scene.followed) {
        spot(x(runner.goal[0]), y(runner.goal[1]), 3.4, W.css(runner.colour, 0.6));
      }
      spot(x(runner.middle[0]), y(runner.middle[1]), i === scene.followed ? 5.2 : 4, "#fffaee");
      spot(x(runner.middle[0]), y(runner.middle[1]), i === scene.followed ? 4 : 3, W.css(runner.colour));
    });
  };
})(window.WALKER);
