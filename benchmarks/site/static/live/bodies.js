// Bodies to begin with, of the zoo and the bestiary, in a dialog of pictures; loaded when it opens.
(function (W) {
  "use strict";

  /** A promise of the bodies in groups, `[{title, bodies}]`. */
  W.loadBodies = async () => Object.entries(await W.load("bodies"))
    .map(([title, packed]) => ({ title, bodies: packed.map(W.unpackBody) }));

  /** The dialog: `open(onChoose)` calls `onChoose(body)` with the one that was pressed. */
  W.newBodyGallery = function (dialog) {
    const list = dialog.querySelector(".groups");
    let chosen = () => {}, filled = false;
    const seen = new IntersectionObserver(function (entries) {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        W.portray(target, target.body, W.lanes[2]);
      }
    }, { root: list, rootMargin: "120px" });

    function tile(body) {
      const picture = W.make("canvas", { "aria-hidden": "true" });
      picture.body = W.dressed(body);
      seen.observe(picture);
      return W.make("button", {
        type: "button", class: "choice",
        onclick: () => {
          dialog.close();
          chosen(body);
        },
      }, picture, W.make("span", { class: "who" }, body.name));
    }
    async function fill() {
      if (filled) return;
      const groups = await W.loadBodies();
      filled = true;
      list.replaceChildren(...groups.flatMap(({ title, bodies }) => [
        W.make("h3", {}, title), W.make("div", { class: "choices pictures" }, ...bodies.map(tile)),
      ]));
    }
    dialog.addEventListener("close", () => (chosen = () => {}));
    return {
      open(onChoose) {
        chosen = onChoose;
        dialog.showModal();
        fill().catch((error) => list.replaceChildren(W.make("p", { class: "note" }, error.message + ".")));
      },
    };
  };
})(window.WALKER);
