// The dialog in which up to eight entries and a course are chosen, by their pictures.
(function (W) {
  "use strict";

  /** Opens with `open(race)`; calls `onChoose({course, entries})`. */
  W.newPicker = function (site, dialog, onChoose) {
    const form = dialog.querySelector("form");
    const list = dialog.querySelector(".choices");
    const courses = dialog.querySelector("select");
    const note = dialog.querySelector(".note");
    const groups = dialog.querySelector(".presets");
    let choices = [];

    function choice(entry, lane) {
      const box = W.make("input", { type: "checkbox", name: "entry", value: entry.id });
      const picture = W.make("canvas", { "aria-hidden": "true" });
      const words = W.make("span", { class: "words" },
        W.make("span", { class: "who" }, entry.name),
        W.make("span", { class: "kind" }, entry.algorithm));
      const item = W.make("label", { class: "choice" }, box, picture, words);
      return { item, box, picture, body: site.bodies[entry.body], colour: W.lanes[lane % W.lanes.length] };
    }
    const chosen = () => choices.filter(({ box }) => box.checked).map(({ box }) => box.value);

    function check() {
      const count = chosen().length;
      choices.forEach(({ box }) => (box.disabled = !box.checked && count >= W.MOST));
      dialog.querySelector("[value=start]").disabled = count === 0;
      note.textContent = count + " of " + W.MOST + " chosen";
    }
    function tick(ids) {
      choices.forEach(({ box }) => (box.checked = ids.includes(box.value)));
      check();
    }
    const preset = ({ title, entries }) =>
      W.make("button", { type: "button", class: "button quiet", onclick: () => tick(entries) }, title);

    const picker = {
      /** The entries as they are now: a file may have brought one more. */
      refresh() {
        choices = site.entries.map(choice);
        list.replaceChildren(...choices.map(({ item }) => item));
      },
      open(race) {
        tick(race.entries);
        courses.value = race.course;
        dialog.showModal();
        choices.forEach(({ picture, body, colour }) => W.portray(picture, body, colour));
      },
    };
    list.addEventListener("change", check);
    form.addEventListener("submit", (event) => {
      if (!event.submitter || event.submitter.value !== "start") return;
      onChoose({ course: courses.value, entries: chosen() });
    });
    courses.append(...site.courses.map((c) => W.make("option", { value: c.id }, c.title)));
    groups.append(...(site.presets || []).map(preset));
    picker.refresh();
    return picker;
  };
})(window.WALKER);
