// The choice of a condition, of two algorithms or the families, and all that follows from it.
(function (W) {
  "use strict";

  const KEYS = ["condition", "one", "other", "limit", "cost", "scale"];
  const COSTS = { seconds: [1, "processor time [s]"], steps: [1e-6, "million control steps"] };
  const FROM = { seconds: 0.1, steps: 2e4 }; // where a logarithmic axis begins at the earliest

  function fill(select, groups, value) {
    select.replaceChildren(...groups.map(([label, options]) => {
      const nodes = options.map(([key, text]) => W.make("option", { value: key }, text));
      return label ? W.make("optgroup", { label }, ...nodes) : nodes;
    }).flat());
    select.value = value;
  }

  /** Algorithms of a family, those with most targets at the limit first. */
  function members(data, limit, family) {
    return data.limits[limit].algorithms.filter((one) => one.family === family)
      .sort((a, b) => (b.score === null ? -1 : b.score) - (a.score === null ? -1 : a.score))
      .map((one) => one.algorithm);
  }

  /** The limit to begin with: the first of the usual ones that tells most algorithms. */
  function usual(data) {
    const names = data.of.map((limit) => limit.name);
    const there = (name) => data.limits[name].algorithms.filter((one) => one.score !== null).length;
    const order = ["seconds-120", "seconds-30", "steps-1000000", "end"].filter((name) => names.includes(name)).concat(names.slice().reverse());
    const most = Math.max(...order.map(there));
    return order.find((name) => there(name) === most);
  }

  /** What was wished for as far as there is such a thing. */
  function whole(data, wish) {
    const limit = data.limits[wish.limit] ? wish.limit : usual(data);
    const known = (name) => W.isFamily(name) || Boolean(data.algorithms[name]);
    let one = known(wish.one) ? wish.one : null, other = known(wish.other) ? wish.other : null;
    const [gradient, evolution] = W.FAMILIES.map((family) => members(data, limit, family));
    one = one || gradient[0] || evolution[0];
    if (W.isFamily(one)) other = W.FAMILIES.find((family) => family !== one);
    else if (!other || W.isFamily(other) || other === one) {
      other = [...evolution, ...gradient].find((name) => name !== one) || one;
    }
    return { ...wish, limit, one, other, cost: COSTS[wish.cost] ? wish.cost : "seconds", scale: wish.scale === "linear" ? "linear" : "log" };
  }

  function linesOf(data, { cost, scale, one, other }, alone) {
    const [unit] = COSTS[cost], log = scale === "log";
    const chosen = alone ? [alone] : W.isFamily(one) ? Object.keys(data.algorithms) : [one, other];
    return Object.entries(data.curves[cost]).map(function ([label, curve]) {
      const shown = curve.cost.map((spent, i) => i).filter((i) => !log || curve.cost[i] >= FROM[cost]);
      const take = (values, by = 1) => shown.map((i) => by * values[i]);
      return { label, look: data.algorithms[label].look, faint: !chosen.includes(label),
        x: take(curve.cost, unit), y: take(curve.score), low: take(curve.low), high: take(curve.high) };
    }).filter((line) => line.x.length > 0);
  }

  function legend(data, state, alone, toggle) {
    const there = data.curves[state.cost];
    return W.FAMILIES.map((family) => {
      const names = Object.keys(there).filter((name) => data.algorithms[name].family === family);
      return names.length ? W.make("li", {}, W.make("strong", {}, family + " "), ...names.map((name) =>
        W.make("button", { type: "button", "aria-pressed": String(alone === name), onclick: () => toggle(name) },
          W.swatch(data.algorithms[name].look), name))) : null;
    }).filter(Boolean);
  }

  function downloads(key, option) {
    const base = "data/study/" + key;
    const link = (end, words) => W.make("a", { href: base + end, download: "" }, words);
    const place = option.dataset.suite === "walker-suite-1" ? "benchmarks/runs/" : "benchmarks/records/" + key + "/";
    return ["Download ", link(".csv", "CSV"), " (a line for each run and limit), ", link(".json", "JSON"),
      " (all figures, in full), ", link("-records.zip", "the records"), " of " + option.dataset.of +
      " they are made from, in the repository ", W.make("code", {}, place), "."];
  }

  /** Pairs as objects, once; they come as rows. */
  function unpacked(data) {
    for (const limit of Object.values(data.limits)) {
      limit.pairs = limit.pairs.map((row) => (Array.isArray(row)
        ? Object.fromEntries(row.map((value, i) => [data.pair[i], value])) : row));
    }
    return data;
  }

  function begin() {
    const root = W.byId("compare");
    if (!root) return;
    const at = Object.fromEntries(KEYS.map((key) => [key, W.byId(key)]));
    let state = {}, data = null, turn = 0, alone = null;

    function drawCurves() {
      const [, across] = COSTS[state.cost], lines = linesOf(data, state, alone);
      const figure = W.make("figure");
      const svg = W.plot(lines, { title: "Learning curves", across, up: "targets in 100 s", log: state.scale === "log" });
      figure.append(svg);
      W.byId("curves").replaceChildren(figure);
      W.readout(svg);
      W.byId("curvelegend").replaceChildren(...legend(data, state, alone, (name) => {
        alone = alone === name ? null : name;
        drawCurves();
      }));
    }

    function show() {
      const option = at.condition.selectedOptions[0];
      const title = data.of.find((limit) => limit.name === state.limit).title;
      const both = W.FAMILIES.map((family) => [family, members(data, state.limit, family).map((name) => [name, name])]);
      const families = ["Families", W.FAMILIES.map((family) => [family, family + " (all)"])];
      fill(at.limit, [[null, data.of.map((limit) => [limit.name, limit.title])]], state.limit);
      fill(at.one, [families, ...both], state.one);
      const rest = both.map(([family, names]) => [family, names.filter(([name]) => name !== state.one)]);
      fill(at.other, W.isFamily(state.one) ? [[null, [[state.other, state.other + " (all)"]]]] : rest, state.other);
      at.cost.value = state.cost;
      at.scale.value = state.scale;
      W.byId("verdict").replaceChildren(W.make("p", { class: "sub" }, data.suite + ", " + state.condition + ", " + title + "; " + option.dataset.of), ...W.verdict(data, state));
      W.byId("standingtitle").textContent = "All of them, " + title;
      W.byId("standing").replaceChildren(W.standing(data, state.limit));
      W.byId("crossings").replaceChildren(...W.crossings(data, state));
      W.byId("downloads").replaceChildren(...downloads(state.condition, option));
      drawCurves();
    }

    async function open(wish, write) {
      const mine = ++turn;
      at.condition.value = wish.condition;
      let found;
      try {
        found = await W.load("study/" + wish.condition);
      } catch (error) {
        W.byId("verdict").textContent = "The runs of " + wish.condition + " could not be loaded: " + error.message + ".";
        return;
      }
      if (mine !== turn) return;
      if (found !== data) alone = null;
      data = unpacked(found);
      state = whole(data, wish);
      if (write) W.choose(state);
      show();
    }

    function wished() {
      const wish = Object.fromEntries(KEYS.map((key) => [key, W.chosen(key)]));
      const known = Array.from(at.condition.options).some((o) => o.value === wish.condition && !o.disabled);
      return { ...wish, condition: known ? wish.condition : root.dataset.first };
    }

    for (const key of KEYS) {
      at[key].addEventListener("change", () => open({ ...state, [key]: at[key].value }, true));
    }
    W.onChoice(() => open(wished(), false));
    const asked = KEYS.some((key) => W.chosen(key));
    const start = () => open(wished(), false).then(() => asked && root.parentElement.scrollIntoView());
    if (asked) start();
    else {
      const watch = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        start();
      });
      watch.observe(root);
    }
    W.compare = { get state() { return state; }, open };
  }
  document.addEventListener("DOMContentLoaded", begin);
})(window.WALKER);
