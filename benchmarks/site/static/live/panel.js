// Connects the sandbox's buttons, fields and dialogs.
(function (W) {
  "use strict";

  const MODES = ["play", "evolve", "draw"];

  /** Open a panel; a sentence where it cannot be. */
  const turnTo = (sandbox, mode) => sandbox.setMode(mode).catch((error) => W.say(error.message + ".", 6000));

  /** Tabs change with the arrows too. */
  function connectTabs(sandbox) {
    MODES.forEach(function (mode, i) {
      const tab = W.byId("tab-" + mode);
      tab.addEventListener("click", () => turnTo(sandbox, mode));
      tab.addEventListener("keydown", function ({ key }) {
        const way = { ArrowRight: 1, ArrowLeft: -1 }[key];
        if (!way) return;
        const next = MODES[(i + way + MODES.length) % MODES.length];
        turnTo(sandbox, next);
        W.byId("tab-" + next).focus();
      });
    });
  }

  function share(sandbox) {
    try {
      W.shareLink(sandbox, W.linkOf(sandbox), "this moment");
    } catch (error) {
      W.say(error.message + ".", 6000);
    }
  }

  function connectPicker(sandbox) {
    const { site } = sandbox;
    const picker = W.newPicturePicker(site, W.byId("picker"), sandbox.most, async function (ids) {
      try {
        sandbox.walk(await Promise.all(ids.map((id) => W.loadChampion(site, id))));
      } catch (error) {
        W.say(error.message + ".", 6000);
      }
    });
    W.byId("choose").addEventListener("click", () => picker.open(sandbox.champions.map(({ id }) => id)));
  }

  /** Connect the page to a sandbox. */
  W.connectPanel = function (sandbox) {
    const { stage, driver } = sandbox;
    const on = (id, act) => W.byId(id).addEventListener("click", act);
    const toggle = () => (stage.playing ? stage.pause() : stage.play());
    const nearer = () => W.zoomStage(stage, W.ZOOM), further = () => W.zoomStage(stage, 1 / W.ZOOM);
    on("play", toggle);
    on("step", sandbox.stepOnce);
    on("restart", sandbox.restart);
    on("zoomin", nearer);
    on("zoomout", further);
    on("fullscreen", W.fullScreen);
    on("share", () => share(sandbox));
    on("hand", () => driver.set(!driver.hand));
    connectTabs(sandbox);
    W.byId("speed").addEventListener("change", (event) => (stage.speed = Number(event.target.value)));
    W.byId("camera").addEventListener("change", function (event) {
      stage.camera.mode = event.target.value;
      stage.camera.factor = 1;
      stage.redraw(1200);
    });
    connectPicker(sandbox);
    sandbox.gallery = W.newBodyGallery(W.byId("gallery"));
    W.connectVerify(W.byId("replay"), W.byId("verified"));
    W.connectDrop(sandbox, W.byId("policyfile"));
    W.connectFilm(W.byId("film"), sandbox, W.say);
    W.zoomable(stage);
    W.connectPointer(stage, sandbox);
    W.connectKeys(sandbox, {
      " ": toggle, ".": sandbox.stepOnce, Home: sandbox.restart, "+": nearer, "=": nearer, "-": further,
      f: W.fullScreen, Escape: () => driver.set(false),
    });
  };
})(window.WALKER);
