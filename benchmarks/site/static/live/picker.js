// The dialog in which walkers are chosen by their pictures.
(function (W) {
  "use strict";

  /** A walker at rest, drawn into a canvas. */
  W.portray = function (canvas, body, colour) {
    const density = Math.min(window.devicePixelRatio || 1, 2), box = canvas.getBoundingClientRect();
    canvas.width = Math.round((box.width || 134) * density);
    canvas.height = Math.round((box.height || 84) * density);
    const context = canvas.getContext("2d"), around = 4 * W.shapeOf(body).girth;
    const xs = body.nodes.map((node) => node.x), ys = body.nodes.map((node) => node.y);
    const span = (values) => Math.max(...values) - Math.min(...values) + around;
    const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
    const zoom = Math.min(canvas.width / span(xs), canvas.height / span(ys));
    context.setTransform(zoom, 0, 0, -zoom, canvas.width / 2 - zoom * middle(xs), canvas.height / 2 + zoom * middle(ys));
    const pose = {
      position: Float32Array.from(body.nodes.flatMap((node) => [node.x, node.y])),
      grip: new Float32Array(body.feet.length).fill(0.4),
    };
    W.drawFigure(context, body, pose, W.coat(colour), { x: 1e4, y: 0 }, 30);
  };

  /** Opens with `open(ids)`; calls `onChoose(ids)`. */
  W.newPicturePicker = function (site, dialog, most, onChoose) {
    const form = dialog.querySelector("form"), list = dialog.querySelector(".choices");
    const note = dialog.querySelector(".note");
    const entries = site.entries.filter((entry) => entry.network);
    const choices = entries.map(function (entry, lane) {
      const box = W.make("input", { type: "checkbox", value: entry.id });
      const picture = W.make("canvas", { "aria-hidden": "true" });
      list.append(W.make("label", { class: "choice" }, box, picture,
        W.make("span", { class: "who" }, entry.name), W.make("span", { class: "kind" }, entry.algorithm)));
      return { box, picture, body: site.bodies[entry.body], colour: W.lanes[lane % W.lanes.length] };
    });
    function check() {
      const chosen = choices.filter(({ box }) => box.checked).length;
      choices.forEach(({ box }) => (box.disabled = !box.checked && chosen >= most));
      dialog.querySelector("[value=start]").disabled = chosen === 0;
      note.textContent = chosen + " of " + most + " chosen";
    }
    list.addEventListener("change", check);
    form.addEventListener("submit", (event) => {
      if (!event.submitter || event.submitter.value !== "start") return;
      onChoose(choices.filter(({ box }) => box.checked).map(({ box }) => box.value));
    });
    return {
      open(ids) {
        choices.forEach(({ box }) => (box.checked = ids.includes(box.value)));
        check();
        dialog.showModal();
        choices.forEach(({ picture, body, colour }) => W.portray(picture, body, colour));
      },
    };
  };
})(window.WALKER);
