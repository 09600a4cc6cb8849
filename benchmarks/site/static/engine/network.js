// Networks that give Python's actions to the last bit, as in `agents/networks`: float64 sums in the
// order of the inputs, the rational tanh, float32 weights, observations and actions.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const TANH = 0, RELU = 1, CLIP = 2;
  const CODES = { tanh: TANH, relu: RELU, clip: CLIP };

  /** The hyperbolic tangent of `activation.py`. */
  function tanh(x) {
    const y = (x > 20 ? 20 : x > -20 ? x : -20) * 0.25, s = y * y;
    const above = y * (34459425 + s * (4729725 + s * (135135 + s * (990 + s))));
    const below = 34459425 + s * (16216200 + s * (945945 + s * (13860 + s * 45)));
    const t = above / below, u = (t + t) / (1 + t * t);
    return (u + u) / (1 + u * u);
  }
  W.tanh = tanh;

  function activate(values, first, count, kind) {
    const last = first + count;
    if (kind === TANH) {
      for (let n = first; n < last; n++) values[n] = tanh(values[n]);
    } else if (kind === RELU) {
      for (let n = first; n < last; n++) values[n] = values[n] > 0 ? values[n] : 0;
    } else {
      for (let n = first; n < last; n++) {
        const x = values[n];
        values[n] = x < 1 ? (x > -1 ? x : -1) : 1;
      }
    }
  }

  /** What a network sees of an observation: `(seen - mean) / std`, within `bound`. */
  W.newNormaliser = (mean, std, bound = 10) => ({
    mean: Float64Array.from(mean), std: Float64Array.from(std), bound,
  });

  const plain = (inputs) => W.newNormaliser(new Array(inputs).fill(0), new Array(inputs).fill(1));

  /**
   * A perceptron with the layers' widths `sizes`; its weights are zeros until `setWeights`. Several
   * may share a normaliser. `values` has what every unit does after `act`, layer after layer, the
   * normalised observation first.
   */
  W.newPerceptron = function (sizes, hidden = "tanh", output = "tanh", normaliser = plain(sizes[0])) {
    let size = 0, units = sizes[0];
    for (let layer = 1; layer < sizes.length; layer++) {
      size += (sizes[layer - 1] + 1) * sizes[layer];
      units += sizes[layer];
    }
    return {
      kind: "mlp", sizes: Int32Array.from(sizes), hidden: CODES[hidden], output: CODES[output],
      normaliser, weights: new Float64Array(size), values: new Float64Array(units),
    };
  };

  /**
   * Give a perceptron its weights: `(inputs, outputs)` and `(outputs,)` of each layer in turn, as
   * `population.Shape` has them; they are rounded to float32. Inside, four outputs stand together
   * input by input, the biases first, so that they are read in one go.
   */
  W.setWeights = function (network, flat) {
    const { sizes, weights } = network;
    if (flat.length !== weights.length) {
      throw new Error(`a network of ${weights.length} weights got ${flat.length}`);
    }
    let base = 0, at = 0;
    for (let layer = 1; layer < sizes.length; layer++) {
      const inputs = sizes[layer - 1], outputs = sizes[layer], bias = base + inputs * outputs;
      for (let o = 0; o < outputs; ) {
        const together = o + 4 <= outputs ? 4 : 1;
        for (let j = 0; j < together; j++) weights[at++] = Math.fround(flat[bias + o + j]);
        for (let i = 0; i < inputs; i++) {
          for (let j = 0; j < together; j++) {
            weights[at++] = Math.fround(flat[base + i * outputs + o + j]);
          }
        }
        o += together;
      }
      base = bias + outputs;
    }
  };

  /** A network of any shape, of the arrays of `network.Graph`. */
  W.newGraph = function (width, outputs, { bias, edges, source, weight }, normaliser = plain(width)) {
    return {
      kind: "graph", width, outputs, normaliser,
      bias: Float64Array.from(bias, Math.fround), edges: Int32Array.from(edges),
      source: Int32Array.from(source), weight: Float64Array.from(weight, Math.fround),
      values: new Float64Array(width + bias.length),
    };
  };

  /** The exact network in a data file (`benchmarks/site/engine.py`). */
  W.readNetwork = function (data) {
    const floats = (text) => W.numbersOf(text, Float32Array);
    const normaliser = W.newNormaliser(floats(data.mean), floats(data.std), data.bound);
    if (data.kind === "mlp") {
      const network = W.newPerceptron(data.sizes, data.hidden, data.output, normaliser);
      W.setWeights(network, floats(data.weights));
      return network;
    }
    const whole = (text) => W.numbersOf(text, Int32Array);
    const arrays = {
      bias: floats(data.bias), edges: whole(data.edges),
      source: whole(data.source), weight: floats(data.weight),
    };
    return W.newGraph(data.width, data.outputs, arrays, normaliser);
  };

  /**
   * Let a network tell walker i what to do: `walkers.seen` in, `walkers.action` out. Where it is
   * given, `action` is written instead, with the walkers' strides.
   */
  W.act = function (network, walkers, i, action = walkers.action) {
    const { seen, width } = walkers, { values } = network;
    normalise(network.normaliser, values, seen, width, i);
    if (network.kind === "mlp") perceive(network, values);
    else follow(network, values);
    const outputs = action.length / width;
    for (let o = 0, n = values.length - outputs, at = i; o < outputs; o++, n++, at += width) {
      action[at] = values[n];
    }
  };

  function normalise({ mean, std, bound }, values, seen, width, i) {
    for (let k = 0, at = i; k < mean.length; k++, at += width) {
      const x = (seen[at] - mean[k]) / std[k];
      values[k] = x < bound ? (x > -bound ? x : -bound) : bound;
    }
  }

  function perceive({ sizes, weights, hidden, output }, values) {
    let from = 0, at = 0;
    for (let layer = 1; layer < sizes.length; layer++) {
      const to = from + sizes[layer - 1], outputs = sizes[layer];
      let o = to;
      for (; o + 4 <= to + outputs; o += 4) {
        let a = weights[at], b = weights[at + 1], c = weights[at + 2], d = weights[at + 3];
        at += 4;
        for (let i = from; i < to; i++, at += 4) {
          const x = values[i];
          a += x * weights[at];
          b += x * weights[at + 1];
          c += x * weights[at + 2];
          d += x * weights[at + 3];
        }
        values[o] = a;
        values[o + 1] = b;
        values[o + 2] = c;
        values[o + 3] = d;
      }
      for (; o < to + outputs; o++) {
        let a = weights[at++];
        for (let i = from; i < to; i++, at++) a += values[i] * weights[at];
        values[o] = a;
      }
      activate(values, to, outputs, layer < sizes.length - 1 ? hidden : output);
      from = to;
    }
  }

  function follow({ width, bias, edges, source, weight }, values) {
    for (let n = 0; n < bias.length; n++) {
      let total = bias[n];
      for (let e = edges[n]; e < edges[n + 1]; e++) total += values[source[e]] * weight[e];
      values[width + n] = tanh(total);
    }
  }
})(globalThis.WALKER);
