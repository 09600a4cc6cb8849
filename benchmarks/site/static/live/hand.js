// Driving a walker by hand: which key moves what, as `agents/playing/hand.py` has it.
(function (W) {
  "use strict";

  const ROWS = ["qwe", "asd", "zxc", "rty", "fgh", "vbn"];
  const PAIRS = ["uj", "ik", "ol", "p;", "34", "56", "78", "90"];
  const SAME_ROW = 1; // [unit] feet no further apart lengthwise stand in one row

  function footKeys(place) {
    const keys = place.map(() => "");
    const order = place.map((_, i) => i)
      .sort((i, j) => Math.round(place[j].x) - Math.round(place[i].x) || place[j].y - place[i].y);
    let row = -1, column = 0, before = Infinity;
    for (const i of order) {
      const fresh = Math.abs(before - place[i].x) > SAME_ROW;
      row += fresh ? 1 : 0;
      column = fresh ? 0 : column + 1;
      before = place[i].x;
      if (ROWS[row] && ROWS[row][column]) keys[i] = ROWS[row][column];
    }
    const spare = ROWS.join("").split("").filter((key) => !keys.includes(key));
    return keys.map((key) => key || spare.shift() || "");
  }

  const pull = ([less, more], held) => (held.has(more) ? 1 : 0) - (held.has(less) ? 1 : 0);

  /** Commands of one body by the keys that are held. */
  W.newHand = function (body) {
    const place = body.feet.map((node) => body.nodes[node]);
    const mean = body.nodes.reduce((sum, node) => sum + node.x, 0) / body.nodes.length;
    const feet = footKeys(place);
    const side = body.muscles.map((m) => Math.sign(body.nodes[m.a].y + body.nodes[m.b].y));
    const commands = new Float32Array(body.feet.length + body.muscles.length);
    return {
      held: new Set(),
      words: feet.filter(Boolean).join(" ").toUpperCase() + ": feet; ← → bend; ↑ ↓ stretch, contract",
      commands() {
        const { held } = this;
        place.forEach(function ({ x }, f) {
          const half = held.has(x > mean ? "1" : "2");
          commands[f] = half || (feet[f] && held.has(feet[f])) ? 1 : -1;
        });
        side.forEach(function (left, m) {
          const own = PAIRS[m] ? pull(PAIRS[m], held) : 0;
          const whole = own + pull(["arrowdown", "arrowup"], held) + left * pull(["arrowleft", "arrowright"], held);
          commands[feet.length + m] = W.clamp(whole, -1, 1);
        });
        return commands;
      },
    };
  };
})(window.WALKER);
