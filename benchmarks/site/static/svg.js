// Drawings as elements, and numbers as words.
(function (W) {
  "use strict";

  /** An element of a drawing with attributes and children. */
  W.svg = function (tag, attributes = {}, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  /** The piece of line that stands for an algorithm. */
  W.swatch = (look) => W.svg("svg", { viewBox: "0 0 34 10", "aria-hidden": "true", class: "swatch" },
    W.svg("line", { x1: 1, y1: 5, x2: 33, y2: 5, class: "line " + look }));

  /** A number for people, with a proper minus; `signed`: with a plus as well. */
  W.figure = function (value, digits = 1, signed = false) {
    const text = Math.abs(value).toFixed(digits);
    const sign = value < 0 && Number(text) !== 0 ? "−" : signed ? "+" : "";
    return sign + text;
  };

  /** A cost with two digits that count. */
  W.cost = function (value) {
    if (value === null || value === undefined) return "never";
    return Number(value.toPrecision(2)).toLocaleString("en");
  };

  W.interval = (low, high, digits = 1, signed = false) =>
    "[" + W.figure(low, digits, signed) + ", " + W.figure(high, digits, signed) + "]";

  /** Where values lie between two ends of a picture, as `charts._Axis` in Python; and back. */
  W.axis = function ([begin, end, low, high, log]) {
    const span = log ? Math.log(high / low) : high - low;
    const axis = (value) => begin + (end - begin) * (log ? Math.log(value / low) : value - low) / span;
    axis.at = function (place) {
      const share = (place - begin) / (end - begin);
      return log ? low * Math.exp(share * span) : low + share * span;
    };
    return Object.assign(axis, { begin, end, low, high, log });
  };
})(window.WALKER);
