// Whether a body can be simulated in a world, as in `walker_env/stability.py`: it is shaken, and torn
// apart, and its speed must stay bounded. The verdict is Python's.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const SHAKEN_LIMIT = 10000, TORN_GROWTH = 30; // [unit/s]; times its speed at first
  const SHORT = 300, LONG = 2000, OVERDAMPED = 1; // [control step]; see `dampingRates`
  const TORN = 20, TORN_STEPS = 200, TORN_FIRST = 50;
  const HOLDS = [1, 2, 4, 8]; // [control step]
  const WORD = 4294967296;

  const PATTERNS = [
    "shortest, loose", "shortest, gripping", "longest, loose", "longest, gripping",
    "together, loose", "by turns, gripping", "resonant, loose", "resonant, gripping",
    ...HOLDS.map((hold) => `mixed ${hold}, loose`), ...HOLDS.map((hold) => `mixed ${hold}, gripping`),
  ];
  const TURNS = 5, RESONANT = [6, 7], MIXED = 8; // places in it

  const SWEEP = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((hold) =>
    [-1, 1].flatMap((sign) => new Array(hold).fill(sign)));

  /** MurmurHash3's finalizer of a number of a stream. */
  function wordOf(stream, number) {
    let word = ((stream << 24) + number) | 0;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
  }

  /** `dt * damping / mass` of all links, the mass being the reduced one of a link's ends. */
  W.dampingRates = function (body, world) {
    const inverse = body.nodes.map((node) => 1 / node.mass), dt = 1 / world.physics_rate;
    const rate = (link) => link.damping * dt * (inverse[link.a] + inverse[link.b]);
    return [...body.bones, ...body.muscles].map(rate);
  };

  /** What muscle m is told by a pattern in a step, both counted from 0. */
  function commandOf(pattern, step, m, muscles) {
    if (pattern < 2) return -1;
    if (pattern < 4) return 1;
    if (pattern < 6) return SWEEP[step % SWEEP.length] * (pattern === TURNS && m % 2 ? -1 : 1);
    const stream = pattern - MIXED, hold = HOLDS[stream % HOLDS.length];
    const row = Math.floor(step / hold);
    return wordOf(stream, row * muscles + m) >= WORD / 2 ? 1 : -1;
  }

  /** The largest of the numbers, or NaN if there is one. */
  const largest = (most, x) => (x > most || Number.isNaN(x) ? x : most);

  /** Of walker i the speed of its fastest node [unit/s]. */
  function speedOf({ vx, vy, width }, i) {
    let most = 0;
    for (let at = i; at < vx.length; at += width) {
      most = largest(most, Math.sqrt(vx[at] * vx[at] + vy[at] * vy[at]));
    }
    return most;
  }

  function move(walkers) {
    W.actuate(walkers);
    for (let i = 0; i < walkers.model.substeps; i++) W.solve(walkers.model, walkers);
    W.measure(walkers, 0, walkers.width);
  }

  function shake(model, steps) {
    const walkers = W.newWalkers(model, PATTERNS.length), { width, action, ratio } = walkers;
    const feet = model.foot.length, muscles = model.work.length;
    PATTERNS.forEach(function (pattern, i) {
      const grip = pattern.endsWith("loose") ? -1 : 1;
      for (let f = 0; f < feet; f++) action[f * width + i] = grip;
    });
    W.measure(walkers, 0, width);
    const before = ratio.slice();
    let best = { stable: true, pattern: PATTERNS[0], step: 0, speed: 0 };
    for (let step = 1; step <= steps && best.stable; step++) {
      for (let at = 0; at < ratio.length; at++) {
        const m = Math.floor(at / width), i = at % width;
        action[feet * width + at] = RESONANT.includes(i)
          ? ratio[at] >= before[at] ? 1 : -1
          : commandOf(i, step - 1, m, muscles);
      }
      before.set(ratio);
      move(walkers);
      const speeds = PATTERNS.map((_, i) => speedOf(walkers, i)), speed = speeds.reduce(largest);
      if (speed <= best.speed) continue;
      const fastest = speeds.findIndex((x) => Object.is(x, speed));
      best = { stable: speed <= SHAKEN_LIMIT, pattern: PATTERNS[fastest], step, speed };
    }
    return best;
  }

  /** The verdict on a body that runs away when it is torn apart; null for any other. */
  function tear(model) {
    const walkers = W.newWalkers(model, PATTERNS.length), { width, action } = walkers;
    const nodes = model.x.length, feet = model.foot.length, longest = Math.max(...model.rest);
    const place = (number) => (wordOf(0, number) * (2 / WORD) - 1) * (TORN * longest);
    for (let i = 0; i < width; i++) {
      for (let k = 0; k < nodes; k++) {
        const number = 2 * (i * nodes + k), row = i < width / 2 ? 1 : 0.125; // half nearly in a row
        walkers.px[k * width + i] = place(number);
        walkers.py[k * width + i] = place(number + 1) * row;
      }
      for (let c = 0; c < model.decay.length; c++) {
        action[c * width + i] = c < feet ? (i % 4 < 2 ? -1 : 1) : i % 2 ? 1 : -1;
      }
    }
    W.measure(walkers, 0, width);
    const first = new Float64Array(width);
    for (let step = 1; step <= TORN_STEPS; step++) {
      move(walkers);
      for (let i = 0; i < width; i++) {
        const speed = speedOf(walkers, i);
        if (step <= TORN_FIRST) first[i] = largest(first[i], speed);
        if (!(speed <= Math.max(TORN_GROWTH * first[i], SHAKEN_LIMIT))) {
          return { stable: false, pattern: "torn", step, speed };
        }
      }
    }
    return null;
  }

  /**
   * Shake a body in a world, both plans without anything left out: whether it is `stable`, and the
   * `pattern` of commands with the highest `speed`, in which `step`.
   */
  W.judge = function (body, world) {
    const model = W.makeModel(body, { ...world, ground: W.defaults.ground }); // as on even ground
    const slow = W.dampingRates(body, world).reduce(largest) >= OVERDAMPED;
    const verdict = shake(model, slow ? LONG : SHORT);
    return (verdict.stable && tear(model)) || verdict;
  };
})(globalThis.WALKER);
