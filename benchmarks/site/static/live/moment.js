// A moment in an address: who walks where, at which state to the bit, under 2 kB.
(function (W) {
  "use strict";

  const FLOATS = ["position", "velocity", "warmStart", "drive", "target", "distance", "legLength",
    "bestDistance", "energy", "path"];
  const COUNTS = ["targetIndex", "idle", "steps", "ended"];
  const NEXT = 4; // targets that are kept of a list: the present one and those after it
  const MOST = 5000; // targets that a list may have behind it

  /** The state of a runner as text. */
  W.packMoment = function (runner) {
    const moment = W.snapshot(runner.walkers);
    const doubles = FLOATS.flatMap((name) => Array.from(moment[name]));
    const counts = COUNTS.map((name) => moment[name][0]);
    const bytes = [
      W.asBytes(Float64Array.from(doubles)), W.asBytes(Int32Array.from(counts)), W.asBytes(moment.sight),
    ];
    return W.addressText(bytes.flatMap((part) => Array.from(part)));
  };

  /**
   * Put a runner where the text says; an Error where it is none of its body.
   *
   * @param coming where its course is a list: the targets from the present one on
   */
  W.unpackMoment = function (runner, text, coming) {
    const bytes = W.addressBytes(text), moment = W.snapshot(runner.walkers);
    const sizes = FLOATS.map((name) => moment[name].length);
    const doubles = sizes.reduce((a, b) => a + b, 0), sight = moment.sight.length;
    if (bytes.length !== 8 * doubles + 4 * COUNTS.length + 4 * sight) {
      throw new Error("the moment is of another body or of other sensors");
    }
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const name of FLOATS) {
      for (let i = 0; i < moment[name].length; i++, at += 8) moment[name][i] = view.getFloat64(at, true);
    }
    for (const name of COUNTS) {
      moment[name][0] = view.getInt32(at, true);
      at += 4;
    }
    for (let i = 0; i < sight; i++, at += 4) moment.sight[i] = view.getFloat32(at, true);
    const odd = FLOATS.find((name) => !moment[name].every((x) => Number.isFinite(x) && Math.abs(x) < 1e9));
    if (odd) throw new Error("the moment's " + odd + " cannot be");
    const index = moment.targetIndex[0];
    if (index < 0 || index > 1e5) throw new Error("the moment's targets cannot be");
    if (runner.course.count) {
      if (index > MOST || index + coming.length < 1) throw new Error("the moment has no targets");
      moment.courses[0].data = [...new Array(index).fill([0, 0]), ...coming];
    }
    W.restore(runner.walkers, moment);
    W.settle(runner, runner.walkers.courses[0]);
  };

  /** What is kept of a runner's list of targets: those from the present one on. */
  W.comingTargets = ({ targets, walkers }) =>
    targets.slice(walkers.targetIndex[0], walkers.targetIndex[0] + NEXT);
})(window.WALKER);
