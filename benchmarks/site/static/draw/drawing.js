// A body while it is drawn: what one can do to it, both sides at once, and undo. No document here.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const NEAR = 1e-6; // [unit] from the middle line, or from a mirrored place
  const GRID = 5; // [unit] that places are rounded to
  const SNAP = 7; // [unit] from the middle line within which a node is put on it
  const KEPT = 200; // steps that can be undone

  const onGrid = (x) => Math.round(x / GRID) * GRID;
  const copy = (body) => JSON.parse(JSON.stringify(body));
  const same = (link, a, b) => (link.a === a && link.b === b) || (link.a === b && link.b === a);

  /** A body with nothing in it but what a walker needs: two feet and a muscle on each side. */
  W.firstBody = () => ({
    name: "mine",
    nodes: [
      { x: 50, y: 45, mass: 10 }, { x: 50, y: -45, mass: 10 },
      { x: -50, y: 45, mass: 10 }, { x: -50, y: -45, mass: 10 }, { x: 0, y: 0, mass: 10 },
    ],
    bones: [{ a: 0, b: 1 }, { a: 2, b: 3 }, { a: 0, b: 4 }, { a: 1, b: 4 }, { a: 2, b: 4 }, { a: 3, b: 4 }],
    muscles: [{ a: 0, b: 2 }, { a: 1, b: 3 }],
    feet: [0, 1, 2, 3], head: [0, 1], across: [0, 1], hub: 4, skin: [],
  });

  /** The other side's node of a node; itself on the middle line, -1 where there is none. */
  W.twinOf = function ({ nodes }, node) {
    const { x, y } = nodes[node];
    return nodes.findIndex((one) => Math.abs(one.x - x) < NEAR && Math.abs(one.y + y) < NEAR);
  };

  /** Who looks where, and which node feels the speed, where the drawing does not say it well. */
  function settle(body) {
    const { nodes } = body, there = (node) => node >= 0 && node < nodes.length;
    body.head = body.head.filter(there);
    body.feet = body.feet.filter(there);
    body.skin = [];
    if (!body.head.length && nodes.length) {
      const most = Math.max(...nodes.map((node) => node.x));
      body.head = nodes.map((_, i) => i).filter((i) => nodes[i].x > most - NEAR);
    }
    const [left, right] = body.across;
    const good = there(left) && there(right) && left !== right && nodes[left].y > nodes[right].y;
    if (!good) body.across = widestPair(body);
    if (!there(body.hub)) body.hub = nearest(body);
    return body;
  }

  /** The foremost pair of mirrored nodes, else the leftmost and the rightmost node. */
  function widestPair(body) {
    const { nodes } = body, order = nodes.map((_, i) => i);
    const pairs = order.filter((i) => nodes[i].y > NEAR && W.twinOf(body, i) >= 0)
      .sort((i, j) => nodes[j].x - nodes[i].x);
    if (pairs.length) return [pairs[0], W.twinOf(body, pairs[0])];
    order.sort((i, j) => nodes[j].y - nodes[i].y);
    return [order[0] || 0, order[order.length - 1] || 0];
  }

  /** The node nearest to the middle of all. */
  function nearest({ nodes }) {
    const mean = (key) => nodes.reduce((sum, node) => sum + node[key], 0) / (nodes.length || 1);
    const x = mean("x"), y = mean("y");
    const far = nodes.map((node) => Math.hypot(node.x - x, node.y - y));
    return Math.max(0, far.indexOf(Math.min(...far)));
  }

  /** A drawing that begins with a body; `body` is always the present one, as a plan. */
  W.newDrawing = function (first) {
    const drawing = { body: settle(copy(first)), mirror: true };
    let past = [], future = [];

    /** Change a copy; what changed nothing is no step. */
    function change(edit) {
      const next = copy(drawing.body);
      edit(next);
      settle(next);
      if (JSON.stringify(next) === JSON.stringify(drawing.body)) return;
      past.push(drawing.body);
      past = past.slice(-KEPT);
      future = [];
      drawing.body = next;
    }
    const twin = (body, node) => (drawing.mirror ? W.twinOf(body, node) : node);
    function step(from, to) {
      if (!from.length) return false;
      to.push(drawing.body);
      drawing.body = from.pop();
      return true;
    }
    drawing.undo = () => step(past, future);
    drawing.redo = () => step(future, past);
    drawing.load = (body) => change((next) => Object.assign(next, { skin: [] }, copy(body)));
    drawing.rename = (name) => change((next) => (next.name = name));

    /** A node, and its twin; the number of the first, or of the one that lies there already. */
    drawing.addNode = function (x, y) {
      let [px, py] = [onGrid(x), onGrid(y)];
      if (drawing.mirror && Math.abs(py) < SNAP) py = 0;
      const found = drawing.body.nodes.findIndex((node) => node.x === px && node.y === py);
      if (found >= 0) return found;
      change(function ({ nodes }) {
        nodes.push({ x: px, y: py, mass: 10 });
        const there = nodes.some((node) => node.x === px && node.y === -py);
        if (drawing.mirror && !there) nodes.push({ x: px, y: -py, mass: 10 });
      });
      return drawing.body.nodes.findIndex((node) => node.x === px && node.y === py);
    };

    drawing.move = (node, x, y) => change(function (body) {
      const other = twin(body, node), middle = other === node && drawing.mirror;
      Object.assign(body.nodes[node], { x: onGrid(x), y: middle ? 0 : onGrid(y) });
      if (other >= 0 && other !== node) Object.assign(body.nodes[other], { x: onGrid(x), y: -onGrid(y) });
    });

    /** A bone or a muscle between two nodes, and on the other side; one that is there changes kind. */
    drawing.link = (kind, a, b) => change(function (body) {
      const join = function (one, two) {
        if (one < 0 || two < 0 || one === two) return;
        for (const part of ["bones", "muscles"]) {
          body[part] = body[part].filter((link) => !same(link, one, two));
        }
        body[kind].push({ a: one, b: two });
      };
      join(a, b);
      const [c, d] = [twin(body, a), twin(body, b)];
      if (!same({ a, b }, c, d)) join(c, d);
    });

    const toggle = (part) => (node) => change(function (body) {
      const on = !body[part].includes(node);
      for (const one of new Set([node, twin(body, node)])) {
        if (one < 0) continue;
        body[part] = body[part].filter((other) => other !== one);
        if (on) body[part].push(one);
      }
      body[part].sort((i, j) => i - j);
    });
    drawing.toggleFoot = toggle("feet");
    drawing.toggleHead = toggle("head");

    /** Take a node away with all that hangs on it, and its twin. */
    drawing.removeNode = (node) => change(function (body) {
      const gone = new Set([node, twin(body, node)].filter((one) => one >= 0));
      const left = body.nodes.map((_, i) => i).filter((i) => !gone.has(i));
      const renamed = (i) => left.indexOf(i);
      body.nodes = left.map((i) => body.nodes[i]);
      for (const part of ["bones", "muscles"]) {
        body[part] = body[part].filter(({ a, b }) => !gone.has(a) && !gone.has(b))
          .map((link) => ({ ...link, a: renamed(link.a), b: renamed(link.b) }));
      }
      for (const part of ["feet", "head", "across"]) body[part] = body[part].map(renamed);
      body.hub = renamed(body.hub);
    });

    /** Take a link away, and the other side's. */
    drawing.removeLink = (a, b) => change(function (body) {
      const [c, d] = [twin(body, a), twin(body, b)];
      for (const part of ["bones", "muscles"]) {
        body[part] = body[part].filter((link) => !same(link, a, b) && !same(link, c, d));
      }
    });
    return drawing;
  };
})(globalThis.WALKER);
