// A scene that is simulated while one looks: the stage plays it like a recorded one.
(function (W) {
  "use strict";

  const MOST_LATE = 40; // control steps; a page that was asleep does not catch up with more

  /** Live runners on a stage; `rate` in control steps a second. */
  W.newLiveScene = function (runners, radius, rate) {
    const scene = {
      runners, radius, rate, followed: 0, tags: true, steps: Infinity, time: 0,
      clock: 0, // control steps that were made
      zero: 0, // the stage's time at which the clock began
      watchers: [], // called after each control step
      live: true,
    };
    Object.defineProperty(scene, "targets", { get: () => targetsOf(scene) });
    Object.defineProperty(scene, "most", { get: () => targetsOf(scene).length });

    function tick() {
      scene.clock++;
      for (const runner of scene.runners) W.stepRunner(runner, scene.clock, rate);
      scene.watchers.forEach((watcher) => watcher(scene));
    }

    /** Bring everybody to a time of the stage, in control steps; it only goes forward. */
    scene.place = function (time) {
      const wanted = time - scene.zero;
      if (wanted > scene.clock + MOST_LATE) scene.zero += wanted - scene.clock - MOST_LATE;
      while (scene.clock < time - scene.zero) tick();
      scene.time = Math.min(time - scene.zero, scene.clock);
      const share = W.clamp(1 - (scene.clock - (time - scene.zero)), 0, 1);
      for (const runner of scene.runners) W.placeRunner(runner, scene.time, share);
    };
    return scene;
  };

  function targetsOf(scene) {
    const runner = scene.runners[scene.followed] || scene.runners[0];
    return runner ? runner.targets : [];
  }
})(window.WALKER);
