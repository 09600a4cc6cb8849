// The video's learner, as `agents/algorithms/neat.py`: networks that grow from nothing by mutation,
// an elite, a roulette wheel.
globalThis.WALKER = globalThis.WALKER || {};
WALKER.learners = WALKER.learners || {};
(function (W) {
  "use strict";

  /** As numpy's: between two values in proportion. */
  function quantile(values, share) {
    const sorted = Float64Array.from(values).sort(), at = share * (sorted.length - 1);
    const low = Math.floor(at), high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }

  /** Each genome's share of the wheel: how far its fitness lies above that of the floor. */
  W.wheel = function (fitness, floor) {
    const least = quantile(fitness, floor);
    const above = Float64Array.from(fitness, (x) => Math.max(x - least, 0));
    const total = above.reduce((a, b) => a + b, 0);
    return above.map((x) => (total > 0 ? x / total : 1 / above.length));
  };

  /** A turn of the wheel: the number of a parent whose share is not 0. */
  function spin(shares, chance) {
    let left = chance.share() * shares.reduce((a, b) => a + b, 0), parent = 0;
    for (let p = 0; p < shares.length; p++) {
      if (shares[p] === 0) continue;
      parent = p;
      if (left < shares[p]) break;
      left -= shares[p];
    }
    return parent;
  }

  /** A learner (`search.js`) with the settings of `NEATConfig`. */
  W.learners.neat = function ({ settings, chance, inputs, outputs }, saved) {
    const { population, floor, rounds, finalists } = settings;
    const elite = Math.max(Math.round(settings.elite * population), settings.elite > 0 ? 1 : 0);
    const bare = W.bareGenome(outputs);
    let genomes = saved ? saved.genomes : new Array(population).fill(bare);
    let champion = saved ? saved.champion : bare, main = null;
    const grow = (genome) => W.grownNetwork(genome, inputs, outputs);

    function child(shares) {
      let found = genomes[spin(shares, chance)];
      for (let round = 0; round < rounds; round++) found = W.mutated(found, inputs, settings, chance);
      return found;
    }

    /** The best walk further courses, to tell the good from the lucky; then come the children. */
    function tell(walk) {
      if (!main) {
        main = { returns: walk.returns, order: W.ranking(walk.returns) };
        const networks = main.order.slice(0, finalists).map((p) => walk.networks[p]);
        return { networks, courses: settings.final_courses };
      }
      champion = genomes[main.order[W.ranking(walk.returns)[0]]];
      const shares = W.wheel(main.returns, floor);
      const children = Array.from({ length: population - elite }, () => child(shares));
      genomes = [...main.order.slice(0, elite).map((p) => genomes[p]), ...children];
      main = null;
      return null;
    }
    return {
      ask: () => genomes.map(grow), tell, network: () => grow(champion),
      save: () => ({ genomes, champion }),
    };
  };
})(globalThis.WALKER);
