// Zooming a stage: the wheel, two fingers, buttons.
(function (W) {
  "use strict";

  W.ZOOM = 1.18;

  W.zoomStage = function (stage, factor) {
    stage.camera.factor = W.clamp(stage.camera.factor * factor, 0.3, 5);
    stage.redraw(700);
  };

  /** Two fingers on the stage change the zoom, the wheel too. */
  W.zoomable = function (stage) {
    const touches = new Map();
    const spread = () => {
      const [a, b] = Array.from(touches.values());
      return Math.hypot(a.x - b.x, a.y - b.y);
    };
    const canvas = stage.canvas;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      W.zoomStage(stage, Math.exp(-event.deltaY * 0.0012));
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!touches.has(event.pointerId)) return;
      const before = touches.size === 2 ? spread() : 0;
      touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (touches.size === 2 && before > 0) W.zoomStage(stage, spread() / before);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      canvas.addEventListener(end, (event) => touches.delete(event.pointerId));
    }
  };

  W.fullScreen = function () {
    const box = W.byId("race");
    if (document.fullscreenElement) document.exitFullscreen();
    else if (box.requestFullscreen) box.requestFullscreen().catch(() => {});
  };

  /** Whether a key belongs to a field or a dialog, not to the page. */
  W.typing = (event) =>
    event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") ||
    /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
})(window.WALKER);
