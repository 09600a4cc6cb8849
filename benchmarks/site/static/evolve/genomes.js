// Networks that grow, and how they change from parent to child, as `genomes.py` and `mutation.py`.
// A genome is never changed once it is made: {inner, bias, source, target, weight}; nodes stand in
// the order in which they are computed, inner ones first, the outputs last.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const LARGEST = 100; // bias or weight

  /** A genome without an edge or an inner node. */
  W.bareGenome = (outputs) => ({
    inner: 0, bias: new Float32Array(outputs), source: new Int32Array(0), target: new Int32Array(0),
    weight: new Float32Array(0),
  });

  /** Its network: the edges node by node, those of a node in their order. */
  W.grownNetwork = function (genome, width, outputs) {
    const { bias, source, target, weight } = genome;
    const order = Array.from(target.keys()).sort((a, b) => target[a] - target[b] || a - b);
    const edges = new Int32Array(bias.length + 1);
    for (const node of target) edges[node + 1]++;
    for (let n = 0; n < bias.length; n++) edges[n + 1] += edges[n];
    return W.newGraph(width, outputs, {
      bias, edges, source: order.map((e) => source[e]), weight: order.map((e) => weight[e]),
    });
  };

  /** A mutated copy of a genome with so many inputs; `rates` are settings of `NEATConfig`. */
  W.mutated = function (genome, width, rates, chance) {
    const child = {
      inner: genome.inner, bias: Array.from(genome.bias), source: Array.from(genome.source),
      target: Array.from(genome.target), weight: Array.from(genome.weight),
    };
    if (chance.share() < rates.bias_chance) change(child.bias, rates, chance);
    if (chance.share() < rates.weight_chance) change(child.weight, rates, chance);
    if (chance.share() < rates.node_chance) splitEdge(child, width, chance);
    if (chance.share() < rates.edge_chance) addEdge(child, width, rates, chance);
    return {
      inner: child.inner, bias: Float32Array.from(child.bias), source: Int32Array.from(child.source),
      target: Int32Array.from(child.target), weight: Float32Array.from(child.weight),
    };
  };

  const below = (count, chance) => Math.floor(count * chance.share());

  /** Move one of some values a little, or draw it anew. */
  function change(values, { renewal, spread, step }, chance) {
    if (!values.length) return;
    const at = below(values.length, chance);
    const changed = chance.share() < renewal ? spread * chance.normal() : values[at] + step * chance.normal();
    values[at] = Math.min(LARGEST, Math.max(-LARGEST, changed));
  }

  /**
   * Put a new node into an edge: what leads to it has the old weight, what leaves it the weight 1. It
   * is computed at some random time between the edge's ends, before the outputs.
   */
  function splitEdge(child, width, chance) {
    const { bias, source, target, weight } = child;
    if (!weight.length) return;
    const edge = below(weight.length, chance);
    const first = Math.max(source[edge] - width + 1, 0), last = Math.min(target[edge], child.inner);
    const place = first + below(last + 1 - first, chance);
    bias.splice(place, 0, 0);
    for (let e = 0; e < weight.length; e++) {
      if (source[e] >= width + place) source[e]++;
      if (target[e] >= place) target[e]++;
    }
    child.inner++;
    source.push(width + place);
    target.push(target[edge]);
    weight.push(1);
    target[edge] = place;
  }

  /** Connect two random nodes, if they are not yet and are two; between inner ones to the later one. */
  function addEdge(child, width, { spread }, chance) {
    const { bias, source, target, weight } = child;
    let from = below(width + child.inner, chance), to = below(bias.length, chance);
    if (from - width > to) [from, to] = [to + width, from - width];
    if (from - width === to || source.some((one, e) => one === from && target[e] === to)) return;
    source.push(from);
    target.push(to);
    weight.push(spread * chance.normal());
  }
})(globalThis.WALKER);
