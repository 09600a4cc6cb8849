// The dialog in which up to eight entries and a course are chosen.
(function (W) {
  "use strict";

  /** Opens with `open(race)`; calls `onChoose({course, entries})`. */
  W.newPicker = function (site, dialog, onChoose) {
    const form = dialog.querySelector("form");
    const list = dialog.querySelector(".choices");
    const courses = dialog.querySelector("select");
    const note = dialog.querySelector(".note");
    const boxes = site.entries.map((entry) => {
      const box = W.make("input", { type: "checkbox", name: "entry", value: entry.id });
      const words = W.make("span", { class: "words" },
        W.make("span", { class: "who" }, entry.name),
        W.make("span", { class: "kind" }, entry.algorithm));
      list.append(W.make("label", { class: "choice" }, box, words));
      return box;
    });
    courses.append(...site.courses.map((c) => W.make("option", { value: c.id }, c.title)));

    function check() {
      const chosen = boxes.filter((box) => box.checked).length;
      boxes.forEach((box) => (box.disabled = !box.checked && chosen >= W.MOST));
      dialog.querySelector("[value=start]").disabled = chosen === 0;
      note.textContent = chosen + " of " + W.MOST + " chosen";
    }
    list.addEventListener("change", check);
    form.addEventListener("submit", (event) => {
      if (!event.submitter || event.submitter.value !== "start") return;
      const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
      onChoose({ course: courses.value, entries: chosen });
    });
    return {
      open(race) {
        boxes.forEach((box) => (box.checked = race.entries.includes(box.value)));
        courses.value = race.course;
        check();
        dialog.showModal();
      },
    };
  };
})(window.WALKER);
