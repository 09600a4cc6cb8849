// A policy's network: what its units do, from what its walker sees at a moment.
(function (W) {
  "use strict";

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
    if (data.kind === "mlp") layered(network, data);
    else graph(network, data);
    return network;
  };

  const numbered = (name, count) => Array.from({ length: count }, (_, i) => name + " " + (i + 1));

  /** The same of a perceptron of the engine with `flat`, its weights; it drives `body`. */
  W.drawnPerceptron = function ({ sizes, flat, normaliser, hidden, output }, body) {
    const bounds = ["tanh", "relu", "clip"];
    const grips = numbered("grip", body.feet.length), muscles = numbered("muscle", body.muscles.length);
    const network = {
      inputs: ["distance", "ahead", "left", ...grips, ...muscles, "speed ahead", "speed left", "turn"].slice(0, sizes[0]),
      outputs: [...grips, ...muscles], clip: normaliser.bound,
      mean: normaliser.mean, std: normaliser.std, units: [], columns: [range(0, sizes[0])],
    };
    let base = 0, before = 0;
    for (let layer = 1; layer < sizes.length; layer++) {
      const deep = sizes[layer - 1], wide = sizes[layer], bias = base + deep * wide;
      for (let j = 0; j < wide; j++) {
        const weight = Float32Array.from({ length: deep }, (_, i) => flat[base + i * wide + j]);
        network.units.push({ bias: flat[bias + j], bound: bounds[layer < sizes.length - 1 ? hidden : output], from: range(before, deep), weight });
      }
      before += deep;
      network.columns.push(range(before, wide));
      base = bias + wide;
    }
    return network;
  };

  function layered(network, data) {
    network.columns = [range(0, data.sizes[0])];
    let before = 0, next = data.sizes[0];
    data.layers.forEach((layer, k) => {
      const bias = unpack(layer.b), weight = unpack(layer.w);
      const wide = bias.length, deep = weight.length / wide;
      const bound = k === data.layers.length - 1 ? data.output : data.hidden;
      for (let j = 0; j < wide; j++) {
        network.units.push({
          bias: bias[j], bound,
          from: range(before, deep),
          weight: Float32Array.from({ length: deep }, (_, i) => weight[i * wide + j]),
        });
      }
      network.columns.push(range(next, wide));
      before = next;
      next += wide;
    });
  }

  function graph(network, data) {
    const bias = unpack(data.bias), weight = unpack(data.weight), wide = data.width;
    const depth = new Array(wide).fill(0);
    for (let n = 0; n < bias.length; n++) {
      const from = data.from.slice(data.edges[n], data.edges[n + 1]);
      network.units.push({
        bias: bias[n], bound: "tanh", from, weight: weight.slice(data.edges[n], data.edges[n + 1]),
      });
      depth.push(1 + Math.max(0, ...from.map((i) => depth[i])));
    }
    const inner = bias.length - data.actions;
    const deepest = Math.max(0, ...depth.slice(wide, wide + inner));
    network.columns = [range(0, wide)];
    for (let level = 1; level <= deepest; level++) {
      network.columns.push(range(wide, inner).filter((i) => depth[i] === level));
    }
    network.columns.push(range(wide + inner, data.actions));
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
