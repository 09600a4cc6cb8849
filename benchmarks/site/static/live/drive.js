// By hand against a ghost: the champion of that body on the same course, or one's own best.
(function (W) {
  "use strict";

  const SECONDS = 60; // of a run that counts
  const YOU = 0, GHOST = 1; // lanes

  /** A mind that repeats commands `(T, A)` in a row, and holds on when they end. */
  function repeated(actions, wide) {
    let step = 0;
    const mind = function (walkers) {
      if ((step + 1) * wide > actions.length) walkers.action.fill(0);
      else walkers.action.set(actions.subarray(step * wide, (step + 1) * wide));
      step++;
    };
    mind.rewind = () => (step = 0);
    return mind;
  }

  /** Pads under the stage: those of the feet stay down until the next tap, those of the muscles while held. */
  function newPads(box, hand) {
    const pad = function ({ keys, label, title, holds }) {
      const button = W.make("button", { type: "button", class: "pad", "aria-pressed": "false", title }, label);
      const set = function (on) {
        keys.forEach((key) => (on ? hand.held.add(key) : hand.held.delete(key)));
        button.setAttribute("aria-pressed", String(on));
      };
      const isOn = () => button.getAttribute("aria-pressed") === "true";
      if (!holds) button.addEventListener("click", () => set(!isOn()));
      else {
        button.addEventListener("pointerdown", function (event) {
          button.setPointerCapture(event.pointerId);
          set(true);
        });
        for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(end, () => set(false));
        button.addEventListener("contextmenu", (event) => event.preventDefault());
      }
      return button;
    };
    box.replaceChildren(...[
      { keys: ["1"], label: "Front grip", title: "The feet in front hold on (1)" },
      { keys: ["2"], label: "Rear grip", title: "The feet behind hold on (2)" },
      { keys: ["arrowleft"], label: "←", title: "Bend left", holds: true },
      { keys: ["arrowup"], label: "↑", title: "Stretch", holds: true },
      { keys: ["arrowdown"], label: "↓", title: "Contract", holds: true },
      { keys: ["arrowright"], label: "→", title: "Bend right", holds: true },
    ].map(pad));
  }

  /** Who drives; `sandbox` has the sand. */
  W.newDriver = function (sandbox) {
    const box = W.byId("handbox"), select = W.byId("ghost"), pads = W.byId("pads");
    const driver = { hand: null, kind: "champion", fair: true };
    let actions = [], before = null, best = null;
    const nobody = new Map(); // own bests where nothing can be kept

    /** Under which name one's best of this body, course and ground is kept; null where it is none to repeat. */
    function shelfOf() {
      if (sandbox.course === "click" || sandbox.ground.name === "own") return null;
      return ["hand", W.planDigest(W.wholeBody(planOf(before.followed.body))), sandbox.course, sandbox.ground.name].join("/");
    }
    const planOf = ({ webs, shape, ...plan }) => ({ ...plan, muscles: plan.muscles.map(({ rest, ...muscle }) => muscle) });

    async function readBest() {
      const name = shelfOf();
      best = name ? (await W.shelf.get(name)) || nobody.get(name) || null : null;
      const wide = before ? before.followed.body.feet.length + before.followed.body.muscles.length : 1;
      if (best && !(best.actions instanceof Float32Array && best.actions.length % wide === 0)) best = null;
      const option = select.querySelector("[value=best]");
      option.disabled = !best;
      option.textContent = best ? "my best: " + best.score.toFixed(1) : "my best";
    }

    /** Put the driven walker, and the ghost beside it, at the start. */
    function begin() {
      const { followed } = before, { hand } = driver;
      const you = { ...followed, name: "you", algorithm: "by hand", thinker: followed.name + ", who watches" };
      const rival = driver.kind === "best" && best
        ? { ...followed, name: "your best", algorithm: "by hand", thinker: followed.name + ", who watches" } : { ...followed };
      sandbox.put(driver.kind === "nobody" ? [you] : [you, rival], before.champions);
      const { runners } = sandbox.scene, [runner, ghost] = runners;
      runner.mind = W.commandMind(() => hand.commands());
      if (ghost) ghost.ghost = true;
      if (ghost && driver.kind === "best" && best) ghost.mind = repeated(best.actions, runner.walkers.action.length);
      sandbox.scene.watchers.push(note);
      sandbox.follow(YOU);
      rewind();
    }
    function rewind() {
      actions = [];
      driver.fair = true;
      const ghost = sandbox.scene.runners[GHOST];
      if (ghost && ghost.mind.rewind) ghost.mind.rewind();
    }
    driver.rewind = () => driver.hand && rewind();

    /** After each step: what was commanded; and at the end who was further. */
    function note(scene) {
      const runner = scene.runners[YOU];
      if (sandbox.course === "click") return;
      actions.push(...runner.walkers.action);
      if (scene.clock !== SECONDS * scene.rate) return;
      finish(scene);
    }
    function finish({ runners }) {
      sandbox.stage.pause();
      const score = W.liveScore(runners[YOU]), ghost = runners[GHOST];
      const told = "You have " + score.toFixed(1) + " targets after " + SECONDS + " s";
      const name = driver.fair && !(best && best.score >= score) ? shelfOf() : null;
      W.say(told + (ghost ? ", " + ghost.name + " " + W.liveScore(ghost).toFixed(1) : "") +
        (name ? ": your best so far." : ".") + " From the start again?", 12000);
      if (!name) return;
      const kept = { score, actions: Float32Array.from(actions) };
      nobody.set(name, kept);
      W.shelf.put(name, kept).then(readBest);
    }

    /** Take the walker that is followed into one's hands, or give it back. */
    driver.set = async function (on) {
      if (!on && !driver.hand) return;
      W.byId("hand").setAttribute("aria-pressed", String(on));
      box.hidden = pads.hidden = !on;
      if (!on) {
        const { champions } = before;
        driver.hand = before = null;
        sandbox.walk(champions);
        return;
      }
      const followed = sandbox.champions[sandbox.scene.followed] || sandbox.champions[0];
      before = { followed, champions: sandbox.champions };
      W.byId("hint").dataset.gone = "true";
      if (sandbox.course === "click") sandbox.setCourse("disc", true); // something to run against
      driver.hand = W.newHand(followed.body);
      newPads(pads, driver.hand);
      W.byId("handkeys").textContent = driver.hand.words;
      await readBest();
      if (driver.kind === "best" && !best) driver.kind = "champion";
      select.value = driver.kind;
      if (driver.hand) begin();
    };
    /** The course or the ground is another one: from the start, against a best that fits. */
    driver.elsewhere = async function () {
      if (!driver.hand) return;
      await readBest();
      if (driver.kind === "best" && !best) select.value = driver.kind = "champion";
      if (driver.hand) begin();
    };
    driver.drop = function () {
      driver.hand = before = null;
      W.byId("hand").setAttribute("aria-pressed", "false");
      box.hidden = pads.hidden = true;
    };
    select.addEventListener("change", function () {
      driver.kind = select.value;
      begin();
    });
    window.addEventListener("blur", function () {
      if (!driver.hand) return;
      driver.hand.held.clear();
      newPads(pads, driver.hand);
    });
    return driver;
  };
})(window.WALKER);
