// Random numbers with numpy's bits: SeedSequence, PCG64 and Generator.random.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const POOL = 4; // words in which a seed is kept
  const INIT_A = 0x43b0d7e5, MULT_A = 0x931e8875, INIT_B = 0x8b51f9dd, MULT_B = 0x58f38ded;
  const MIX_L = 0xca01f9dd, MIX_R = 0x4973f715;

  const UNIT = 1 / 9007199254740992; // 2^-53
  const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
  const wide = (x) => BigInt.asUintN(128, x);

  /** A whole number from 0 on as words of 32 bits, the lowest first. */
  function words(number) {
    let rest = BigInt(number);
    const found = [Number(rest & 0xffffffffn)];
    while ((rest >>= 32n) > 0n) found.push(Number(rest & 0xffffffffn));
    return found;
  }

  /** What SeedSequence(seed, spawn_key=key) keeps, `POOL` words. */
  function poolOf(seed, key) {
    const entropy = words(seed);
    while (key.length > 0 && entropy.length < POOL) entropy.push(0);
    key.forEach((part) => entropy.push(...words(part)));
    let constant = INIT_A;
    const hash = function (word) {
      const mixed = word ^ constant;
      constant = Math.imul(constant, MULT_A);
      const value = Math.imul(mixed, constant);
      return value ^ (value >>> 16);
    };
    const mix = function (x, y) {
      const value = Math.imul(MIX_L, x) - Math.imul(MIX_R, y);
      return value ^ (value >>> 16);
    };
    const pool = Array.from({ length: POOL }, (_, i) => hash(entropy[i] || 0));
    for (let from = 0; from < POOL; from++) {
      for (let to = 0; to < POOL; to++) {
        if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
      }
    }
    for (let from = POOL; from < entropy.length; from++) {
      for (let to = 0; to < POOL; to++) pool[to] = mix(pool[to], hash(entropy[from]));
    }
    return pool;
  }

  /** The first numbers of 64 bits that a SeedSequence gives. */
  function stateOf(pool, count) {
    let constant = INIT_B;
    const word = function (i) {
      const mixed = pool[i % POOL] ^ constant;
      constant = Math.imul(constant, MULT_B);
      const value = Math.imul(mixed, constant);
      return BigInt((value ^ (value >>> 16)) >>> 0);
    };
    const found = [];
    for (let i = 0; i < count; i++) {
      const low = word(2 * i);
      found.push(low | (word(2 * i + 1) << 32n));
    }
    return found;
  }

  /**
   * numpy's Generator(PCG64(SeedSequence(seed, spawn_key=key))): `random()` draws from [0, 1),
   * `spawn(count)` gives independent ones. A seed is a number, a BigInt or a text of digits.
   */
  W.newRandom = function (seed, key = []) {
    const [a, b, c, d] = stateOf(poolOf(seed, key), 4);
    const step = wide(((c << 64n | d) << 1n) | 1n);
    let state = wide((step + (a << 64n | b)) * MULTIPLIER + step), children = 0;
    return {
      random() {
        state = wide(state * MULTIPLIER + step);
        const turn = state >> 122n, folded = (state >> 64n) ^ (state & 0xffffffffffffffffn);
        const turned = BigInt.asUintN(64, (folded >> turn) | (folded << (64n - turn)));
        return Number(turned >> 11n) * UNIT;
      },
      spawn: (count) =>
        Array.from({ length: count }, () => W.newRandom(seed, [...key, children++])),
    };
  };
})(globalThis.WALKER);
