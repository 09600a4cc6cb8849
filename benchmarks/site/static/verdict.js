// Two algorithms, or the two families, at a limit: the difference, its interval, and what it means.
(function (W) {
  "use strict";

  W.FAMILIES = ["gradient", "evolution"];
  W.isFamily = (name) => W.FAMILIES.includes(name);

  /** How a pair differs, the first less the other; null where they were not compared. */
  W.differenceOf = function (data, limit, one, other) {
    const found = data.limits[limit].pairs.find((p) =>
      (p.one === one && p.other === other) || (p.one === other && p.other === one));
    if (!found || found.one === one) return found || null;
    return {
      difference: -found.difference, low: -found.high, high: -found.low, sure: found.sure,
      better: 1 - found.better, better_low: 1 - found.better_high, better_high: 1 - found.better_low,
    };
  };

  const standing = (data, limit, name) =>
    data.limits[limit].algorithms.find((one) => one.algorithm === name);

  const runsOf = (one) => one.runs + " of " + one.planned;
  const strong = (text) => W.make("strong", {}, text);

  /** The interval as a bar around the mark of no difference. */
  function forest({ difference, low, high }, one, other) {
    const most = 1.15 * Math.max(Math.abs(low), Math.abs(high), 1), x = (v) => 200 + 190 * v / most;
    return W.svg("svg", { viewBox: "0 0 400 56", class: "forest", role: "img",
      "aria-label": "Difference " + W.figure(difference, 1, true) + ", interval " + W.interval(low, high, 1, true) },
    W.svg("line", { x1: 10, x2: 390, y1: 22, y2: 22, class: "rail" }),
    W.svg("line", { x1: 200, x2: 200, y1: 4, y2: 40, class: "zero" }),
    W.svg("rect", { x: x(low), y: 14, width: Math.max(2, x(high) - x(low)), height: 16, rx: 2, class: "range" }),
    W.svg("rect", { x: x(difference) - 1.5, y: 9, width: 3, height: 26, class: "dot" }),
    W.svg("text", { x: 10, y: 54 }, "← " + other + " better"),
    W.svg("text", { x: 390, y: 54, "text-anchor": "end" }, one + " better →"));
  }

  function sentence(found, one, other, missing) {
    if (found.sure) return [strong((found.difference > 0 ? one : other) + " is surely better"), W.what("difference"), "."];
    if (found.sure === false) return [strong("A tie"), ": the runs do not tell them apart", W.what("difference"), "."];
    const apart = found.low > 0 || found.high < 0;
    return [strong("Open"), ": " + missing + ". So far 0 lies " + (apart ? "outside" : "inside") + " the interval."];
  }

  function head(found, one, other) {
    const more = found.difference >= 0 ? "more" : "fewer";
    return W.make("p", { class: "headline" }, strong(one), " reaches ",
      W.make("span", { class: "big" }, W.figure(Math.abs(found.difference))), " targets " + more + " than ", strong(other),
      W.make("span", { class: "ends" }, " " + W.figure(found.difference, 1, true) + " " + W.interval(found.low, found.high, 1, true)),
      W.what("interval"));
  }

  function table(names, rows, looks) {
    const cells = (row) => row.slice(1).map((cell) => W.make("td", { class: "number" }, cell));
    return W.make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Both in numbers" },
      W.make("table", { class: "facts2" },
        W.make("thead", {}, W.make("tr", {}, W.make("td"), ...names.map((name, i) =>
          W.make("th", { scope: "col", class: "number" }, looks[i] ? W.swatch(looks[i]) : "", name)))),
        W.make("tbody", {}, ...rows.map((row) =>
          W.make("tr", {}, W.make("th", { scope: "row" }, ...[].concat(row[0])), ...cells(row))))));
  }

  const costWords = (cost, scale) => {
    if (!cost) return "–";
    if (cost.median === null) return "never";
    return W.cost(cost.median * scale) + " [" + [cost.low, cost.high].map((v) => (v === null ? "never" : W.cost(v * scale))).join(", ") + "]";
  };

  W.levelWords = (level) => Number(level.level.toPrecision(3)) + " targets" +
    (level.share ? " (" + Math.round(100 * level.share) + " % of the best)" : "");

  function algorithmRows(data, limit, names) {
    const ones = names.map((name) => standing(data, limit, name));
    const rows = [
      [["targets in 100 s ", W.what("targets")], ...ones.map((o) => (o.score === null ? "–" : W.figure(o.score) + " " + W.interval(o.low, o.high)))],
      ["runs", ...ones.map(runsOf)],
    ];
    for (const level of data.reached) {
      const own = names.map((name) => level.algorithms[name]);
      rows.push([[W.levelWords(level) + ": million steps ", W.what("cost")], ...own.map((o) => costWords(o && o.steps, 1e-6))]);
      rows.push([[W.levelWords(level) + ": seconds ", W.what("time")], ...own.map((o) => costWords(o && o.seconds, 1))]);
    }
    return rows;
  }

  const about = (data, names) => names.map((name) => W.make("p", { class: "note" }, strong(name), " ",
    W.isFamily(name) ? data.families[name] : data.algorithms[name].words));

  function why(data, limit, names) {
    if (names.length < 2) return "One algorithm alone is trained in this condition.";
    const said = names.map((name) => [name, standing(data, limit, name)])
      .filter(([, one]) => one.runs < 2)
      .map(([name, one]) => name + (one.short ? "'s runs end before this limit" : " has " + runsOf(one) + " runs") +
        (!one.short && one.runs === 0 && one.ended ? ", " + one.ended + " ended before it" : ""));
    return "Not compared: " + said.join("; ") + ". It takes two runs of each.";
  }

  /** What is to be read of two algorithms. */
  function ofPair(data, limit, one, other) {
    const found = W.differenceOf(data, limit, one, other), names = Array.from(new Set([one, other]));
    const looks = names.map((name) => data.algorithms[name].look);
    const facts = table(names, algorithmRows(data, limit, names), looks);
    if (!found) return [W.make("p", {}, why(data, limit, names)), facts, ...about(data, names)];
    const missing = names.map((name) => name + " has " + runsOf(standing(data, limit, name)) + " runs").join(", ");
    const chance = [found.better, found.better_low, found.better_high].map((x) => Math.round(100 * x));
    return [head(found, one, other), forest(found, one, other),
      W.make("p", {}, ...sentence(found, one, other, missing), " On a course a run of " + one + " does better than a run of " +
        other + " with a chance of " + chance[0] + " % [" + chance[1] + ", " + chance[2] + "]", W.what("chance"), "."),
      facts, ...about(data, names)];
  }

  function soonest(data, families) {
    const rows = [];
    for (const level of data.reached) {
      for (const [cost, unit, scale] of [["steps", "million steps", 1e-6], ["seconds", "seconds", 1]]) {
        rows.push([[W.levelWords(level) + ": " + unit + ", the soonest ", W.what("cost")], ...families.map((family) => {
          const own = level.soonest[family][cost];
          return own ? W.cost(own.median * scale) + " (" + own.algorithm + ")" : "–";
        })]);
      }
    }
    return rows;
  }

  /** What is to be read of the two families. */
  function ofFamilies(data, limit, one, other) {
    const found = data.limits[limit].family, names = [one, other];
    if (!found) return [W.make("p", {}, "Not compared: one of the families has no algorithm with two runs at this limit."), ...about(data, names)];
    const turn = one === "gradient" ? 1 : -1;
    const apart = { difference: turn * found.difference, low: turn > 0 ? found.low : -found.high,
      high: turn > 0 ? found.high : -found.low, sure: null };
    const scores = turn > 0 ? [found.score, found.other] : [found.other, found.score];
    const across = data.limits[limit].across;
    const sure = apart.low > 0 || apart.high < 0;
    const verdict = found.whole
      ? [strong(sure ? (apart.difference > 0 ? one : other) + " is surely ahead" : "A tie"), " on average", W.what("family"), "."]
      : [strong("Open"), ": runs are missing, and with them some algorithms", W.what("family"), "."];
    return [head(apart, one, other), forest(apart, one, other),
      W.make("p", {}, ...verdict, " Of " + across.pairs + " pairs across the families, gradient is surely better in " +
        across.gradient + ", evolution in " + across.evolution + ", neither in " + across.neither +
        (across.open ? "; " + across.open + " are open for want of runs" : "") + "."),
      table(names, [
        [["mean of their figures ", W.what("family")], ...scores.map((s) => W.figure(s))],
        ["algorithms", ...names.map((name) => found.members[name].join(", "))],
        ...soonest(data, names),
      ], []), ...about(data, names)];
  }

  /** The verdict on a choice, as nodes. */
  W.verdict = (data, { limit, one, other }) =>
    (W.isFamily(one) ? ofFamilies : ofPair)(data, limit, one, other);
})(window.WALKER);
