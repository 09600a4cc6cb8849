// All algorithms of a condition at a limit: a table that sorts, and where their order turns round.
(function (W) {
  "use strict";

  const NONE = "–";

  function place(one) {
    if (!one.ranks) return NONE;
    return one.ranks[0] === one.ranks[1] ? String(one.ranks[0]) : one.ranks.join("–");
  }

  function ties(found, name) {
    return found.pairs.filter((p) => p.sure === false && (p.one === name || p.other === name))
      .map((p) => (p.one === name ? p.other : p.one));
  }

  function bar(one, top) {
    const x = (v) => 4 + 212 * W.clamp(v / top, 0, 1);
    const parts = [W.svg("line", { x1: 4, x2: 216, y1: 9, y2: 9, class: "rail" })];
    if (one.score !== null) {
      const look = one.look;
      parts.push(W.svg("rect", { x: x(one.low), y: 4, width: Math.max(1, x(one.high) - x(one.low)), height: 10, rx: 1, class: "own " + look }),
        W.svg("rect", { x: x(one.score) - 1.5, y: 1.5, width: 3, height: 15, class: "dot" }));
      if (one.low < 0) parts.push(W.svg("path", { d: "M8 4l-7 5 7 5z", class: "beyond" }));
    }
    return W.svg("svg", { viewBox: "0 0 220 18", preserveAspectRatio: "none", class: "interval", "aria-hidden": "true" }, ...parts);
  }

  const cell = (value, text, kind = "number") =>
    W.make("td", { class: kind, "data-key": value === null || value === undefined ? "" : value }, text);

  function figures(one) {
    if (one.score === null) return NONE;
    return W.figure(one.score) + " " + W.interval(one.low, one.high);
  }

  function reason(one) {
    if (one.short) return "runs end before";
    return one.runs + " of " + one.planned + (one.ended && !one.runs ? ", " + one.ended + " ended before" : "");
  }

  /** Levels that are the same in all conditions; others stand in the verdict. */
  const plain = (data) => data.reached.filter((level) => !level.share);

  function costCells(one, data) {
    return plain(data).flatMap((level) => ["steps", "seconds"].map((cost) => {
      const own = (level.algorithms[one.algorithm] || {})[cost], scale = cost === "steps" ? 1e-6 : 1;
      return cell(own ? own.median : null, own ? W.cost(own.median === null ? null : own.median * scale) : NONE);
    }));
  }

  function row(one, found, data, top) {
    const look = data.algorithms[one.algorithm].look, equal = ties(found, one.algorithm);
    const name = W.make("th", { scope: "row", class: "name" }, W.swatch(look), one.algorithm,
      W.make("small", {}, one.family));
    return W.make("tr", {},
      cell(one.rank, W.make("span", { title: equal.length ? "not told apart from " + equal.join(", ") : null },
        place(one), equal.length ? W.make("small", {}, " = " + equal.join(", ")) : ""), "number rank"),
      name,
      cell(one.score, figures(one), "number strong"),
      W.make("td", { class: "drawn" }, bar({ ...one, look }, top)),
      ...costCells(one, data),
      cell(one.steps, one.steps === null ? NONE : W.cost(one.steps * 1e-6)),
      cell(one.seconds, one.seconds === null ? NONE : W.cost(one.seconds)),
      cell(one.runs / one.planned, reason(one), "number runs"));
  }

  function heads(data) {
    const levels = plain(data).flatMap((level) => [
      [W.levelWords(level) + " [million steps]", "cost", "ascending"], [W.levelWords(level) + " [s]", "time", "ascending"]]);
    return [["#", "place", "ascending"], ["algorithm", "family", "ascending", "name"],
      ["targets in 100 s", "targets", "descending"], ["", null, null, "drawn"],
      ...levels, ["million steps spent", "steps", "ascending"], ["seconds spent", "time", "ascending"], ["runs", null, "descending"]];
  }

  function head([title, term, first, kind]) {
    if (!first) return W.make("th", { scope: "col", class: kind }, W.make("span", { class: "hidden" }, "95 % interval"));
    const sorted = title === "targets in 100 s" ? "descending" : null;
    return W.make("th", { scope: "col", class: kind || "number", "data-first": first, "aria-sort": sorted },
      W.make("button", { type: "button" }, title), term ? W.what(term) : "");
  }

  /** The table of a limit, best figure first. */
  W.standing = function (data, limit) {
    const found = data.limits[limit];
    const listed = found.algorithms.slice().sort((a, b) => (b.score === null ? -1 : b.score) - (a.score === null ? -1 : a.score));
    const top = Math.max(1, ...listed.map((one) => one.high || 0));
    const table = W.make("table", { class: "sortable standing" },
      W.make("thead", {}, W.make("tr", {}, ...heads(data).map(head))),
      W.make("tbody", {}, ...listed.map((one) => row(one, found, data, top))));
    W.sortable(table);
    return W.make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "All algorithms" }, table);
  };

  const WORDS = { steps: [1e-6, "million control steps"], seconds: [1, "s of processor time"] };

  function told(crossing, cost) {
    const [scale, unit] = WORDS[cost];
    return W.make("li", {}, W.make("strong", {}, crossing.ahead), " overtakes ", W.make("strong", {}, crossing.before),
      " between " + W.cost(crossing.start * scale) + " and " + W.cost(crossing.end * scale) + " " + unit);
  }

  const asked = (one, other, a, b, family) => (W.isFamily(one)
    ? family(a) !== family(b) : (a === one && b === other) || (a === other && b === one));

  /** Where the order turns round, of what was chosen and of the rest. */
  W.crossings = function (data, { one, other, cost }) {
    const family = (name) => data.algorithms[name].family;
    const all = data.crossings[cost], own = all.filter((c) => asked(one, other, c.before, c.ahead, family));
    const rest = all.filter((c) => !own.includes(c));
    const whole = Object.entries(data.algorithms).filter(([, about]) => about.runs === about.planned).map(([name]) => name);
    const names = W.isFamily(one) ? null : [one, other].filter((name) => !whole.includes(name));
    const nodes = [];
    if (own.length) nodes.push(W.make("ul", { class: "plain" }, ...own.map((c) => told(c, cost))));
    else if (names && names.length) nodes.push(W.make("p", {}, "Told of algorithms that have all their runs; " + names.join(" and ") + " " + (names.length > 1 ? "lack" : "lacks") + " some."));
    else if (whole.length < 2) nodes.push(W.make("p", {}, "Told of algorithms that have all their runs: there are not two yet."));
    else nodes.push(W.make("p", {}, "Their order surely turns round nowhere" + (W.isFamily(one) ? ", of any pair across the families that has all its runs." : ".")));
    if (rest.length) {
      nodes.push(W.make("details", {}, W.make("summary", {}, rest.length + " of other pairs"),
        W.make("ul", { class: "plain" }, ...rest.map((c) => told(c, cost)))));
    }
    return nodes;
  };
})(window.WALKER);
