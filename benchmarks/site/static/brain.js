// A policy's network: what its units do, from what its walker sees at a moment.
(function (W) {
  "use strict";

  const BOUNDS = ["tanh", "relu", "clip"]; // by their codes in `engine/network.js`

  function unpack([scale, text]) {
    const bytes = W.bytesOf(text);
    const view = new DataView(bytes.buffer);
    return Float32Array.from({ length: bytes.length / 2 }, (_, i) => scale * view.getInt16(2 * i, true));
  }

  /**
   * The network of a data file, ready to run: units in the order in which they are computed, the
   * inputs first and the commands last; of each its bias, its links and what bounds it; and the
   * columns in which they are drawn.
   */
  W.unpackNetwork = function (data) {
    const network = {
      inputs: data.inputs, outputs: data.outputs, sources: data.sources, recorded: data.recorded,
      clip: data.clip, mean: unpack(data.mean), std: unpack(data.std), units: [],
    };
    if (data.kind === "mlp") {
      const layers = data.layers.map(({ w, b }) => ({ w: unpack(w), b: unpack(b) }));
      layered(network, { ...data, layers });
    } else graph(network, { ...data, bias: unpack(data.bias), weight: unpack(data.weight) });
    return network;
  };

  const numbered = (name, count) => Array.from({ length: count }, (_, i) => name + " " + (i + 1));

  /** The same of a network of the engine that drives `body`; a perceptron's weights are its `flat`. */
  W.drawnNetwork = function (network, body) {
    const { normaliser } = network, width = normaliser.mean.length;
    const grips = numbered("grip", body.feet.length), muscles = numbered("muscle", body.muscles.length);
    const drawn = {
      inputs: ["distance", "ahead", "left", ...grips, ...muscles, "speed ahead", "speed left", "turn"].slice(0, width),
      outputs: [...grips, ...muscles], clip: normaliser.bound,
      mean: normaliser.mean, std: normaliser.std, units: [],
    };
    if (network.kind === "graph") {
      graph(drawn, { ...network, actions: network.outputs, from: Array.from(network.source) });
      return drawn;
    }
    const { sizes, flat, hidden = 0, output = 0 } = network, layers = [];
    for (let k = 1, at = 0; k < sizes.length; k++) {
      const end = at + sizes[k - 1] * sizes[k];
      layers.push({ w: flat.subarray(at, end), b: flat.subarray(end, end + sizes[k]) });
      at = end + sizes[k];
    }
    layered(drawn, { sizes, layers, hidden: BOUNDS[hidden], output: BOUNDS[output] });
    return drawn;
  };

  function layered(network, data) {
    network.columns = [range(0, data.sizes[0])];
    let before = 0, next = data.sizes[0];
    data.layers.forEach(({ w, b }, k) => {
      const wide = b.length, deep = w.length / wide;
      const bound = k === data.layers.length - 1 ? data.output : data.hidden;
      for (let j = 0; j < wide; j++) {
        network.units.push({
          bias: b[j], bound,
          from: range(before, deep),
          weight: Float32Array.from({ length: deep }, (_, i) => w[i * wide + j]),
        });
      }
      network.columns.push(range(next, wide));
      before = next;
      next += wide;
    });
  }

  function graph(network, { bias, weight, width, actions, edges, from }) {
    const depth = new Array(width).fill(0);
    for (let n = 0; n < bias.length; n++) {
      const sources = from.slice(edges[n], edges[n + 1]);
      network.units.push({
        bias: bias[n], bound: "tanh", from: sources, weight: weight.slice(edges[n], edges[n + 1]),
      });
      depth.push(1 + Math.max(0, ...sources.map((i) => depth[i])));
    }
    const inner = bias.length - actions;
    const deepest = Math.max(0, ...depth.slice(width, width + inner));
    network.columns = [range(0, width)];
    for (let level = 1; level <= deepest; level++) {
      network.columns.push(range(width, inner).filter((i) => depth[i] === level));
    }
    network.columns.push(range(width + inner, actions));
  }

  const range = (start, count) => Array.from({ length: count }, (_, i) => start + i);

  const bounds = {
    tanh: Math.tanh,
    clip: (x) => W.clamp(x, -1, 1),
    relu: (x) => Math.max(0, x),
  };

  /** What every unit does, the normalised observation first and the commands last. */
  W.activate = function (network, seen) {
    const values = new Float32Array(seen.length + network.units.length);
    seen.forEach((value, i) => {
      const plain = (value - network.mean[i]) / (network.std[i] || 1);
      values[i] = W.clamp(plain, -network.clip, network.clip);
    });
    network.units.forEach((unit, n) => {
      let sum = unit.bias;
      for (let k = 0; k < unit.from.length; k++) sum += values[unit.from[k]] * unit.weight[k];
      values[seen.length + n] = (bounds[unit.bound] || Math.tanh)(sum);
    });
    return values;
  };

  const head = {};

  /** What a runner sees at the moment its pose shows: from the pose, and from the tape. */
  W.sight = function (runner, network, time) {
    const { body, pose, walk } = runner;
    if (walk.sawAll) {
      const from = W.clamp(Math.round(time), 0, walk.steps) * walk.seenWidth;
      return Array.from(walk.seen.subarray(from, from + walk.seenWidth));
    }
    W.headOf(body, pose.position, head);
    const goal = runner.goal || [head.x, head.y];
    const dx = goal[0] - head.x, dy = goal[1] - head.y, far = Math.hypot(dx, dy) || 1;
    const muscle = (i) => {
      const m = body.muscles[i];
      return Math.hypot(pose.position[2 * m.a] - pose.position[2 * m.b],
        pose.position[2 * m.a + 1] - pose.position[2 * m.b + 1]) / m.rest;
    };
    const derived = {
      target_distance: () => far,
      target_cos: () => (dx * head.fx + dy * head.fy) / far,
      target_sin: () => (dy * head.fx - dx * head.fy) / far,
      grip: (i) => pose.grip[i],
      muscle_length: muscle,
    };
    const step = W.clamp(Math.round(time), 0, walk.steps);
    return network.sources.map(([name, i, scale], place) => {
      if (name !== null && derived[name]) return derived[name](i) / scale;
      return walk.seen[step * walk.seenWidth + network.recorded.indexOf(place)] || 0;
    });
  };
})(window.WALKER);
