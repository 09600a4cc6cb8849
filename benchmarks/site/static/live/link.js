// What the address says: who walks where, on which ground, at which moment; or a body that was drawn.
(function (W) {
  "use strict";

  const MODES = ["play", "evolve", "draw"];

  function insist(condition, words) {
    if (!condition) throw new Error(words);
  }

  function readGround(sandbox, asked) {
    const { site, ground } = sandbox, name = asked.get("ground") || "standard";
    insist(Object.hasOwn(site.worlds, name), "no ground is called " + name.slice(0, 40));
    ground.choose(name, true);
    if (asked.get("own") === null) return;
    const told = asked.get("own").split(",").map(Number), [grip, damping, strength, delay] = told;
    const good = told.length === 4 && told.every(Number.isFinite) && grip >= 1 && grip <= 1e7 &&
      damping >= 1e-6 && damping <= 1 && strength >= 0.05 && strength <= 4 &&
      Number.isInteger(delay) && delay >= 0 && delay <= 100;
    insist(good, "its ground is out of bounds");
    ground.set({ grip_force: grip, damping, strength, sensor_delay: delay });
  }

  function readMoments({ scene, stage }, asked) {
    const texts = (asked.get("moment") || "").split(",").filter(Boolean);
    if (!texts.length) return;
    const targets = (asked.get("targets") || "").split(";").filter(Boolean)
      .map((pair) => pair.split(",").map(Number));
    const places = targets.every((pair) => pair.length === 2 && pair.every((x) => Math.abs(x) < 1e6));
    insist(places, "its targets are no places");
    insist(texts.length <= scene.runners.length, "it has more moments than walkers");
    texts.forEach((text, lane) => W.unpackMoment(scene.runners[lane], text, targets));
    stage.pause();
    stage.redraw();
  }

  /** A promise: what the address says is on the sand; an Error where it cannot be. */
  W.readLink = async function (sandbox, asked) {
    const { site } = sandbox, known = site.entries.filter((entry) => entry.network).map(({ id }) => id);
    const named = (asked.get("walkers") || "").split(",").filter(Boolean);
    const stranger = named.find((id) => !known.includes(id));
    insist(!stranger, "nobody here is called " + String(stranger).slice(0, 40));
    insist(named.length <= sandbox.most, "at most " + sandbox.most + " walk at once");
    const mode = asked.get("mode") || "play", course = asked.get("course") || "click";
    insist(MODES.includes(mode), "there is no " + mode.slice(0, 40) + " here");
    const body = asked.get("body") === null ? null : await W.bodyOfText(asked.get("body"));
    const chosen = named.length ? named : known.slice(0, 1);
    const champions = await Promise.all(chosen.map((id) => W.loadChampion(site, id)));
    sandbox.ground.choose("standard", true);
    await sandbox.setCourse(course, true);
    if (asked.get("own") !== null || asked.get("ground") !== null) readGround(sandbox, asked);
    sandbox.walk(champions);
    readMoments(sandbox, asked);
    if (body) await sandbox.draw(body);
    else if (mode !== sandbox.mode) await sandbox.setMode(mode);
  };

  /** The address of this moment. */
  W.linkOf = function ({ scene, site, ground, course }) {
    const { strength, ...world } = ground.values, { runners } = scene;
    const own = runners.find(({ id }) => !site.entries.some((entry) => entry.id === id));
    insist(!own, own && own.name + " is only here: an address holds champions");
    const parts = ["walkers=" + runners.map((r) => r.id).join(","), "course=" + course];
    if (ground.name !== "own") parts.push("ground=" + ground.name);
    else parts.push("own=" + [world.grip_force, world.damping, strength, world.sensor_delay].join(","));
    const [first] = runners;
    if (first.course.count) {
      parts.push("targets=" + W.comingTargets(first).map((place) => place.join(",")).join(";"));
    }
    parts.push("moment=" + runners.map(W.packMoment).join(","));
    return "#" + parts.join("&");
  };

  /** Put a link into the address bar and, where it can be, into the clipboard. */
  W.shareLink = async function (sandbox, hash, what) {
    sandbox.written = hash;
    try {
      history.replaceState(null, "", hash);
    } catch (error) {
      location.hash = hash; // a browser that keeps pages of files from doing it
    }
    try {
      await navigator.clipboard.writeText(location.href);
      W.say("The link to " + what + " is in the clipboard.", 2500);
    } catch (error) {
      W.say("The address bar holds the link to " + what + ".", 4000); // no clipboard here
    }
  };
})(window.WALKER);
