// The skin of a body that no data file has drawn: which nodes are webbed, as `walker_env/skin.py`.
(function (W) {
  "use strict";

  const TAUT = 0.35, SLACK = 0.75; // how far an edge is drawn towards its web's middle

  /** A body as pages draw it: its plan and its `webs`, nodes with the edges [a, b, bow]. */
  W.dressed = (body) => ({
    ...body, muscles: body.muscles.map((muscle) => ({ ...muscle })), webs: websOf(body),
  });

  function websOf(body) {
    const told = (body.skin || []).filter((group) => group.length > 1);
    const groups = told.length ? told : enclosed(body);
    const within = (node) => groups.filter((group) => group.includes(node)).length;
    const bow = function ([a, b]) {
      if (groups.filter((group) => group.includes(a) && group.includes(b)).length > 1) return 0;
      return within(a) > 1 || within(b) > 1 ? SLACK : TAUT; // where webs join, skin hangs slack
    };
    return groups.map(function (nodes) {
      const ends = nodes.length > 2 ? [...nodes.slice(1), nodes[0]] : [nodes[nodes.length - 1]];
      const edges = ends.map((end, i) => [nodes[i], end]);
      return { nodes, edges: edges.map((edge) => [...edge, bow(edge)]) };
    });
  }

  /** The triangles that bones make and the bones left over, or muscles where there is no bone. */
  function enclosed(body) {
    const bones = body.bones.map(({ a, b }) => [Math.min(a, b), Math.max(a, b)]);
    const key = (a, b) => a + "-" + b, joined = new Set(bones.map(([a, b]) => key(a, b)));
    const nodes = [...new Set(bones.flat())].sort((a, b) => a - b);
    let inside = bones.flatMap(([a, b]) => nodes
      .filter((c) => c > b && joined.has(key(a, c)) && joined.has(key(b, c)))
      .map((c) => [a, b, c]));
    if (inside.length > bones.length) inside = []; // a net so dense that they lie in heaps
    const sides = new Set(inside.flatMap(([a, b, c]) => [key(a, b), key(a, c), key(b, c)]));
    const found = [...inside, ...bones.filter(([a, b]) => !sides.has(key(a, b)))];
    return found.length ? found : body.muscles.map(({ a, b }) => [a, b]);
  }
})(window.WALKER);
