// The race's page: what is shown, who is followed, what the address says.
(function (W) {
  "use strict";

  async function begin() {
    let site;
    try {
      site = await W.load("site");
    } catch (error) {
      W.say("The race cannot be shown: " + error.message + ". Reload the page to try again.");
      return;
    }
    const stage = W.newStage(W.byId("stage"), site.rate), race = newRace(site, stage);
    W.race = race;
    W.connectControls(stage, race);
    W.connectGuests(race);
    await race.open(W.leftAt(W.readAddress(site, location.hash)));
    window.addEventListener("hashchange", () => {
      if (location.hash !== race.written) race.open(W.readAddress(site, location.hash));
    });
    window.addEventListener("pagehide", race.leave);
  }

  function newRace(site, stage) {
    const race = { site, stage, shown: null, written: "", calls: [] };
    const cards = W.newCards(W.byId("cards"), (lane) => race.follow(lane));
    const panel = W.newPanel(() => stage.redraw()), seen = new Map();
    const picker = W.newPicker(site, W.byId("picker"), (chosen) =>
      race.open({ ...race.shown, ...chosen, time: 0, follow: null, paused: false, camera: "auto" }));
    let asked = 0, scene = null, shot = null, last = -1;

    race.picker = picker;
    W.keepMoments(race);
    /** Show what is wished for; it plays unless the wish is paused, is at its end, or motion is unwanted. */
    race.open = async function (wish) {
      const turn = ++asked;
      W.say("Walking the race …");
      let found;
      try {
        found = await W.loadScene(site, wish.course, wish.entries, {
          lined: true, told: (done, all) => turn === asked && W.say(`Walking the race: ${done} of ${all} …`),
        });
      } catch (error) {
        W.say("A walk could not be loaded: " + error.message + ". Choose other walkers, or reload the page.");
        return;
      }
      if (turn !== asked) return; // something else was chosen meanwhile
      W.say("");
      scene = found;
      race.shown = { ...wish };
      race.calls = W.callsOf(scene.runners, scene.steps, site.rate);
      scene.followed = Math.max(0, scene.runners.findIndex((r) => r.id === wish.follow));
      stage.time = wish.time * site.rate;
      const atStart = stage.time === 0 && !wish.paused && !W.calm();
      if (atStart) stage.time = scene.first;
      shot = null;
      last = -1;
      W.byId("finish").hidden = true; // it was another race's
      cards.show(scene);
      stage.show(scene);
      W.byId("course").textContent = scene.course.title;
      scene.covered = covered();
      W.byId("time").max = scene.steps;
      stage.speed = wish.speed;
      W.byId("speed").value = String(wish.speed);
      race.setCamera(wish.camera);
      show(scene.followed);
      if (wish.paused || W.calm() || stage.time >= scene.steps) stage.pause();
      else race.play();
    };

    function show(lane) {
      scene.followed = lane;
      race.shown.follow = scene.runners[lane].id;
      panel.follow(scene.runners[lane], scene.course.id);
      stage.redraw(900);
    }
    race.toggle = () => (stage.playing ? stage.pause() : race.play());
    race.play = () => {
      stage.play();
      race.keep();
    };
    race.seek = function (time) {
      stage.seek(time);
      race.keepSoon();
    };
    race.restart = function () {
      stage.seek(-Infinity);
      race.play();
    };
    race.follow = function (lane) {
      if (!scene) return;
      if (stage.camera.mode === "auto") race.setCamera("follow");
      W.recentre(stage.camera);
      show(lane);
      race.keep();
    };
    race.followPlace = function (place) {
      const entry = scene && W.rankingAt(scene.runners, stage.time)[place];
      if (entry) race.follow(entry.lane);
    };
    race.setSpeed = function (speed) {
      stage.speed = speed;
      W.byId("speed").value = String(speed);
      plan();
      race.keep();
    };
    race.setCamera = function (mode) {
      stage.camera.mode = mode;
      W.recentre(stage.camera);
      W.byId("camera").value = mode;
      plan();
      stage.redraw(1200);
      race.keep();
    };
    /** What lies over the stage, so that no name goes under it; in its pixels. */
    function covered() {
      const { left, top } = stage.canvas.getBoundingClientRect();
      return ["map", "clock", "course"].map(W.byId).filter((node) => node.offsetParent).map(function (node) {
        const box = node.getBoundingClientRect();
        return { x: box.left - left + box.width / 2, y: box.top - top + box.height / 2, width: box.width, height: box.height };
      });
    }
    function plan() {
      if (scene) scene.shots = W.planShots(scene.runners, scene.steps, site.rate, stage.speed);
    }
    race.setNetwork = (on) => {
      panel.show(on);
      stage.redraw();
    };
    race.choose = () => picker.open(race.shown || W.readAddress(site, ""));
    race.say = W.say;

    /** The director's cuts, told to the panel and the cards too. */
    function direct() {
      if (stage.camera.mode !== "auto") return;
      const now = W.shotAt(scene.shots, scene.moment);
      if (now === shot) return;
      shot = now;
      if (now.lanes.length < scene.runners.length || scene.runners.length < 3) show(now.lanes[0]);
    }
    /** The timeline, as far as this race has been seen. */
    function glance(force = false) {
      const key = scene.course.id + "/" + scene.runners.map((runner) => runner.id).join();
      const now = Math.max(seen.get(key) || 0, scene.time);
      seen.set(key, now);
      race.seen = now;
      const look = Math.floor(now / 10) + "/" + scene.followed + "/" + key;
      if (look !== last || force) W.drawTimeline(W.byId("timeline"), scene, now);
      last = look;
    }
    stage.watchers.push(() => {
      direct();
      const split = scene.runners.length < 2 ? undefined
        : (runner) => W.splitAt(scene.runners, runner, scene.time, site.rate);
      const ranking = cards.update(scene, split);
      glance();
      W.tellRace(stage, scene, ranking, W.callAt(race.calls, stage.time, site.rate, stage.speed));
      panel.draw(scene.time);
    });
    new ResizeObserver(() => scene && (scene.covered = covered())).observe(stage.canvas);
    const paused = stage.pause;
    stage.pause = () => {
      paused();
      race.keep();
    };
    new ResizeObserver(() => scene && glance(true)).observe(W.byId("timeline"));
    W.onTheme(() => scene && glance(true));
    return race;
  }

  document.addEventListener("DOMContentLoaded", begin);
})(window.WALKER);
