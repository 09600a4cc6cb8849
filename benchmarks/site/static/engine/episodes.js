// Whole episodes of networks, one course each, in slices as long as a page can spare.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  /**
   * Walkers side by side, each with a network and a course. `advance(steps)` takes them further and
   * says whether all is over: everybody's episode, or `horizon` steps. `score` has what each has
   * reached as in `agents/rollout.py`, `total` the reward, both as long as its episode lasts.
   * Networks may share everything but `values`, or be one and the same.
   */
  W.newEpisodes = function (model, networks, courses, horizon = 2000) {
    const count = courses.length, walkers = W.newWalkers(model, count);
    const score = new Float64Array(count), total = new Float64Array(count);
    const alive = new Uint8Array(count).fill(1);
    let left = horizon, living = count;
    courses.forEach((course, i) => W.beginWalk(walkers, i, course));

    function step() {
      for (let i = 0; i < count; i++) if (alive[i]) W.act(networks[i], walkers, i);
      W.step(walkers);
      for (let i = 0; i < count; i++) {
        if (!alive[i]) continue;
        score[i] = W.scoreOf(walkers, i);
        total[i] += walkers.reward[i];
        if (walkers.ended[i]) {
          alive[i] = 0;
          living--;
        }
      }
      left--;
    }

    const advance = function (steps = horizon) {
      for (let k = Math.min(steps, left); k > 0 && living > 0; k--) step();
      return left === 0 || living === 0;
    };
    return { walkers, score, total, alive, advance };
  };
})(globalThis.WALKER);
