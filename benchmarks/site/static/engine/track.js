// What a walker went through, as in `walker_env/track.py`: its digest is Python's. And replays: a
// walk from its seed and actions again, which is true if every bit comes out.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  /** Parts of a moment: rows of the walkers, numpy's name of their kind, shape of each moment. */
  const FIELDS = {
    position: [["px", "py"], Float64Array, "<f8"],
    velocity: [["vx", "vy"], Float64Array, "<f8"],
    drive: [["drive"], Float64Array, "<f8"],
    observation: [["seen"], Float32Array, "<f4"],
  };
  const COUNTED = {
    target_index: [BigInt64Array, "<i8"], score: [Float64Array, "<f8"], energy: [Float64Array, "<f8"],
  };

  /** Room for `steps` steps of a walker, and its first moment. */
  W.newTrack = function (walkers, i, steps) {
    const track = { walkers, i, moments: 0, length: steps + 1 };
    for (const [name, [rows, kind]] of Object.entries(FIELDS)) {
      const wide = (rows.length * walkers[rows[0]].length) / walkers.width;
      track[name] = new kind(track.length * wide);
    }
    for (const [name, [kind]] of Object.entries(COUNTED)) track[name] = new kind(track.length);
    W.note(track);
    return track;
  };

  /** Take down the present moment. */
  W.note = function (track) {
    const { walkers, i, moments } = track, { width } = walkers;
    for (const [name, [rows]] of Object.entries(FIELDS)) {
      const wide = track[name].length / track.length;
      for (let at = moments * wide, from = i; at < (moments + 1) * wide; from += width) {
        for (let r = 0; r < rows.length; r++) track[name][at++] = walkers[rows[r]][from];
      }
    }
    track.target_index[moments] = BigInt(walkers.targetIndex[i]);
    track.score[moments] = W.scoreOf(walkers, i);
    track.energy[moments] = walkers.energy[i];
    track.moments++;
  };

  /** How many targets of an endless course Python has drawn for a walker: twice as many whenever it needs more. */
  function drawnFor(reached) {
    let drawn = 64;
    while (drawn <= reached) drawn *= 2;
    return drawn;
  }

  /** Python's `Track.digest` of a complete track: SHA-256, in hexadecimal. */
  W.digestOf = function (track) {
    const found = W.newSha256(), text = new TextEncoder(), { walkers, i, length } = track;
    const add = function (name, kind, shape, array) {
      found.add(text.encode(`${name} ${kind} (${shape})`)).add(W.asBytes(array));
    };
    for (const [name, [rows, , kind]] of Object.entries(FIELDS)) {
      const wide = track[name].length / length;
      add(name, kind, `${length}, ${rows.length > 1 ? `${wide / 2}, 2` : wide}`, track[name]);
    }
    for (const [name, [, kind]] of Object.entries(COUNTED)) add(name, kind, `${length},`, track[name]);
    const course = walkers.courses[i], reached = walkers.targetIndex[i];
    const shown = Math.min(reached + 2, course.count || drawnFor(reached));
    W.drawUpTo(course, shown - 1);
    const targets = new Float64Array(2 * shown);
    for (let p = 0; p < shown; p++) targets.set([course.x[p], course.y[p]], 2 * p);
    add("targets", "<f8", `${shown}, 2`, targets);
    return found.hex();
  };

  /** A mark of the last moment: 32 bits over what moves and what is seen. */
  function markOf(track) {
    let mark = 0x811c9dc5;
    for (const name of Object.keys(FIELDS)) {
      const array = track[name], wide = array.byteLength / track.length / 4;
      const words = new Uint32Array(array.buffer, (track.moments - 1) * wide * 4, wide);
      for (const word of words) mark = Math.imul(mark ^ word, 0x01000193);
    }
    return mark >>> 0;
  }

  /**
   * Walk a replay again, of a data file (`benchmarks/site/engine.py`) or of `readReplay`: for each
   * walker its `name`, `score`, whether all bits are the `same`, and `step`, the control step after
   * which its state is another one than was recorded; null where all are the same, or where the
   * replay has no marks.
   */
  W.verifyReplay = (replay) => replay.walkers.map(verifyWalk);

  const numbersOf = (packed, kind) =>
    (typeof packed === "string" ? W.numbersOf(packed, kind) : packed);

  function verifyWalk({ name, options, seed, actions, marks, states }) {
    const model = W.makeModel(options.body, options.world, { ...options, stall_limit: null });
    const walkers = W.newWalkers(model, 1), known = marks && numbersOf(marks, Uint32Array);
    W.beginWalk(walkers, 0, W.newCourse(options.course, seed));
    const told = numbersOf(actions, Float32Array), wide = walkers.action.length;
    const steps = told.length / wide, track = W.newTrack(walkers, 0, steps);
    for (let step = 0; ; step++) {
      if (known && markOf(track) !== known[step]) {
        return { name, same: false, step, score: track.score[step] };
      }
      if (step === steps) break;
      walkers.action.set(told.subarray(step * wide, (step + 1) * wide));
      W.step(walkers);
      W.note(track);
    }
    const same = W.digestOf(track) === states;
    return { name, same, step: same || !known ? null : steps, score: track.score[steps] };
  }
})(globalThis.WALKER);
