// What a number means, one tap away: a question mark opens the sentence that the glossary has.
(function (W) {
  "use strict";

  /** A question mark for a term of the glossary. */
  W.what = function (key) {
    const name = document.querySelector("#what-" + key + " dt");
    return W.make("a", { class: "what", href: "#what-" + key,
      "aria-label": "What " + (name ? name.textContent : key) + " means" }, "?");
  };

  let note = null;

  function close() {
    if (note) note.remove();
    note = null;
  }

  function open(mark) {
    const term = document.querySelector(mark.getAttribute("href"));
    if (!term) return false;
    close();
    const [name, words] = [term.querySelector("dt"), term.querySelector("dd")].map((n) => n.textContent);
    note = W.make("div", { class: "meaning", role: "note" }, W.make("strong", {}, name), " ", words);
    document.body.append(note);
    const box = mark.getBoundingClientRect(), width = note.offsetWidth;
    const left = W.clamp(box.left - 20, 8, Math.max(8, document.documentElement.clientWidth - width - 8));
    note.style.left = left + window.scrollX + "px";
    note.style.top = box.bottom + 6 + window.scrollY + "px";
    return true;
  }

  document.addEventListener("click", (event) => {
    const mark = event.target.closest && event.target.closest("a.what");
    const same = note && mark && note.mark === mark;
    if (!mark || same) {
      close();
      if (same) event.preventDefault();
      return;
    }
    if (open(mark)) {
      note.mark = mark;
      event.preventDefault();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})(window.WALKER);
