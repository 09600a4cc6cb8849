// Data files are scripts that call WALKER.receive: they load from the file system too.
(function (W) {
  "use strict";

  const arrived = new Map();
  const waiting = new Map();
  const root = document.documentElement.dataset.root || "";

  W.receive = (name, data) => arrived.set(name, data);

  /** A promise of the data in `data/NAME.js`; each file is asked for once. */
  W.load = (name) => once("data/" + name + ".js", () => arrived.get(name));

  /** A promise: a script that few visitors need, `static/NAME.js`, is here. */
  W.need = (name) => once("static/" + name + ".js", () => true);

  /** A promise of what a script leaves behind, `found()`; it is asked for again only where it failed. */
  function once(path, found) {
    if (!waiting.has(path)) waiting.set(path, fetchScript(path, found));
    return waiting.get(path);
  }

  function fetchScript(path, found) {
    return new Promise((resolve, reject) => {
      const fail = () => {
        waiting.delete(path);
        reject(new Error(path + " did not load"));
      };
      const script = document.createElement("script");
      script.src = root + path;
      script.onload = () => (found() === undefined ? fail() : resolve(found()));
      script.onerror = fail;
      document.head.append(script);
    });
  }
})(window.WALKER);
