// Learning curves on two axes, as `charts.lines` draws them in Python.
(function (W) {
  "use strict";

  const WIDTH = 720, HEIGHT = 380, LEFT = 48, BOTTOM = 54, HEAD = 26, RIGHT = 14;

  function even(top, count = 5) {
    if (!(top > 0)) return [0];
    const raw = top / count, base = Math.pow(10, Math.floor(Math.log10(raw)));
    const step = [1, 2, 2.5, 5, 10].map((m) => base * m).find((s) => s >= raw * (1 - 1e-9));
    return Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, i) => i * step);
  }

  function powers({ low, high }) {
    const found = [];
    for (let p = Math.ceil(Math.log10(low)); p <= Math.floor(Math.log10(high)); p++) found.push(Math.pow(10, p));
    return found.length > 1 ? found : [low, ...found, high];
  }

  /**
   * A chart of lines `{label, look, x, y, low, high, faint}`; those that are faint lie behind.
   *
   * @param about {title, across, up, log}
   */
  W.plot = function (lines, about) {
    const right = Math.max(...lines.map((line) => line.x[line.x.length - 1]));
    const start = about.log ? Math.min(...lines.map((line) => line.x[0])) : 0;
    const most = Math.max(1, ...lines.flatMap((line) => line.y)); // bands of two runs may go far beyond
    const reach = Math.max(most, ...lines.filter((line) => !line.faint).flatMap((line) => line.high));
    const top = 1.06 * Math.min(reach, 1.4 * most);
    const place = W.axis([LEFT, WIDTH - RIGHT, start, right, about.log && start < right]);
    const rise = W.axis([HEIGHT - BOTTOM, HEAD, 0, top, false]);
    const parts = [];
    for (const tick of even(top)) {
      const y = rise(tick);
      parts.push(W.svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y, class: "grid" }),
        W.svg("text", { x: LEFT - 7, y: y + 4, "text-anchor": "end" }, String(Number(tick.toPrecision(6)))));
    }
    for (const tick of place.log ? powers(place) : even(right)) {
      parts.push(W.svg("text", { x: place(tick), y: HEIGHT - BOTTOM + 21, "text-anchor": "middle" },
        String(Number(tick.toPrecision(3)))));
    }
    parts.push(W.svg("text", { x: WIDTH - RIGHT, y: HEIGHT - 5, "text-anchor": "end" }, about.across),
      W.svg("text", { x: LEFT, y: 16 }, about.up));
    const text = (xs, ys) => xs.map((x, i) =>
      place(x).toFixed(1) + "," + W.clamp(rise(Math.max(ys[i], 0)), 0, HEIGHT).toFixed(1));
    for (const line of lines.slice().sort((a, b) => Boolean(b.faint) - Boolean(a.faint))) {
      const mark = line.look + (line.faint ? " faint" : ""), label = { "data-label": line.label };
      if (!line.faint) {
        const band = text(line.x, line.low).concat(text(line.x, line.high).reverse());
        parts.push(W.svg("polygon", { points: band.join(" "), class: "band " + mark, ...label }));
      }
      parts.push(W.svg("polyline", { points: text(line.x, line.y).join(" "), class: "line " + mark, ...label }));
    }
    const plot = [place, rise].map((a) => [a.begin, a.end, a.low, a.high, a.log]);
    return W.svg("svg", {
      viewBox: "0 0 " + WIDTH + " " + HEIGHT, role: "img", class: "chart lines", tabindex: 0,
      "aria-label": about.title + ": " + about.up + " against " + about.across, "data-plot": JSON.stringify(plot),
    }, ...parts);
  };
})(window.WALKER);
