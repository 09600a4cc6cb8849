// What was learned here as a policy file: safetensors with one JSON text, as `agents/policy.py` reads
// it, with the whole body, world and reward in it.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const BODY = {
    nodes: ["x", "y", "mass"], bones: ["a", "b", "stiffness", "damping"],
    muscles: ["a", "b", "stiffness", "damping", "shortest", "longest"],
  };

  /** Canonical JSON (RFC 8785): keys in order, numbers as the language writes them. */
  W.canonical = function canonical(value) {
    if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const keys = Object.keys(value).sort();
    return "{" + keys.map((key) => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}";
  };

  /** A plan with its digest, which leaves out labels; as `Plan.stored`. */
  function stored(plan, labels) {
    const own = Object.fromEntries(Object.entries(plan).filter(([key]) => !labels.includes(key)));
    const hash = W.newSha256();
    hash.add(new TextEncoder().encode(W.canonical(own)));
    return { ...plan, digest: hash.hex() };
  }

  /** A body as Python's `Body.stored` writes it; what may be left out is filled in. */
  W.storedBody = function (body) {
    const kinds = { nodes: "node", bones: "bone", muscles: "muscle" };
    const parts = Object.entries(BODY).map(([name, keys]) => [name, body[name].map(function (part) {
      const whole = { ...W.defaults[kinds[name]], ...part };
      return Object.fromEntries(keys.map((key) => [key, whole[key]]));
    })]);
    const { name = "own", feet, head, across, hub, skin = [] } = body;
    return stored({ name, ...Object.fromEntries(parts), feet, head, across, hub, skin }, ["name", "skin"]);
  };

  W.storedWorld = (world) => stored({ ...W.defaults.world, ...world }, ["name"]);
  W.storedReward = (reward) => stored({ ...W.defaults.reward, ...reward }, []);

  /**
   * The bytes of a policy file.
   *
   * @param name shown in tables
   * @param network a perceptron of tanh with `flat`, its weights layer by layer, input by input
   * @param task {body, world, observation, reward}
   * @param training JSON-ready: the algorithm and how it was run
   */
  W.policyFile = function (name, network, task, training) {
    const { sizes, normaliser, flat } = network;
    const tensors = [["mean", [sizes[0]], Float32Array.from(normaliser.mean)],
      ["std", [sizes[0]], Float32Array.from(normaliser.std)]];
    let at = 0;
    for (let layer = 1; layer < sizes.length; layer++) {
      const inputs = sizes[layer - 1], outputs = sizes[layer];
      tensors.push(["w" + (layer - 1), [inputs, outputs], flat.slice(at, at + inputs * outputs)]);
      at += inputs * outputs;
      tensors.push(["b" + (layer - 1), [outputs], flat.slice(at, at + outputs)]);
      at += outputs;
    }
    const about = {
      format: "walker-policy", format_version: 2, layout_version: 0, env_id: "walker_env/Walker-v0",
      name, network: "mlp", hidden: "tanh", output: "tanh",
      obs_clip: normaliser.bound,
      options: {
        body: W.storedBody(task.body), observation: task.observation, course: "disc",
        stall_limit: null, reward: W.storedReward(task.reward || {}), world: W.storedWorld(task.world || {}),
      },
      training,
    };
    return pack(tensors, { policy: JSON.stringify(about) });
  };

  function pack(tensors, metadata) {
    const header = { __metadata__: metadata };
    let end = 0;
    for (const [key, shape, values] of tensors) {
      header[key] = { dtype: "F32", shape, data_offsets: [end, end + values.byteLength] };
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
      bytes.set(W.asBytes(Float32Array.from(values)), place);
      place += values.byteLength;
    }
    return bytes;
  }
})(globalThis.WALKER);
