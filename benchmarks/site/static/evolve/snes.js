// SNES (Schaul et al. 2011), as `agents/algorithms/snes.py` runs it with evotorch.
globalThis.WALKER = globalThis.WALKER || {};
WALKER.learners = WALKER.learners || {};
(function (W) {
  "use strict";

  /** Utilities by rank, the best first: they add up to zero. */
  function utilities(count) {
    const found = Float64Array.from({ length: count }, (_, i) =>
      Math.max(0, Math.log(count / 2 + 1) - Math.log(i + 1)));
    const sum = found.reduce((a, b) => a + b, 0);
    return found.map((x) => x / sum - 1 / count);
  }

  /** A learner (`search.js`) with the settings of `SNESConfig`; networks of one shape. */
  W.learners.snes = function ({ settings, chance, inputs, outputs }, saved) {
    const { population } = settings, sizes = [inputs, ...settings.hidden, outputs];
    const length = sizes.slice(1).reduce((sum, wide, k) => sum + (sizes[k] + 1) * wide, 0);
    const networks = Array.from({ length: population }, () => W.newPerceptron(sizes));
    const samples = networks.map((network) => (network.flat = new Float32Array(length)));
    const utility = utilities(population);
    const stdevRate = (0.2 * (3 + Math.log(length))) / Math.sqrt(length);
    const centre = saved ? Float32Array.from(saved.centre) : new Float32Array(length);
    const stdev = saved ? Float32Array.from(saved.stdev) : new Float32Array(length).fill(settings.stdev);
    if (!saved) for (let k = 0; k < length; k++) centre[k] = settings.stdev * (2 * chance.share() - 1);

    function ask() {
      samples.forEach(function (sample, p) {
        for (let k = 0; k < length; k++) sample[k] = centre[k] + stdev[k] * chance.normal();
        W.setWeights(networks[p], sample);
      });
      return networks;
    }

    function tell({ returns }) {
      const move = new Float64Array(length), spread = new Float64Array(length);
      W.ranking(returns).forEach(function (p, rank) {
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
      return null;
    }

    /** The centre of the search. */
    function network() {
      const found = W.newPerceptron(sizes);
      W.setWeights(found, centre);
      return Object.assign(found, { flat: centre.slice() });
    }
    return { ask, tell, network, save: () => ({ centre: centre.slice(), stdev: stdev.slice() }) };
  };
})(globalThis.WALKER);
