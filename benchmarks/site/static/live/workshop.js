// Where a population learns (`evolve/evolver.js`): in a worker where the page comes from a server, and
// between two pictures where it was opened from a file, from which no worker may be started.
(function (W) {
  "use strict";

  const HERE = document.currentScript.src;

  /**
   * A workshop; `hear(news)` gets whatever its evolver tells. `tell(message)` is heard by the evolver,
   * `work(milliseconds)` lets it work if it has no worker of its own, which `apart` tells once it is
   * known.
   */
  W.newWorkshop = function (hear) {
    const workshop = { apart: false };
    let evolver = null, worker = null, waiting = [];

    function stay() {
      worker = null;
      evolver = W.newEvolver(hear);
      waiting.forEach(evolver.hear);
      waiting = [];
    }

    function part() {
      worker = new Worker(new URL("worker.js", HERE));
      worker.onmessage = function ({ data }) {
        if (data.what === "ready") workshop.apart = true;
        else hear(data);
      };
      worker.onerror = function (event) {
        event.preventDefault();
        if (workshop.apart) hear({ what: "failed", message: event.message });
        else if (worker) stay(); // it did not come up
      };
      const ours = Array.from(document.scripts, ({ src }) => src);
      worker.postMessage({ scripts: ours.filter((src) => /\/static\/(engine|evolve)\//.test(src)) });
    }

    workshop.tell = function (message) {
      if (evolver) evolver.hear(message);
      else worker.postMessage(message);
      if (!evolver && !workshop.apart) waiting.push(message);
      else waiting = [];
    };
    workshop.work = (milliseconds) => evolver && evolver.work(milliseconds);
    if (/^https?:$/.test(location.protocol) && window.Worker) part();
    else stay();
    return workshop;
  };
})(window.WALKER);
