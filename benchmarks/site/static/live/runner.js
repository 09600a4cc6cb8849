// A walker that is simulated while one looks: where it is at any moment between two control steps,
// what it has reached, and what it leaves in the sand.
(function (W) {
  "use strict";

  const KEPT = 600; // control steps for which prints are kept

  /**
   * A live runner.
   *
   * @param wish {id, name, algorithm, body, colour, mind, world, layout, course}: `body` is dressed,
   *   `mind(walkers)` writes the walker's action, `world` is a plan or what differs from the usual
   *   one, `course` a course of the engine.
   */
  W.newLiveRunner = function (wish) {
    const { body } = wish;
    const runner = {
      ...wish,
      coat: W.coat(wish.colour),
      walkers: W.newWalkers(modelOf(wish), 1),
      pose: { position: new Float32Array(2 * body.nodes.length), grip: new Float32Array(body.feet.length) },
      before: { place: new Float64Array(4 * body.nodes.length), grip: new Float64Array(body.feet.length) },
      now: { place: new Float64Array(4 * body.nodes.length), grip: new Float64Array(body.feet.length) },
      tracks: { prints: [], landings: [], size: 1.15 * W.shapeOf(body).girth },
      walk: { reached: [] }, // control steps at which it reached its targets
      lying: new Array(body.feet.length).fill(null), // each foot's present print
      middle: [0, 0], gaze: { x: 0, y: 0 }, goal: null, index: 0, pull: null,
    };
    W.restart(runner, wish.course);
    return runner;
  };

  function modelOf({ body, world, layout, strength = 1 }) {
    const muscles = strength === 1 ? body.muscles : body.muscles.map((muscle) =>
      ({ ...muscle, stiffness: strength * (muscle.stiffness || W.defaults.muscle.stiffness) }));
    return W.makeModel({ ...body, muscles }, world, { observation: layout });
  }

  /** Put a runner at the start of a course. */
  W.restart = function (runner, course) {
    W.beginWalk(runner.walkers, 0, course);
    W.settle(runner, course);
  };

  /** Take what the engine has as where a runner is, on this course, and has always been. */
  W.settle = function (runner, course) {
    runner.course = course;
    runner.targets = [];
    runner.walk.reached = new Array(runner.walkers.targetIndex[0]).fill(-1e6);
    runner.tracks.prints.length = runner.tracks.landings.length = 0;
    runner.lying.fill(null);
    remember(runner);
    remember(runner);
    W.placeRunner(runner, 0, 1);
  };

  /** Give a runner one more target; one on its way over a course that was drawn turns to it at once. */
  W.sendRunner = function (runner, x, y) {
    const { walkers, targets } = runner;
    if (runner.course.count) W.sendOn(walkers, 0, x, y);
    else {
      targets.length = runner.walk.reached.length = 0; // it counts from here on
      runner.course = W.newCourse([[x, y]]);
      W.redirect(walkers, 0, runner.course);
    }
    targets.push([x, y]);
  };

  /** Let a runner go on in another world, or with stronger muscles. */
  W.changeWorld = function (runner, changes) {
    Object.assign(runner, changes);
    W.changeModel(runner.walkers, modelOf(runner));
  };

  /** Keep the state of now as that of before, and the engine's as that of now. */
  function remember(runner) {
    const { walkers, before, now } = runner;
    before.place.set(now.place);
    before.grip.set(now.grip);
    for (let k = 0; k < walkers.px.length; k++) {
      now.place[4 * k] = walkers.px[k];
      now.place[4 * k + 1] = walkers.py[k];
      now.place[4 * k + 2] = walkers.vx[k];
      now.place[4 * k + 3] = walkers.vy[k];
    }
    for (let f = 0; f < now.grip.length; f++) now.grip[f] = walkers.drive[f];
    const { x, y } = runner.course;
    while (runner.targets.length < x.length) runner.targets.push([x[runner.targets.length], y[runner.targets.length]]);
  }

  /** One control step; `time` is the step that it ends at. */
  W.stepRunner = function (runner, time, rate) {
    const { walkers } = runner;
    if (runner.pull) drag(runner, 1 / rate);
    if (walkers.ended[0] && runner.course.count) rest(runner);
    else runner.mind(walkers);
    const index = walkers.targetIndex[0];
    W.step(walkers);
    if (walkers.targetIndex[0] > index) runner.walk.reached.push(time);
    remember(runner);
    print(runner, time);
  };

  /** Nowhere to go: hold on to the ground. */
  function rest(runner) {
    runner.walkers.action.fill(0);
    runner.walkers.action.fill(1, 0, runner.body.feet.length);
  }

  /** A hand pulls a node towards where it is. */
  function drag({ walkers, pull }, seconds) {
    const { node, x, y } = pull, stiff = 60, damped = 8;
    walkers.vx[node] += seconds * (stiff * (x - walkers.px[node]) - damped * walkers.vx[node]);
    walkers.vy[node] += seconds * (stiff * (y - walkers.py[node]) - damped * walkers.vy[node]);
  }

  /** What the feet press into the sand, as `W.tracksOf` does it for a recorded walk. */
  function print(runner, time) {
    const { tracks, lying, now, before, body } = runner;
    body.feet.forEach(function (node, f) {
      const x = now.place[4 * node], y = now.place[4 * node + 1], grip = now.grip[f];
      if (grip >= 0.5 && before.grip[f] < 0.5) {
        const dx = x - before.place[4 * node], dy = y - before.place[4 * node + 1];
        tracks.landings.push({ x, y, step: time, dx, dy });
      }
      lying[f] = W.press(tracks.prints, lying[f], { x, y, time, grip, size: tracks.size });
    });
    if (tracks.prints.length > 64 && tracks.prints[32].end < time - KEPT) tracks.prints.splice(0, 32);
    if (tracks.landings.length > 64) tracks.landings.splice(0, 32);
  }

  /** Where a runner is a share of a control step after `before`; `time` in control steps. */
  W.placeRunner = function (runner, time, share) {
    const { before, now, pose, walkers, walk } = runner;
    const s2 = share * share, s3 = s2 * share, step = walkers.model.substeps * walkers.model.dt;
    const h0 = 2 * s3 - 3 * s2 + 1, h1 = 3 * s2 - 2 * s3, g0 = (s3 - 2 * s2 + share) * step, g1 = (s3 - s2) * step;
    const count = walkers.px.length;
    let x = 0, y = 0;
    for (let k = 0; k < count; k++) {
      for (let c = 0; c < 2; c++) {
        const at = 4 * k + c;
        const value = h0 * before.place[at] + h1 * now.place[at] +
          g0 * before.place[at + 2] + g1 * now.place[at + 2];
        pose.position[2 * k + c] = value;
        if (c) y += value / count;
        else x += value / count;
      }
    }
    for (let f = 0; f < pose.grip.length; f++) pose.grip[f] = W.mix(before.grip[f], now.grip[f], share);
    runner.middle = [x, y];
    runner.index = walkers.targetIndex[0];
    runner.goal = runner.targets[runner.index] || null;
    W.glance(runner, time, walk.reached);
  };

  /** Targets and the fraction of the way to the next. */
  W.liveScore = (runner) => W.scoreOf(runner.walkers, 0);
})(window.WALKER);
