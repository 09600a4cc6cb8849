// SNES (Schaul et al. 2011), as `agents/algorithms/snes.py` runs it with evotorch.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  /** Utilities by rank, the worst first: they add up to zero. */
  function utilities(count) {
    const found = Float64Array.from({ length: count }, (_, i) =>
      Math.max(0, Math.log(count / 2 + 1) - Math.log(count - i)));
    const sum = found.reduce((a, b) => a + b, 0);
    return found.map((x) => x / sum - 1 / count);
  }

  /**
   * A search at its beginning, or at the moment that `save` kept.
   *
   * @param task {body, world, observation, reward}: plans as data
   * @param settings the fields of `SNESConfig`: population, courses, hidden, stdev, ...
   * @param seed a whole number below 2^32
   */
  W.newSnes = function (task, settings, seed, saved = null) {
    const model = W.makeModel(task.body, task.world, task);
    const inputs = model.scale.length, outputs = model.decay.length;
    const sizes = [inputs, ...settings.hidden, outputs];
    const length = sizes.slice(1).reduce((sum, wide, k) => sum + (sizes[k] + 1) * wide, 0);
    const { population, courses } = settings;
    const chance = W.newChance(seed);
    if (saved) chance.restore(saved.chance);
    const lanes = W.newWalkers(model, population * courses);
    const networks = Array.from({ length: population }, () => W.newPerceptron(sizes));
    const moments = W.newMoments(inputs, saved && saved.moments);
    const utility = utilities(population);
    const stdevRate = (0.2 * (3 + Math.log(length))) / Math.sqrt(length);
    const centre = saved ? Float32Array.from(saved.centre) : new Float32Array(length);
    const stdev = saved ? Float32Array.from(saved.stdev) : new Float32Array(length).fill(settings.stdev);
    if (!saved) for (let k = 0; k < length; k++) centre[k] = settings.stdev * (2 * chance.share() - 1);
    const samples = Array.from({ length: population }, () => new Float32Array(length));

    const search = {
      kind: "snes", task, settings, seed, sizes, lanes, networks,
      generation: saved ? saved.generation : 0, // that are over
      walked: saved ? saved.walked : 0, // control steps of all walkers together
      curve: saved ? saved.curve.slice() : [], // best and mean return of each generation
      present: null, order: null,
    };

    const rate = Math.round(1 / (model.substeps * model.dt)); // control steps a second
    const episode = () => rate * settings.episodes.filter(([start]) => start <= search.walked).pop()[1];

    function begin() {
      const normaliser = moments.normaliser();
      samples.forEach(function (sample, p) {
        for (let k = 0; k < length; k++) sample[k] = centre[k] + stdev[k] * chance.normal();
        networks[p].normaliser = normaliser;
        W.setWeights(networks[p], sample);
      });
      const seeds = Array.from({ length: courses }, () => chance.word());
      search.present = W.newGeneration(lanes, networks, seeds, episode(), task.course || "disc", moments);
    }

    function learn({ returns, walked }) {
      const order = Array.from(returns.keys()).sort((a, b) => returns[a] - returns[b] || a - b);
      const move = new Float64Array(length), spread = new Float64Array(length);
      order.forEach(function (p, rank) {
        const weight = utility[rank], sample = samples[p];
        for (let k = 0; k < length; k++) {
          const noise = sample[k] - centre[k], raw = noise / stdev[k];
          move[k] += weight * noise;
          spread[k] += weight * (raw * raw - 1);
        }
      });
      for (let k = 0; k < length; k++) {
        centre[k] += settings.centre_rate * move[k];
        stdev[k] *= Math.exp(0.5 * stdevRate * spread[k]);
      }
      search.generation++;
      search.walked += walked;
      search.order = order.reverse();
      const mean = returns.reduce((a, b) => a + b, 0) / population;
      search.curve.push([returns[search.order[0]], mean]);
    }

    /** Walk at most so many control steps of the present generation; whether it ended. */
    search.advance = function (most = Infinity) {
      if (!search.present) begin();
      if (!search.present.walk(most)) return false;
      learn(search.present);
      search.present = null;
      return true;
    };

    /** The centre of the search as a network. */
    search.policy = function () {
      const network = W.newPerceptron(sizes, "tanh", "tanh", moments.normaliser());
      W.setWeights(network, centre);
      network.flat = Float32Array.from(centre);
      return network;
    };

    /** What `newSnes` takes back; a generation that has begun begins again. */
    search.save = function () {
      if (search.present) throw new Error("a search is saved between two generations");
      return {
        centre: Array.from(centre), stdev: Array.from(stdev), chance: chance.save(),
        moments: moments.save(), generation: search.generation, walked: search.walked,
        curve: search.curve.slice(),
      };
    };
    return search;
  };
})(globalThis.WALKER);
