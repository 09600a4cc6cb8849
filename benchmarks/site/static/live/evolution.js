// Evolve: the panel in which a population learns to walk, and what can be done with what came out.
(function (W) {
  "use strict";

  const SLICE = 11; // milliseconds of a picture that learning takes where it has no worker
  const SHELF = "evolution", VERSION = 2; // where it is kept, and how
  const PATIENCE = 2000; // milliseconds between two times of keeping
  const GLIMPSE = 400; // milliseconds for which the same network is drawn
  const MOST = 8; // in a race

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

  /** "3 nodes, 12 links" of a drawn network: those between its inputs and its commands. */
  function sizeOf({ units, outputs }) {
    const nodes = units.length - outputs.length, links = units.reduce((sum, unit) => sum + unit.from.length, 0);
    return `${nodes} ${nodes === 1 ? "node" : "nodes"}, ${links} ${links === 1 ? "link" : "links"}`;
  }

  /** What came out, as the sandbox walks it. */
  function asChampion({ kind, seed, generation, body, network }) {
    return {
      id: [kind, seed, generation].join("-"), name: "generation " + generation, algorithm: `${kind}, seed ${seed}`,
      body: W.dressed(body), layout: "full", network: W.networkOf(network), drawn: W.drawnNetwork(network, body),
    };
  }

  /** The panel; `sandbox` shows what is to be seen. */
  W.newEvolution = function (sandbox) {
    const { stage, site } = sandbox;
    const evolution = {
      search: null, // {kind, task, settings, seed} and {generation, walked, saved} of what runs
      lineage: W.newLineage(), champions: [], running: false, scene: null, workshop: null,
    };
    const bodies = new Map();
    let run = 0, drawn = null, seen = null;

    function offer(digest, body) {
      if (!bodies.has(digest)) W.byId("evolvebody").append(W.make("option", { value: digest }, body.name));
      bodies.set(digest, body);
    }
    for (const entry of site.entries) offer(entry.body, site.bodies[entry.body]);
    W.picturesFor(W.byId("evolvebody"), sandbox.gallery, (digest) => bodies.get(digest));

    function use(wish, saved = null, lineage = null) {
      evolution.workshop = evolution.workshop || W.newWorkshop(hear);
      const { kind, task } = wish, { digest } = W.storedBody(task.body);
      const { generation, walked } = saved || { generation: 0, walked: 0 };
      Object.assign(evolution, { search: { ...wish, saved, generation, walked }, lineage: W.newLineage(lineage) });
      evolution.scene = W.newCrowd(kind, task.body, site.radius, site.rate);
      offer(digest, task.body);
      W.byId("evolvebody").value = digest;
      W.byId("learner").value = kind;
      const newest = evolution.lineage.newest();
      drawn = newest ? W.drawnNetwork(newest.network, task.body) : null;
      seen = newest ? newest.network.normaliser.mean : null;
      W.byId("grownsize").textContent = "";
      looking = false;
      state = "rest";
      evolution.workshop.tell({ what: "begin", run: ++run, ...wish, saved });
    }

    /** Begin with a body, from nothing. */
    evolution.begin = function (body, seed = (Math.random() * 2 ** 32) >>> 0, kind = W.byId("learner").value) {
      use({ kind, task: { body, world: {}, observation: "full" }, settings: site.learners[kind], seed });
      evolution.running = true;
      show();
    };
    evolution.toggle = function () {
      if (!evolution.search) evolution.begin(bodies.get(W.byId("evolvebody").value));
      else evolution.running = !(evolution.running && stage.playing);
      if (!evolution.running) keep();
      show();
      stage.play();
    };

    let kept = 0, waiting = null;
    /** Keep what has been learned for the next visit. */
    function keep() {
      clearTimeout(waiting);
      waiting = null;
      if (!evolution.search || !evolution.search.saved) return;
      kept = performance.now();
      const { search: { kind, task, settings, seed, saved }, lineage, champions } = evolution;
      const wish = { kind, task, settings, seed };
      W.shelf.put(SHELF, { version: VERSION, wish, saved, lineage: lineage.save(), champions });
    }
    function keepSoon() {
      waiting = waiting || setTimeout(keep, Math.max(0, kept + PATIENCE - performance.now()));
    }
    document.addEventListener("visibilitychange", () => document.hidden && waiting && keep());

    /** Take up what an earlier visit has left, and wait; what another version of the page left stays alone. */
    evolution.resume = async function () {
      const found = await W.shelf.get(SHELF);
      if (!found || found.version !== VERSION || evolution.search) return;
      use(found.wish, found.saved, found.lineage);
      evolution.champions = found.champions;
      show();
    };

    function hear(news) {
      if (news.what === "view") looking = false;
      if (news.run !== undefined && news.run !== run) return; // of a search that is no more
      const { search } = evolution;
      if (news.what === "failed") {
        evolution.search = null;
        evolution.running = false;
        W.say("This cannot evolve: " + news.message);
        show();
      } else if (news.what === "view") {
        evolution.scene.take(news);
        Object.assign(pace, { clock: news.clock, walked: news.walked });
        seen = news.seen || seen;
        if (news.network) drawn = W.drawnNetwork(news.network, search.task.body);
      } else {
        const { generation, walked, saved } = news;
        Object.assign(search, { generation, walked, saved });
        evolution.lineage.add(news);
        keepSoon();
        if (sandbox.mode === "evolve") tell();
      }
    }

    let state = "rest", owed = 0, lastTime = 0, looking = false, glimpsed = 0;
    /** With each picture: let the population walk on, and ask what there is to see. */
    function drive() {
      const { scene, running, workshop } = evolution, haste = W.byId("haste").value, fast = haste === "fast";
      if (!scene) return;
      const shown = stage.scene === scene, on = shown && running && (stage.playing || !fast);
      const wanted = !on ? "rest" : fast ? "all" : "due";
      if (wanted !== state) workshop.tell({ what: "go", steps: wanted === "all" ? Infinity : 0 });
      owed = wanted === "due" && state === "due" ? owed + Number(haste) * (stage.time - lastTime) : 0;
      state = wanted;
      lastTime = stage.time;
      if (owed >= 1) {
        workshop.tell({ what: "go", steps: Math.floor(owed) });
        owed -= Math.floor(owed);
      }
      scene.pace = fast ? Infinity : Number(haste);
      if (state !== "rest") watch();
      if (shown) drawMind();
      label();
    }

    function watch() {
      evolution.workshop.work(SLICE);
      if (looking) return;
      const now = performance.now(), network = now - glimpsed > GLIMPSE;
      if (network) glimpsed = now;
      looking = true;
      evolution.workshop.tell({ what: "look", network });
    }

    function drawMind() {
      const canvas = W.byId("grown");
      if (!canvas.offsetParent) return;
      const { context, width, height } = W.sharp(canvas);
      if (!drawn || !seen) return;
      W.drawActivity(context, drawn, W.activate(drawn, Array.from(seen)), width, height);
      W.byId("grownsize").textContent = sizeOf(drawn);
    }
    stage.watchers.push(drive);

    function tell() {
      const { search, lineage, champions } = evolution, some = lineage.kept.length > 0;
      const scored = lineage.kept.filter((one) => one.score !== null), last = scored[scored.length - 1];
      W.byId("generation").textContent = search ? search.generation.toLocaleString("en") : "0";
      W.byId("walked").textContent = search ? (search.walked / 1e6).toFixed(2) + " M" : "0";
      W.byId("reached").textContent = last ? last.score.toFixed(1) : "0.0";
      const slider = W.byId("shown"), atEnd = slider.value === slider.max;
      slider.max = String(Math.max(0, lineage.kept.length - 1));
      if (atEnd) slider.value = slider.max;
      slider.disabled = lineage.kept.length < 2;
      W.byId("savepolicy").disabled = W.byId("letrace").disabled = W.byId("anew").disabled = !some;
      W.byId("racethem").disabled = champions.length + (some ? 1 : 0) < 2;
      drawCurve(W.byId("curve"), scored);
      told();
    }
    const chosen = () => evolution.lineage.kept[Number(W.byId("shown").value)];
    function told() {
      const { kept: all } = evolution.lineage, one = chosen(), newest = !one || one === all[all.length - 1];
      const score = one && one.score !== null ? ": " + one.score.toFixed(1) : "";
      W.byId("shownout").textContent = newest ? "the newest" : one.generation + score;
    }

    const pace = { at: 0, then: 0, clock: 0, walked: 0 };
    setInterval(function () {
      const now = performance.now();
      if (state === "rest") {
        pace.at = 0;
        return;
      }
      const times = (pace.clock - pace.then) / ((now - pace.at) / 1000) / site.rate;
      W.byId("pace").textContent = pace.at && times >= 0 ? times.toFixed(times < 10 ? 1 : 0) + "×" : "–";
      W.byId("walked").textContent = (pace.walked / 1e6).toFixed(2) + " M";
      Object.assign(pace, { at: now, then: pace.clock });
    }, 1000);

    function label() {
      const words = !evolution.search ? "Evolve" : evolution.running && stage.playing ? "Pause" : "Go on";
      if (W.byId("evolve").textContent !== words) W.byId("evolve").textContent = words;
    }
    function show() {
      if (evolution.scene && sandbox.mode === "evolve") {
        stage.camera.mode = "all";
        stage.show(evolution.scene);
        stage.play();
      }
      label();
      tell();
    }
    evolution.show = show;

    /** A generation of this search, as data that can be kept. */
    function asData({ generation, network }) {
      const { kind, seed, task } = evolution.search;
      return { kind, seed, generation, body: task.body, network };
    }
    W.byId("evolve").addEventListener("click", evolution.toggle);
    W.byId("shown").addEventListener("input", told);
    W.byId("letrace").addEventListener("click", function () {
      sandbox.walk([asChampion(asData(chosen()))]);
      sandbox.setMode("play");
    });
    /** What this seed has come to joins the race; another one begins with the chosen body. */
    W.byId("anew").addEventListener("click", function () {
      evolution.champions = [...evolution.champions, asData(evolution.lineage.best())].slice(-MOST);
      evolution.begin(bodies.get(W.byId("evolvebody").value));
    });
    W.byId("racethem").addEventListener("click", function () {
      const { champions, lineage } = evolution, own = lineage.kept.length ? [asData(lineage.best())] : [];
      sandbox.setCourse("disc", true);
      sandbox.walk([...champions, ...own].slice(-MOST).map(asChampion));
      sandbox.setMode("play");
    });
    W.byId("savepolicy").addEventListener("click", function () {
      const { kind, settings, seed, task } = evolution.search, { generation, network, walked, score } = chosen();
      const training = {
        algorithm: kind, steps: walked, run_steps: walked, config: { ...settings, seed },
        ...(score === null ? {} : { validation_score: Number(score.toFixed(3)) }),
      };
      const name = "generation-" + generation;
      W.saveFile(name + ".safetensors", W.policyFile(name, network, task, training), "application/octet-stream");
    });
    evolution.resume();
    return evolution;
  };
})(window.WALKER);
