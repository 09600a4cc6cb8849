// Chipmunk's solver on N walkers, as in `walker_env/compiled/solver.py`: the same operations in the
// same order, so that every bit is the same. A row of `width` numbers holds one for each walker.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const TINIEST = 2.2250738585072014e-308; // Chipmunk adds it to a length before dividing by it

  /** Set the limits of the feet and the rest lengths of the springs from the drives. */
  W.hold = function (model, walkers) {
    const { width, drive, limit, rest } = walkers, feet = model.foot.length;
    const { gripForce, dt } = model;
    for (let at = 0; at < feet * width; at++) limit[at] = drive[at] * gripForce * dt;
    for (let s = 0; s < model.rest.length; s++) {
      const drawn = model.rest[s], at = s * width, from = (feet + s - model.bones) * width;
      if (s < model.bones) rest.fill(drawn, at, at + width);
      else for (let w = 0; w < width; w++) rest[at + w] = drive[from + w] * drawn;
    }
  };

  /** One physics step: the ground where it is not even, springs, then feet. */
  W.solve = function (model, walkers) {
    if (model.soil) W.tread(model, walkers);
    glide(model, walkers);
    pull(model, walkers);
    if (model.damping !== 1) drag(model, walkers);
    startFeet(model, walkers);
    for (let i = 0; i < model.iterations; i++) {
      damp(model, walkers);
      grip(model, walkers);
    }
  };

  /** Positions follow their velocities. */
  function glide(model, { px, py, vx, vy }) {
    const dt = model.dt;
    for (let at = 0; at < px.length; at++) {
      px[at] += vx[at] * dt;
      py[at] += vy[at] * dt;
    }
  }

  /** Springs pull. */
  function pull(model, { width, px, py, vx, vy, nx, ny, given, goal, rest }) {
    const dt = model.dt;
    for (let s = 0; s < model.rest.length; s++) {
      const stiffness = model.stiffness[s];
      const inverseA = model.inverseMass[model.a[s]], inverseB = model.inverseMass[model.b[s]];
      let a = model.a[s] * width, b = model.b[s] * width, at = s * width;
      for (const end = at + width; at < end; at++, a++, b++) {
        const dx = px[b] - px[a], dy = py[b] - py[a];
        const length = Math.sqrt(dx * dx + dy * dy);
        const inverse = length === 0 ? 0 : 1 / length;
        const x = dx * inverse, y = dy * inverse;
        const impulse = (rest[at] - length) * stiffness * dt;
        nx[at] = x;
        ny[at] = y;
        given[at] = impulse;
        goal[at] = 0;
        const jx = x * impulse, jy = y * impulse;
        vx[a] -= jx * inverseA;
        vy[a] -= jy * inverseA;
        vx[b] += jx * inverseB;
        vy[b] += jy * inverseB;
      }
    }
  }

  /** The world drags. */
  function drag(model, { vx, vy }) {
    const damping = model.damping;
    for (let at = 0; at < vx.length; at++) {
      vx[at] *= damping;
      vy[at] *= damping;
    }
  }

  /** The ground starts from its last impulse. */
  function startFeet(model, { width, vx, vy, gx, gy }) {
    for (let f = 0; f < model.foot.length; f++) {
      const inverse = model.inverseMass[model.foot[f]];
      let k = model.foot[f] * width, at = f * width;
      for (const end = at + width; at < end; at++, k++) {
        vx[k] += gx[at] * inverse;
        vy[k] += gy[at] * inverse;
      }
    }
  }

  /** Dampers slow their ends down along the link. */
  function damp(model, { width, vx, vy, nx, ny, given, goal }) {
    for (let s = 0; s < model.rest.length; s++) {
      const damped = model.damped[s], mass = model.mass[s];
      const inverseA = model.inverseMass[model.a[s]], inverseB = model.inverseMass[model.b[s]];
      let a = model.a[s] * width, b = model.b[s] * width, at = s * width;
      for (const end = at + width; at < end; at++, a++, b++) {
        const x = nx[at], y = ny[at];
        const ax = vx[a], ay = vy[a], bx = vx[b], by = vy[b];
        const speed = (bx - ax) * x + (by - ay) * y;
        const change = (goal[at] - speed) * damped;
        goal[at] = speed + change;
        const old = given[at], now = old + change * mass;
        given[at] = now;
        const jx = x * (now - old), jy = y * (now - old); // not change * mass: rounded twice
        vx[a] = ax - jx * inverseA;
        vy[a] = ay - jy * inverseA;
        vx[b] = bx + jx * inverseB;
        vy[b] = by + jy * inverseB;
      }
    }
  }

  /** The ground stops a foot, as far as its grip allows. */
  function grip(model, { width, vx, vy, gx, gy, limit }) {
    for (let f = 0; f < model.foot.length; f++) {
      const inverseK = model.inverseMass[model.foot[f]], mass = model.footMass[f];
      let k = model.foot[f] * width, at = f * width;
      for (const end = at + width; at < end; at++, k++) {
        const oldX = gx[at], oldY = gy[at], speedX = vx[k], speedY = vy[k];
        let x = oldX - speedX * mass, y = oldY - speedY * mass;
        const square = x * x + y * y, most = limit[at];
        if (square > most * most) {
          const inverse = 1 / (Math.sqrt(square) + TINIEST);
          x = x * inverse * most;
          y = y * inverse * most;
        }
        gx[at] = x;
        gy[at] = y;
        vx[k] = speedX + (x - oldX) * inverseK;
        vy[k] = speedY + (y - oldY) * inverseK;
      }
    }
  }
})(globalThis.WALKER);
