// What moves a live walker: a policy's exact network, and what its units do, to be drawn.
(function (W) {
  "use strict";

  /** A promise of a champion as the sandbox walks it: its body dressed, its network exact. */
  W.loadChampion = async function (site, id) {
    const entry = site.entries.find((one) => one.id === id);
    if (entry && entry.champion) return entry.champion; // it came as a file
    if (!entry || !entry.network) throw new Error(id + " has no network that walks here");
    const data = await W.load("minds/" + id);
    return {
      id, name: entry.name, algorithm: entry.algorithm, body: site.bodies[entry.body],
      layout: data.observation, network: W.readNetwork(data),
    };
  };

  /** A mind that is a network. */
  W.networkMind = (network) => (walkers) => W.act(network, walkers, 0);

  /** A mind that writes commands of its own, `(A,)`. */
  W.commandMind = (commands) => (walkers) => walkers.action.set(commands());
})(window.WALKER);
