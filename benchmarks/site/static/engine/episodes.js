// Whole episodes of networks, one course each, in slices as long as a page can spare.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  /**
   * Walkers side by side, each with a network and a course. `advance(steps)` takes them further and
   * says whether all is over: everybody's episode, or `horizon` steps. `score` has what each has
   * reached as in `agents/rollout.py`, `total` the reward, both as long as its episode lasts; `time`
   * counts the steps. Networks may share everything but `values`, or be one and the same; so may
   * courses. `walkers` of another time are used again where they are given.
   */
  W.newEpisodes = function (model, networks, courses, horizon = 2000, walkers = W.newWalkers(model, courses.length)) {
    const count = courses.length;
    const score = new Float64Array(count), total = new Float64Array(count);
    const alive = new Uint8Array(count).fill(1);
    let living = count;
    courses.forEach((course, i) => W.beginWalk(walkers, i, course));
    const episodes = { walkers, score, total, alive, time: 0 };

    function step() {
      for (let i = 0; i < count; i++) if (alive[i]) W.act(networks[i], walkers, i);
      W.step(walkers);
      for (let i = 0; i < count; i++) {
        if (!alive[i]) continue;
        total[i] += walkers.reward[i];
        if (!walkers.ended[i]) continue;
        score[i] = W.scoreOf(walkers, i);
        alive[i] = 0;
        living--;
      }
      episodes.time++;
    }

    episodes.advance = function (steps = horizon) {
      for (let k = Math.min(steps, horizon - episodes.time); k > 0 && living > 0; k--) step();
      for (let i = 0; i < count; i++) if (alive[i]) score[i] = W.scoreOf(walkers, i);
      return episodes.time === horizon || living === 0;
    };
    return episodes;
  };
})(globalThis.WALKER);
