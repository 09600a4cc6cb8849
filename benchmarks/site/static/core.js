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
