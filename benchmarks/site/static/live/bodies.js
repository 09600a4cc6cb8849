// Bodies to begin with, of the zoo and the bestiary, in a dialog of pictures; loaded when it opens.
(function (W) {
  "use strict";

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
    async function fill(groups) {
      if (!groups && filled) return;
      const shown = groups || await W.loadBodies();
      filled = !groups;
      list.replaceChildren(...shown.flatMap(({ title, bodies }) => [
        ...(title ? [W.make("h3", {}, title)] : []),
        W.make("div", { class: "choices pictures" }, ...bodies.map(tile)),
      ]));
    }
    dialog.addEventListener("close", () => (chosen = () => {}));
    return {
      /** `groups` where it is not the zoo and the bestiary. */
      open(onChoose, groups = null) {
        chosen = onChoose;
        dialog.showModal();
        fill(groups).catch((error) => list.replaceChildren(W.make("p", { class: "note" }, error.message + ".")));
      },
    };
  };

  /** Put a picture before a list of bodies, which opens all of them as pictures; `bodyOf(value)`. */
  W.picturesFor = function (select, gallery, bodyOf) {
    const picture = W.make("canvas", { "aria-hidden": "true" });
    const known = () => Array.from(select.options, ({ value }) => ({ value, body: bodyOf(value) }))
      .filter(({ body }) => body);
    const button = W.make("button", {
      type: "button", class: "portrait", "aria-label": "Choose a body by its picture",
      onclick: () => {
        const bodies = known();
        gallery.open(function (body) {
          select.value = bodies.find((one) => one.body === body).value;
          select.dispatchEvent(new Event("change", { bubbles: true }));
        }, [{ title: "", bodies: bodies.map(({ body }) => body) }]);
      },
    }, picture);
    select.parentElement.before(button);
    const draw = function () {
      const body = bodyOf(select.value);
      if (body && picture.offsetParent) W.portray(picture, W.dressed(body), W.lanes[2]);
    };
    select.addEventListener("change", draw);
    new ResizeObserver(draw).observe(picture);
  };
})(window.WALKER);
