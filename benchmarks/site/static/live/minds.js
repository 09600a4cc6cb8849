// What moves a live walker: a policy's exact network, of this page or from a file.
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

  /** A promise of the policy that is in a file's bytes; what reads it loads with the first one. */
  W.policyOf = async function (bytes) {
    await W.need("engine/judge", "engine/checks", "draw/bodytext", "live/policyreader");
    return W.readPolicy(bytes);
  };

  /** A mind that is a network. */
  W.networkMind = (network) => (walkers) => W.act(network, walkers, 0);

  /** A mind that writes commands of its own, `(A,)`. */
  W.commandMind = (commands) => (walkers) => walkers.action.set(commands());
})(window.WALKER);
