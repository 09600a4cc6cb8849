// How fast the engine is here: a page shows it, `node benchmarks/site/static/bench.js` prints it.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const COUNTS = [1, 8, 64, 256]; // walkers
  const SECONDS = 1; // for each
  const SIZES = [12, 16, 6];

  /** Seconds: of the processor where that can be told, so that other programs do not count. */
  function now() {
    if (typeof process !== "object") return performance.now() / 1000;
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }

  const link = ([a, b]) => ({ a, b });
  const QUADRUPED = {
    nodes: [[50, 50], [50, -50], [-50, 50], [-50, -50], [0, 0]].map(([x, y]) => ({ x, y })),
    bones: [[0, 1], [2, 3], [0, 4], [1, 4], [2, 4], [3, 4]].map(link),
    muscles: [[0, 2], [1, 3]].map(link),
    feet: [0, 1, 2, 3], head: [0, 1], across: [0, 1], hub: 4,
  };

  /** Walkers with a network of their own each, none of which has learned anything. */
  function crowd(count) {
    const walkers = W.newWalkers(W.makeModel(QUADRUPED), count), random = W.newRandom(1);
    const networks = Array.from({ length: count }, function (_, i) {
      const network = W.newPerceptron(SIZES);
      W.setWeights(network, Float32Array.from(network.weights, () => 2 * random.random() - 1));
      W.beginWalk(walkers, i, W.newCourse("disc", i));
      return network;
    });
    return function (steps) {
      for (let step = 0; step < steps; step++) {
        for (let i = 0; i < count; i++) W.act(networks[i], walkers, i);
        W.step(walkers);
      }
    };
  }

  /** Control steps a second of `count` walkers together, and how many times real time that is. */
  function measure(count) {
    const walk = crowd(count), batch = Math.ceil(1024 / count);
    walk(10 * batch); // until it is compiled
    let steps = 0, spent = 0;
    const start = now();
    for (; spent < SECONDS; spent = now() - start) {
      walk(batch);
      steps += batch;
    }
    const perSecond = (count * steps) / spent;
    return { count, perSecond, realTime: perSecond / count / 20 };
  }

  /** Measure one number of walkers after the other, with `tell` after each. */
  W.benchEngine = async function (tell) {
    for (const count of COUNTS) {
      tell(measure(count));
      await new Promise((done) => setTimeout(done));
    }
  };

  const whole = (x) => Math.round(x).toLocaleString("en");
  W.benchWords = ({ count, perSecond, realTime }) => [
    String(count), whole(perSecond), `${whole(realTime)} ×`,
  ];
})(globalThis.WALKER);

if (typeof document === "object") {
  document.addEventListener("DOMContentLoaded", async function () {
    const W = globalThis.WALKER, rows = W.byId("speeds");
    await W.benchEngine(function (found) {
      const cell = (words) => W.make("td", { class: "number" }, words);
      rows.append(W.make("tr", {}, ...W.benchWords(found).map(cell)));
    });
    rows.dataset.done = "true";
  });
} else {
  const fs = require("fs"), path = require("path"), vm = require("vm");
  const folder = path.join(__dirname, "engine");
  for (const name of fs.readdirSync(folder)) {
    vm.runInThisContext(fs.readFileSync(path.join(folder, name), "utf8"), name);
  }
  const W = globalThis.WALKER;
  const print = (cells) => console.log(cells.map((words) => words.padStart(16)).join(""));
  print(["walkers", "control steps/s", "real time"]);
  W.benchEngine((found) => print(W.benchWords(found)));
}
