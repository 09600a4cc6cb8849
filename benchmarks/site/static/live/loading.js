// What a visitor is told where a page cannot begin: the first script of it, so that it hears of all
// others. Until all is well, `#message` says what its HTML says.
(function () {
  "use strict";

  let begun = false, broken = false;

  const say = function (words) {
    const place = document.getElementById("message");
    if (place) place.textContent = words;
    else document.addEventListener("DOMContentLoaded", () => say(words), { once: true });
  };

  window.addEventListener("error", function ({ target }) {
    if (begun || !(target instanceof HTMLScriptElement) || target.src.includes("/data/")) return;
    const name = target.src.split("/").pop();
    say("The sandbox cannot begin: " + name + " did not load. Reload the page, or copy the whole folder again.");
    broken = true;
  }, true);

  /** Begin with `start`, or say why it cannot be; `window.WALKER` has all of the page's parts. */
  window.beginPage = async function (start) {
    if (broken) return;
    try {
      await start();
      begun = true;
    } catch (error) {
      say("The sandbox cannot begin: " + error.message + ". Reload the page, or copy the whole folder again.");
    }
  };
})();
