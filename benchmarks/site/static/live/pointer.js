// What a pointer does on live sand: a click puts the next target, a drag pulls the walker by a node.
(function (W) {
  "use strict";

  const SLIP = 8; // pixels that a click may move
  const REACH = 26; // pixels around a node in which it is caught

  /**
   * Connect a stage's canvas; `act` has `target(x, y)` and `pulled(runner)`, and `pen()`: where it
   * gives something, that is told of presses, drags and releases instead.
   */
  W.connectPointer = function (stage, act) {
    const { canvas } = stage;
    let down = null;

    function worldOf(event) {
      const box = canvas.getBoundingClientRect(), view = W.viewOf(stage.camera, box.width, box.height);
      const zoom = stage.camera.zoom;
      return {
        x: stage.camera.x + (event.clientX - box.left - view.x(stage.camera.x)) / zoom,
        y: stage.camera.y - (event.clientY - box.top - view.y(stage.camera.y)) / zoom,
      };
    }

    /** The node under a place of the world, if a live runner has one there. */
    function nodeAt({ x, y }) {
      const scene = stage.scene;
      let best = null;
      for (const runner of (scene && scene.live && scene.runners) || []) {
        const p = runner.pose.position;
        const reach = REACH / stage.camera.zoom + W.shapeOf(runner.body).girth;
        for (let node = 0; node < p.length / 2; node++) {
          const far = Math.hypot(p[2 * node] - x, p[2 * node + 1] - y);
          if (far < reach && (!best || far < best.far)) best = { runner, node, far };
        }
      }
      return best;
    }

    function release() {
      if (down && down.runner) down.runner.pull = null;
      down = null;
      delete canvas.dataset.over;
    }

    canvas.addEventListener("pointerdown", function (event) {
      if (down) return release(); // a second finger: they zoom
      if (event.button !== 0 || !event.isPrimary) return;
      const place = worldOf(event), pen = act.pen();
      canvas.setPointerCapture(event.pointerId);
      if (pen) {
        down = { id: event.pointerId, pen };
        pen.press(place);
        return;
      }
      const caught = nodeAt(place);
      down = { id: event.pointerId, x: event.clientX, y: event.clientY, moved: false, ...caught };
    });
    canvas.addEventListener("pointermove", function (event) {
      const place = worldOf(event);
      if (!down || event.pointerId !== down.id) {
        if (!down) canvas.dataset.over = nodeAt(place) ? "walker" : "";
        return;
      }
      if (down.pen) {
        down.pen.drag(place);
        return;
      }
      if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > SLIP) down.moved = true;
      if (!down.moved || !down.runner) return;
      canvas.dataset.over = "pulling";
      down.runner.pull = { node: down.node, ...place };
      act.pulled(down.runner);
    });
    canvas.addEventListener("pointerup", function (event) {
      const ended = down;
      release();
      if (!ended || event.pointerId !== ended.id || ended.moved) return;
      const place = worldOf(event);
      if (ended.pen) {
        ended.pen.release(place);
        return;
      }
      act.target(place.x, place.y);
    });
    canvas.addEventListener("pointercancel", release);
  };
})(window.WALKER);
