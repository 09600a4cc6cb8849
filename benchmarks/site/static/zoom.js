// Zooming and shifting a stage: the wheel, one or two fingers, buttons. A drag is not a click.
(function (W) {
  "use strict";

  const SLIP = 6; // pixels that a click may move

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

  /** A drag shifts the picture; a press that stays where it is is a click, told as `onClick(x, y)`. */
  W.pannable = function (stage, onClick) {
    const { canvas, camera } = stage;
    let down = null, fingers = 0;
    canvas.addEventListener("pointerdown", (event) => {
      fingers++;
      if (event.button !== 0) return;
      down = fingers === 1 ? { id: event.pointerId, x: event.clientX, y: event.clientY, moved: false } : null;
      if (down) canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!down || event.pointerId !== down.id) return;
      const dx = event.clientX - down.x, dy = event.clientY - down.y;
      if (!down.moved && Math.hypot(dx, dy) <= SLIP) return;
      Object.assign(down, { moved: true, x: event.clientX, y: event.clientY });
      canvas.dataset.over = "panning";
      const shift = [-dx / camera.zoom, dy / camera.zoom];
      camera.pan = [camera.pan[0] + shift[0], camera.pan[1] + shift[1]];
      camera.x += shift[0]; // it follows the finger, it does not glide after it
      camera.y += shift[1];
      stage.redraw(300);
    });
    const release = (event) => {
      fingers = Math.max(0, fingers - 1);
      const ended = down;
      down = null;
      delete canvas.dataset.over;
      if (event.type !== "pointerup" || !ended || ended.moved || event.pointerId !== ended.id) return;
      const box = canvas.getBoundingClientRect();
      onClick(event.clientX - box.left, event.clientY - box.top);
    };
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);
  };

  W.fullScreen = function () {
    const box = W.byId("race");
    if (document.fullscreenElement) document.exitFullscreen();
    else if (box.requestFullscreen) box.requestFullscreen().catch(() => {});
  };

  const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];

  /** Keys that a control needs itself; all others are the page's while it has the focus. */
  const OWN = { SELECT: [...ARROWS, " ", "Enter"], range: ARROWS, checkbox: [" "], radio: [" ", ...ARROWS], file: [" ", "Enter"] };

  /** Whether a key belongs to a field or a dialog, not to the page. */
  W.typing = function (event) {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return true;
    if (target.dataset && target.dataset.keys === "page") return false;
    if (target.tagName === "TEXTAREA" || target.isContentEditable) return true;
    if (target.tagName !== "INPUT" && target.tagName !== "SELECT") return false;
    const own = OWN[target.tagName === "SELECT" ? "SELECT" : target.type];
    return own ? own.includes(event.key) : true;
  };
})(window.WALKER);
