// The picture of a race at a moment: it only watches, everything follows from tapes and time.
(function (W) {
  "use strict";

  const GLANCE = 7; // control steps in which the eyes turn to the next target

  /** A race: a course, its runners, each with a walk and a colour, and the targets' radius [unit]. */
  W.newScene = function (course, runners, radius) {
    for (const runner of runners) {
      runner.pose = W.newPose(runner.walk);
      runner.coat = W.coat(runner.colour);
      runner.scores = W.scoreCurve(runner, course.targets);
      runner.tracks = W.tracksOf(runner.walk, runner.body, W.shapeOf(runner.body).girth);
      runner.middle = [0, 0];
      runner.gaze = { x: 0, y: 0 };
      runner.targets = course.targets;
    }
    const most = Math.max(0, ...runners.map((runner) => runner.walk.reached.length)) + 1;
    const steps = Math.max(1, ...runners.map((runner) => runner.walk.steps));
    const scene = { course, targets: course.targets, radius, runners, most, steps, followed: 0, tags: true };
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
    W.poseAt(runner.walk, time, runner.pose);
    const p = runner.pose.position, count = runner.walk.nodes;
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
    scene.time = W.clamp(time, 0, scene.steps);
    for (const runner of scene.runners) place(runner, scene.time);
  }

  function drawTargets(context, scene) {
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
      if (!groups.has(next.join())) W.drawComing(context, next[0], next[1], scene.radius);
    }
    for (const { goal, colours } of groups.values()) {
      W.drawTarget(context, goal[0], goal[1], scene.radius, colours, scene.time);
    }
  }

  /** Draw the scene under a camera into a context whose unit is a CSS pixel. */
  W.drawScene = function (context, scene, camera, width, height) {
    const view = W.viewOf(camera, width, height);
    W.drawSand(context, camera, view);
    const { walkers } = scene.runners[scene.followed] || scene.runners[0] || {}; // of a live one
    if (walkers) W.drawGround(context, camera, view, walkers, 0);
    for (const runner of scene.runners) {
      W.drawTracks(context, camera, view, runner.tracks, runner.colour, scene.time);
    }
    context.save();
    context.transform(camera.zoom, 0, 0, -camera.zoom, view.x(0), view.y(0));
    drawTargets(context, scene);
    context.restore();
    for (const runner of scene.runners) {
      W.drawDust(context, camera, view, runner.tracks, scene.time);
    }
    const order = scene.runners.map((_, i) => i).filter((i) => i !== scene.followed);
    if (scene.runners[scene.followed]) order.push(scene.followed);
    context.save();
    context.transform(camera.zoom, 0, 0, -camera.zoom, view.x(0), view.y(0));
    if (scene.drawCrowd) scene.drawCrowd(context);
    for (const i of order) {
      const runner = scene.runners[i];
      W.drawFigure(context, runner.body, runner.pose, runner.coat, runner.gaze, scene.time + 37 * i);
    }
    if (scene.drawOver) scene.drawOver(context);
    for (const i of order) {
      W.drawBursts(context, scene.runners[i], scene.radius, scene.time);
    }
    context.restore();
    if (scene.tags) drawTags(context, scene, view, camera, order);
    const followed = scene.runners[scene.followed];
    if (camera.mode === "follow" && followed && followed.goal) {
      W.drawArrow(context, view, followed.goal[0], followed.goal[1], followed.colour);
    }
  };

  /** Upper end of a runner, of those parts that are about over its middle. */
  function highest(runner) {
    const p = runner.pose.position, [middle] = runner.middle;
    let top = runner.middle[1];
    for (let i = 0; i < p.length; i += 2) {
      if (Math.abs(p[i] - middle) < 120) top = Math.max(top, p[i + 1]);
    }
    return top;
  }

  function drawTags(context, scene, view, camera, order) {
    const placed = [];
    for (const i of order.slice().reverse()) {
      const runner = scene.runners[i], strong = i === scene.followed;
      const x = view.x(runner.middle[0]);
      let y = view.y(highest(runner)) - 3 * W.shapeOf(runner.body).girth * camera.zoom - 8;
      if (x < -80 || y < -20 || x > view.width + 80 || y > view.height + 60) continue;
      const width = W.tagWidth(context, runner.name, strong);
      for (let tries = 0; tries < placed.length; tries++) {
        const hit = placed.find((p) => Math.abs(p.y - y) < 24 && Math.abs(p.x - x) < (p.width + width) / 2);
        if (!hit) break;
        y = hit.y - 24; // names do not cover each other
      }
      placed.push({ x, y, width });
      W.drawTag(context, x, y, runner.name, runner.colour, strong);
    }
  }

  /** The whole course and everybody's place, small. */
  W.drawMap = function (context, scene, size) {
    const points = scene.targets.slice(0, scene.most).concat([[0, 0]]);
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
    for (const target of points) spot(x(target[0]), y(target[1]), 1.4, "rgba(255,250,238,0.5)");
    scene.runners.forEach((runner, i) => {
      if (runner.goal && i === scene.followed) {
        spot(x(runner.goal[0]), y(runner.goal[1]), 3.4, W.css(runner.colour, 0.6));
      }
      spot(x(runner.middle[0]), y(runner.middle[1]), i === scene.followed ? 5.2 : 4, "#fffaee");
      spot(x(runner.middle[0]), y(runner.middle[1]), i === scene.followed ? 4 : 3, W.css(runner.colour));
    });
  };
})(window.WALKER);
