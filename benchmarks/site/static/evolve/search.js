// A search: generation after generation walks and its learner learns, as `generations.py` has it.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  /**
   * Learners by name: `learner(given, saved)`, where `given` has `settings`, `chance`, and the numbers
   * of `inputs` and `outputs` of its networks. It gives `ask()`, the networks that walk next;
   * `tell(generation)`, with which it learns from their walk and gives networks and a number of
   * courses, {networks, courses}, that are to walk before it goes on, or null; `network()`, the one
   * to show; `save()`.
   */
  W.learners = W.learners || {};

  /** The networks from the best to the worst; equals keep their order. */
  W.ranking = (returns) =>
    Array.from(returns.keys()).sort((a, b) => returns[b] - returns[a] || a - b);

  /**
   * A search at its beginning, or at the moment that `save` kept.
   *
   * @param kind the name of its learner
   * @param task {body, world, observation, reward, course}: plans as data
   * @param settings the fields of its configuration in Python: population, courses, episodes, ...
   * @param seed a whole number below 2^32
   */
  W.newSearch = function (kind, task, settings, seed, saved = null) {
    if (!Object.hasOwn(W.learners, kind)) throw new Error("no learner is called " + kind);
    const model = W.makeModel(task.body, task.world, task);
    const inputs = model.scale.length, outputs = model.decay.length;
    const chance = W.newChance(seed);
    if (saved) chance.restore(saved.chance);
    const moments = W.newMoments(inputs, saved && saved.moments);
    const learner = W.learners[kind]({ settings, chance, inputs, outputs }, saved && saved.learner);
    const rate = Math.round(1 / (model.substeps * model.dt)); // control steps a second
    const lanes = new Map(); // by their number
    let first = null; // of the walks that are one generation

    const search = {
      kind, task, settings, seed, model,
      generation: saved ? saved.generation : 0, // that are over
      walked: saved ? saved.walked : 0, // control steps of all walkers together
      best: 0, mean: 0, // return of the generation that walked last
      present: null, // what walks
    };

    const normaliser = () => (settings.normalise ? moments : W.newMoments(inputs)).normaliser();
    const episode = () => rate * settings.episodes.filter(([start]) => start <= search.walked).pop()[1];

    function begin({ networks, courses }) {
      const width = networks.length * courses, seen = normaliser();
      if (!lanes.has(width)) lanes.set(width, W.newWalkers(model, width));
      networks.forEach((network) => (network.normaliser = seen));
      const drawn = Array.from({ length: courses }, () => W.newCourse(task.course || "disc", chance.word()));
      search.present = W.newGeneration(lanes.get(width), networks, drawn, Math.round(episode()));
    }

    /** Walk at most so many control steps; whether a generation ended, at which it stops. */
    search.advance = function (most = Infinity) {
      if (!search.present) begin({ networks: learner.ask(), courses: settings.courses });
      const walking = search.present;
      if (!walking.walk(most)) return false;
      search.walked += walking.looks;
      search.present = null;
      first = first || walking;
      const more = learner.tell(walking);
      if (more) {
        begin(more);
        return false;
      }
      moments.add(first);
      search.best = Math.max(...first.returns);
      search.mean = first.returns.reduce((a, b) => a + b, 0) / first.returns.length;
      search.generation++;
      first = null;
      return true;
    };

    /** The network to show. */
    search.policy = () => Object.assign(learner.network(), { normaliser: normaliser() });

    /** What `newSearch` takes back: plain data and typed arrays. */
    search.save = function () {
      if (search.present) throw new Error("a search is saved between two generations");
      const { generation, walked } = search;
      return { chance: chance.save(), moments: moments.save(), learner: learner.save(), generation, walked };
    };
    return search;
  };
})(globalThis.WALKER);
