// The race's page: what is shown, who is followed, what the address says.
(function (W) {
  "use strict";

  const LATEST = "walker-race"; // in the session's storage: the moment at which the page was left

  async function begin() {
    let site;
    try {
      site = await W.load("site");
    } catch (error) {
      say("The race cannot be shown: " + error.message + ". Reload the page to try again.");
      return;
    }
    const stage = W.newStage(W.byId("stage"), site.rate), race = newRace(site, stage);
    W.race = race;
    W.connectControls(stage, race);
    W.connectGuests(race);
    await race.open(leftAt(W.readAddress(site, location.hash)));
    window.addEventListener("hashchange", () => {
      if (location.hash !== race.written) race.open(W.readAddress(site, location.hash));
    });
    window.addEventListener("pagehide", race.leave);
  }

  /** The same race at the moment at which this page was left, if it was this one. */
  function leftAt(wish) {
    try {
      const left = JSON.parse(sessionStorage.getItem(LATEST) || "null");
      sessionStorage.removeItem(LATEST);
      return left && left.hash === location.hash ? { ...wish, time: left.time, paused: left.paused } : wish;
    } catch (error) {
      return wish; // storage is off, or holds something else
    }
  }

  function newRace(site, stage) {
    const race = { site, stage, shown: null, written: "", calls: [] };
    const cards = W.newCards(W.byId("cards"), (lane) => race.follow(lane));
    const panel = W.newPanel(() => stage.redraw()), seen = new Map();
    const picker = W.newPicker(site, W.byId("picker"), (chosen) =>
      race.open({ ...race.shown, ...chosen, time: 0, follow: null, paused: false, camera: "auto" }));
    let asked = 0, scene = null, shot = null, last = -1;

    race.picker = picker;
    /** Show what is wished for; it plays unless the wish is paused, is at its end, or motion is unwanted. */
    race.open = async function (wish) {
      const turn = ++asked;
      say("Walking the race …");
      let found;
      try {
        found = await W.loadScene(site, wish.course, wish.entries, {
          lined: true, told: (done, all) => turn === asked && say(`Walking the race: ${done} of ${all} …`),
        });
      } catch (error) {
        say("A walk could not be loaded: " + error.message + ". Choose other walkers, or reload the page.");
        return;
      }
      if (turn !== asked) return; // something else was chosen meanwhile
      say("");
      scene = found;
      race.shown = { ...wish };
      race.calls = W.callsOf(scene.runners, scene.steps, site.rate);
      scene.followed = Math.max(0, scene.runners.findIndex((r) => r.id === wish.follow));
      stage.time = wish.time * site.rate;
      const atStart = stage.time === 0 && !wish.paused && !W.calm();
      if (atStart) stage.time = scene.first;
      shot = null;
      last = -1;
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
      else stage.play();
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
      race.keep();
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
    race.say = say;

    const moment = () => ({
      time: stage.seconds(), camera: stage.camera.mode, speed: stage.speed, paused: !stage.playing,
    });
    /** Keep the address in step with what was chosen, without filling the history. */
    race.keep = function () {
      if (!race.shown) return;
      const { follow, ...shown } = Object.assign(race.shown, moment());
      race.written = W.writeAddress({ ...shown, follow: shown.camera === "auto" ? null : follow });
      if (race.written !== location.hash) history.replaceState(null, "", race.written);
    };
    /** Remember the moment for a reload: while it plays the address does not run along. */
    race.leave = function () {
      if (!race.shown) return;
      const { time, paused } = moment();
      try {
        sessionStorage.setItem(LATEST, JSON.stringify({ hash: location.hash, time: Math.max(0, time), paused }));
      } catch (error) {
        return; // storage is off: nothing to remember
      }
    };
    race.share = async function () {
      race.keep();
      try {
        await navigator.clipboard.writeText(location.href.split("#")[0] + race.written);
        say("The link to this moment is in the clipboard.", 2500);
      } catch (error) {
        say("The address bar holds the link to this moment.", 4000); // no clipboard here
      }
    };

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
      tell(stage, scene, ranking, W.callAt(race.calls, stage.time, site.rate, stage.speed));
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

  let quiet = 0;
  function say(text, milliseconds = 0) {
    W.byId("message").textContent = text;
    clearTimeout(quiet);
    if (milliseconds) quiet = setTimeout(() => say(""), milliseconds);
  }

  function write(id, text) {
    const node = W.byId(id);
    if (node.textContent !== text) node.textContent = text;
  }

  /** Clock, slider, map, countdown, what is called out, and the finish. */
  function tell(stage, scene, ranking, call) {
    const seconds = Math.max(0, stage.seconds());
    write("clock", seconds.toFixed(1) + " s");
    const slider = W.byId("time");
    slider.value = String(Math.round(stage.time));
    slider.setAttribute("aria-valuetext",
      seconds.toFixed(1) + " of " + (scene.steps / stage.rate).toFixed(0) + " seconds");
    W.labelPlay(W.byId("play"), stage.playing);
    const map = W.byId("map");
    map.hidden = stage.camera.mode === "course";
    if (!map.hidden) W.drawMap(map.getContext("2d"), scene, map.width);
    const counting = stage.playing || stage.time < 0 ? W.countAt(stage.time, stage.rate) : "";
    write("countdown", counting);
    W.byId("startnote").hidden = stage.time >= 0 || scene.runners.length < 2;
    const over = stage.time >= scene.steps, finish = W.byId("finish");
    W.byId("call").hidden = !call || over;
    if (call) {
      write("calltext", call.text);
      W.byId("calldot").style.backgroundColor = W.css(call.runner.colour);
    }
    if (over && finish.hidden) W.showFinish(scene, ranking, scene.steps / stage.rate);
    else if (!over) finish.hidden = true;
  }

  document.addEventListener("DOMContentLoaded", begin);
})(window.WALKER);
