// A policy's file, as `agents/policy.py` reads it: safetensors with one JSON text. Nothing in it runs;
// whatever is wrong with it is told in a sentence.
(function (W) {
  "use strict";

  const MOST_BYTES = 10_000_000, LIMIT = 1e6, STD_MIN = 1e-6, NAME_MAX = 60;
  const EXPECTED = { format: "walker-policy", layout_version: 0, env_id: "walker_env/Walker-v0" };
  const NAMED = ["quadruped", "hexapod", "inchworm"]; // bodies that files of format 1 call by name
  const KINDS = { F32: Float32Array, I32: Int32Array };
  const INDICES = ["edges", "source"];

  function insist(condition, words) {
    if (!condition) throw new Error(words);
  }
  const short = (value) => (JSON.stringify(value) || "nothing").slice(0, 60);

  function parse(text, what) {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Error(`${what} is no JSON`);
    }
  }

  /** The tensors and the metadata of a safetensors file: `{name: {shape, values}}`. */
  function readContainer(bytes) {
    insist(bytes.length <= MOST_BYTES, `a policy file has at most 10 MB, this one has ${(bytes.length / 1e6).toFixed(1)}`);
    insist(bytes.length >= 8, "it is cut off before its header");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = view.getBigUint64(0, true);
    insist(size <= BigInt(bytes.length - 8), `its header claims ${size} bytes, the file has ${bytes.length}`);
    const start = 8 + Number(size);
    const header = parse(new TextDecoder().decode(bytes.subarray(8, start)), "its header");
    insist(header && typeof header === "object" && !Array.isArray(header), "its header is no object");
    const { __metadata__: metadata, ...parts } = header, tensors = {};
    let end = 0;
    for (const [name, part] of Object.entries(parts)) {
      tensors[name] = readTensor(name, part, bytes.subarray(start));
      end = Math.max(end, part.data_offsets[1]);
    }
    insist(start + end === bytes.length, `it has ${bytes.length} bytes, expected ${start + end}`);
    return { tensors, metadata };
  }

  function readTensor(name, part, data) {
    const { dtype, shape, data_offsets: range } = part || {};
    const wanted = INDICES.includes(name) ? "I32" : "F32";
    insist(dtype === wanted, `${name} must be ${wanted}, got ${short(dtype)}`);
    const whole = (list) => Array.isArray(list) && list.every((x) => Number.isInteger(x) && x >= 0);
    insist(whole(shape) && whole(range) && range.length === 2, `${name} has no shape or no place`);
    const count = shape.reduce((product, x) => product * x, 1);
    insist(range[1] - range[0] === 4 * count, `${name} does not fit its shape (${shape})`);
    insist(range[1] <= data.length, `it is cut off within ${name}`);
    const values = new KINDS[wanted](data.slice(range[0], range[1]).buffer);
    const odd = values.find((x) => !(Math.abs(x) <= LIMIT));
    insist(odd === undefined, `${name} must be finite and within ±1e6, got ${odd}`);
    return { shape, values };
  }

  const shaped = function (tensors, name, expected) {
    const tensor = tensors[name];
    insist(tensor, `it lacks ${name}`);
    insist(tensor.shape.join() === expected.join(), `${name} must have shape (${expected}), got (${tensor.shape})`);
    return tensor.values;
  };

  function perceptron(tensors, about, inputs, outputs, normaliser) {
    const layers = (Object.keys(tensors).length - 2) / 2, sizes = [inputs], parts = [];
    insist(Number.isInteger(layers) && layers >= 1, "its layers are not complete");
    for (const [key, known] of [["hidden", ["tanh", "relu"]], ["output", ["tanh", "clip"]]]) {
      insist(known.includes(about[key]), `${key} must be one of ${known.join(", ")}, got ${short(about[key])}`);
    }
    for (let i = 0; i < layers; i++) {
      const before = sizes[i], given = tensors["w" + i];
      const after = i === layers - 1 ? outputs : given ? given.shape[1] : 1;
      parts.push(shaped(tensors, "w" + i, [before, after]), shaped(tensors, "b" + i, [after]));
      sizes.push(after);
    }
    const network = W.newPerceptron(sizes, about.hidden, about.output, normaliser);
    const flat = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      flat.set(part, at);
      at += part.length;
    }
    W.setWeights(network, flat);
    return Object.assign(network, { flat });
  }

  function graph(tensors, about, inputs, outputs, normaliser) {
    const { bias, source } = tensors;
    insist(bias && source, "it lacks bias or source");
    const nodes = bias.values.length, arcs = source.values.length;
    insist(about.width === inputs && about.outputs === outputs && nodes >= outputs,
      `its graph must have ${inputs} inputs and ${outputs} outputs, got ${short([about.width, about.outputs])}`);
    const edges = shaped(tensors, "edges", [nodes + 1]), weight = shaped(tensors, "weight", [arcs]);
    const rise = edges[0] === 0 && edges[nodes] === arcs && edges.every((x, i) => i === 0 || x >= edges[i - 1]);
    insist(rise, `edges must rise from 0 to ${arcs}`);
    for (let n = 0; n < nodes; n++) {
      for (let e = edges[n]; e < edges[n + 1]; e++) {
        const from = source.values[e];
        insist(from >= 0 && from < inputs + n, "source must name an input or a node computed before its own");
      }
    }
    const parts = { bias: bias.values, edges, source: source.values, weight };
    return W.newGraph(inputs, outputs, parts, normaliser);
  }

  async function readOptions(about) {
    const { options } = about;
    insist(options && typeof options === "object", "it does not say what it walks");
    const layout = options.observation === undefined ? "full" : options.observation;
    if (about.format_version === 2) return { body: W.readBody(options.body), layout };
    insist(NAMED.includes(options.body), `body must be one of ${NAMED.join(", ")}, got ${short(options.body)}`);
    const known = (await W.loadBodies()).flatMap((group) => group.bodies);
    return { body: known.find((body) => body.name === options.body), layout };
  }

  /** How many numbers a body sees in a layout. */
  function inputsOf(body, layout) {
    try {
      return W.makeModel(body, {}, { observation: layout }).scale.length;
    } catch (error) {
      throw new Error(`no observation is called ${short(layout)}`);
    }
  }

  /**
   * A promise of a policy as the sandbox walks it: name, algorithm, body, layout, network.
   *
   * @param bytes of the file; an Error tells what is wrong with them
   */
  W.readPolicy = async function (bytes) {
    const { tensors, metadata } = readContainer(bytes);
    insist(metadata && typeof metadata.policy === "string", "it holds no walker's policy");
    const about = parse(metadata.policy, "its description");
    insist(about && typeof about === "object", "its description is no object");
    for (const [key, value] of Object.entries(EXPECTED)) {
      insist(about[key] === value, `${key} must be ${short(value)}, got ${short(about[key])}`);
    }
    insist([1, 2].includes(about.format_version), `format_version must be 1 or 2, got ${short(about.format_version)}`);
    const { name, obs_clip: bound } = about;
    const named = typeof name === "string" && name.trim() && name.length <= NAME_MAX;
    insist(named, `its name must be 1 to ${NAME_MAX} characters, got ${short(name)}`);
    insist(bound > 0 && bound <= LIMIT, `obs_clip must be a number in (0, 1e6], got ${short(bound)}`);
    const { body, layout } = await readOptions(about), wrong = W.checkBody(body);
    insist(!wrong, wrong);
    const inputs = inputsOf(body, layout);
    const outputs = body.feet.length + body.muscles.length;
    const mean = shaped(tensors, "mean", [inputs]), std = shaped(tensors, "std", [inputs]);
    insist(std.every((x) => x >= STD_MIN), `std must be at least ${STD_MIN}`);
    const normaliser = W.newNormaliser(mean, std, bound);
    const kinds = { mlp: perceptron, graph };
    insist(Object.hasOwn(kinds, about.network), `network must be mlp or graph, got ${short(about.network)}`);
    const network = kinds[about.network](tensors, about, inputs, outputs, normaliser);
    const training = about.training || {}, algorithm = training.algorithm;
    return { name, algorithm: typeof algorithm === "string" ? algorithm.slice(0, NAME_MAX) : "unknown", body, layout, network };
  };
})(window.WALKER);
