// A generation walks: P networks on the same C courses, all at once, as `agents/trial.py` does it.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const STD_MIN = 0.01, BOUND = 10;

  /** Running mean and standard deviation of all that was seen, as `moments.py`. */
  W.newMoments = function (width, saved = null) {
    const moments = {
      count: saved ? saved.count : 0,
      sum: Float64Array.from(saved ? saved.sum : new Float64Array(width)),
      square: Float64Array.from(saved ? saved.square : new Float64Array(width)),
    };
    moments.normaliser = function () {
      const mean = new Float32Array(width), std = new Float32Array(width).fill(1);
      if (moments.count < 2) return W.newNormaliser(mean, std, BOUND);
      for (let k = 0; k < width; k++) {
        const middle = moments.sum[k] / moments.count;
        const variance = Math.max(moments.square[k] / moments.count - middle * middle, 0);
        mean[k] = middle;
        std[k] = Math.max(Math.sqrt(variance), STD_MIN);
      }
      return W.newNormaliser(mean, std, BOUND);
    };
    /** Take in what a generation has seen. */
    moments.add = function ({ looks, sum, square }) {
      moments.count += looks;
      for (let k = 0; k < width; k++) {
        moments.sum[k] += sum[k];
        moments.square[k] += square[k];
      }
    };
    moments.save = () => ({
      count: moments.count, sum: moments.sum.slice(), square: moments.square.slice(),
    });
    return moments;
  };

  /**
   * A generation at its start: `networks` of one model on `courses`, for `steps` control steps.
   * `walk(most)` makes at most so many of them and tells whether it is over; then `returns` has each
   * network's mean reward. `looks` counts the observations so far, `sum` and `square` add them up.
   *
   * @param lanes walkers of the model, P * C of them, used again from one generation to the next;
   *   those of network p begin at p * C
   */
  W.newGeneration = function (lanes, networks, courses, steps) {
    const { width } = lanes, many = courses.length, channels = lanes.model.scale.length;
    const each = (give) => Array.from({ length: width }, (_, lane) => give(lane));
    const episodes = W.newEpisodes(
      lanes.model, each((lane) => networks[Math.floor(lane / many)]),
      each((lane) => courses[lane % many]), steps, lanes,
    );
    const { total, alive } = episodes;
    const generation = {
      lanes, networks, many, steps, total, time: 0, over: false, looks: 0, returns: null,
      sum: new Float64Array(channels), square: new Float64Array(channels),
    };

    function tally() {
      const { seen } = lanes, { sum, square } = generation;
      for (let lane = 0; lane < width; lane++) generation.looks += alive[lane];
      for (let k = 0, at = 0; k < channels; k++) {
        let plain = 0, squared = 0;
        for (let lane = 0; lane < width; lane++, at++) {
          const value = alive[lane] ? seen[at] : 0;
          plain += value;
          squared += value * value;
        }
        sum[k] += plain;
        square[k] += squared;
      }
    }

    function meanReward(_, p) {
      let whole = 0;
      for (let c = 0; c < many; c++) whole += total[p * many + c];
      return whole / many;
    }

    generation.walk = function (most = steps) {
      for (let n = 0; n < most && !generation.over; n++) {
        tally();
        generation.over = episodes.advance(1);
        generation.time = episodes.time;
      }
      if (generation.over) generation.returns = Float64Array.from(networks, meanReward);
      return generation.over;
    };
    return generation;
  };
})(globalThis.WALKER);
