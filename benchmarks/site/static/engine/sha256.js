// SHA-256 (FIPS 180-4) at once: the browser's own is not there for every page, and waits.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);

  /** The first 32 bits of the fraction of a prime's root: exact in whole numbers. */
  function fractionOfRoot(prime, degree) {
    const goal = BigInt(prime) << BigInt(32 * degree);
    let low = 0n, high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n, power = middle * middle * (degree === 3 ? middle : 1n);
      if (power <= goal) low = middle;
      else high = middle;
    }
    return Number(low & 0xffffffffn) | 0;
  }

  const START = primes.slice(0, 8).map((prime) => fractionOfRoot(prime, 2));
  const ROUND = Int32Array.from(primes, (prime) => fractionOfRoot(prime, 3));
  const BLOCK = 64; // [byte]

  /** SHA-256: `add(bytes)` as often as needed, then `hex()` once. */
  W.newSha256 = function () {
    const state = Int32Array.from(START), words = new Int32Array(64);
    const tail = new Uint8Array(BLOCK);
    let kept = 0, length = 0;
    return {
      add(bytes) {
        length += bytes.length;
        let at = 0;
        if (kept > 0) {
          at = Math.min(BLOCK - kept, bytes.length);
          tail.set(bytes.subarray(0, at), kept);
          kept += at;
          if (kept < BLOCK) return this;
          compress(state, words, tail, 0);
        }
        for (; at + BLOCK <= bytes.length; at += BLOCK) compress(state, words, bytes, at);
        tail.set(bytes.subarray(at));
        kept = bytes.length - at;
        return this;
      },
      hex() {
        const bits = BigInt(length) * 8n, end = new Uint8Array(kept < 56 ? BLOCK : 2 * BLOCK);
        end.set(tail.subarray(0, kept));
        end[kept] = 0x80;
        new DataView(end.buffer).setBigUint64(end.length - 8, bits);
        for (let at = 0; at < end.length; at += BLOCK) compress(state, words, end, at);
        return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
      },
    };
  };

  function compress(state, words, bytes, from) {
    for (let i = 0, at = from; i < 16; i++, at += 4) {
      words[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15], y = words[i - 2];
      const one = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const two = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[i] = (words[i - 16] + one + words[i - 7] + two) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const two = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const first = (h + one + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
      const second = (two + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] += value));
  }
})(globalThis.WALKER);
