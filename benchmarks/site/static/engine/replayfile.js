// A replay's file (`walker_env/replay.py`: an npz) as data for `verifyReplay`. Whatever is wrong with
// a file is told in a sentence.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const MOST_BYTES = 50_000_000, MOST_PARTS = 16, MOST_WALKERS = 64, MOST_STEPS = 40_000;
  const END = 0x06054b50, ENTRY = 0x02014b50, LOCAL = 0x04034b50; // of a zip

  function insist(condition, words) {
    if (!condition) throw new Error(words);
  }

  /** The parts of a zip by name: `[method, size, bytes as they lie there]`. */
  function unzip(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), parts = new Map();
    let end = bytes.length - 22;
    while (end >= 0 && view.getUint32(end, true) !== END) end--;
    insist(end >= 0, "it is no zip");
    const count = view.getUint16(end + 10, true);
    insist(count <= MOST_PARTS, `it has ${count} parts, a replay has three`);
    let at = view.getUint32(end + 16, true);
    for (let i = 0; i < count; i++) {
      insist(view.getUint32(at, true) === ENTRY, "its list of parts is damaged");
      const packed = view.getUint32(at + 20, true), size = view.getUint32(at + 24, true);
      const name = view.getUint16(at + 28, true), start = view.getUint32(at + 42, true);
      const text = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name));
      insist(size <= MOST_BYTES, `${text} claims ${size} bytes`);
      insist(view.getUint32(start, true) === LOCAL, `${text} is damaged`);
      const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
      const method = view.getUint16(at + 10, true);
      parts.set(text, [method, size, bytes.subarray(from, from + packed)]);
      at += 46 + name + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return parts;
  }

  async function inflate([method, size, bytes]) {
    insist(method === 0 || method === 8, "it is packed in an unknown way");
    const whole = new Uint8Array(size);
    let at = 0;
    if (method === 0) {
      whole.set(bytes);
      return whole;
    }
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      insist(at + value.length <= size, "it is larger than it claims");
      whole.set(value, at);
      at += value.length;
    }
    insist(at === size, "it is smaller than it claims");
    return whole;
  }

  /** An array of a npy file, of the kind and the number of axes that are expected. */
  async function readArray(parts, name, kind, axes) {
    insist(parts.has(`${name}.npy`), `it lacks ${name}`);
    const bytes = await inflate(parts.get(`${name}.npy`)), wide = bytes[6] === 1 ? 2 : 4;
    insist(String.fromCharCode(...bytes.subarray(1, 6)) === "NUMPY", `${name} is no array`);
    const view = new DataView(bytes.buffer);
    const length = wide === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
    const start = 8 + wide + length, head = new TextDecoder().decode(bytes.subarray(8 + wide, start));
    const shape = ((/'shape': \(([\d, ]*)\)/.exec(head) || [])[1] || "").match(/\d+/g) || [];
    const numbers = shape.map(Number), size = Number(kind.slice(-1));
    const fits = head.includes(`'descr': '${kind}'`) && head.includes("'fortran_order': False") &&
      numbers.length === axes && numbers.reduce((a, b) => a * b, size) === bytes.length - start;
    insist(fits, `${name} must be an array of ${axes} axes of ${kind}`);
    return { shape: numbers, bytes: bytes.slice(start) };
  }

  /** The header; a seed has up to 64 bits, which are no number here. */
  function read({ bytes }) {
    const text = new TextDecoder().decode(bytes);
    return JSON.parse(text.replace(/"seed": ?(\d+)/g, '"seed":"$1"'));
  }

  /**
   * Read a file's bytes: a promise of what `verifyReplay` takes, without marks, so that it cannot
   * tell the step at which a walk parts.
   */
  W.readReplay = async function (bytes) {
    try {
      insist(bytes.length <= MOST_BYTES, `it has ${bytes.length} bytes`);
      const parts = unzip(bytes);
      const header = read(await readArray(parts, "header", "|u1", 1));
      insist(header.format === "walker-replay", "it is of another format");
      insist(header.format_version === 1, `it is of format ${header.format_version}, expected 1`);
      return split(header, await readArray(parts, "actions", "<f4", 3),
        await readArray(parts, "lengths", "<i8", 1));
    } catch (error) {
      throw new Error(`expected a replay: ${error.message}`);
    }
  };

  /** Whatever cannot be walked is found here: the plans are what they say, and make a model. */
  function checkOptions(options, seed) {
    for (const what of ["body", "world"]) {
      const plan = options[what];
      insist(W.planDigest(plan) === plan.digest, `its ${what} is not what its digest says`);
    }
    for (const rate of ["physics_rate", "substeps"]) {
      const expected = W.defaults.world[rate];
      insist(options.world[rate] === expected, `its ${rate} is not ${expected}`);
    }
    W.makeModel(options.body, options.world, options);
    W.newCourse(options.course, seed);
  }

  function split(header, actions, lengths) {
    const [count, steps, wide] = actions.shape, told = new Float32Array(actions.bytes.buffer);
    const walked = Array.from(new BigInt64Array(lengths.bytes.buffer), Number);
    insist(count <= MOST_WALKERS && steps <= MOST_STEPS, "it is longer than replays are");
    insist(count === header.walkers.length && count === walked.length, "its walkers do not fit");
    insist(walked.every((length) => 0 <= length && length <= steps), "its lengths do not fit");
    insist(told.every((x) => -1 <= x && x <= 1), "its actions are beyond [-1, 1]");
    header.walkers.forEach(({ options, seed }) => checkOptions(options, seed));
    const physics = W.physicsHash(header.walkers.map((walker) => walker.options));
    insist(physics === header.physics, `it is of another physics: ${header.physics}`);
    const walkers = header.walkers.map(function ({ name, options, seed, states }, i) {
      const own = options.body.feet.length + options.body.muscles.length;
      const commands = new Float32Array(walked[i] * own);
      for (let t = 0; t < walked[i]; t++) {
        for (let c = 0; c < own; c++) commands[t * own + c] = told[(i * steps + t) * wide + c];
      }
      return { name, options, seed, states, actions: commands };
    });
    return { title: header.title, physics, walkers };
  }
})(globalThis.WALKER);
