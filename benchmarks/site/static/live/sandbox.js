// The sandbox: champions on live sand, what the visitor does to them, and what the address says.
(function (W) {
  "use strict";

  const COURSES = [
    ["click", "where I click"], ["disc", "random"], ["slalom", "slalom"], ["race", "a track"],
    ["sprint", "straight on"],
  ];
  const MOST = 8, MODES = ["play", "evolve", "draw"];

  async function begin() {
    const site = await W.load("site");
    const stage = W.newStage(W.byId("stage"), site.rate);
    const sandbox = newSandbox(site, stage);
    W.sandbox = sandbox;
    await sandbox.open(location.hash);
    sandbox.evolution = W.newEvolution(sandbox);
    sandbox.editor = W.newEditor(sandbox);
    window.addEventListener("hashchange", () => {
      if (location.hash !== sandbox.written) sandbox.open(location.hash);
    });
  }

  function newSandbox(site, stage) {
    const sandbox = { site, stage, scene: null, course: "click", seed: 1, written: "", mode: "play" };
    const cards = W.newCards(W.byId("cards"), (lane) => sandbox.follow(lane));
    const mind = W.newMindView();
    const ground = W.newGround(W.byId("worlds"), W.byId("sliders"), site.worlds, (change) => {
      for (const runner of sandbox.scene.runners) {
        W.changeWorld(runner, { world: change.world, strength: change.strength });
      }
      stage.redraw();
    });
    sandbox.ground = ground;
    let driver = null;

    const newCourse = () => (sandbox.course === "click"
      ? W.newCourse([[180, 60]]) : W.newCourse(sandbox.course, sandbox.seed));

    function settings() {
      const { strength, ...world } = ground.values;
      return { world: { ...site.worlds[ground.name], ...world }, strength };
    }

    function runnerOf(champion, lane) {
      return W.newLiveRunner({
        ...champion, ...settings(), colour: W.lanes[lane % W.lanes.length],
        mind: W.networkMind(champion.network), course: newCourse(),
      });
    }

    /** Put champions on the sand. */
    sandbox.walk = function (champions) {
      setHand(false);
      const scene = W.newLiveScene(champions.slice(0, MOST).map(runnerOf), site.radius, site.rate);
      scene.ahead = 3;
      scene.tags = scene.runners.length > 1;
      scene.zero = stage.time;
      sandbox.scene = scene;
      sandbox.champions = champions;
      if (sandbox.mode === "play") sandbox.show();
    };
    sandbox.show = function () {
      const scene = sandbox.scene;
      scene.zero = stage.time - scene.clock;
      cards.show(scene);
      stage.show(scene);
      sandbox.follow(Math.min(scene.followed, scene.runners.length - 1));
      if (!W.calm()) stage.play();
    };
    sandbox.follow = function (lane) {
      stage.follow(lane);
      mind.follow(sandbox.scene.runners[lane]);
    };
    sandbox.restart = function () {
      const { scene } = sandbox;
      scene.runners.forEach((runner) => W.restart(runner, newCourse()));
      scene.clock = 0;
      scene.zero = stage.time;
      stage.camera.fresh = true;
      stage.redraw();
    };
    sandbox.setCourse = function (name, quiet = false) {
      sandbox.course = name;
      Array.from(W.byId("courses").children).forEach((button) =>
        button.setAttribute("aria-pressed", String(button.dataset.course === name)));
      if (!quiet) sandbox.restart();
    };
    sandbox.target = function (x, y) {
      if (sandbox.mode !== "play" || !sandbox.scene) return;
      if (sandbox.course !== "click") sandbox.setCourse("click", true);
      for (const runner of sandbox.scene.runners) {
        W.sendRunner(runner, x, y);
      }
      W.byId("hint").dataset.gone = "true";
      stage.play();
    };
    sandbox.pulled = () => {
      W.byId("hint").dataset.gone = "true";
      stage.play();
    };
    sandbox.pen = () => (sandbox.mode === "draw" ? sandbox.editor : null);
    /** Play, evolve or draw: the panel, and what the stage shows. */
    sandbox.setMode = function (mode) {
      sandbox.mode = mode;
      for (const name of MODES) {
        W.byId("tab-" + name).setAttribute("aria-selected", String(name === mode));
        W.byId("panel-" + name).hidden = name !== mode;
      }
      stage.camera.mode = W.byId("camera").value;
      stage.camera.factor = 1;
      for (const id of ["hint", "clock", "count"]) W.byId(id).hidden = mode !== "play";
      if (mode === "play") sandbox.show();
      else if (mode === "evolve") sandbox.evolution.show();
      else sandbox.editor.show();
    };
    sandbox.stepOnce = function () {
      stage.pause();
      const { scene } = stage;
      stage.time = scene.live ? scene.zero + scene.clock + 1 : Math.floor(stage.time) + 1;
      stage.redraw();
    };

    function setHand(on) {
      const runner = sandbox.scene && sandbox.scene.runners[sandbox.scene.followed];
      if (driver) driver.runner.mind = driver.mind;
      driver = null;
      if (on && runner) {
        const hand = W.newHand(runner.body);
        driver = { runner, hand, mind: runner.mind };
        runner.mind = W.commandMind(() => hand.commands());
        say(hand.words, 6000);
      }
      W.byId("hand").setAttribute("aria-pressed", String(Boolean(driver)));
    }
    sandbox.setHand = setHand;
    sandbox.drivenBy = () => driver && driver.hand;

    /** What the address says, or the usual; a sentence where it cannot be. */
    sandbox.open = async function (hash) {
      const asked = new URLSearchParams(hash.replace(/^#/, ""));
      const known = site.entries.filter((entry) => entry.network).map((entry) => entry.id);
      const named = (asked.get("walkers") || "").split(",").filter((id) => known.includes(id));
      const chosen = named.length ? named : known.slice(0, 1);
      try {
        const champions = await Promise.all(chosen.slice(0, MOST).map((id) => W.loadChampion(site, id)));
        readGround(asked);
        sandbox.setCourse(COURSES.some(([name]) => name === asked.get("course")) ? asked.get("course") : "click", true);
        sandbox.walk(champions);
        readMoments(asked);
        say("");
      } catch (error) {
        say("This address cannot be shown: " + error.message);
        if (!sandbox.scene) sandbox.walk([await W.loadChampion(site, known[0])]);
      }
      sandbox.written = location.hash;
    };

    function readGround(asked) {
      const name = asked.get("ground");
      ground.choose(Object.hasOwn(site.worlds, name) ? name : "standard", true);
      const told = (asked.get("own") || "").split(",").map(Number);
      if (asked.get("own") === null) return;
      const [grip, damping, strength, delay] = told;
      const good = told.length === 4 && told.every(Number.isFinite) && grip >= 1 && grip <= 1e7 &&
        damping >= 1e-6 && damping <= 1 && strength >= 0.05 && strength <= 4 &&
        Number.isInteger(delay) && delay >= 0 && delay <= 100;
      if (!good) throw new Error("its ground is out of bounds");
      ground.set({ grip_force: grip, damping, strength, sensor_delay: delay });
    }

    function readMoments(asked) {
      const texts = (asked.get("moment") || "").split(",").filter(Boolean);
      if (!texts.length) return;
      const targets = (asked.get("targets") || "").split(";").filter(Boolean)
        .map((pair) => pair.split(",").map(Number));
      if (targets.some((pair) => pair.length !== 2 || !pair.every(Number.isFinite))) {
        throw new Error("its targets are no places");
      }
      texts.slice(0, sandbox.scene.runners.length).forEach(function (text, lane) {
        W.unpackMoment(sandbox.scene.runners[lane], text, targets);
      });
      stage.pause();
      stage.redraw();
    }

    /** The address of this moment. */
    sandbox.address = function () {
      const { scene } = sandbox, { strength, ...world } = ground.values;
      const parts = ["walkers=" + scene.runners.map((r) => r.id).join(","), "course=" + sandbox.course];
      if (ground.name !== "own") parts.push("ground=" + ground.name);
      else parts.push("own=" + [world.grip_force, world.damping, strength, world.sensor_delay].join(","));
      const first = scene.runners[0];
      if (first.course.count) {
        parts.push("targets=" + W.comingTargets(first).map((place) => place.join(",")).join(";"));
      }
      parts.push("moment=" + scene.runners.map(W.packMoment).join(","));
      return "#" + parts.join("&");
    };
    sandbox.share = async function () {
      sandbox.written = sandbox.address();
      history.replaceState(null, "", sandbox.written);
      try {
        await navigator.clipboard.writeText(location.href);
        say("The link to this moment is in the clipboard.", 2500);
      } catch (error) {
        say("The address bar holds the link to this moment.", 4000); // no clipboard here
      }
    };

    stage.watchers.push(function () {
      const { scene } = stage;
      W.labelPlay(W.byId("play"), stage.playing);
      if (!scene.live) return;
      W.byId("clock").textContent = (scene.clock / site.rate).toFixed(1) + " s";
      cards.update(scene);
      const runner = scene.runners[scene.followed];
      const count = runner.walkers.targetIndex[0];
      W.byId("count").textContent = count + (count === 1 ? " target" : " targets");
      mind.draw(runner);
    });
    connect(sandbox);
    return sandbox;
  }

  let quiet = 0;
  function say(text, milliseconds = 0) {
    W.byId("message").textContent = text;
    clearTimeout(quiet);
    if (milliseconds) quiet = setTimeout(() => say(""), milliseconds);
  }
  W.say = say;

  function connect(sandbox) {
    const { stage, site } = sandbox;
    const on = (id, act) => W.byId(id).addEventListener("click", act);
    W.byId("courses").append(...COURSES.map(([name, title]) => W.make("button", {
      type: "button", "data-course": name, "aria-pressed": "false",
      onclick: () => sandbox.setCourse(name),
    }, title)));
    on("play", () => (stage.playing ? stage.pause() : stage.play()));
    on("step", sandbox.stepOnce);
    on("restart", sandbox.restart);
    on("zoomin", () => W.zoomStage(stage, W.ZOOM));
    on("zoomout", () => W.zoomStage(stage, 1 / W.ZOOM));
    on("fullscreen", W.fullScreen);
    on("share", sandbox.share);
    for (const mode of MODES) on("tab-" + mode, () => sandbox.setMode(mode));
    on("hand", () => sandbox.setHand(!sandbox.drivenBy()));
    W.byId("speed").addEventListener("change", (event) => (stage.speed = Number(event.target.value)));
    W.byId("camera").addEventListener("change", function (event) {
      stage.camera.mode = event.target.value;
      stage.camera.factor = 1;
      stage.redraw(1200);
    });
    const picker = W.newPicturePicker(site, W.byId("picker"), MOST, async (ids) => {
      sandbox.walk(await Promise.all(ids.map((id) => W.loadChampion(site, id))));
    });
    on("choose", () => picker.open(sandbox.champions.map((champion) => champion.id)));
    W.connectVerify(W.byId("replay"), W.byId("verified"));
    W.connectFilm(W.byId("film"), stage.canvas, say);
    W.zoomable(stage);
    W.connectPointer(stage, sandbox);
    keys(sandbox);
  }

  function keys(sandbox) {
    const { stage } = sandbox;
    const bound = {
      " ": () => (stage.playing ? stage.pause() : stage.play()),
      ".": sandbox.stepOnce,
      Home: sandbox.restart,
      "+": () => W.zoomStage(stage, W.ZOOM),
      "-": () => W.zoomStage(stage, 1 / W.ZOOM),
      Escape: () => sandbox.setHand(false),
    };
    document.addEventListener("keydown", (event) => {
      if (W.typing(event)) return;
      if (event.key === " " && event.target.closest("button, a, summary")) return;
      const hand = sandbox.drivenBy();
      const act = bound[event.key] || (!hand && event.key === "f" ? W.fullScreen : null);
      if (hand && !bound[event.key]) hand.held.add(event.key.toLowerCase());
      if (hand || act) event.preventDefault();
      if (act) act();
    });
    document.addEventListener("keyup", (event) => {
      const hand = sandbox.drivenBy();
      if (hand) hand.held.delete(event.key.toLowerCase());
    });
  }

  document.addEventListener("DOMContentLoaded", begin);
})(window.WALKER);
