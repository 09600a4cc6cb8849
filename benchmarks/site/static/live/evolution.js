// Evolve: the panel in which a population learns to walk, and what can be done with what came out.
(function (W) {
  "use strict";

  const SLICE = 11; // milliseconds of a picture that learning takes
  const EVERY = 4; // generations between two measurements of the score
  const SHELF = "evolution"; // where it is kept
  const MOST = 8; // in a race
  const COURSES = 4, FIRST_SEED = 1n << 41n; // of a measurement: validation, as in `seeds.py`

  /** Targets in 100 s of a network, mean over a few courses that nothing learns from. */
  function measure(search, network) {
    const seeds = Array.from({ length: COURSES }, (_, i) => FIRST_SEED + BigInt(i));
    const courses = seeds.map((seed) => W.newCourse("disc", seed));
    const walk = W.newEpisodes(search.lanes.model, seeds.map(() => network), courses);
    walk.advance();
    return walk.score.reduce((sum, score) => sum + score, 0) / COURSES;
  }

  function drawCurve(canvas, points) {
    const { context, ...box } = W.sharp(canvas);
    if (!points.length) return;
    const last = points[points.length - 1].generation || 1;
    const most = Math.max(10, ...points.map((point) => point.score));
    const style = getComputedStyle(document.documentElement);
    context.beginPath();
    points.forEach(function ({ generation, score }, i) {
      const x = 6 + ((box.width - 12) * generation) / last, y = box.height - 6 - ((box.height - 22) * score) / most;
      if (i) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
    context.strokeStyle = style.getPropertyValue("--accent");
    context.lineWidth = 2;
    context.stroke();
    context.fillStyle = style.getPropertyValue("--soft");
    context.font = "11px system-ui, sans-serif";
    context.fillText(most.toFixed(0) + " targets", 8, 14);
  }

  /** The panel; `sandbox` shows what is to be seen. */
  W.newEvolution = function (sandbox) {
    const { stage, site } = sandbox;
    const evolution = { champions: [], search: null, kept: [], running: false, scene: null, body: null };
    const bodies = new Map();
    for (const entry of site.entries) bodies.set(entry.body, site.bodies[entry.body]);
    W.byId("evolvebody").append(...Array.from(bodies, ([digest, body]) =>
      W.make("option", { value: digest }, body.name)));

    function use(search, kept) {
      const { body } = search.task;
      Object.assign(evolution, { search, kept, body, watched: 0 });
      evolution.scene = W.newCrowd(search, body, site.radius, site.rate, advance);
    }

    /** Begin with a body, from nothing. */
    evolution.begin = function (body, seed = (Math.random() * 2 ** 32) >>> 0) {
      use(W.newSnes({ body, world: {}, observation: "full" }, site.learners.snes, seed), []);
      evolution.running = true;
      show();
    };
    /** Keep what has been learned for the next visit. */
    function keep() {
      const { search, kept } = evolution, { task, settings, seed } = search;
      const policies = kept.map(({ network, ...told }) => (
        { ...told, flat: network.flat, mean: network.normaliser.mean, std: network.normaliser.std }
      ));
      return W.shelf.put(SHELF, { version: 1, task, settings, seed, saved: search.save(), policies });
    }
    /** Take up what an earlier visit has left, and wait; whatever is no longer fit is left alone. */
    evolution.resume = async function () {
      const found = await W.shelf.get(SHELF);
      if (!found || found.version !== 1 || evolution.search) return;
      try {
        const search = W.newSnes(found.task, found.settings, found.seed, found.saved);
        use(search, found.policies.map(function ({ flat, mean, std, ...told }) {
          const normaliser = W.newNormaliser(mean, std);
          const network = W.newPerceptron(search.sizes, "tanh", "tanh", normaliser);
          W.setWeights(network, flat);
          return { ...told, network: Object.assign(network, { flat }) };
        }));
      } catch (error) {
        evolution.search = null; // of another version of the page
        return;
      }
      show();
    };
    evolution.toggle = function () {
      if (!evolution.search) evolution.begin(bodies.get(W.byId("evolvebody").value));
      else evolution.running = !evolution.running;
      show();
      stage.play();
    };

    function advance(time) {
      const { search } = evolution;
      if (!evolution.running) return;
      const begun = performance.now();
      if (W.byId("haste").value === "watch") {
        const due = Math.min(8, Math.floor(time) - evolution.watched);
        evolution.watched = Math.floor(time);
        if (due > 0 && search.advance(due)) ended();
        return;
      }
      while (performance.now() - begun < SLICE) if (search.advance(4)) ended();
      evolution.watched = Math.floor(time);
    }

    function ended() {
      const { search, kept } = evolution;
      if (search.generation % EVERY !== 1) return;
      const network = search.policy();
      kept.push({ generation: search.generation, network, walked: search.walked, score: measure(search, network) });
      keep();
      tell();
    }

    function tell() {
      const { search, kept } = evolution;
      W.byId("generation").textContent = search ? search.generation.toLocaleString("en") : "0";
      W.byId("walked").textContent = search ? (search.walked / 1e6).toFixed(2) + " M" : "0";
      const newest = kept[kept.length - 1];
      W.byId("reached").textContent = newest ? newest.score.toFixed(1) : "0.0";
      const slider = W.byId("shown"), atEnd = slider.value === slider.max;
      slider.max = String(Math.max(0, kept.length - 1));
      if (atEnd) slider.value = slider.max;
      slider.disabled = kept.length < 2;
      W.byId("savepolicy").disabled = W.byId("letrace").disabled = W.byId("anew").disabled = !newest;
      W.byId("racethem").disabled = evolution.champions.length + (newest ? 1 : 0) < 2;
      drawCurve(W.byId("curve"), kept);
      told();
    }
    function told() {
      const { kept } = evolution, chosen = kept[Number(W.byId("shown").value)];
      const newest = !chosen || chosen === kept[kept.length - 1];
      W.byId("shownout").textContent = newest ? "the newest" : chosen.generation + ": " + chosen.score.toFixed(1);
    }
    let pace = { at: 0, walked: 0 };
    setInterval(function () {
      const { search, running } = evolution, now = performance.now();
      if (!search || !running || sandbox.mode !== "evolve") return;
      const walked = search.walked + (search.present ? search.present.time * search.lanes.width : 0);
      const seconds = (now - pace.at) / 1000, times = (walked - pace.walked) / seconds / 20 / search.lanes.width;
      W.byId("pace").textContent = pace.at && times >= 0 ? times.toFixed(times < 10 ? 1 : 0) + "× real time" : "–";
      pace = { at: now, walked };
      W.byId("generation").textContent = search.generation.toLocaleString("en");
      W.byId("walked").textContent = (walked / 1e6).toFixed(2) + " M";
    }, 1000);

    function show() {
      W.byId("evolve").textContent = !evolution.search ? "Evolve" : evolution.running ? "Pause" : "Go on";
      if (evolution.scene && sandbox.mode === "evolve") {
        stage.camera.mode = "all";
        stage.show(evolution.scene);
        stage.play();
      }
      tell();
    }
    evolution.show = show;

    const best = () => evolution.kept.reduce((one, other) => (other.score > one.score ? other : one));
    const chosen = () => evolution.kept[Number(W.byId("shown").value)];
    function asChampion({ generation, network }) {
      const { search } = evolution;
      return {
        id: "seed-" + search.seed + "-" + generation, name: "generation " + generation,
        algorithm: search.kind + ", seed " + search.seed,
        body: W.dressed(evolution.body), layout: "full", network,
        drawn: W.drawnPerceptron(network, evolution.body),
      };
    }
    W.byId("evolve").addEventListener("click", evolution.toggle);
    W.byId("shown").addEventListener("input", told);
    W.byId("letrace").addEventListener("click", function () {
      sandbox.walk([asChampion(chosen())]);
      sandbox.setMode("play");
    });
    /** What this seed has come to joins the race; another one begins with the chosen body. */
    W.byId("anew").addEventListener("click", function () {
      evolution.champions = [...evolution.champions, asChampion(best())].slice(-MOST);
      evolution.begin(bodies.get(W.byId("evolvebody").value));
    });
    W.byId("racethem").addEventListener("click", function () {
      sandbox.setCourse("disc", true);
      sandbox.walk([...evolution.champions, asChampion(best())].slice(-MOST));
      sandbox.setMode("play");
    });
    W.byId("savepolicy").addEventListener("click", function () {
      const { search } = evolution, { generation, network, walked, score } = chosen();
      const training = {
        algorithm: search.kind, steps: walked, run_steps: walked, validation_score: Number(score.toFixed(3)),
        config: { ...search.settings, seed: search.seed },
      };
      const bytes = W.policyFile("generation-" + generation, network, search.task, training);
      W.saveFile("generation-" + generation + ".safetensors", bytes, "application/octet-stream");
    });
    evolution.resume();
    return evolution;
  };

  /** Hand the visitor a file. */
  W.saveFile = function (name, content, type) {
    const url = URL.createObjectURL(new Blob([content], { type }));
    W.make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
})(window.WALKER);
