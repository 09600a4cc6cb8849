// The control step, as in `walker_env/compiled/control.py` and `observe.py`: the same operations in
// the same order. Functions with `first` and `last` work on the walkers from `first` up to `last`.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const TINY = 1e-300; // added to a length before dividing by it

  /** A control step of all walkers under `walkers.action`. */
  W.step = function (walkers) {
    W.actuate(walkers);
    for (let i = 0; i < walkers.model.substeps; i++) W.solve(walkers.model, walkers);
    W.conclude(walkers);
  };

  /** Its first part: drives follow their commands. Then come `substeps` times `solve`. */
  W.actuate = function (walkers) {
    const { model, width, drive, action, ratio, loaded, gripping } = walkers;
    const feet = model.foot.length;
    loaded.fill(0);
    gripping.fill(0);
    for (let c = 0; c < model.decay.length; c++) {
      const middle = model.middle[c], least = model.least[c], decay = model.decay[c];
      const up = model.up[c], down = model.down[c], m = c - feet;
      const cost = m < 0 ? model.gripCost[c] : 0, work = m < 0 ? 0 : model.work[m];
      for (let w = 0, at = c * width; w < width; w++, at++) {
        const told = action[at], command = told > 1 ? 1 : told > -1 ? told : -1;
        const wanted = (command > 0 ? up : down) * command + middle;
        const goal = wanted > least ? wanted : least;
        const was = drive[at], now = (was - goal) * decay + goal;
        drive[at] = now;
        if (m < 0) {
          gripping[w] += now * cost;
        } else {
          const load = (now - was) * (now + was - 2 * ratio[m * width + w]) * work;
          if (load > 0) loaded[w] += load;
        }
      }
    }
    W.hold(model, walkers);
  };

  /** Its last part: measure, pay, hand out targets, observe. */
  W.conclude = function (walkers) {
    const { width, centreX, centreY, oldX, oldY, energy, path, loaded, gripping, steps } = walkers;
    oldX.set(centreX);
    oldY.set(centreY);
    W.measure(walkers, 0, width);
    for (let w = 0; w < width; w++) {
      const x = centreX[w] - oldX[w], y = centreY[w] - oldY[w];
      steps[w]++;
      energy[w] += loaded[w] + gripping[w];
      path[w] += Math.sqrt(x * x + y * y);
    }
    W.aim(walkers, 0, width);
    pay(walkers);
    follow(walkers);
    W.look(walkers, 0, width);
    if (walkers.sight.length) late(walkers);
  };

  /** Muscle ratios, the body's centre and its head. */
  W.measure = function (walkers, first, last) {
    const { model, width, px, py, ratio, centreX, centreY, headX, headY } = walkers;
    const { bones, head } = model, nodes = model.x.length, muscles = model.work.length;
    for (let m = 0; m < muscles; m++) {
      const a = model.a[bones + m] * width, b = model.b[bones + m] * width;
      const rest = model.rest[bones + m];
      for (let w = first; w < last; w++) {
        const x = px[a + w] - px[b + w], y = py[a + w] - py[b + w];
        ratio[m * width + w] = Math.sqrt(x * x + y * y) / rest;
      }
    }
    const ofNodes = 1 / nodes, ofHead = 1 / head.length;
    for (let w = first; w < last; w++) {
      let x = 0, y = 0, hx = 0, hy = 0;
      for (let k = 0; k < nodes; k++) {
        x = px[k * width + w] + x;
        y = py[k * width + w] + y;
      }
      for (let h = 0; h < head.length; h++) {
        hx = px[head[h] * width + w] + hx;
        hy = py[head[h] * width + w] + hy;
      }
      centreX[w] = x * ofNodes;
      centreY[w] = y * ofNodes;
      headX[w] = hx * ofHead;
      headY[w] = hy * ofHead;
    }
  };

  /** The way to the target and its length. */
  W.aim = function (walkers, first, last) {
    const { targetX, targetY, headX, headY, wayX, wayY, measured } = walkers;
    for (let w = first; w < last; w++) {
      const x = targetX[w] - headX[w], y = targetY[w] - headY[w];
      wayX[w] = x;
      wayY[w] = y;
      measured[w] = Math.sqrt(x * x + y * y);
    }
  };

  /** Whether walker i has reached the last target of a course that has an end. */
  W.arrived = function (walkers, i) {
    const count = walkers.courses[i].count;
    return count > 0 && count <= walkers.targetIndex[i];
  };

  /** The reward of the step, its terms summed in their order. */
  function pay(walkers) {
    const { model, width, measured, distance, reward, loaded, gripping } = walkers;
    const { targetRadius, progressLength, targetWorth, energyPrice } = model;
    for (let w = 0; w < width; w++) {
      const reached = measured[w] < targetRadius && !W.arrived(walkers, w);
      const progress = (distance[w] - measured[w]) / progressLength;
      const spent = loaded[w] + gripping[w];
      reward[w] = progress + (reached ? targetWorth : 0) + -energyPrice * spent;
      distance[w] = measured[w];
    }
  }

  /** Switch targets and see whose episode is over. */
  function follow(walkers) {
    const { model, width, measured, distance, bestDistance, idle, targetIndex, ended } = walkers;
    for (let w = 0; w < width; w++) {
      if (model.stallSteps > 0) {
        const nearer = distance[w] < bestDistance[w] - model.stallProgress;
        idle[w] = nearer ? 0 : idle[w] + 1;
        if (nearer) bestDistance[w] = distance[w];
      }
      if (distance[w] < model.targetRadius && !W.arrived(walkers, w)) {
        targetIndex[w]++;
        if (!W.arrived(walkers, w)) {
          W.beginLeg(walkers, w);
          distance[w] = measured[w];
        }
      }
      const stalled = model.stallSteps > 0 && idle[w] >= model.stallSteps;
      ended[w] = W.arrived(walkers, w) || stalled ? 1 : 0;
    }
  }

  /** Turn walker i to the target that `targetIndex` names; its head has been measured. */
  W.beginLeg = function (walkers, i) {
    const course = walkers.courses[i], index = walkers.targetIndex[i];
    W.drawUpTo(course, index);
    walkers.targetX[i] = course.x[index];
    walkers.targetY[i] = course.y[index];
    W.aim(walkers, i, i + 1);
    walkers.legLength[i] = walkers.bestDistance[i] = walkers.measured[i];
    walkers.idle[i] = 0;
  };

  /** Write what walkers see, if their sensors are not late: measured and aimed they are. */
  W.look = function (walkers, first, last) {
    face(walkers, first, last);
    writeTarget(walkers, first, last);
    writeBody(walkers, first, last);
    if (walkers.model.column.velocity !== undefined) writeMotion(walkers, first, last);
    if (walkers.model.column.foot_grip !== undefined) W.writeGround(walkers, first, last);
  };

  /** The arm of the across pair and the heading, its normal. */
  function face(walkers, first, last) {
    const { model, width, px, py, armX, armY, aheadX, aheadY } = walkers;
    const right = model.right * width, left = model.left * width;
    for (let w = first; w < last; w++) {
      const x = px[right + w] - px[left + w], y = py[right + w] - py[left + w];
      const span = Math.sqrt(x * x + y * y) + TINY;
      armX[w] = x;
      armY[w] = y;
      aheadX[w] = -y / span;
      aheadY[w] = x / span;
    }
  }

  function writeTarget(walkers, first, last) {
    const { model, width, seen, wayX, wayY, aheadX, aheadY, measured } = walkers;
    const { column, scale } = model;
    const d = column.target_distance, c = column.target_cos, s = column.target_sin;
    const ofD = scale[d], ofC = scale[c], ofS = scale[s];
    for (let w = first; w < last; w++) {
      const along = wayX[w] * aheadX[w] + wayY[w] * aheadY[w];
      const aside = wayY[w] * aheadX[w] - wayX[w] * aheadY[w];
      const far = measured[w] + TINY;
      seen[d * width + w] = measured[w] * ofD;
      seen[c * width + w] = (along / far) * ofC;
      seen[s * width + w] = (aside / far) * ofS;
    }
  }

  function writeBody(walkers, first, last) {
    const { model, width, seen, drive, ratio } = walkers;
    for (let f = 0; f < model.foot.length; f++) {
      const at = (model.column.grip + f) * width, scale = model.scale[model.column.grip + f];
      for (let w = first; w < last; w++) seen[at + w] = drive[f * width + w] * scale;
    }
    for (let m = 0; m < model.work.length; m++) {
      const c = model.column.muscle_length + m, scale = model.scale[c];
      for (let w = first; w < last; w++) seen[c * width + w] = ratio[m * width + w] * scale;
    }
  }

  function writeMotion(walkers, first, last) {
    const { model, width, seen, vx, vy, armX, armY, aheadX, aheadY } = walkers;
    const v = model.column.velocity, t = model.column.turn_rate, { scale } = model;
    const hub = model.hub * width, right = model.right * width, left = model.left * width;
    for (let w = first; w < last; w++) {
      const x = vx[hub + w], y = vy[hub + w];
      seen[v * width + w] = (x * aheadX[w] + y * aheadY[w]) * scale[v];
      seen[(v + 1) * width + w] = (y * aheadX[w] - x * aheadY[w]) * scale[v + 1];
      const ax = armX[w], ay = armY[w];
      const dx = vx[right + w] - vx[left + w], dy = vy[right + w] - vy[left + w];
      seen[t * width + w] = ((ax * dy - ay * dx) / (ax * ax + ay * ay + TINY)) * scale[t];
    }
  }

  /** Late sensors keep what was measured and show the oldest. */
  function late(walkers) {
    walkers.sight[walkers.oldest].set(walkers.seen);
    walkers.oldest = (walkers.oldest + 1) % walkers.sight.length;
    walkers.seen.set(walkers.sight[walkers.oldest]);
  }
})(globalThis.WALKER);
