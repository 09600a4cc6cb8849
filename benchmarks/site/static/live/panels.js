// The panels that a visitor may open later, or never: each one's scripts come when it first opens.
(function (W) {
  "use strict";

  const PANELS = {
    evolve: {
      scripts: [
        "evolve/chance", "evolve/generation", "evolve/search", "evolve/snes", "evolve/genomes", "evolve/neat",
        "evolve/lineage", "evolve/evolver", "evolve/policyfile", "live/crowd", "live/workshop", "live/evolution",
      ],
      make: (sandbox) => (sandbox.evolution = W.newEvolution(sandbox)),
    },
    draw: {
      scripts: ["engine/judge", "engine/checks", "draw/drawing", "draw/editor"],
      make: (sandbox) => (sandbox.editor = W.newEditor(sandbox)),
    },
  };

  /** `open(mode)`: a promise of that panel, made once; an Error names the script that did not load. */
  W.newPanels = function (sandbox) {
    const opened = new Map();

    async function make(mode) {
      const panel = W.byId("panel-" + mode), { scripts, make: begin } = PANELS[mode];
      panel.inert = true; // nothing listens to its buttons yet
      await W.need(...scripts);
      const made = begin(sandbox);
      panel.inert = false;
      return made;
    }
    return function (mode) {
      if (!opened.has(mode)) {
        opened.set(mode, make(mode));
        opened.get(mode).catch(() => opened.delete(mode));
      }
      return opened.get(mode);
    };
  };
})(window.WALKER);
