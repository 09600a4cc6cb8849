// Data files are scripts that call WALKER.receive: they load from the file system too.
(function (W) {
  "use strict";

  const arrived = new Map();
  const waiting = new Map();
  const root = document.documentElement.dataset.root || "";

  W.receive = (name, data) => arrived.set(name, data);

  /** A promise of the data in `data/NAME.js`; each file is asked for once. */
  W.load = function (name) {
    if (!waiting.has(name)) waiting.set(name, fetchScript(name));
    return waiting.get(name);
  };

  function fetchScript(name) {
    return new Promise((resolve, reject) => {
      const fail = () => {
        waiting.delete(name); // so that it can be tried again
        reject(new Error("data/" + name + ".js did not load"));
      };
      const script = document.createElement("script");
      script.src = root + "data/" + name + ".js";
      script.onload = () => (arrived.has(name) ? resolve(arrived.get(name)) : fail());
      script.onerror = fail;
      document.head.append(script);
    });
  }
})(window.WALKER);
