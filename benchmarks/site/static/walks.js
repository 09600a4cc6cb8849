// Walks to be shown: a policy's is simulated here, to Python's last bit; anybody else's is a tape.
(function (W) {
  "use strict";

  const SLICE = 14; // milliseconds of simulation between two pictures
  const SPARE = 3; // targets beyond the last one that anybody reached

  const nextTurn = () => new Promise((resolve) => setTimeout(resolve));

  /** Control steps at which the number of targets grew. */
  function reachedOf(counts) {
    const reached = [];
    for (let step = 1; step < counts.length; step++) {
      for (let n = counts[step - 1]; n < counts[step]; n++) reached.push(step);
    }
    return reached;
  }

  /** What a complete track shows, in a tape's form; it has all that was seen, and every score. */
  function walkOf(track, body) {
    const steps = track.length - 1, commands = track.drive.length / track.length, feet = body.feet.length;
    const grip = new Float32Array(track.length * feet);
    for (let step = 0; step <= steps; step++) {
      for (let f = 0; f < feet; f++) grip[step * feet + f] = track.drive[step * commands + f];
    }
    return {
      steps, nodes: body.nodes.length, feet, grip,
      position: Float32Array.from(track.position),
      seen: track.observation, seenWidth: track.observation.length / track.length, sawAll: true,
      reached: reachedOf(track.target_index), scores: track.score, score: track.score[steps],
    };
  }

  /**
   * A promise of the walk of a policy, simulated in slices.
   *
   * @param champion {body, layout, network}, as `W.loadChampion` gives it
   * @param course {draw, seed, world} of the site's data
   * @param steps control steps
   */
  W.simulateWalk = async function ({ body, layout, network }, course, steps) {
    const model = W.makeModel(body, course.world, { observation: layout, stall_limit: null });
    const walkers = W.newWalkers(model, 1);
    W.beginWalk(walkers, 0, W.newCourse(course.draw, course.seed));
    const track = W.newTrack(walkers, 0, steps);
    let begun = performance.now();
    for (let step = 0; step < steps; step++) {
      W.act(network, walkers, 0);
      W.step(walkers);
      W.note(track);
      if (performance.now() - begun < SLICE) continue;
      await nextTurn();
      begun = performance.now();
    }
    return walkOf(track, body);
  };

  const known = new Map();

  /** A promise of the walk of an entry on a course of the site. */
  W.loadWalk = function (site, course, entry) {
    const key = course.id + "/" + entry.id;
    if (!known.has(key)) {
      const walk = entry.network ? W.loadChampion(site, entry.id).then((champion) =>
        W.simulateWalk(champion, course, site.steps)) : W.load("walks/" + key).then(W.decodeTape);
      walk.catch(() => known.delete(key)); // so that it can be tried again
      known.set(key, walk);
    }
    return known.get(key);
  };

  /** The first targets of a course. */
  W.targetsOf = function ({ draw, seed }, count) {
    const course = W.newCourse(draw, seed);
    W.drawUpTo(course, count - 1);
    return course.x.slice(0, count).map((x, i) => [x, course.y[i]]);
  };

  /**
   * A scene of entries on a course, as soon as they have walked.
   *
   * @param lined whether they begin at a line
   * @param told called with how many have walked, and how many will
   */
  W.loadScene = async function (site, courseId, entryIds, { lined = false, told = () => {} } = {}) {
    const course = site.courses.find((c) => c.id === courseId) || site.courses[0];
    const entries = entryIds.map((id) => site.entries.find((entry) => entry.id === id)).filter(Boolean);
    let done = 0;
    const walks = await Promise.all(entries.map((entry) => W.loadWalk(site, course, entry).then((walk) => {
      told(++done, entries.length);
      return walk;
    })));
    const most = Math.max(0, ...walks.map((walk) => walk.reached.length));
    const runners = entries.map((entry, lane) => ({
      ...entry, body: site.bodies[entry.body], colour: W.lanes[lane % W.lanes.length], walk: walks[lane],
    }));
    const targets = W.targetsOf(course, Math.max(most + SPARE, W.TELLING));
    const shown = { ...course, targets: targets.slice(0, most + SPARE), way: W.wayOf(targets.slice(0, W.TELLING)) };
    return W.newScene(shown, runners, site.radius, lined ? site.rate : null);
  };
})(window.WALKER);
