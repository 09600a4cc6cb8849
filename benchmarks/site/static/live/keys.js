// Keys of the sandbox: they go to the page unless a field needs them.
(function (W) {
  "use strict";

  const OWN = { range: /^(Arrow|Home|End|Page)/, checkbox: /^ $/, radio: /^( |Arrow)/, file: /^( |Enter)$/ };

  /** Whether the element with the focus needs this key. */
  function needs({ target, key }) {
    if (target.closest("textarea, [contenteditable]")) return true;
    if (target.closest("select")) return /^(Arrow|Home|End|Page| |Enter)|^\w$/.test(key);
    const field = target.closest("input");
    if (field) return OWN[field.type] ? OWN[field.type].test(key) : true;
    return key === " " && Boolean(target.closest("button, a, summary"));
  }

  /** What was pressed with a pointer gives the focus back, so that keys go to the walker. */
  function returnFocus(canvas) {
    let pointed = false;
    const back = (event) => {
      const control = event.target.closest && event.target.closest("button, select, input:is([type=range], [type=checkbox])");
      if (pointed && control && !control.closest("dialog")) canvas.focus({ preventScroll: true });
    };
    document.addEventListener("pointerdown", () => (pointed = true), true);
    document.addEventListener("keydown", () => (pointed = false), true);
    document.addEventListener("click", (event) => event.target.closest("button") && back(event));
    document.addEventListener("change", back);
  }

  /** Connect the keys: `bound` acts by key; while a hand drives, it has all other ones. */
  W.connectKeys = function (sandbox, bound) {
    returnFocus(sandbox.stage.canvas);
    document.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || needs(event)) return;
      const hand = sandbox.mode === "play" && sandbox.driver.hand, act = bound[event.key];
      if (hand && (!act || event.key === "f")) {
        if (event.key === "Tab" || event.key.startsWith("F") && event.key.length > 1) return;
        hand.held.add(event.key.toLowerCase());
        event.preventDefault();
      } else if (act && !(event.repeat && event.key === " ")) {
        event.preventDefault();
        act();
      }
    });
    document.addEventListener("keyup", function (event) {
      const { hand } = sandbox.driver;
      if (hand) hand.held.delete(event.key.toLowerCase());
    });
  };
})(window.WALKER);
