// What was chosen on a page, in its address: #condition=disc&one=ppo. A plain #anchor holds nothing.
(function (W) {
  "use strict";

  const watchers = [];

  function read() {
    const hash = location.hash.slice(1);
    return new URLSearchParams(hash.includes("=") ? hash : "");
  }

  /** What the address says of a choice; null where it says nothing. */
  W.chosen = (key) => read().get(key);

  /** Write choices into the address; null takes one away. */
  W.choose = function (changes) {
    const now = read();
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) now.delete(key);
      else now.set(key, value);
    }
    const text = now.toString();
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
  };

  /** Be told when somebody has changed the address by hand. */
  W.onChoice = (watcher) => watchers.push(watcher);
  window.addEventListener("hashchange", () => watchers.forEach((watcher) => watcher()));
})(window.WALKER);
