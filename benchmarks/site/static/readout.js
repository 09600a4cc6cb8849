// What a chart's lines say at a place: for a mouse, a finger, and the arrow keys.
(function (W) {
  "use strict";

  const points = (node) =>
    node.getAttribute("points").trim().split(/\s+/).filter(Boolean).map((p) => p.split(",").map(Number));

  /** The height of a line at a place; null beside its ends. */
  function height(line, x) {
    if (!line.length || x < line[0][0] - 0.5 || x > line[line.length - 1][0] + 0.5) return null;
    let i = 1;
    while (i < line.length - 1 && line[i][0] < x) i++;
    const [ax, ay] = line[Math.max(0, i - 1)], [bx, by] = line[Math.min(i, line.length - 1)];
    const share = bx > ax ? W.clamp((x - ax) / (bx - ax), 0, 1) : 0;
    return ay + share * (by - ay);
  }

  function seriesOf(svg) {
    const bands = new Map();
    for (const band of svg.querySelectorAll("polygon[data-label]")) {
      const all = points(band), half = all.length / 2;
      bands.set(band.dataset.label, [all.slice(0, half), all.slice(half).reverse()]);
    }
    return Array.from(svg.querySelectorAll("polyline[data-label]"), (line) => ({
      label: line.dataset.label, line: points(line), band: bands.get(line.dataset.label),
      look: line.getAttribute("class"), shown: () => !line.classList.contains("faint"),
    }));
  }

  /** Let a chart tell its values. */
  W.readout = function (svg) {
    const [place, rise] = JSON.parse(svg.dataset.plot).map(W.axis);
    const series = seriesOf(svg);
    const rule = W.svg("line", { class: "rule", y1: rise.end, y2: rise.begin, visibility: "hidden" });
    const box = W.make("div", { class: "readout", role: "status", hidden: true });
    svg.append(rule);
    svg.parentElement.classList.add("told");
    svg.parentElement.append(box);
    let at = null;

    const value = (y) => (y === null ? null : rise.at(y));

    function rows(x) {
      return series.filter((one) => one.shown())
        .map((one) => ({ ...one, value: value(height(one.line, x)),
          ends: one.band ? one.band.map((edge) => value(height(edge, x))) : null }))
        .filter((one) => one.value !== null)
        .sort((a, b) => b.value - a.value);
    }

    function show(x) {
      at = W.clamp(x, Math.min(place.begin, place.end), Math.max(place.begin, place.end));
      const found = rows(at);
      rule.setAttribute("x1", at);
      rule.setAttribute("x2", at);
      rule.setAttribute("visibility", "visible");
      const list = found.map((one) => W.make("li", {}, W.swatch(one.look),
        one.label + " ", W.make("strong", {}, W.figure(one.value)),
        one.ends && one.ends[0] !== null ? " " + W.interval(...one.ends) : ""));
      const here = Number(place.at(at).toPrecision(3)).toLocaleString("en");
      box.replaceChildren(W.make("p", {}, "at " + here), W.make("ul", {}, ...list));
      box.hidden = false;
      const share = (at - place.begin) / (place.end - place.begin);
      box.classList.toggle("left", share > 0.5);
    }

    function hide() {
      box.hidden = true;
      rule.setAttribute("visibility", "hidden");
    }

    function pointed(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      show(point.x);
    }
    svg.addEventListener("pointermove", pointed);
    svg.addEventListener("pointerdown", pointed);
    svg.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") hide();
    });
    svg.addEventListener("focus", () => {
      if (svg.matches(":focus-visible")) show(at === null ? (place.begin + place.end) / 2 : at);
    });
    svg.addEventListener("blur", hide);
    svg.addEventListener("keydown", (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.key === "Escape") hide();
      if (!way) return;
      event.preventDefault();
      show((at === null ? place.begin : at) + way * (place.end - place.begin) / 40);
    });
  };

  document.addEventListener("DOMContentLoaded", () =>
    document.querySelectorAll("svg[data-plot]").forEach(W.readout));
})(window.WALKER);
