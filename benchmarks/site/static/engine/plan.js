// The identity of plans, as in `walker_env/plan.py` and `identity.py`: SHA-256 of canonical JSON
// (RFC 8785), whose numbers are written as JavaScript writes them.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const LABELS = ["name", "skin", "digest"]; // no part of an identity
  const PHYSICS = { physics_version: 0, layout_version: 0, target_radius: 20, stall_progress: 1 };

  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const member = (key) => `${JSON.stringify(key)}:${canonical(value[key])}`;
    return `{${Object.keys(value).sort().map(member).join(",")}}`;
  }

  const digest = (data) => W.newSha256().add(new TextEncoder().encode(canonical(data))).hex();

  /** The identity of a body, a world or a reward with everything that it may leave out. */
  W.planDigest = (plan) =>
    digest(Object.fromEntries(Object.entries(plan).filter(([name, value]) =>
      !LABELS.includes(name) && !isNeutral(name, value))));

  /** What came later, with the value that does nothing: it is no part of an identity then. */
  const NEUTRAL = { radius: () => 0, ground: () => W.defaults.ground };
  const isNeutral = (name, value) =>
    Object.hasOwn(NEUTRAL, name) && canonical(value) === canonical(NEUTRAL[name]());

  /** The identity of the physics of several walks, of their options; as in replays. */
  W.physicsHash = (walks) => digest(walks.map(({ body, world }) => (
    { ...PHYSICS, body: W.planDigest(body), world: W.planDigest(world) }
  ))).slice(0, 16);
})(globalThis.WALKER);
