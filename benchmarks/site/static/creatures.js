// Small canvases on which somebody walks, simulated while one sees them: bodies that evolved, and
// champions of open boards.
(function (W) {
  "use strict";

  const LANES = [0, 1, 2, 3, 5, 7]; // colours that stand out from sand by day and by dusk

  /** What a canvas shows, as soon as its data are here. */
  async function wishOf(canvas, site) {
    if (canvas.dataset.champion) {
      const found = await W.loadChampion(site, canvas.dataset.champion);
      return { ...found, mind: W.networkMind(found.network) };
    }
    const data = await W.load("creatures/" + canvas.dataset.creature);
    return { id: canvas.dataset.creature, name: data.name, algorithm: "snes", body: data.body,
      layout: data.observation, mind: W.networkMind(W.readNetwork(data.mind)) };
  }

  async function build(canvas) {
    const site = await W.load("site"), wish = await wishOf(canvas, site), seed = Number(canvas.dataset.seed);
    const runner = W.newLiveRunner({ ...wish, colour: W.lanes[LANES[seed % LANES.length]],
      world: site.worlds.standard, course: W.newCourse("disc", String(seed)) });
    const stage = W.newStage(canvas, site.rate), scene = W.newLiveScene([runner], site.radius, site.rate);
    scene.tags = false;
    stage.camera.factor = 1.15;
    stage.show(scene);
    return stage;
  }

  function fail(canvas, error) {
    canvas.replaceWith(W.make("p", { class: "failed" }, "It could not be loaded: " + error.message + "."));
  }

  function enliven(canvas) {
    let stage = null, seen = false, stopped = W.calm();
    const turn = () => {
      if (stage && seen && !stopped) stage.play();
      else if (stage) stage.pause();
    };
    const toggle = () => {
      stopped = !stopped;
      turn();
    };
    canvas.addEventListener("click", toggle);
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      toggle();
    });
    let asked = false;
    new IntersectionObserver(([entry]) => {
      seen = entry.isIntersecting;
      if (seen && !asked) {
        asked = true;
        build(canvas).then((made) => {
          canvas.stage = stage = made;
          turn();
        }).catch((error) => fail(canvas, error));
      }
      turn();
    }).observe(canvas);
  }

  document.addEventListener("DOMContentLoaded", () =>
    document.querySelectorAll("canvas[data-creature], canvas[data-champion]").forEach(enliven));
})(window.WALKER);
