// Bodies as data of others: JSON that is read strictly, and a text short enough for an address.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const MOST_TEXT = 16_000, MOST_JSON = 200_000; // characters of an address, bytes unpacked
  const NAME_MAX = 60, MOST_NODES = 64, MOST_LINKS = 256, LARGEST = 1e9;
  const PARTS = {
    nodes: ["node", ["x", "y"], ["mass"], MOST_NODES],
    bones: ["bone", ["a", "b"], ["stiffness", "damping"], MOST_LINKS],
    muscles: ["muscle", ["a", "b"], ["stiffness", "damping", "shortest", "longest"], MOST_LINKS],
  };
  const LISTS = ["feet", "head", "across"];
  const KEYS = ["name", ...Object.keys(PARTS), ...LISTS, "hub", "skin", "digest"];

  function insist(condition, words) {
    if (!condition) throw new Error(words);
  }
  const short = (value) => {
    const text = JSON.stringify(value);
    return text === undefined ? "nothing" : text.length > 40 ? text.slice(0, 39) + "…" : text;
  };
  const isPlain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const isNumber = (value) => typeof value === "number" && Math.abs(value) <= LARGEST;
  const isIndex = (value) => Number.isInteger(value) && value >= 0 && value < MOST_NODES;

  function checkKeys(what, given, needed, allowed) {
    const missing = needed.find((key) => !Object.hasOwn(given, key));
    insist(missing === undefined, `${what} lacks ${missing}`);
    const odd = Object.keys(given).find((key) => !allowed.includes(key));
    insist(odd === undefined, `${what} has ${short(odd)}, which no ${what.split(" ")[0]} has`);
  }

  function readParts(part, given) {
    const [what, needed, more, most] = PARTS[part], ends = part === "nodes" ? [] : ["a", "b"];
    insist(Array.isArray(given), `${part} must be a list, got ${short(given)}`);
    insist(given.length <= most, `it has ${given.length} ${part}, expected at most ${most}`);
    return given.map(function (one, i) {
      const name = `${what} ${i}`;
      insist(isPlain(one), `${name} must be an object, got ${short(one)}`);
      checkKeys(name, one, needed, [...needed, ...more]);
      for (const [key, value] of Object.entries(one)) {
        const good = ends.includes(key) ? isIndex(value) : isNumber(value);
        insist(good, `${name}: ${key} must be a ${ends.includes(key) ? "node's " : ""}number, got ${short(value)}`);
      }
      return { ...one };
    });
  }

  function readIndices(name, given) {
    insist(Array.isArray(given) && given.length <= MOST_NODES && given.every(isIndex),
      `${name} must be a list of nodes' numbers, got ${short(given)}`);
    return [...given];
  }

  /**
   * A body's plan of data that may be anything, with all that it left out; an Error in a sentence
   * where it is none. Whether it can be simulated is for `checkBody` to say.
   */
  W.readBody = function (data) {
    insist(isPlain(data), `expected an object with nodes, bones and muscles, got ${short(data)}`);
    checkKeys("body", data, ["nodes", "bones", "muscles", ...LISTS, "hub"], KEYS);
    const body = { name: data.name === undefined ? "mine" : data.name };
    insist(typeof body.name === "string" && body.name.trim() && body.name.length <= NAME_MAX &&
      !/[\p{C}\p{Z}]/u.test(body.name.replaceAll(" ", "")),
    `its name must be 1 to ${NAME_MAX} characters that can be seen, got ${short(body.name)}`);
    for (const part of Object.keys(PARTS)) body[part] = readParts(part, data[part]);
    for (const part of LISTS) body[part] = readIndices(part, data[part]);
    insist(body.across.length === 2, `across must be two nodes, left and right, got ${body.across.length}`);
    insist(isIndex(data.hub), `hub must be a node's number, got ${short(data.hub)}`);
    body.hub = data.hub;
    const skin = data.skin === undefined ? [] : data.skin;
    insist(Array.isArray(skin) && skin.length <= MOST_LINKS, `skin must be a list of groups, got ${short(skin)}`);
    body.skin = skin.map((group, i) => readIndices(`skin[${i}]`, group));
    return W.wholeBody(body);
  };

  const USUAL = { nodes: "node", bones: "bone", muscles: "muscle" };

  /** A body without names of fields and without what is as usual (`benchmarks/site/sandbox.py`). */
  W.packBody = function (plan) {
    const body = W.wholeBody(plan);
    const parts = Object.keys(PARTS).map(function (part) {
      const [, needed, more] = PARTS[part], usual = W.defaults[USUAL[part]];
      return body[part].map((one) => (more.every((key) => one[key] === usual[key])
        ? needed : [...needed, ...more]).map((key) => one[key]));
    });
    return [body.name, ...parts, body.feet, body.head, body.across, body.hub, body.skin || []];
  };

  /** The body again, read as strictly as any. */
  W.unpackBody = function (packed) {
    insist(Array.isArray(packed) && packed.length === 9, `expected nine parts, got ${short(packed)}`);
    const [name, nodes, bones, muscles, feet, head, across, hub, skin] = packed;
    const body = { name, feet, head, across, hub, skin };
    Object.entries({ nodes, bones, muscles }).forEach(function ([part, given]) {
      insist(Array.isArray(given), `${part} must be a list, got ${short(given)}`);
      const [what, needed, more] = PARTS[part];
      body[part] = given.map(function (values, i) {
        insist(Array.isArray(values) && [needed.length, needed.length + more.length].includes(values.length),
          `${what} ${i} must be its numbers, got ${short(values)}`);
        return Object.fromEntries(values.map((value, k) => [[...needed, ...more][k], value]));
      });
    });
    return W.readBody(body);
  };

  /** A promise of the zoo and the bestiary in groups, `[{title, bodies}]`. */
  W.loadBodies = async () => Object.entries(await W.load("bodies"))
    .map(([title, packed]) => ({ title, bodies: packed.map(W.unpackBody) }));

  /** Bytes through a stream that packs or unpacks them; an Error beyond `most` bytes. */
  async function through(bytes, stream, most) {
    const parts = [];
    let size = 0;
    for (const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) {
        reader.cancel().catch(() => {});
        throw new Error(`it is larger than ${most} bytes`);
      }
      parts.push(value);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  /** A promise of a body as a text for an address. */
  W.textOfBody = async function (body) {
    const bytes = new TextEncoder().encode(JSON.stringify(W.packBody(body)));
    return W.addressText(await through(bytes, new CompressionStream("deflate-raw"), Infinity));
  };

  /** A promise of the body that such a text holds. */
  W.bodyOfText = async function (text) {
    insist(text.length <= MOST_TEXT, `its body has ${text.length} characters, expected at most ${MOST_TEXT}`);
    let packed = null;
    try {
      const bytes = await through(W.addressBytes(text), new DecompressionStream("deflate-raw"), MOST_JSON);
      packed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (error) {
      throw new Error("its body is damaged or cut off");
    }
    return W.unpackBody(packed);
  };

  /** Bytes as base64 whose signs an address may hold. */
  W.addressText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  W.addressBytes = (text) => W.bytesOf(text.replaceAll("-", "+").replaceAll("_", "/"));
})(globalThis.WALKER);
