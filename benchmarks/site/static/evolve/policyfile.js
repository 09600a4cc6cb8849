// What was learned here as a policy file: safetensors with one JSON text, as `agents/policy.py` reads
// it, with the whole body, world and reward in it.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const BODY = {
    nodes: ["x", "y", "mass"], bones: ["a", "b", "stiffness", "damping"],
    muscles: ["a", "b", "stiffness", "damping", "shortest", "longest"],
  };

  const stored = (plan) => ({ ...plan, digest: W.planDigest(plan) });

  /** A body as Python's `Body.stored` writes it: these fields, in this order, and no others. */
  W.storedBody = function (body) {
    const whole = W.wholeBody(body), { name = "own", feet, head, across, hub, skin = [] } = whole;
    const parts = Object.entries(BODY).map(([part, keys]) => [part, whole[part].map((one) =>
      Object.fromEntries(keys.map((key) => [key, one[key]])))]);
    return stored({ name, ...Object.fromEntries(parts), feet, head, across, hub, skin });
  };

  /** Names, shapes and numbers of a network's weights; a perceptron's lie layer by layer in `flat`. */
  function weightsOf(network) {
    if (network.kind === "graph") {
      return [["bias", Float32Array], ["edges", Int32Array], ["source", Int32Array], ["weight", Float32Array]]
        .map(([name, type]) => [name, [network[name].length], type.from(network[name])]);
    }
    const { sizes, flat } = network, found = [];
    let at = 0;
    for (let layer = 1; layer < sizes.length; layer++) {
      const inputs = sizes[layer - 1], outputs = sizes[layer];
      found.push(["w" + (layer - 1), [inputs, outputs], flat.slice(at, at + inputs * outputs)]);
      at += inputs * outputs;
      found.push(["b" + (layer - 1), [outputs], flat.slice(at, at + outputs)]);
      at += outputs;
    }
    return found;
  }

  /**
   * The bytes of a policy file.
   *
   * @param name shown in tables
   * @param network a graph, or a perceptron of tanh, as `networkData` gives them
   * @param task {body, world, observation, reward}
   * @param training JSON-ready: the algorithm and how it was run
   */
  W.policyFile = function (name, network, task, training) {
    const { kind, normaliser } = network;
    const seen = ["mean", "std"].map((part) => (
      [part, [normaliser[part].length], Float32Array.from(normaliser[part])]
    ));
    const about = {
      format: "walker-policy", format_version: 2, layout_version: 0, env_id: "walker_env/Walker-v0",
      name, network: kind,
      ...(kind === "graph" ? { width: network.width, outputs: network.outputs } : { hidden: "tanh", output: "tanh" }),
      obs_clip: normaliser.bound,
      options: {
        body: W.storedBody(task.body), observation: task.observation, course: "disc",
        stall_limit: null, reward: stored({ ...W.defaults.reward, ...task.reward }),
        world: stored({ ...W.defaults.world, ...task.world }),
      },
      training,
    };
    return pack([...seen, ...weightsOf(network)], { policy: JSON.stringify(about) });
  };

  function pack(tensors, metadata) {
    const header = { __metadata__: metadata };
    let end = 0;
    for (const [key, shape, values] of tensors) {
      header[key] = { dtype: values instanceof Int32Array ? "I32" : "F32", shape, data_offsets: [end, end + values.byteLength] };
      end += values.byteLength;
    }
    let text = JSON.stringify(header);
    let head = new TextEncoder().encode(text);
    text += " ".repeat((8 - (head.length % 8)) % 8);
    head = new TextEncoder().encode(text);
    const bytes = new Uint8Array(8 + head.length + end);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
    bytes.set(head, 8);
    let place = 8 + head.length;
    for (const [, , values] of tensors) {
      bytes.set(W.asBytes(values), place);
      place += values.byteLength;
    }
    return bytes;
  }
})(globalThis.WALKER);
