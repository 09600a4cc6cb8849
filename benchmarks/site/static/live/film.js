// The last seconds as a film: what was seen is kept as poses, and on a press walks again through a
// canvas that nobody sees, into the browser's own recorder.
(function (W) {
  "use strict";

  const KINDS = ["video/mp4", "video/webm;codecs=vp9", "video/webm"];
  const SECONDS = 10, RATE = 60; // of the film; its pictures a second
  const PIXELS = 1280 * 720, BITS = 8e6; // a second
  const HOLD = 0.5; // seconds that the last picture stays
  const AHEAD = 5; // targets that are kept of a runner, from the one before the present on

  /** What has been seen: `note(scene)` after each control step; `moments`, the oldest first. */
  W.newMemory = function (rate) {
    const memory = { moments: [], scene: null };

    function runnerNow(runner, before) {
      const { now, walkers, targets, walk } = runner, index = walkers.targetIndex[0];
      const same = before && before.index === index && before.count === targets.length;
      return {
        place: Float32Array.from(now.place), grip: Float32Array.from(now.grip), index, count: targets.length,
        from: same ? before.from : Math.max(0, index - 1),
        targets: same ? before.targets : targets.slice(Math.max(0, index - 1), index + AHEAD),
        reached: same ? before.reached : walk.reached.slice(Math.max(0, index - 1)),
      };
    }
    memory.note = function (scene) {
      const last = memory.moments[memory.moments.length - 1];
      const on = last && memory.scene === scene && last.clock + 1 === scene.clock;
      if (!on) memory.moments = [];
      memory.scene = scene;
      memory.moments.push({
        clock: scene.clock, runners: scene.runners.map((runner, i) => runnerNow(runner, on && last.runners[i])),
      });
      if (memory.moments.length > SECONDS * rate + 1) memory.moments.shift();
    };
    return memory;
  };

  /** The moments as a scene of the same looks; `place(k)` shows it k control steps after the first. */
  W.newPlayback = function ({ moments, scene }) {
    const runners = scene.runners.map(function (runner) {
      const { tracks } = runner, buffer = ({ place, grip }) => ({
        place: new Float64Array(place.length), grip: new Float64Array(grip.length),
      });
      return {
        ...runner,
        tracks: { ...tracks, prints: tracks.prints.map((print) => ({ ...print })), landings: tracks.landings.slice() },
        walkers: { model: runner.walkers.model, px: { length: runner.walkers.px.length }, targetIndex: [0] },
        before: buffer(runner.before), now: buffer(runner.now), middle: [0, 0], gaze: { x: 0, y: 0 },
        pose: { position: runner.pose.position.slice(), grip: runner.pose.grip.slice() }, walk: { reached: [] },
      };
    });
    const playback = Object.assign(Object.create(scene), { runners, steps: moments.length - 1 });
    playback.place = function (time) {
      const k = W.clamp(Math.ceil(time), 1, moments.length - 1);
      playback.time = moments[k].clock - k + time;
      runners.forEach(function (runner, lane) {
        const told = moments[k].runners[lane], before = moments[k - 1].runners[lane];
        for (const part of ["place", "grip"]) {
          runner.before[part].set(before[part]);
          runner.now[part].set(told[part]);
        }
        Object.assign(runner, { targets: told.targets, walk: { reached: told.reached } });
        runner.walkers.targetIndex[0] = told.index - told.from;
        W.placeRunner(runner, playback.time, time - (k - 1));
      });
    };
    return playback;
  };

  /** Width and height of a film with the proportions of a stage, even numbers. */
  function sizeOf({ width, height }) {
    const scale = Math.sqrt(PIXELS / (width * height)), even = (x) => 2 * Math.round((x * scale) / 2);
    return { wide: even(width), high: even(height), scale };
  }

  /** A promise of the film of a playback, as a Blob; `onSecond(n)` while it is made. */
  W.makeFilm = function (playback, stage, kind, onSecond) {
    const box = stage.canvas.getBoundingClientRect(), { wide, high, scale } = sizeOf(box);
    const canvas = W.make("canvas", { width: wide, height: high }), context = canvas.getContext("2d");
    const camera = { ...W.newCamera(), mode: stage.camera.mode, factor: stage.camera.factor };
    const speed = Math.min(1, stage.speed), last = Math.min(playback.steps, SECONDS * stage.rate * speed);
    const end = playback.steps + HOLD * stage.rate * speed;
    let time = playback.steps - last, before = null;

    function draw(seconds) {
      playback.place(Math.min(time, playback.steps));
      W.moveCamera(camera, playback, box.width, box.height, seconds);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      W.drawScene(context, playback, camera, box.width, box.height);
    }
    return new Promise(function (resolve, reject) {
      const parts = [], wishes = { mimeType: kind, videoBitsPerSecond: BITS };
      const recorder = new MediaRecorder(canvas.captureStream(RATE), wishes);
      recorder.ondataavailable = (event) => event.data.size && parts.push(event.data);
      recorder.onerror = () => reject(new Error("the recorder failed"));
      recorder.onstop = () => (parts.length ? resolve(new Blob(parts, { type: kind })) : reject(new Error("the recorder gave nothing")));
      function frame(now) {
        const seconds = before === null ? 0 : Math.min(0.1, (now - before) / 1000);
        before = now;
        time += seconds * stage.rate * speed;
        draw(seconds || 1 / RATE);
        onSecond(Math.max(0, Math.ceil((end - time) / (stage.rate * speed))));
        if (time < end) requestAnimationFrame(frame);
        else recorder.stop();
      }
      recorder.onstart = () => requestAnimationFrame(frame);
      draw(0);
      recorder.start(500);
    });
  };

  /** Connect the button; `say(text)` tells what becomes of it. */
  W.connectFilm = function (button, sandbox, say) {
    const { stage, memory } = sandbox;
    let busy = false;

    button.addEventListener("click", async function () {
      const able = window.MediaRecorder && stage.canvas.captureStream;
      const kind = able && KINDS.find((one) => MediaRecorder.isTypeSupported(one));
      if (!kind) return say("This browser cannot record films.", 5000);
      if (busy || memory.moments.length < 2) return busy || say("Nothing has been seen yet: press play.", 4000);
      busy = button.disabled = true;
      const playback = W.newPlayback(memory), label = button.textContent;
      try {
        const film = await W.makeFilm(playback, stage, kind, (left) => (button.textContent = "Film: " + left + " s"));
        W.saveFile("walker" + (kind.startsWith("video/mp4") ? ".mp4" : ".webm"), film, kind);
        say("The last seconds are a film now, among your downloads.", 4000);
      } catch (error) {
        say("There is no film: " + error.message + ".", 5000);
      }
      button.textContent = label;
      return (busy = button.disabled = false);
    });
  };
})(window.WALKER);
