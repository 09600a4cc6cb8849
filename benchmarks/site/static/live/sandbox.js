// The sandbox: champions on live sand, and what the visitor does to them.
(function (W) {
  "use strict";

  const MODES = ["play", "evolve", "draw"], SEED = 1;
  const MOST = 8; // walkers at once

  async function begin() {
    const site = await W.load("site");
    const stage = W.newStage(W.byId("stage"), site.rate);
    const sandbox = newSandbox(site, stage);
    W.connectPanel(sandbox);
    await sandbox.open(location.hash);
    W.sandbox = sandbox;
    window.addEventListener("hashchange", () => {
      if (location.hash !== sandbox.written) sandbox.open(location.hash);
    });
  }

  function newSandbox(site, stage) {
    const sandbox = {
      site, stage, scene: null, champions: [], course: "click", written: "", mode: "play", most: MOST,
      memory: W.newMemory(site.rate),
    };
    const cards = W.newCards(W.byId("cards"), (lane) => sandbox.follow(lane));
    const mind = W.newMindView();
    const gone = () => (W.byId("hint").dataset.gone = "true");
    sandbox.ground = W.newGround(W.byId("worlds"), W.byId("sliders"), site.worlds, (change) => {
      for (const runner of sandbox.scene.runners) {
        W.changeWorld(runner, { world: change.world, strength: change.strength });
      }
      sandbox.driver.fair = false;
      if (change.name !== "own") sandbox.driver.elsewhere();
      stage.redraw();
    });
    const tiles = W.newCourseTiles(W.byId("courses"), SEED, (name) => sandbox.setCourse(name));
    const score = W.newScoreBox(sandbox);
    sandbox.driver = W.newDriver(sandbox);
    const openPanel = W.newPanels(sandbox);

    function newCourse() {
      if (sandbox.course === "click") return W.newCourse([[180, 60]]);
      const found = W.publicCourse(score.suite, sandbox.course);
      return found ? W.newCourse(found.skill.course, found.seed) : W.newCourse(sandbox.course, SEED);
    }

    function runnerOf(champion, lane) {
      const { ground } = sandbox, { strength, ...world } = ground.values;
      return W.newLiveRunner({
        ...champion, world: { ...site.worlds[ground.name], ...world }, strength,
        colour: W.lanes[lane % W.lanes.length], mind: W.networkMind(champion.network), course: newCourse(),
      });
    }

    /** Put champions on the sand. */
    sandbox.walk = function (champions) {
      sandbox.driver.drop();
      sandbox.put(champions.slice(0, MOST));
    };
    /** The same; `champions` are those to come back to where others stand for them. */
    sandbox.put = function (walking, champions = walking) {
      const scene = W.newLiveScene(walking.map(runnerOf), site.radius, site.rate);
      scene.ahead = 3;
      scene.tags = scene.runners.length > 1;
      scene.zero = stage.time;
      scene.watchers.push(sandbox.memory.note);
      Object.assign(sandbox, { scene, champions });
      if (sandbox.mode === "play") sandbox.show();
    };
    sandbox.show = function () {
      const { scene } = sandbox;
      scene.zero = stage.time - scene.clock;
      cards.show(scene);
      stage.show(scene);
      sandbox.follow(Math.min(scene.followed, scene.runners.length - 1));
      if (!W.calm()) stage.play();
    };
    sandbox.follow = function (lane) {
      stage.follow(lane);
      mind.follow(sandbox.scene.runners[lane]);
      score.refresh();
    };
    sandbox.restart = function () {
      const { scene } = sandbox;
      scene.runners.forEach((runner) => W.restart(runner, newCourse()));
      scene.clock = 0;
      scene.zero = stage.time;
      sandbox.driver.rewind();
      stage.camera.fresh = true;
      stage.redraw();
      if (sandbox.driver.hand) stage.play();
    };
    /** Choose a course by its name; `public` is the suite's first. A promise where the suite must come. */
    sandbox.setCourse = function (name, quiet = false) {
      if (W.isCourse(name)) return take(name, quiet);
      const arrived = score.load().then(({ skills }) =>
        take(name === "public" ? W.publicName(skills[0].name, 1) : name, quiet));
      return quiet ? arrived : arrived.catch((error) => W.say(error.message + ".", 5000));
    };
    function take(name, quiet) {
      const found = W.isCourse(name) ? null : W.publicCourse(score.suite, name);
      if (!W.isCourse(name) && !found) throw new Error("no course is called " + name.slice(0, 40));
      sandbox.course = name;
      tiles.mark(name);
      const world = found ? found.skill.world.name : sandbox.ground.name;
      if (world !== sandbox.ground.name && Object.hasOwn(site.worlds, world)) sandbox.ground.choose(world, quiet);
      if (sandbox.scene) score.show(name);
      if (quiet) return;
      if (sandbox.driver.hand) sandbox.driver.elsewhere();
      else sandbox.restart();
      if (!W.calm()) stage.play();
    }
    sandbox.target = function (x, y) {
      if (sandbox.mode !== "play" || !sandbox.scene) return;
      if (sandbox.course !== "click") sandbox.setCourse("click", true);
      for (const runner of sandbox.scene.runners) W.sendRunner(runner, x, y);
      gone();
      stage.play();
    };
    sandbox.pulled = function () {
      sandbox.driver.fair = false;
      gone();
      stage.play();
    };
    sandbox.pen = () => (sandbox.mode === "draw" ? sandbox.editor : null);
    /** Play, evolve or draw: the panel, and what the stage shows. A promise: a panel's scripts may have to come. */
    sandbox.setMode = async function (mode) {
      turnTo(mode);
      if (mode === "play") {
        sandbox.show();
        return;
      }
      try {
        const panel = await openPanel(mode);
        if (sandbox.mode === mode) panel.show();
      } catch (error) {
        if (sandbox.mode === mode) sandbox.setMode("play");
        throw error;
      }
    };
    function turnTo(mode) {
      sandbox.mode = W.byId("race").dataset.mode = mode;
      for (const name of MODES) {
        const tab = W.byId("tab-" + name);
        tab.setAttribute("aria-selected", String(name === mode));
        tab.tabIndex = name === mode ? 0 : -1;
        W.byId("panel-" + name).hidden = name !== mode;
      }
      stage.camera.mode = W.byId("camera").value;
      stage.camera.factor = 1;
      for (const id of ["hint", "clock", "count", "film", "share", "step", "restart"]) W.byId(id).hidden = mode !== "play";
      for (const id of ["play", "speedbox", "camerabox"]) W.byId(id).hidden = mode === "draw";
      W.byId("pads").hidden = mode !== "play" || !sandbox.driver.hand;
    }
    /** Take a body into the editor. */
    sandbox.draw = async function (body) {
      await sandbox.setMode("draw");
      sandbox.editor.load(body);
    };
    sandbox.stepOnce = function () {
      stage.pause();
      const { scene } = stage;
      stage.time = scene.live ? scene.zero + scene.clock + 1 : Math.floor(stage.time) + 1;
      stage.redraw();
    };

    /** What the address says, or the usual; a sentence where it cannot be. */
    sandbox.open = async function (hash) {
      try {
        await W.readLink(sandbox, new URLSearchParams(hash.replace(/^#/, "")));
        W.say("");
      } catch (error) {
        W.say("This address cannot be shown: " + error.message);
        if (!sandbox.scene) await fallBack();
      }
      score.show(sandbox.course);
      sandbox.written = location.hash;
    };
    async function fallBack() {
      sandbox.ground.choose("standard", true);
      sandbox.setCourse("click", true);
      const first = site.entries.find((entry) => entry.network);
      if (!first) throw new Error("no champion is on this page");
      sandbox.walk([await W.loadChampion(site, first.id)]);
    }

    stage.watchers.push(function () {
      const { scene } = stage;
      W.labelPlay(W.byId("play"), stage.playing);
      if (!scene.live) return;
      write("clock", (scene.clock / site.rate).toFixed(1) + " s");
      cards.update(scene);
      const runner = scene.runners[scene.followed];
      const count = runner.walkers.targetIndex[0];
      write("count", count + (count === 1 ? " target" : " targets"));
      mind.draw(runner);
    });
    return sandbox;
  }

  /** Words that are written only where they are others: each writing costs a layout. */
  function write(id, words) {
    const place = W.byId(id);
    if (place.textContent !== words) place.textContent = words;
  }

  let quiet = 0;
  /** A sentence over the stage, for a while or until the next one. */
  W.say = function (text, milliseconds = 0) {
    W.byId("message").textContent = text;
    clearTimeout(quiet);
    if (milliseconds) quiet = setTimeout(() => W.say(""), milliseconds);
  };

  document.addEventListener("DOMContentLoaded", () => window.beginPage(begin));
})(window.WALKER);
