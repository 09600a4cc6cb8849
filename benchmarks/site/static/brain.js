// A policy's network: what its units do, from what its walker sees at a moment.
(function (W) {
  "use strict";

  function unpack([scale, text]) {
    const bytes = W.bytesOf(text);
    const view = new DataView(bytes.buffer);
    return Float32Array.from({ length: bytes.length / 2 }, (_, i) => scale * view.getInt16(2 * i, true));
  }

  /** The network of a data file with its numbers unpacked. */
  W.unpackNetwork = (data) => ({
    ...data,
    layers: data.layers.map((layer) => ({ w: unpack(layer.w), b: unpack(layer.b) })),
    mean: unpack(data.mean),
    std: unpack(data.std),
  });

  const bounds = {
    tanh: Math.tanh,
    clip: (x) => W.clamp(x, -1, 1),
    relu: (x) => Math.max(0, x),
    linear: (x) => x,
  };

  /** Activations of every layer, the normalised observation first. */
  W.activate = function (network, seen) {
    const input = Float32Array.from(seen, (value, i) =>
      W.clamp((value - network.mean[i]) / (network.std[i] || 1), -network.clip, network.clip));
    const found = [input];
    network.layers.forEach((layer, k) => {
      const last = k === network.layers.length - 1;
      const bound = bounds[last ? network.output : network.hidden] || Math.tanh;
      const before = found[k], width = layer.b.length;
      const out = new Float32Array(width);
      for (let j = 0; j < width; j++) {
        let sum = layer.b[j];
        for (let i = 0; i < before.length; i++) sum += before[i] * layer.w[i * width + j];
        out[j] = bound(sum);
      }
      found.push(out);
    });
    return found;
  };

  const head = {};

  /** What a runner sees at the moment its pose shows: from the pose, and from the tape. */
  W.sight = function (runner, network, time) {
    const { body, pose, walk } = runner;
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
    const step = Math.min(Math.round(time), walk.steps);
    return network.sources.map(([name, i, scale], place) => {
      if (name !== null && derived[name]) return derived[name](i) / scale;
      return walk.seen[step * walk.seenWidth + network.recorded.indexOf(place)] || 0;
    });
  };
})(window.WALKER);
