// Random numbers for learning: seeded, fast, and of no concern to the engine's own.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  /** xoshiro128** (Blackman and Vigna), its state made from a whole number by splitmix32. */
  W.newChance = function (seed) {
    const state = new Uint32Array(4);
    let mixed = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let z = mixed;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      state[i] = z ^ (z >>> 16);
    }
    const rotate = (x, k) => (x << k) | (x >>> (32 - k));
    let spare = null;
    const chance = {
      /** A whole number below 2^32. */
      word() {
        const found = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0;
        const t = state[1] << 9;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= t;
        state[3] = rotate(state[3], 11);
        return found;
      },
      /** In [0, 1). */
      share: () => chance.word() / 4294967296,
      /** Of the normal distribution, by Marsaglia's polar method. */
      normal() {
        if (spare !== null) {
          const kept = spare;
          spare = null;
          return kept;
        }
        for (;;) {
          const x = 2 * chance.share() - 1, y = 2 * chance.share() - 1, size = x * x + y * y;
          if (size <= 0 || size >= 1) continue;
          const factor = Math.sqrt((-2 * Math.log(size)) / size);
          spare = y * factor;
          return x * factor;
        }
      },
      /** Everything that changes, as plain data; `restore` takes it back. */
      save: () => ({ state: Array.from(state), spare }),
      restore(saved) {
        state.set(saved.state);
        spare = saved.spare;
      },
    };
    return chance;
  };
})(globalThis.WALKER);
