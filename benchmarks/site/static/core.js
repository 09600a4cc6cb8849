// The one global name, and small helpers for the document. Text always goes in as text.
window.WALKER = window.WALKER || {};
(function (W) {
  "use strict";

  W.byId = (id) => document.getElementById(id);

  /** An element with attributes, listeners (onclick: function) and children (nodes or text). */
  W.make = function (tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children);
    return node;
  };

  /** A canvas's context in CSS pixels, cleared, as sharp as the screen; and its width and height. */
  W.sharp = function (canvas) {
    const box = canvas.getBoundingClientRect(), density = Math.min(window.devicePixelRatio || 1, 2);
    const width = Math.round(box.width * density), height = Math.round(box.height * density);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, box.width, box.height);
    return { context, width: box.width, height: box.height };
  };

  W.clamp = (x, low, high) => Math.min(high, Math.max(low, x));
  W.mix = (a, b, share) => a + (b - a) * share;

  /** Settings that survive where the browser lets them. */
  W.remember = function (key, value) {
    try {
      if (value === undefined) return window.localStorage.getItem("walker-" + key);
      window.localStorage.setItem("walker-" + key, value);
    } catch (error) {
      return null; // storage is off: nothing to remember
    }
    return value;
  };

  W.calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  const dusk = window.matchMedia("(prefers-color-scheme: dark)");
  const watchers = [];
  W.isDark = function () {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : dusk.matches;
  };
  W.onTheme = (watcher) => watchers.push(watcher);
  const announce = () => watchers.forEach((watcher) => watcher(W.isDark()));
  dusk.addEventListener("change", announce);

  const kept = W.remember("theme");
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;

  /** The button that switches between light and dark. */
  function themeButton() {
    const button = W.byId("theme");
    if (!button) return;
    const name = () => {
      const text = W.isDark() ? "Switch to light colours" : "Switch to dark colours";
      button.setAttribute("aria-label", text);
      button.title = text;
    };
    button.addEventListener("click", () => {
      const next = W.isDark() ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      W.remember("theme", next);
      announce();
    });
    W.onTheme(name);
    name();
  }
  document.addEventListener("DOMContentLoaded", themeButton);
})(window.WALKER);
