// The first page's picture: the best race, by themselves, in a loop.
(function (W) {
  "use strict";

  /** A sentence in place of a picture that does not come. */
  function begin() {
    const canvas = W.byId("hero");
    if (canvas) show(canvas).catch((error) => {
      const words = "This picture could not be loaded: " + error.message + ". All numbers below are there.";
      canvas.replaceWith(W.make("p", { class: "failed", role: "status" }, words));
      W.byId("heroplay").remove();
    });
  }

  async function show(canvas) {
    const site = await W.load("site");
    const stage = W.newStage(canvas, site.rate);
    stage.loop = true;
    stage.camera.mode = canvas.dataset.camera || "all";
    const entries = (canvas.dataset.entries || "").split(",").filter(Boolean);
    const scene = await W.loadScene(site, canvas.dataset.course || site.courses[0].id,
      entries.length ? entries : site.featured);
    stage.time = 2 * site.rate; // they are already on their way
    const text = canvas.parentElement.querySelector(".herotext");
    const wide = window.matchMedia("(min-width: 761px)");
    const inset = () => {
      stage.camera.inset = text && wide.matches
        ? [text.offsetLeft + text.offsetWidth, Math.min(270, canvas.clientWidth * 0.25)]
        : [0, 0];
    };
    new ResizeObserver(inset).observe(canvas);
    inset();
    stage.show(scene);
    const list = W.byId("herocards");
    if (list) {
      const cards = W.newCards(list, (lane) => {
        stage.camera.mode = "follow";
        stage.follow(lane);
      });
      cards.show(scene);
      stage.watchers.push(() => cards.update(scene));
    }
    const button = W.byId("heroplay");
    const name = () => {
      button.setAttribute("aria-label", stage.playing ? "Pause" : "Play");
      button.dataset.playing = String(stage.playing);
    };
    button.addEventListener("click", () => {
      if (stage.playing) stage.pause();
      else stage.play();
      name();
    });
    if (!W.calm()) stage.play();
    name();
    // nothing is drawn while nobody can see it
    let mine = false;
    new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting && stage.playing) {
        mine = true;
        stage.pause();
      } else if (entry.isIntersecting && mine) {
        mine = false;
        stage.play();
      }
    }).observe(canvas);
    W.hero = stage;
  }
  document.addEventListener("DOMContentLoaded", begin);
})(window.WALKER);
