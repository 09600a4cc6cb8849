// The director: which duel the camera shows when. It has seen the race before, and tells by how
// it cuts no more than by being there in time.
(function (W) {
  "use strict";

  const LEAST = 6, MOST = 15; // seconds of a shot
  const OPENING = 3, CLOSING = 5; // seconds of everybody, and of the fight for the first place
  const AHEAD = 4; // seconds in which a coming overtake draws the camera
  const CLOSE = 0.5; // targets between two that fight
  const FAR = 800; // units beyond which two are not in one picture
  const BETTER = 1.3; // times that another shot must be better to be cut to

  const middleAt = function ({ position, nodes }, step) {
    const at = 2 * nodes * step;
    return [position[at], position[at + 1]];
  };

  /** Lanes, best first, at a control step. */
  const orderAt = (runners, step) => W.rankingAt(runners, step).map(({ lane }) => lane);

  /** How much there is to see of each pair of neighbours in the ranking, and of the leader alone. */
  function worth(runners, step, rate, steps) {
    const order = orderAt(runners, step), found = [{ lanes: [order[0]], value: 0.3 }];
    const score = (lane, at) => W.scoreAt(runners[lane], Math.min(at, steps));
    for (let place = 0; place + 1 < order.length; place++) {
      const [a, b] = [order[place], order[place + 1]], gap = score(a, step) - score(b, step);
      const [ax, ay] = middleAt(runners[a].shown, Math.min(step, runners[a].shown.steps));
      const [bx, by] = middleAt(runners[b].shown, Math.min(step, runners[b].shown.steps));
      const together = Math.hypot(ax - bx, ay - by) < FAR;
      let passes = 0;
      for (let s = 1; s <= AHEAD; s++) if (score(b, step + s * rate) > score(a, step + s * rate)) passes = 1;
      const moves = score(a, step + AHEAD * rate) - score(a, step) > 0.05 ? 1 : 0.2;
      const value = (Math.exp(-gap / CLOSE) + passes) * moves * (together ? 1 : 0.3) / (1 + 0.45 * place);
      found.push({ lanes: together ? [a, b] : [a], value });
    }
    return found;
  }

  const same = (a, b) => a.lanes.length === b.lanes.length && a.lanes.every((lane) => b.lanes.includes(lane));

  /**
   * The shots of a race: {from, lanes}, in control steps, the first lane of each is followed.
   *
   * @param runners of a scene, lined up
   * @param steps its length in control steps
   * @param rate control steps a second
   * @param speed at which it is played: faster ones have longer shots
   */
  W.planShots = function (runners, steps, rate, speed = 1) {
    const shots = [{ from: -Infinity, lanes: runners.map((_, lane) => lane) }];
    const pace = Math.max(1, speed), closing = steps - CLOSING * pace * rate;
    if (runners.length === 1) return shots;
    for (let step = Math.round(OPENING * rate); step < closing; step += rate) {
      const now = shots[shots.length - 1], since = now.from === -Infinity ? Infinity : step - now.from;
      if (since < LEAST * pace * rate) continue;
      const found = worth(runners, step, rate, steps).sort((a, b) => b.value - a.value);
      const mine = found.find((shot) => same(shot, now)), worn = since >= MOST * pace * rate;
      const best = worn ? found.find((shot) => !same(shot, now)) || found[0] : found[0];
      const better = !mine || best.value > BETTER * mine.value || (worn && best.value > 0.5 * mine.value);
      if (better && !same(best, now)) shots.push({ from: step, lanes: best.lanes });
    }
    const [first, second] = orderAt(runners, steps);
    shots.push({ from: closing, lanes: [first, second] });
    return shots;
  };

  /** The shot at a time in control steps. */
  W.shotAt = function (shots, time) {
    let now = shots[0];
    for (const shot of shots) if (shot.from <= time) now = shot;
    return now;
  };
})(window.WALKER);
