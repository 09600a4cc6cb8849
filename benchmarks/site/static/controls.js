// Buttons, slider, keys, wheel and fingers of the race.
(function (W) {
  "use strict";

  function clickable(stage, race) {
    stage.canvas.addEventListener("click", (event) => {
      if (!stage.scene) return;
      const box = stage.canvas.getBoundingClientRect();
      const view = W.viewOf(stage.camera, box.width, box.height);
      let best = -1, least = Math.max(40, 90 * stage.camera.zoom);
      stage.scene.runners.forEach((runner, lane) => {
        const far = Math.hypot(view.x(runner.middle[0]) - (event.clientX - box.left),
          view.y(runner.middle[1]) - (event.clientY - box.top));
        if (far < least) [best, least] = [lane, far];
      });
      if (best >= 0) race.follow(best);
      else race.toggle();
    });
  }

  function keys(stage, race) {
    const next = (list, value, step) =>
      list[W.clamp(list.indexOf(value) + step, 0, list.length - 1)];
    const bound = {
      " ": () => race.toggle(),
      k: () => race.toggle(),
      ArrowLeft: (e) => stage.seek(stage.time - (e.shiftKey ? 5 : 1) * stage.rate),
      ArrowRight: (e) => stage.seek(stage.time + (e.shiftKey ? 5 : 1) * stage.rate),
      Home: () => stage.seek(0),
      End: () => stage.seek(Infinity),
      "[": () => race.setSpeed(next(W.SPEEDS, stage.speed, -1)),
      "]": () => race.setSpeed(next(W.SPEEDS, stage.speed, 1)),
      "+": () => W.zoomStage(stage, W.ZOOM),
      "=": () => W.zoomStage(stage, W.ZOOM),
      "-": () => W.zoomStage(stage, 1 / W.ZOOM),
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

  /** Connect the controls of the page to a stage and to what a race can do. */
  W.connectControls = function (stage, race) {
    const on = (id, act) => W.byId(id).addEventListener("click", act);
    on("play", () => race.toggle());
    on("restart", () => {
      stage.seek(0);
      stage.play();
    });
    on("again", () => {
      stage.seek(0);
      stage.play();
    });
    on("zoomin", () => W.zoomStage(stage, W.ZOOM));
    on("zoomout", () => W.zoomStage(stage, 1 / W.ZOOM));
    on("fullscreen", W.fullScreen);
    on("share", () => race.share());
    on("choose", () => race.choose());
    on("keys", () => W.byId("help").showModal());
    on("network", () =>
      race.setNetwork(W.byId("network").getAttribute("aria-pressed") !== "true"));
    W.byId("speed").addEventListener("change", (event) => race.setSpeed(Number(event.target.value)));
    W.byId("camera").addEventListener("change", (event) => race.setCamera(event.target.value));
    W.byId("time").addEventListener("input", (event) => stage.seek(Number(event.target.value)));
    W.zoomable(stage);
    clickable(stage, race);
    keys(stage, race);
  };
})(window.WALKER);
