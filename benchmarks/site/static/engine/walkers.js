// N walkers of one model, side by side: their arrays, their starts, and moments that can be kept.
// Rows come one after another: number r of walker i is element r * width + i. Nothing here nor in a
// step makes arrays, but for a start and a moment.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  /** Rows of doubles by name: how many of each, of the letters in `model.js`. */
  const ROWS = {
    px: "K", py: "K", vx: "K", vy: "K", // [unit], [unit/s]
    gx: "F", gy: "F", limit: "F", // impulse of the ground, kept from step to step; its most
    share: "K", // of its grip that a foot would have at a node, on ground that is not even
    rest: "L", nx: "L", ny: "L", goal: "L", given: "L", // of links, within a step
    drive: "A", // grips, then lengths of muscles over their drawn ones
    ratio: "M", // present lengths over the drawn ones
    centreX: 1, centreY: 1, oldX: 1, oldY: 1, // now and before the step
    headX: 1, headY: 1, wayX: 1, wayY: 1, measured: 1, // head to target
    armX: 1, armY: 1, aheadX: 1, aheadY: 1, loaded: 1, gripping: 1,
    targetX: 1, targetY: 1, distance: 1, legLength: 1, bestDistance: 1,
    energy: 1, path: 1, reward: 1,
  };
  const COUNTS = ["targetIndex", "idle", "steps", "ended"];

  /**
   * N walkers, each at rest and without a course: `beginWalk` gives it one.
   *
   * `action` `(A, N)` is what they are told, written by whoever steps them; `seen` `(O, N)` what
   * they see; `targetIndex`, `energy`, `path`, `reward` (of the last step), `ended` (1 where the
   * course is done or the walker stalled) and `distance` to the target are read.
   */
  W.newWalkers = function (model, count) {
    const size = {
      K: model.x.length, L: model.rest.length, F: model.foot.length,
      A: model.decay.length, M: model.work.length,
    };
    const walkers = { model, width: count, courses: new Array(count).fill(null) };
    for (const [name, rows] of Object.entries(ROWS)) {
      walkers[name] = new Float64Array((size[rows] || rows) * count);
    }
    for (const name of COUNTS) walkers[name] = new Int32Array(count);
    walkers.action = new Float32Array(size.A * count);
    walkers.seen = new Float32Array(model.scale.length * count);
    walkers.sight = lateSensors(model, count);
    walkers.oldest = 0; // row of `sight`
    walkers.field = new Uint32Array(model.soil ? count : 0); // which patches are under it
    walkers.sand = new Uint8Array(model.soil ? count * model.soil.cells : 0); // walker by walker
    for (let i = 0; i < count; i++) putAtRest(walkers, i);
    return walkers;
  };

  /** Room for what late sensors have measured: `delay` + 1 observations, used in turn. */
  function lateSensors(model, count) {
    const kept = model.delay ? model.delay + 1 : 0;
    return Array.from({ length: kept }, () => new Float32Array(model.scale.length * count));
  }

  function putAtRest(walkers, i) {
    const { model, width } = walkers;
    model.x.forEach(function (x, k) {
      walkers.px[k * width + i] = x;
      walkers.py[k * width + i] = model.y[k];
      walkers.vx[k * width + i] = walkers.vy[k * width + i] = 0;
    });
    model.foot.forEach((_, f) => (walkers.gx[f * width + i] = walkers.gy[f * width + i] = 0));
    model.atRest.forEach((drive, c) => (walkers.drive[c * width + i] = drive));
  }

  /** Put walker i at rest at the start of a course (`newCourse`). */
  W.beginWalk = function (walkers, i, course) {
    putAtRest(walkers, i);
    walkers.courses[i] = course;
    for (const name of COUNTS) walkers[name][i] = 0;
    walkers.energy[i] = walkers.path[i] = walkers.reward[i] = 0;
    W.layGround(walkers, i, course);
    W.drawUpTo(course, 0);
    W.measure(walkers, i, i + 1);
    W.beginLeg(walkers, i);
    walkers.distance[i] = walkers.measured[i];
    W.look(walkers, i, i + 1);
    for (const sight of walkers.sight) copyLane(walkers.seen, sight, walkers.width, i);
  };

  function copyLane(from, to, width, i) {
    for (let at = i; at < from.length; at += width) to[at] = from[at];
  }

  /** Targets reached, and the fraction of the way to the next. */
  W.scoreOf = function (walkers, i) {
    const index = walkers.targetIndex[i];
    if (W.arrived(walkers, i)) return index;
    const fraction = 1 - walkers.distance[i] / (walkers.legLength[i] + 1e-300);
    return index + (fraction > 0 ? fraction : 0);
  };

  /** Put one more target on the course of walker i, a list; it goes on if it had arrived. */
  W.sendOn = function (walkers, i, x, y) {
    const waiting = W.arrived(walkers, i);
    W.addTarget(walkers.courses[i], x, y);
    if (waiting) turnTo(walkers, i);
  };

  /** Let walker i walk another course from where it is; its targets count from 0 again. */
  W.redirect = function (walkers, i, course) {
    walkers.courses[i] = course;
    walkers.targetIndex[i] = 0;
    turnTo(walkers, i);
  };

  function turnTo(walkers, i) {
    walkers.ended[i] = 0;
    W.beginLeg(walkers, i);
    walkers.distance[i] = walkers.measured[i];
    if (walkers.model.delay === 0) W.look(walkers, i, i + 1);
  }

  /**
   * Let walkers go on in another world: a model of the same body and layout, with other numbers.
   * Sensors that get later show the oldest that they have until then.
   */
  W.changeModel = function (walkers, model) {
    const same = ["x", "rest", "foot", "decay", "scale"];
    const other = same.find((name) => model[name].length !== walkers.model[name].length);
    if (other) throw new Error("a model of another body or layout: " + other + " differs");
    const known = history(walkers), sight = lateSensors(model, walkers.width);
    sight.forEach(function (row, age) {
      row.set(known[Math.max(0, known.length - sight.length + age)]);
    });
    Object.assign(walkers, { model, sight, oldest: 0 }, groundFor(walkers, model));
    if (sight.length === 0) W.look(walkers, 0, walkers.width);
    else walkers.seen.set(sight[0]);
  };

  /** Fields and sand for a model: those that are there, where they fit, or ground that is new. */
  function groundFor(walkers, model) {
    const { field, sand, width } = W.newWalkers(model, walkers.width);
    const fits = field.length === walkers.field.length && sand.length === walkers.sand.length;
    if (fits) return {};
    const there = { model, field, sand };
    for (let i = 0; i < width; i++) if (walkers.courses[i]) W.layGround(there, i, walkers.courses[i]);
    return { field, sand };
  }

  /** What the sensors have measured, the oldest first. */
  function history({ sight, oldest, seen }) {
    return sight.length ? sight.map((_, age) => sight[(oldest + age) % sight.length]) : [seen];
  }

  /** Parts of a moment with their rows: `(N, rows)`, pairs as x0, y0, x1, ... */
  const PARTS = {
    position: ["px", "py"], velocity: ["vx", "vy"], warmStart: ["gx", "gy"], drive: ["drive"],
    target: ["targetX", "targetY"], distance: ["distance"], legLength: ["legLength"],
    bestDistance: ["bestDistance"], energy: ["energy"], path: ["path"],
    targetIndex: ["targetIndex"], idle: ["idle"], steps: ["steps"], ended: ["ended"],
  };

  const everybody = (walkers) => Array.from({ length: walkers.width }, (_, i) => i);

  /**
   * A moment of some walkers, as in `state.State`: stepping on from it repeats every bit. A plain
   * object of typed arrays, walker by walker; `courses` are data for `newCourse`.
   */
  W.snapshot = function (walkers, lanes = everybody(walkers)) {
    const { width } = walkers, moment = {};
    for (const [part, rows] of Object.entries(PARTS)) {
      const each = rows.map((name) => walkers[name]), size = each[0].length / width;
      moment[part] = new each[0].constructor(lanes.length * size * each.length);
      let at = 0;
      for (const i of lanes) {
        for (let r = 0; r < size; r++) for (const row of each) moment[part][at++] = row[r * width + i];
      }
    }
    const late = walkers.sight.length ? history(walkers) : [];
    moment.sight = Float32Array.from(lanes.flatMap((i) =>
      late.flatMap((row) => Array.from(row).filter((_, at) => at % width === i))));
    const cells = walkers.sand.length / width;
    moment.field = Uint32Array.from(walkers.field.length ? lanes.map((i) => walkers.field[i]) : []);
    moment.sand = new Uint8Array(lanes.length * cells);
    lanes.forEach((i, place) =>
      moment.sand.set(walkers.sand.subarray(i * cells, (i + 1) * cells), place * cells));
    moment.courses = lanes.map(function (i) {
      const { data, seed, episode, count, x, y } = walkers.courses[i];
      return { data: count ? x.map((_, p) => [x[p], y[p]]) : data, seed: String(seed), episode };
    });
    return moment;
  };

  /** Let some walkers go on from a moment of as many walkers of the same body. */
  W.restore = function (walkers, moment, lanes = everybody(walkers)) {
    const { width, model } = walkers, wide = model.scale.length;
    for (const [part, rows] of Object.entries(PARTS)) {
      const size = walkers[rows[0]].length / width, needed = lanes.length * size * rows.length;
      if (moment[part].length !== needed) {
        throw new Error(`moment.${part} has ${moment[part].length} numbers, expected ${needed}`);
      }
      let at = 0;
      for (const i of lanes) {
        for (let r = 0; r < size; r++) {
          for (const name of rows) walkers[name][r * width + i] = moment[part][at++];
        }
      }
    }
    const kept = walkers.sight.length;
    if (moment.sight.length !== lanes.length * kept * wide) {
      throw new Error(`moment.sight is of sensors with another delay than ${model.delay}`);
    }
    const cells = walkers.sand.length / width;
    if (moment.sand.length !== lanes.length * cells || !moment.field.length !== !model.soil) {
      throw new Error("moment.sand is of another ground than this model's");
    }
    lanes.forEach(function (i, place) {
      if (model.soil) walkers.field[i] = moment.field[place];
      walkers.sand.set(moment.sand.subarray(place * cells, (place + 1) * cells), i * cells);
      const { data, seed, episode } = moment.courses[place];
      walkers.courses[i] = W.newCourse(data, seed, episode);
      W.drawUpTo(walkers.courses[i], walkers.targetIndex[i]);
      W.measure(walkers, i, i + 1);
      W.aim(walkers, i, i + 1);
      W.look(walkers, i, i + 1);
      for (let at = 0; at < kept * wide; at++) {
        const row = walkers.sight[(walkers.oldest + Math.floor(at / wide)) % kept];
        row[(at % wide) * width + i] = moment.sight[place * kept * wide + at];
      }
      if (kept) copyLane(walkers.sight[walkers.oldest], walkers.seen, width, i);
    });
  };
})(globalThis.WALKER);
