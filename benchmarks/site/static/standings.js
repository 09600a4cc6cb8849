// Who is where at a moment: targets reached, the fraction of the way to the next, places.
(function (W) {
  "use strict";

  /** How many of the increasing numbers are at most `limit`. */
  W.countUpTo = function (numbers, limit) {
    let low = 0, high = numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[middle] <= limit) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const head = {};

  function headAt(runner, step) {
    const from = step * runner.walk.nodes * 2;
    const position = runner.walk.position.subarray(from, from + runner.walk.nodes * 2);
    return W.headOf(runner.body, position, head);
  }

  function distanceAt(runner, target, step) {
    if (!target) return 0;
    const at = headAt(runner, step);
    return Math.hypot(target[0] - at.x, target[1] - at.y);
  }

  /** Scores of a runner at every control step: reached targets and the fraction of the way. */
  W.scoreCurve = function (runner, targets) {
    const { steps, reached } = runner.walk;
    const scores = new Float32Array(steps + 1);
    let index = 0, leg = distanceAt(runner, targets[0], 0) || 1;
    for (let step = 0; step <= steps; step++) {
      if (reached[index] === step) {
        while (reached[index] === step) index++;
        leg = distanceAt(runner, targets[index], step) || 1;
      }
      const left = targets[index] ? distanceAt(runner, targets[index], step) : leg;
      scores[step] = index + W.clamp(1 - left / leg, 0, 0.999);
    }
    return scores;
  };

  /** Targets a runner has reached at a time in control steps. */
  W.reachedAt = (runner, time) => W.countUpTo(runner.walk.reached, time);

  W.scoreAt = function (runner, time) {
    if (runner.walkers) return W.liveScore(runner); // it is simulated, and it is now
    return runner.scores[W.clamp(Math.floor(time), 0, runner.walk.steps)];
  };

  /** Runners best first, equal ones in the order they were entered; equal scores share a place. */
  W.rankingAt = function (runners, time) {
    const found = runners.map((runner, lane) => ({ runner, lane, score: W.scoreAt(runner, time) }));
    found.sort((a, b) => b.score - a.score || a.lane - b.lane);
    found.forEach((entry, i) => {
      const tied = i > 0 && found[i - 1].score === entry.score;
      entry.place = tied ? found[i - 1].place : i + 1;
    });
    return found;
  };
})(window.WALKER);
