// Exponentials with Python's bits: the double nearest to the true value, from whole numbers alone.
// A number here is a BigInt that counts units of 2^-BITS. `exponential.py` has the same in decimals.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const BITS = 320n, ONE = 1n << BITS;
  const LEAST = -800, MOST = 720; // beyond these e^x is 0 or infinite as a double
  const KEPT = 4096; // results, most of which are asked for again

  const view = new DataView(new ArrayBuffer(8));

  /** A finite double as [m, e]: it is exactly m 2^e, m a BigInt. */
  function parts(x) {
    view.setFloat64(0, x);
    const bits = view.getBigUint64(0), field = Number((bits >> 52n) & 0x7ffn);
    const fraction = bits & 0xfffffffffffffn;
    const m = field ? fraction | 0x10000000000000n : fraction;
    return [bits >> 63n ? -m : m, (field || 1) - 1075];
  }

  const shift = (m, e) => (e >= 0 ? m << BigInt(e) : m >> BigInt(-e));
  const times = (a, b) => (a * b) >> BITS;
  const fixed = function (x) {
    const [m, e] = parts(x);
    return shift(m, e + Number(BITS));
  };

  /** The double nearest to m 2^e for m > 0, a tie to the even one. */
  function nearest(m, e) {
    const drop = Math.max(m.toString(2).length - 53, -1074 - e);
    let kept = shift(m, -drop);
    if (drop > 0) {
      const rest = m - (kept << BigInt(drop)), half = 1n << BigInt(drop - 1);
      if (rest > half || (rest === half && kept & 1n)) kept += 1n;
    }
    view.setBigUint64(0, (BigInt(e + drop + 1074) << 52n) + kept); // its highest bit counts up, too
    return view.getFloat64(0);
  }

  /** ln((1 + z) / (1 - z)) for z = above / below. */
  function logarithmOfRatio(above, below) {
    let power = (above << BITS) / below, sum = 0n;
    const square = times(power, power);
    for (let k = 1n; power !== 0n; k += 2n) {
      sum += power / k;
      power = times(power, square);
    }
    return 2n * sum;
  }

  const LN2 = logarithmOfRatio(1n, 3n);

  /** e to a power, the nearest double. */
  function raise(x) {
    const whole = (x + LN2 / 2n) / LN2 - (x + LN2 / 2n < 0n ? 1n : 0n);
    const rest = x - whole * LN2;
    let term = ONE, sum = ONE;
    for (let k = 1n; term !== 0n && term !== -1n; k += 1n) {
      term = times(term, rest) / k;
      sum += term;
    }
    return nearest(sum, Number(whole - BITS));
  }

  function logarithm(base) {
    const [m, e] = parts(base), width = m.toString(2).length;
    const size = 1n << BigInt(width - 1); // m / size lies in [1, 2)
    return logarithmOfRatio(m - size, m + size) + BigInt(e + width - 1) * LN2;
  }

  function remembered(work) {
    const known = new Map();
    return function (...given) {
      const key = given.join(" ");
      if (!known.has(key)) {
        if (known.size === KEPT) known.clear();
        known.set(key, work(...given));
      }
      return known.get(key);
    };
  }

  /** The double nearest to e to the power x. */
  W.exponential = remembered(function (x) {
    if (x < LEAST) return 0;
    return x > MOST ? Infinity : raise(fixed(x));
  });

  /** The double nearest to a base to the power of an exponent, for a base in (0, inf). */
  W.power = remembered(function (base, exponent) {
    const [m, e] = parts(exponent);
    const x = shift(logarithm(base) * m, e);
    if (x < fixed(LEAST)) return 0;
    return x > fixed(MOST) ? Infinity : raise(x);
  });
})(globalThis.WALKER);
