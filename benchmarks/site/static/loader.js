// Data files are scripts that call WALKER.receive: they load from the file system too.
(function (W) {
  "use strict";

  const arrived = new Map();
  const waiting = new Map();
  const root = document.documentElement.dataset.root || "";

  W.receive = (name, data) => arrived.set(name, data);

  /** A promise of the data in `data/NAME.js`; each file is asked for once. */
  W.load = (name) => once("data/" + name + ".js", () => arrived.get(name));

  /** A promise: scripts that few visitors need, each `static/NAME.js`, are here, run in this order. */
  W.need = (...names) => Promise.all(names.map((name) => "static/" + name + ".js")
    .map((path) => isHere(path) || once(path, () => true)));

  /** Whether the page's HTML has a script; those that are asked for later are in `waiting`. */
  function isHere(path) {
    const { href } = new URL(root + path, document.baseURI);
    return !waiting.has(path) && Array.from(document.scripts).some(({ src }) => src === href);
  }

  /** A promise of what a script leaves behind, `found()`; it is asked for again only where it failed. */
  function once(path, found) {
    if (!waiting.has(path)) waiting.set(path, fetchScript(path, found));
    return waiting.get(path);
  }

  function fetchScript(path, found) {
    return new Promise((resolve, reject) => {
      const fail = () => {
        waiting.delete(path);
        script.remove();
        reject(new Error(path + " did not load"));
      };
      const script = document.createElement("script");
      script.src = root + path;
      script.async = path.startsWith("data/"); // other scripts run in their order
      script.onload = () => (found() === undefined ? fail() : resolve(found()));
      script.onerror = fail;
      document.head.append(script);
    });
  }
})(window.WALKER);
