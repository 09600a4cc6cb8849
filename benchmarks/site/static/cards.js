// The ranking as cards that change places; a click follows a runner.
(function (W) {
  "use strict";

  /** Cards in a list element; `onFollow(lane)` when one is chosen. */
  W.newCards = function (list, onFollow) {
    let cards = [], order = "";

    function card(runner, lane) {
      const place = W.make("span", { class: "place" });
      const hidden = (words) => W.make("span", { class: "hidden" }, words);
      const noun = hidden("");
      const name = W.make("span", { class: "who" }, runner.name);
      const kind = W.make("span", { class: "kind" }, runner.algorithm);
      const count = W.make("span", { class: "count" });
      const bar = W.make("span", { class: "bar" });
      const track = W.make("span", { class: "track" }, bar);
      const button = W.make("button", { type: "button", onclick: () => onFollow(lane) },
        hidden("Place "), place, hidden(": "), W.make("span", { class: "words" }, name, kind), hidden(", "), count, noun, track);
      const item = W.make("li", {}, button);
      place.style.backgroundColor = bar.style.backgroundColor = W.css(runner.colour);
      place.style.color = runner.colour[0] * 0.3 + runner.colour[1] * 0.6 > 130 ? "#241c16" : "#fff";
      return { item, button, place, kind, count, noun, bar, runner, shown: {} };
    }

    function set(card, key, value, apply) {
      if (card.shown[key] === value) return;
      card.shown[key] = value;
      apply(value);
    }

    function update(card, entry, slot, followed) {
      const targets = Math.floor(entry.score);
      set(card, "slot", slot, (v) => card.item.style.setProperty("--slot", v));
      set(card, "place", entry.place, (v) => (card.place.textContent = v));
      set(card, "count", targets, (v) => {
        card.count.textContent = v;
        if (v > 0 && !W.calm()) bump(card.count);
      });
      set(card, "share", Math.round(100 * (entry.score - targets)),
        (v) => (card.bar.style.transform = "scaleX(" + v / 100 + ")"));
      set(card, "split", splitWords(entry), (v) => (card.kind.textContent = v || card.runner.algorithm));
      set(card, "followed", followed, (v) => card.button.setAttribute("aria-pressed", String(v)));
      set(card, "noun", targets === 1, (one) =>
        (card.noun.textContent = (one ? " target" : " targets") + ". Follow."));
    }

    /** How far behind the first it was at its last target [s]; "" where nobody says. */
    function splitWords({ split, place }) {
      if (split === undefined || split === null) return "";
      if (split === 0) return place === 1 ? "leads" : "was first there";
      return "+" + split.toFixed(1) + " s";
    }

    function bump(node) {
      node.classList.remove("bump");
      void node.offsetWidth; // restarts the animation
      node.classList.add("bump");
    }

    return {
      /** Cards for the runners of a scene. */
      show(scene) {
        cards = scene.runners.map(card);
        order = "";
        list.style.setProperty("--rows", cards.length);
        list.replaceChildren(...cards.map((c) => c.item));
      },
      /** The ranking at the scene's present time; `splitOf(runner)` tells how late each was [s]. */
      update(scene, splitOf = () => null) {
        const ranking = W.rankingAt(scene.runners, scene.time);
        for (const entry of ranking) entry.split = splitOf(entry.runner);
        ranking.forEach((entry, slot) => {
          update(cards[entry.lane], entry, slot, entry.lane === scene.followed);
        });
        const now = ranking.map((entry) => entry.lane).join();
        if (now !== order) list.dataset.order = order = now;
        return ranking;
      },
    };
  };
})(window.WALKER);
