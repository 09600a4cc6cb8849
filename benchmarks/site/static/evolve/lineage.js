// What came of each generation, thinned out where there are too many to keep.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const MOST = 512;

  /**
   * Generations in their order: {generation, walked, best, mean, network, score} each, as they are told
   * (`evolver.js`). Up to `MOST` all are kept, then every second, every fourth, ...; the newest and the
   * best always.
   */
  W.newLineage = function (saved = null) {
    const lineage = { kept: saved ? saved.kept.slice() : [], stride: saved ? saved.stride : 1 };
    const newest = (lineage.newest = () => lineage.kept[lineage.kept.length - 1]);
    const stays = (one) => (one.generation - 1) % lineage.stride === 0 || one === lineage.best();

    /** The one with the highest score; the newest as long as none has one. */
    lineage.best = function () {
      const scored = lineage.kept.filter((one) => one.score !== null);
      return scored.length ? scored.reduce((one, other) => (other.score > one.score ? other : one)) : newest();
    };
    lineage.add = function ({ generation, walked, best, mean, network, score }) {
      const last = newest();
      if (last && !stays(last)) lineage.kept.pop();
      lineage.kept.push({ generation, walked, best, mean, network, score });
      if (lineage.kept.length <= MOST) return;
      lineage.stride *= 2;
      lineage.kept = lineage.kept.filter((one) => one === newest() || stays(one));
    };
    lineage.save = () => ({ kept: lineage.kept.slice(), stride: lineage.stride });
    return lineage;
  };
})(globalThis.WALKER);
