// Reads a policy file (safetensors with one JSON text, `agents/policy.py`) into what walks here.
(function (W) {
  "use strict";

  const MOST = 16e6; // bytes
  const KINDS = { F32: Float32Array, I32: Int32Array };

  const refuse = (text) => {
    throw new Error(text);
  };

  /** The tensors of a safetensors file, {name: {shape, values}}, and its JSON text. */
  function unpack(bytes) {
    if (bytes.length < 8 || bytes.length > MOST) refuse("it has " + bytes.length + " bytes");
    const head = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)), from = 8 + head;
    if (!(head > 1 && from <= bytes.length)) refuse("it is no safetensors file");
    const { __metadata__: about = {}, ...parts } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, from)));
    const tensors = {};
    for (const [name, { dtype, shape, data_offsets: [start, end] }] of Object.entries(parts)) {
      const size = shape.reduce((a, b) => a * b, 1);
      if (!KINDS[dtype] || end - start !== 4 * size || from + end > bytes.length) refuse(name + " cannot be read");
      tensors[name] = { shape, values: new KINDS[dtype](bytes.slice(from + start, from + end).buffer) };
    }
    return { tensors, about };
  }

  /** Layers one after the other, weights input by input, and the widths; an Error where they do not fit. */
  function layersOf(tensors) {
    const count = Object.keys(tensors).filter((name) => /^w\d+$/.test(name)).length, flat = [], sizes = [];
    for (let i = 0; i < count; i++) {
      const w = tensors["w" + i], b = tensors["b" + i];
      if (!w || !b || w.shape.length !== 2 || b.values.length !== w.shape[1]) refuse("its layers do not fit");
      if (i && sizes[i] !== w.shape[0]) refuse("its layers do not fit");
      if (!i) sizes.push(w.shape[0]);
      sizes.push(w.shape[1]);
      for (const value of w.values) flat.push(value);
      for (const value of b.values) flat.push(value);
    }
    return count ? { flat: Float32Array.from(flat), sizes } : refuse("it has no layers");
  }

  const BOUNDS = ["tanh", "relu", "clip"];

  function networkOf(tensors, meta) {
    const normaliser = W.newNormaliser(tensors.mean.values, tensors.std.values, meta.obs_clip);
    const numbers = Object.values(tensors).every(({ values }) => values.every(Number.isFinite));
    if (!numbers || !normaliser.std.every((x) => x > 0) || !(meta.obs_clip > 0)) refuse("it holds numbers that cannot be");
    if (meta.network === "graph") {
      const { bias, edges, source, weight } = tensors;
      const { width, outputs } = meta, end = width + bias.values.length;
      const fits = edges.values.length === bias.values.length + 1 && source.values.every((s) => s >= 0 && s < end);
      if (!fits || width !== normaliser.mean.length) refuse("its graph does not fit");
      return W.newGraph(width, outputs, {
        bias: bias.values, edges: edges.values, source: source.values, weight: weight.values,
      }, normaliser);
    }
    if (meta.network !== "mlp" || !BOUNDS.includes(meta.hidden) || !BOUNDS.includes(meta.output)) {
      refuse("its network is of an unknown kind");
    }
    const { flat, sizes } = layersOf(tensors);
    if (sizes[0] !== normaliser.mean.length) refuse("its normalisation does not fit");
    const network = W.newPerceptron(sizes, meta.hidden, meta.output, normaliser);
    W.setWeights(network, flat);
    return Object.assign(network, { flat });
  }

  /**
   * A policy from a file's bytes: {name, algorithm, body, layout, network}; an Error with a reason
   * where it is none that can walk here.
   *
   * @param bodies those that files of format 1 name
   */
  W.readPolicy = function (bytes, bodies) {
    const { tensors, about } = unpack(bytes), meta = JSON.parse(about.policy || "{}");
    if (meta.format !== "walker-policy" || !meta.options) refuse("it is no policy file");
    const { body: plan, observation } = meta.options, body = typeof plan === "string" ? bodies[plan] : plan;
    if (!body) refuse("its body " + plan + " is unknown");
    const wrong = W.checkBody(W.wholeBody(body));
    if (wrong) refuse("its body cannot walk: " + wrong);
    if (!tensors.mean || !tensors.std) refuse("it has no normalisation");
    const network = networkOf(tensors, meta), model = W.makeModel(W.wholeBody(body), {}, { observation });
    const wide = [network.normaliser.mean.length, network.outputs || network.sizes[network.sizes.length - 1]];
    if (wide[0] !== model.scale.length || wide[1] !== model.decay.length) {
      refuse(`its network has ${wide[0]} inputs and ${wide[1]} outputs, its body ${model.scale.length} and ${model.decay.length}`);
    }
    const { algorithm = "from a file" } = meta.training || {};
    return { name: String(meta.name).slice(0, 60), algorithm: String(algorithm).slice(0, 40), body, layout: observation, network };
  };
})(window.WALKER);
