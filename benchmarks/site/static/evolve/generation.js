// A generation walks: P networks on the same C courses, all at once, as `agents/trial.py` does it.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const STD_MIN = 0.01, BOUND = 10;

  /** Running mean and standard deviation of all that was seen, as `moments.py`. */
  W.newMoments = function (width, saved = null) {
    const moments = {
      count: saved ? saved.count : 0,
      sum: Float64Array.from(saved ? saved.sum : { length: width }, (x) => x || 0),
      square: Float64Array.from(saved ? saved.square : { length: width }, (x) => x || 0),
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
    moments.save = () => ({
      count: moments.count, sum: Array.from(moments.sum), square: Array.from(moments.square),
    });
    return moments;
  };

  /**
   * A generation at its start: `networks` of one model on the courses of `seeds`, for `steps`
   * control steps. `walk(most)` makes at most so many of them and tells whether it is over; then
   * `returns` has each network's mean reward, and `moments` has taken in what was seen.
   *
   * @param lanes walkers of the model, P * C of them, used again from one generation to the next
   */
  W.newGeneration = function (lanes, networks, seeds, steps, course, moments) {
    const { width } = lanes, many = seeds.length, channels = lanes.model.scale.length;
    const total = new Float64Array(width), alive = new Uint8Array(width).fill(1);
    const sum = new Float64Array(channels), square = new Float64Array(channels);
    let counted = 0;
    for (let lane = 0; lane < width; lane++) {
      W.beginWalk(lanes, lane, W.newCourse(course, seeds[lane % many]));
    }
    const generation = { lanes, networks, many, time: 0, steps, over: false, walked: 0, total };

    function tally() {
      const { seen } = lanes;
      for (let lane = 0; lane < width; lane++) counted += alive[lane];
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

    function stepOnce() {
      tally();
      for (let lane = 0; lane < width; lane++) W.act(networks[(lane / many) | 0], lanes, lane);
      W.step(lanes);
      for (let lane = 0; lane < width; lane++) {
        if (!alive[lane]) continue;
        total[lane] += lanes.reward[lane];
        if (lanes.ended[lane]) alive[lane] = 0;
      }
      generation.time++;
    }

    function conclude() {
      generation.over = true;
      generation.walked = counted;
      generation.returns = Float64Array.from(networks, function (_, p) {
        let whole = 0;
        for (let c = 0; c < many; c++) whole += total[p * many + c];
        return whole / many;
      });
      moments.count += counted;
      for (let k = 0; k < channels; k++) {
        moments.sum[k] += sum[k];
        moments.square[k] += square[k];
      }
    }

    generation.walk = function (most = steps) {
      for (let n = 0; n < most && generation.time < steps; n++) stepOnce();
      if (generation.time >= steps && !generation.over) conclude();
      return generation.over;
    };
    return generation;
  };
})(globalThis.WALKER);
