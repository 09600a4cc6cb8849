// Buttons, slider, keys, wheel and fingers of the race.
(function (W) {
  "use strict";

  const ZOOM = 1.18;

  function zoom(stage, factor) {
    stage.camera.factor = W.clamp(stage.camera.factor * factor, 0.3, 5);
    stage.redraw(700);
  }

  /** Two fingers on the stage change the zoom, the wheel too. */
  function zoomable(stage) {
    const touches = new Map();
    const spread = () => {
      const [a, b] = Array.from(touches.values());
      return Math.hypot(a.x - b.x, a.y - b.y);
    };
    const canvas = stage.canvas;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(stage, Math.exp(-event.deltaY * 0.0012));
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!touches.has(event.pointerId)) return;
      const before = touches.size === 2 ? spread() : 0;
      touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (touches.size === 2 && before > 0) zoom(stage, spread() / before);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      canvas.addEventListener(end, (event) => touches.delete(event.pointerId));
    }
  }

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

  function fullScreen() {
    const box = W.byId("race");
    if (document.fullscreenElement) document.exitFullscreen();
    else if (box.requestFullscreen) box.requestFullscreen().catch(() => {});
  }

  const typing = (event) =>
    event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") ||
    /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);

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
      "+": () => zoom(stage, ZOOM),
      "=": () => zoom(stage, ZOOM),
      "-": () => zoom(stage, 1 / ZOOM),
      c: () => race.setCamera(
        W.CAMERAS[(W.CAMERAS.indexOf(stage.camera.mode) + 1) % W.CAMERAS.length]),
      f: fullScreen,
      n: () => race.setNetwork(W.byId("network").getAttribute("aria-pressed") !== "true"),
      "?": () => W.byId("help").showModal(),
    };
    document.addEventListener("keydown", (event) => {
      if (typing(event)) return;
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
    on("zoomin", () => zoom(stage, ZOOM));
    on("zoomout", () => zoom(stage, 1 / ZOOM));
    on("fullscreen", fullScreen);
    on("share", () => race.share());
    on("choose", () => race.choose());
    on("keys", () => W.byId("help").showModal());
    on("network", () =>
      race.setNetwork(W.byId("network").getAttribute("aria-pressed") !== "true"));
    W.byId("speed").addEventListener("change", (event) => race.setSpeed(Number(event.target.value)));
    W.byId("camera").addEventListener("change", (event) => race.setCamera(event.target.value));
    W.byId("time").addEventListener("input", (event) => stage.seek(Number(event.target.value)));
    zoomable(stage);
    clickable(stage, race);
    keys(stage, race);
  };
})(window.WALKER);
