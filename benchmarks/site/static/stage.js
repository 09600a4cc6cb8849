// A canvas that plays a scene: time, speed, camera; who controls it is told of every picture.
(function (W) {
  "use strict";

  /** A stage on a canvas; `rate` is in control steps a second. */
  W.newStage = function (canvas, rate) {
    const stage = {
      canvas, rate, scene: null, camera: W.newCamera(), time: 0, playing: false, speed: 1,
      loop: false, watchers: [],
      held: false, // somebody holds the time, and it goes on when it is let go
    };
    const context = canvas.getContext("2d");
    let last = null, asked = false, width = 1, height = 1;

    function resize() {
      const box = canvas.getBoundingClientRect();
      const density = Math.min(window.devicePixelRatio || 1, 2);
      width = Math.max(1, box.width);
      height = Math.max(1, box.height);
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
      context.setTransform(density, 0, 0, density, 0, 0);
      stage.camera.fresh = true;
      stage.redraw();
    }

    function advance(seconds) {
      if (!stage.playing || stage.held || !stage.scene) return;
      stage.time += seconds * rate * stage.speed;
      if (stage.time < stage.scene.steps) return;
      stage.time = stage.loop ? 0 : stage.scene.steps;
      stage.camera.fresh = stage.loop;
      if (!stage.loop) stage.pause();
    }

    function frame(now) {
      asked = false;
      const seconds = last === null ? 0 : Math.min(0.1, (now - last) / 1000);
      last = now;
      advance(seconds);
      if (stage.scene) {
        stage.scene.place(stage.time);
        W.moveCamera(stage.camera, stage.scene, width, height, seconds || 1 / 60);
        W.drawScene(context, stage.scene, stage.camera, width, height);
        stage.watchers.forEach((watcher) => watcher(stage));
      }
      if (stage.playing || stage.gliding > now) ask();
      else last = null;
    }

    function ask() {
      if (asked) return;
      asked = true;
      requestAnimationFrame(frame);
    }

    /** Draw again; the camera glides for a moment where nothing plays. */
    stage.redraw = function (glide = 0) {
      stage.gliding = performance.now() + glide;
      ask();
    };
    stage.play = function () {
      if (!stage.scene) return;
      if (stage.time >= stage.scene.steps) stage.seek(-Infinity);
      stage.playing = true;
      ask();
    };
    stage.pause = function () {
      stage.playing = false;
      ask();
    };
    stage.seek = function (time) {
      const { first = 0, steps = Infinity } = stage.scene || {};
      const before = stage.time;
      stage.time = W.clamp(time, first, steps);
      if (Math.abs(before - stage.time) > 3 * rate) stage.camera.fresh = true;
      stage.redraw(400);
    };
    stage.show = function (scene) {
      stage.scene = scene;
      stage.time = Math.min(stage.time, scene.steps);
      stage.camera.fresh = true;
      stage.redraw();
    };
    stage.follow = function (lane) {
      if (stage.scene) stage.scene.followed = lane;
      stage.redraw(900);
    };
    stage.seconds = () => stage.time / rate;
    stage.gliding = 0;
    new ResizeObserver(resize).observe(canvas);
    W.onTheme(() => stage.redraw());
    return stage;
  };

  /** Let a button say what a press would do. */
  W.labelPlay = function (button, playing) {
    const label = playing ? "Pause" : "Play";
    if (button.getAttribute("aria-label") === label) return;
    button.setAttribute("aria-label", label);
    button.title = label + " (space)";
    button.dataset.playing = String(playing);
  };
})(window.WALKER);
