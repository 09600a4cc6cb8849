// What is called out during a race: who takes the lead, who passes whom, who reaches a round number.
(function (W) {
  "use strict";

  const HOLDS = 1.5; // seconds for which a new order must hold to count
  const BY = 0.03; // targets by which, at the end of them
  const EACH = 10; // targets between two that are called out
  const SHOWN = 3.5; // seconds for which a call stands

  const ordinal = (n) => n + (n % 100 > 3 && n % 100 < 21 ? "th" : ["th", "st", "nd", "rd"][n % 10] || "th");
  W.ordinal = ordinal;
  W.targetWords = (count) => count + (count === 1 ? " target" : " targets");

  /** Where one of two goes past the other, [control step, whether it is the first], for good for a while. */
  function passes(a, b, steps, rate) {
    const hold = Math.round(HOLDS * rate), found = [];
    let front = 0, side = 0, since = 0;
    for (let step = 0; step <= steps; step++) {
      const ahead = W.scoreAt(a, step) - W.scoreAt(b, step), now = Math.sign(ahead);
      if (now !== side) [side, since] = [now, step];
      if (!side || side === front || step - since < hold || Math.abs(ahead) < BY) continue;
      if (front) found.push([since, side > 0]);
      front = side;
    }
    return found;
  }

  function overtakes(runners, steps, rate) {
    const found = [];
    runners.forEach((one, lane) => runners.slice(lane + 1).forEach(function (other) {
      for (const [time, first] of passes(one, other, steps, rate)) {
        const [a, b] = first ? [one, other] : [other, one];
        if (W.reachedAt(b, time) < 1) continue; // there was no order yet
        const place = W.rankingAt(runners, time).find((entry) => entry.runner === a).place;
        const text = place === 1 ? `${a.name} takes the lead from ${b.name}` : `${a.name} passes ${b.name}: ${ordinal(place)}`;
        found.push({ time, text, runner: a, weight: 4 / place });
      }
    }));
    return found;
  }

  /** Who is first at the first target and at each round number, and by how much. */
  function splits(runners, rate) {
    const most = Math.max(...runners.map((runner) => runner.walk.reached.length)), found = [];
    for (let count = 1; count <= most; count += count === 1 ? EACH - 1 : EACH) {
      const times = runners.map((runner) => [runner.walk.reached[count - 1], runner])
        .filter(([time]) => time !== undefined).sort((one, other) => one[0] - other[0]);
      const [[time, runner], second] = times;
      const what = count === 1 ? "is first at target 1" : `has ${count} targets`;
      const by = second ? `, ${((second[0] - time) / rate).toFixed(1)} s ahead` : "";
      found.push({ time, text: `${runner.name} ${what}${by}`, runner, weight: count === 1 ? 3 : 1.5 });
    }
    return found;
  }

  /** The calls of a race in their order: {time, text, runner, weight}, time in control steps. */
  W.callsOf = function (runners, steps, rate) {
    if (runners.length < 2) return [];
    const all = [...overtakes(runners, steps, rate), ...splits(runners, rate)];
    all.sort((a, b) => a.time - b.time || b.weight - a.weight);
    const kept = [];
    for (const call of all) {
      const last = kept[kept.length - 1];
      const covered = last && call.time - last.time < 1.6 * rate;
      if (!covered) kept.push(call);
      else if (call.weight > last.weight) kept[kept.length - 1] = call;
    }
    return kept;
  };

  /** The call that stands at a time in control steps, if there is one; faster play shows it longer. */
  W.callAt = function (calls, time, rate, speed = 1) {
    let now = null;
    for (const call of calls) if (call.time <= time) now = call;
    return now && time - now.time < SHOWN * rate * Math.max(1, speed / 2) ? now : null;
  };

  /**
   * How long after the first a runner was at the last target that it has reached [s]; null before
   * its first target, 0 for whoever was first there.
   */
  W.splitAt = function (runners, runner, time, rate) {
    const count = W.reachedAt(runner, time);
    if (!count) return null;
    const first = Math.min(...runners.map(({ walk }) => walk.reached[count - 1] ?? Infinity));
    return (runner.walk.reached[count - 1] - first) / rate;
  };
})(window.WALKER);
