// Buttons, slider, keys, wheel and fingers of the race.
(function (W) {
  "use strict";

  /** A click follows the walker that is there, or pauses. */
  function clicked(stage, race, x, y) {
    if (!stage.scene) return;
    const box = stage.canvas.getBoundingClientRect(), view = W.viewOf(stage.camera, box.width, box.height);
    let best = -1, least = Math.max(40, 90 * stage.camera.zoom);
    stage.scene.runners.forEach((runner, lane) => {
      const far = Math.hypot(view.x(runner.middle[0]) - x, view.y(runner.middle[1]) - y);
      if (far < least) [best, least] = [lane, far];
    });
    if (best >= 0) race.follow(best);
    else race.toggle();
  }

  function keys(stage, race) {
    const next = (list, value, step) =>
      list[W.clamp(list.indexOf(value) + step, 0, list.length - 1)];
    const bound = {
      " ": () => race.toggle(),
      k: () => race.toggle(),
      ArrowLeft: (e) => race.seek(stage.time - (e.shiftKey ? 5 : 1) * stage.rate),
      ArrowRight: (e) => race.seek(stage.time + (e.shiftKey ? 5 : 1) * stage.rate),
      Home: () => race.seek(-Infinity),
      End: () => race.seek(Infinity),
      "[": () => race.setSpeed(next(W.SPEEDS, stage.speed, -1)),
      "]": () => race.setSpeed(next(W.SPEEDS, stage.speed, 1)),
      "+": () => W.zoomStage(stage, W.ZOOM),
      "=": () => W.zoomStage(stage, W.ZOOM),
      "-": () => W.zoomStage(stage, 1 / W.ZOOM),
      "0": () => race.setCamera(stage.camera.mode),
      c: () => race.setCamera(
        W.CAMERAS[(W.CAMERAS.indexOf(stage.camera.mode) + 1) % W.CAMERAS.length]),
      f: W.fullScreen,
      n: () => race.setNetwork(W.byId("network").getAttribute("aria-pressed") !== "true"),
      "?": () => W.byId("help").showModal(),
    };
    document.addEventListener("keydown", (event) => {
      if (W.typing(event)) return;
      if (event.key === " " && event.target.closest("button, a, summary")) return;
      const digit = "12345678".indexOf(event.key);
      const act = digit >= 0 ? () => race.followPlace(digit) : bound[event.key];
      if (!act) return;
      event.preventDefault();
      act(event);
    });
  }

  /** The slider: time stands still while it is held. */
  function slider(stage, race) {
    const time = W.byId("time");
    time.addEventListener("input", () => race.seek(Number(time.value)));
    time.addEventListener("pointerdown", () => (stage.held = true));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
      time.addEventListener(end, () => {
        if (!stage.held) return;
        stage.held = false;
        stage.redraw();
        race.keep();
      });
    }
  }

  /** What does not fit into a phone's row is behind a button. */
  function more() {
    const button = W.byId("more"), box = W.byId("extra");
    const open = function (wish) {
      button.setAttribute("aria-expanded", String(wish));
      box.dataset.open = String(wish);
    };
    button.addEventListener("click", () => open(box.dataset.open !== "true"));
    box.addEventListener("click", (event) => {
      if (event.target.closest(".button")) open(false);
    });
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("#more, #extra")) open(false);
    });
    open(false);
  }

  /** Connect the controls of the page to a stage and to what a race can do. */
  W.connectControls = function (stage, race) {
    const on = (id, act) => W.byId(id).addEventListener("click", act);
    on("play", () => race.toggle());
    on("restart", () => race.restart());
    on("again", () => race.restart());
    on("zoomin", () => W.zoomStage(stage, W.ZOOM));
    on("zoomout", () => W.zoomStage(stage, 1 / W.ZOOM));
    on("fullscreen", W.fullScreen);
    on("share", () => race.share());
    on("choose", () => race.choose());
    on("others", () => race.choose());
    on("keys", () => W.byId("help").showModal());
    on("network", () =>
      race.setNetwork(W.byId("network").getAttribute("aria-pressed") !== "true"));
    W.byId("speed").addEventListener("change", (event) => race.setSpeed(Number(event.target.value)));
    W.byId("camera").addEventListener("change", (event) => race.setCamera(event.target.value));
    slider(stage, race);
    more();
    W.zoomable(stage);
    W.pannable(stage, (x, y) => clicked(stage, race, x, y));
    keys(stage, race);
  };
})(window.WALKER);
