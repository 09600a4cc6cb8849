// What is wrong with a body, in Python's words: the checks of `walker_env/body/graph.py` and
// `walker_env/stability.py` on a plan whose fields are there and of the right kind.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const MOST_NODES = 64, MOST_LINKS = 256, REACH = 1000, SHORTEST_LINK = 0.1;
  const LIGHTEST = 0.01, HEAVIEST = 1000, STIFFNESS = 1e6, DAMPING = 1e5;
  const SHORTEST = 0.05, LONGEST = 4; // of a muscle, as shares of its drawn length
  const STABILITY_LIMIT = 1.4, MOST_DAMPED = 20;

  /** A number's decimal digits, `count` of them, a tie to the even one, and its exponent. */
  function digitsOf(x, count) {
    const all = x.toExponential(100).split("e"), digits = all[0].replace(".", "");
    const even = "02468".includes(digits[count - 1]);
    if (even && /^50*$/.test(digits.slice(count))) return [digits.slice(0, count), Number(all[1])];
    const [mantissa, exponent] = x.toExponential(count - 1).split("e");
    return [mantissa.replace(".", ""), Number(exponent)];
  }

  const sign = (x) => (x < 0 || Object.is(x, -0) ? "-" : "");
  const odd = (x) => (Number.isNaN(x) ? "nan" : `${sign(x)}inf`);
  const withoutZeros = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

  /** Digits with their point. */
  function pointed(digits, exponent) {
    if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
    const whole = digits.padEnd(exponent + 1, "0");
    return whole.length > exponent + 1
      ? `${whole.slice(0, exponent + 1)}.${whole.slice(exponent + 1)}` : whole;
  }

  function powered(digits, exponent) {
    const size = String(exponent < 0 ? -exponent : exponent).padStart(2, "0");
    return `${withoutZeros(pointed(digits, 0))}e${exponent < 0 ? "-" : "+"}${size}`;
  }

  /** A number as Python's format `.{count}g` has it. */
  function general(x, count = 6) {
    if (!Number.isFinite(x)) return odd(x);
    if (x === 0) return `${sign(x)}0`;
    const [digits, exponent] = digitsOf(x < 0 ? -x : x, count);
    const small = exponent < -4 || exponent >= count;
    return sign(x) + (small ? powered(digits, exponent) : withoutZeros(pointed(digits, exponent)));
  }

  /** A number from 1 on as `.2f` has it. */
  function twoPlaces(x) {
    if (!Number.isFinite(x)) return odd(x);
    const [digits, exponent] = digitsOf(x, Number(x.toExponential().split("e")[1]) + 3);
    return pointed(digits.padEnd(exponent + 3, "0"), exponent);
  }

  /** A number as Python shows it, a whole one as an int. */
  function shown(x) {
    if (!Number.isFinite(x)) return odd(x);
    if (Number.isInteger(x)) return String(x);
    const [mantissa, exponent] = (x < 0 ? -x : x).toExponential().split("e");
    const digits = mantissa.replace(".", ""), size = Number(exponent);
    return sign(x) + (size < -4 ? powered(digits, size) : pointed(digits, size));
  }

  const tuple = (list) => `(${list.join(", ")}${list.length === 1 ? "," : ""})`;
  const linksOf = (body) => [
    ...body.bones.map((link) => ["bone", link]), ...body.muscles.map((link) => ["muscle", link]),
  ];

  function ofParts(body) {
    if (!body.name.trim()) return `a body needs a name that can be seen, got '${body.name}'`;
    const parts = {
      node: body.nodes, foot: body.feet, muscle: body.muscles, "head node": body.head,
    };
    const missing = Object.keys(parts).filter((what) => parts[what].length === 0);
    if (missing.length) {
      return `${body.name}: needs at least one node, foot, muscle and head node, ` +
        `got no ${missing.join(", no ")}`;
    }
    if (body.muscles.every((muscle) => muscle.shortest === muscle.longest)) {
      const { shortest, longest } = body.muscles[0];
      return `${body.name}: no muscle can move it: expected one whose shortest is less than its ` +
        `longest, got ${general(shortest)} and ${general(longest)}`;
    }
    const links = body.bones.length + body.muscles.length;
    if (body.nodes.length > MOST_NODES || links > MOST_LINKS) {
      return `${body.name}: a body has at most ${MOST_NODES} nodes and ${MOST_LINKS} links, ` +
        `got ${body.nodes.length} and ${links}`;
    }
    return first(body.nodes, (node, i) => ofNode(`${body.name}: node ${i}`, node)) || ofNames(body);
  }

  /** The first words that a check has for one of a list. */
  function first(list, check) {
    for (let i = 0; i < list.length; i++) {
      const words = check(list[i], i);
      if (words) return words;
    }
    return "";
  }

  function ofNode(name, { x, y, mass }) {
    if (!(Number.isFinite(x) && Number.isFinite(y))) {
      return `${name} is at (${shown(x)}, ${shown(y)}), expected finite numbers`;
    }
    if (Math.max(x, -x, y, -y) > REACH) {
      return `${name} is at (${general(x)}, ${general(y)}), expected coordinates within ` +
        `±${REACH} units`;
    }
    if (!(mass > 0 && Number.isFinite(mass))) {
      return `${name} has mass ${shown(mass)}, expected a positive number`;
    }
    return LIGHTEST <= mass && mass <= HEAVIEST ? ""
      : `${name} has mass ${general(mass)}, expected ${LIGHTEST} to ${HEAVIEST}`;
  }

  function ofNames(body) {
    const count = body.nodes.length, skin = body.skin || [];
    const named = [
      ["feet", body.feet], ["head", body.head], ["across", body.across], ["hub", [body.hub]],
      ...skin.map((group, i) => [`skin[${i}]`, group]),
    ];
    const words = first(named, function ([name, indices]) {
      const beyond = indices.find((index) => !(0 <= index && index < count));
      if (beyond !== undefined) {
        return `${body.name}: ${name} names node ${beyond}, but there are nodes 0 to ${count - 1}`;
      }
      return new Set(indices).size === indices.length ? ""
        : `${body.name}: ${name} names a node twice: ${tuple(indices)}`;
    });
    const [left, right] = body.across.map((i) => body.nodes[i]);
    if (words || left.x !== right.x || left.y !== right.y) return words;
    return `${body.name}: the across nodes are in one place: it would look nowhere`;
  }

  function ofLinks(body) {
    const joined = new Map();
    return first(linksOf(body), function ([kind, link], i) {
      const own = `${kind} ${i} (${link.a}-${link.b})`, name = `${body.name}: ${own}`;
      const ends = [link.a, link.b], nodes = body.nodes;
      if (!ends.every((end) => 0 <= end && end < nodes.length)) {
        return `${name} names a node that does not exist; there are nodes 0 to ${nodes.length - 1}`;
      }
      const x = nodes[link.a].x - nodes[link.b].x, y = nodes[link.a].y - nodes[link.b].y;
      if (!(Math.sqrt(x * x + y * y) >= SHORTEST_LINK)) {
        return `${name} has no length: expected at least ${SHORTEST_LINK} units`;
      }
      const pair = `${Math.min(...ends)}-${Math.max(...ends)}`;
      if (joined.has(pair)) return `${name} joins the same nodes as ${joined.get(pair)}`;
      joined.set(pair, own);
      return ofSpring(name, kind, link);
    });
  }

  function ofSpring(name, kind, { stiffness, damping, shortest, longest }) {
    if (!(0 < stiffness && stiffness <= STIFFNESS && 0 <= damping && damping <= DAMPING)) {
      return `${name} needs stiffness > 0 and damping >= 0, got ${shown(stiffness)} and ` +
        `${shown(damping)} (the most is ${general(STIFFNESS)} and ${DAMPING})`;
    }
    const fits = SHORTEST <= shortest && shortest <= 1 && 1 <= longest && longest <= LONGEST;
    return kind === "bone" || fits ? ""
      : `${name} needs 0 < shortest <= 1 <= longest, got ${shown(shortest)} and ${shown(longest)} ` +
        `(within ${SHORTEST} and ${LONGEST})`;
  }

  function ofPieces(body) {
    const reached = new Set([0]), frontier = [0];
    while (frontier.length) {
      const node = frontier.pop();
      for (const [, { a, b }] of linksOf(body)) {
        if (a !== node && b !== node) continue;
        const other = a + b - node;
        if (!reached.has(other)) frontier.push(other);
        reached.add(other);
      }
    }
    const missing = body.nodes.map((_, i) => i).filter((i) => !reached.has(i));
    return missing.length === 0 ? ""
      : `${body.name}: not connected; nodes [${missing.join(", ")}] hang on no bone or muscle ` +
        "from node 0";
  }

  /** Whether the world's time step is short enough for the springs on every node. */
  function ofStiffness(body, world) {
    const dt = 1 / world.physics_rate, links = linksOf(body);
    return first(body.nodes, function (node, i) {
      let stiffness = 0;
      for (const [, link] of links) if (link.a === i || link.b === i) stiffness += link.stiffness;
      const rate = dt * Math.sqrt(stiffness / node.mass), share = dt / STABILITY_LIMIT;
      return rate <= STABILITY_LIMIT ? ""
        : `${body.name}: node ${i} is unstable at the time step: dt * sqrt(stiffness / mass) = ` +
          `${twoPlaces(rate)}, expected at most ${STABILITY_LIMIT}; give it a mass of at least ` +
          `${general(stiffness * (share * share), 3)} (it has ${general(node.mass)}) or softer ` +
          `springs than ${general(stiffness)} together`;
    });
  }

  function ofDampers(body, world) {
    const rates = W.dampingRates(body, world);
    return first(linksOf(body), ([kind, { a, b, damping }], i) => (rates[i] <= MOST_DAMPED ? ""
      : `${body.name}: ${kind} (${a}-${b}) is a rod, its damper leaves the spring no effect: ` +
        `dt * damping / mass = ${general(rates[i], 3)}, expected at most ${MOST_DAMPED}; give it ` +
        `a damping of at most ${general((damping * MOST_DAMPED) / rates[i], 3)} (it has ` +
        `${general(damping)})`));
  }

  function ofShaking(body, world) {
    const { stable, pattern, step, speed } = W.judge(body, world), torn = pattern === "torn";
    return stable ? ""
      : `${body.name}: unstable: ${torn ? "torn apart" : `with the commands '${pattern}'`} a node ` +
        `moves at ${general(speed, 3)} units/s in control step ${step}, expected at most ` +
        `${torn ? "30 times that at first" : "10000"}; give it heavier nodes, or softer, shorter ` +
        "or less damped links";
  }

  /**
   * What is wrong with a body in a world, both plans with everything in them that may be left out
   * (`wholeBody`); "" where it can be simulated. The last check takes some hundredths of a second.
   */
  W.checkBody = function (body, world = W.defaults.world) {
    const weaker = W.weakerBody(body, world.left_strength);
    return ofParts(body) || ofLinks(body) || ofPieces(body) ||
      ofStiffness(body, W.defaults.world) || ofStiffness(weaker, world) ||
      ofDampers(body, world) || ofShaking(body, world);
  };
})(globalThis.WALKER);
