// The constants of a body in a world, as the step wants them: K nodes, L links, M muscles, F feet,
// A commands, O observed numbers. Python derives the same (`benchmarks/site/engine.py`).
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const TARGET_RADIUS = 20, STALL_PROGRESS = 1;

  /** What a plan may leave out, as in `Node`, `Bone`, `Muscle`, `World` and `RewardWeights`. */
  W.defaults = {
    node: { mass: 10 },
    bone: { stiffness: 9000, damping: 60 },
    muscle: { stiffness: 4000, damping: 100, shortest: 0.6, longest: 1.35 },
    world: {
      name: "own", physics_rate: 60, substeps: 3, iterations: 4, grip_rate: 60, grip_min: 0.05,
      grip_force: 60000, muscle_rate: 15, grip_power: 0.05, energy_unit: 1e8, damping: 1,
      left_strength: 1, sensor_delay: 0,
    },
    ground: {
      kind: "even", ice_grip: 0.25, mud_grip: 0.6, mud_drag: 0.05, patch: 150, sand_grip: 0.7,
      density: 0.05, cell: 20, cells: 64,
    },
    reward: { progress_length: 50, target: 2, energy_price: 0 },
  };

  /** Channels of the layouts: name, size (of a body) and scale. */
  const one = () => 1;
  const ORIGINAL = [
    ["target_distance", one, 1000], ["target_cos", one, 1], ["target_sin", one, 1],
    ["grip", (body) => body.feet.length, 1], ["muscle_length", (body) => body.muscles.length, 1],
  ];
  const FULL = [...ORIGINAL, ["velocity", () => 2, 100], ["turn_rate", one, 5]];
  const feet = (body) => body.feet.length, feelers = () => 3;
  const GROUND = [
    ...FULL, ["foot_grip", feet, 1], ["foot_depth", feet, 1], ["ahead_grip", feelers, 1],
    ["ahead_depth", feelers, 1],
  ];
  const LAYOUTS = { original: ORIGINAL, full: FULL, ground: GROUND };

  /** A body whose muscles on the left have only a share of their stiffness. */
  W.weakerBody = function (body, share) {
    if (share === 1) return body;
    const weaken = function (muscle) {
      const onTheLeft = body.nodes[muscle.a].y + body.nodes[muscle.b].y > 0;
      return onTheLeft ? { ...muscle, stiffness: muscle.stiffness * share } : muscle;
    };
    return { ...body, muscles: body.muscles.map(weaken) };
  };

  /** A body's plan with everything that it left out. */
  W.wholeBody = function (body) {
    const fill = (parts, defaults) => parts.map((part) => ({ ...defaults, ...part }));
    return {
      ...body,
      nodes: fill(body.nodes, W.defaults.node),
      bones: fill(body.bones, W.defaults.bone),
      muscles: fill(body.muscles, W.defaults.muscle),
    };
  };

  function lengthOf(body, link) {
    const a = body.nodes[link.a], b = body.nodes[link.b], x = a.x - b.x, y = a.y - b.y;
    return Math.sqrt(x * x + y * y);
  }

  /** Springs and joints, as in `physics_compiled.make_model`. */
  function mechanics(body, world) {
    const dt = 1 / world.physics_rate, links = [...body.bones, ...body.muscles];
    const inverse = body.nodes.map((node) => 1 / node.mass);
    const k = links.map((link) => inverse[link.a] + inverse[link.b]);
    return {
      inverseMass: inverse,
      a: links.map((link) => link.a),
      b: links.map((link) => link.b),
      rest: links.map((link) => lengthOf(body, link)),
      stiffness: links.map((link) => link.stiffness),
      damped: links.map((link, i) => 1 - W.exponential(-link.damping * dt * k[i])),
      mass: k.map((x) => 1 / x),
      foot: body.feet,
      footMass: body.feet.map((i) => inverse[i] * (1 / (inverse[i] * inverse[i]))),
      bones: body.bones.length,
      iterations: world.iterations,
      substeps: world.substeps,
      gripForce: world.grip_force,
      dt,
      damping: W.power(world.damping, dt),
    };
  }

  /** Grips, muscles and their prices, as in `actuation.Actuator`. */
  function drives(body, world) {
    const { feet, muscles } = body, step = world.substeps / world.physics_rate;
    const each = (grip, muscle) => [...feet.map(() => grip), ...muscles.map(muscle)];
    const gripDecay = W.exponential(-world.grip_rate * step);
    const muscleDecay = W.exponential(-world.muscle_rate * step);
    return {
      middle: each(0.5, () => 1),
      up: each(0.5, (muscle) => muscle.longest - 1),
      down: each(0.5, (muscle) => 1 - muscle.shortest),
      least: each(world.grip_min, (muscle) => muscle.shortest),
      decay: each(gripDecay, () => muscleDecay),
      atRest: each(world.grip_min, () => 1),
      work: muscles.map(function (muscle) {
        const length = lengthOf(body, muscle);
        return (0.5 * muscle.stiffness * (length * length)) / world.energy_unit;
      }),
      gripCost: feet.map(() => world.grip_power * step),
    };
  }

  /** What is seen and where: for each channel its first column, for each column its scale. */
  function senses(body, layout) {
    const column = {}, scale = [];
    for (const [name, size, unit] of LAYOUTS[layout]) {
      column[name] = scale.length;
      for (let i = size(body); i > 0; i--) scale.push(1 / unit);
    }
    const { head, across: [left, right], hub } = body;
    return { column, scale, head, left, right, hub };
  }

  const roundHalfEven = function (x) {
    const low = Math.floor(x), rest = x - low;
    return rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low;
  };

  function task(world, reward, stallLimit) {
    const rate = world.physics_rate / world.substeps;
    return {
      stallSteps: stallLimit === null ? 0 : Math.max(1, roundHalfEven(stallLimit * rate)),
      stallProgress: STALL_PROGRESS,
      targetRadius: TARGET_RADIUS,
      progressLength: reward.progress_length === null ? Infinity : reward.progress_length,
      targetWorth: reward.target,
      energyPrice: reward.energy_price,
      delay: world.sensor_delay,
    };
  }

  const WHOLE = ["a", "b", "foot", "head"]; // arrays of indices

  /**
   * The model of a body in a world; all lists are typed arrays.
   *
   * @param body a plan as JSON; what has a default may be left out
   * @param world the same; not only the named ones
   * @param options as in Python's `Options.as_dict`, of which are read `observation`: "full",
   *   "original" or "ground", `reward`: a plan, `stall_limit`: seconds without progress that end an episode
   */
  W.makeModel = function (body, world = {}, options = {}) {
    const { observation = "full", reward = {}, stall_limit: limit = null } = options;
    const there = { ...W.defaults.world, ...world };
    const own = W.weakerBody(W.wholeBody(body), there.left_strength);
    const model = {
      ...mechanics(own, there),
      ...drives(own, there),
      ...senses(own, observation),
      ...task(there, { ...W.defaults.reward, ...reward }, limit),
      soil: W.makeSoil(own, there),
      x: own.nodes.map((node) => node.x),
      y: own.nodes.map((node) => node.y),
    };
    for (const [name, value] of Object.entries(model)) {
      if (!Array.isArray(value)) continue;
      model[name] = (WHOLE.includes(name) ? Int32Array : Float64Array).from(value);
    }
    return model;
  };
})(globalThis.WALKER);
