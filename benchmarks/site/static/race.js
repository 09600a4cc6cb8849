// The race's page: what is shown, who is followed, what the address says.
(function (W) {
  "use strict";

  async function begin() {
    const site = await W.load("site");
    const stage = W.newStage(W.byId("stage"), site.rate);
    const race = newRace(site, stage);
    W.connectControls(stage, race);
    await race.open(W.readAddress(site, location.hash), !W.calm());
    window.addEventListener("hashchange", () => {
      if (location.hash !== race.written) race.open(W.readAddress(site, location.hash), false);
    });
    W.race = race;
  }

  function newRace(site, stage) {
    const race = { site, stage, shown: null, written: "" };
    const cards = W.newCards(W.byId("cards"), (lane) => race.follow(lane));
    const panel = newPanel(site);
    const picker = W.newPicker(site, W.byId("picker"), (chosen) =>
      race.open({ ...race.shown, ...chosen, time: 0, follow: null }, true));
    let asked = 0, drawn = 0;

    race.open = async function (wish, play) {
      const turn = ++asked;
      say("Loading the walks…");
      let scene;
      try {
        scene = await W.loadScene(site, wish.course, wish.entries);
      } catch (error) {
        say("A walk could not be loaded: " + error.message);
        return;
      }
      if (turn !== asked) return; // something else was chosen meanwhile
      say("");
      race.shown = { ...wish };
      scene.followed = Math.max(0, scene.runners.findIndex((r) => r.id === wish.follow));
      stage.time = wish.time * site.rate;
      cards.show(scene);
      stage.show(scene);
      W.byId("course").textContent = scene.course.title;
      W.byId("time").max = scene.steps;
      stage.camera.mode = wish.camera;
      race.setSpeed(wish.speed);
      race.setCamera(wish.camera);
      race.follow(scene.followed);
      if (play) stage.play();
      else stage.pause();
    };

    race.toggle = () => (stage.playing ? stage.pause() : stage.play());
    race.follow = function (lane) {
      stage.follow(lane);
      const runner = stage.scene.runners[lane];
      race.shown.follow = runner.id;
      panel.follow(runner, stage.scene.course.id);
      W.drawTimeline(W.byId("timeline"), stage.scene);
      race.keep();
    };
    race.followPlace = function (place) {
      const entry = stage.scene && W.rankingAt(stage.scene.runners, stage.time)[place];
      if (entry) race.follow(entry.lane);
    };
    race.setSpeed = function (speed) {
      stage.speed = speed;
      W.byId("speed").value = String(speed);
      race.keep();
    };
    race.setCamera = function (mode) {
      stage.camera.mode = mode;
      stage.camera.factor = 1;
      W.byId("camera").value = mode;
      stage.redraw(1200);
      race.keep();
    };
    race.setNetwork = (on) => {
      panel.show(on);
      stage.redraw();
    };
    race.choose = () => picker.open(race.shown);

    /** Keep the address in step, without filling the history. */
    race.keep = function () {
      if (!race.shown) return;
      Object.assign(race.shown, {
        time: stage.seconds(), camera: stage.camera.mode, speed: stage.speed,
      });
      race.written = W.writeAddress(race.shown);
      history.replaceState(null, "", race.written);
    };
    race.share = async function () {
      race.keep();
      const link = location.href.split("#")[0] + race.written;
      try {
        await navigator.clipboard.writeText(link);
        say("The link to this moment is in the clipboard.", 2500);
      } catch (error) {
        say("The address bar holds the link to this moment.", 4000); // no clipboard here
      }
    };

    stage.watchers.push(() => {
      const scene = stage.scene, seconds = stage.seconds();
      const ranking = cards.update(scene);
      show(stage, scene, seconds, ranking);
      panel.draw(scene, stage.time);
      const now = performance.now();
      if (now - drawn > 1500 && stage.playing) {
        drawn = now;
        race.keep();
      }
    });
    const paused = stage.pause;
    stage.pause = () => {
      paused();
      race.keep();
    };
    new ResizeObserver(() => stage.scene && W.drawTimeline(W.byId("timeline"), stage.scene))
      .observe(W.byId("timeline"));
    return race;
  }

  let quiet = 0;
  function say(text, milliseconds = 0) {
    W.byId("message").textContent = text;
    clearTimeout(quiet);
    if (milliseconds) quiet = setTimeout(() => say(""), milliseconds);
  }

  const mapContext = () => W.byId("map").getContext("2d");

  /** Clock, slider, map and the finish. */
  function show(stage, scene, seconds, ranking) {
    W.byId("clock").textContent = seconds.toFixed(1) + " s";
    const slider = W.byId("time");
    slider.value = String(Math.round(stage.time));
    slider.setAttribute("aria-valuetext",
      seconds.toFixed(1) + " of " + (scene.steps / stage.rate).toFixed(0) + " seconds");
    W.labelPlay(W.byId("play"), stage.playing);
    const map = W.byId("map");
    map.hidden = stage.camera.mode === "course";
    if (!map.hidden) W.drawMap(mapContext(), scene, map.width);
    const over = stage.time >= scene.steps;
    const finish = W.byId("finish");
    if (over && finish.hidden) {
      const best = ranking[0], count = Math.floor(best.score);
      W.byId("winner").textContent = best.runner.name;
      W.byId("won").textContent = "reached " + count + " targets in " +
        (scene.steps / stage.rate).toFixed(0) + " s";
    }
    finish.hidden = !over;
  }

  /** The panel with the network of the followed walker. */
  function newPanel(site) {
    const box = W.byId("brainbox"), canvas = W.byId("brain"), words = W.byId("brainwords");
    const button = W.byId("network");
    let runner = null, network = null, on = window.innerWidth > 900;

    async function fetchNetwork(wanted) {
      network = null;
      words.textContent = "";
      if (!wanted.network) {
        words.textContent = "No network: " + wanted.rule + ".";
        return;
      }
      const data = await W.load("networks/" + wanted.id).catch(() => null);
      if (runner === wanted && data) network = W.unpackNetwork(data);
    }
    const panel = {
      follow(wanted, course) {
        runner = wanted;
        W.byId("replaylink").href = "data/replays/" + course + "/" + wanted.id + ".npz";
        W.byId("brainname").textContent = wanted.name;
        W.byId("brainlink").href = "entries/" + wanted.id + ".html";
        if (on) fetchNetwork(wanted);
      },
      show(wish) {
        on = wish;
        box.hidden = !on;
        button.setAttribute("aria-pressed", String(on));
        if (on && runner) fetchNetwork(runner);
      },
      draw(scene, time) {
        if (!on || !runner) return;
        const { context, width, height } = W.sharp(canvas);
        if (network) W.drawBrain(context, network, runner, time, width, height);
      },
    };
    panel.show(on);
    return panel;
  }

  document.addEventListener("DOMContentLoaded", begin);
})(window.WALKER);
