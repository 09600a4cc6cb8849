// The end of a race: the podium, and a photo where it was close.
(function (W) {
  "use strict";

  const CLOSE = 0.3; // targets between the first two

  function stand({ runner, score, place }) {
    const picture = W.make("canvas", { "aria-hidden": "true" });
    const count = Math.floor(score);
    const item = W.make("li", { "data-place": place },
      picture,
      W.make("span", { class: "who" }, runner.name),
      W.make("span", { class: "sum" }, W.targetWords(count)),
      W.make("span", { class: "step" }, String(place)));
    item.querySelector(".step").style.borderColor = W.css(runner.colour);
    return { item, picture, runner };
  }

  /** How close it was, in words; null where it was not, or nobody else ran. */
  W.photoWords = function ([first, second]) {
    if (!second || first.score < 1 || first.score - second.score >= CLOSE) return null;
    if (first.score === second.score) return `${first.runner.name} and ${second.runner.name}: a dead heat`;
    const share = (100 * (first.score - second.score)).toFixed(first.score - second.score < 0.01 ? 1 : 0);
    return `Photo finish: ${first.runner.name} is ahead of ${second.runner.name} by ${share} % of a leg`;
  };

  function takePhoto(canvas, scene, lanes) {
    const { context, width, height } = W.sharp(canvas), camera = W.newCamera();
    camera.mode = "auto";
    const shown = { ...scene, shots: [{ from: -Infinity, lanes, close: true }], followed: lanes[0] };
    W.moveCamera(camera, shown, width, height, 1);
    W.drawScene(context, shown, camera, width, height);
  }

  /** Fill the box of the finish with the ranking, best first. */
  W.showFinish = function (scene, ranking, seconds) {
    const best = ranking[0], stands = ranking.slice(0, 3).map(stand), words = W.photoWords(ranking);
    W.byId("winner").textContent = best.runner.name;
    W.byId("won").textContent = ranking.length > 1 && ranking[1].score === best.score
      ? "shares the first place" : `reached ${W.targetWords(Math.floor(best.score))} in ${seconds.toFixed(0)} s`;
    const order = stands.length > 1 ? [stands[1], stands[0], ...stands.slice(2)] : stands;
    W.byId("podium").replaceChildren(...order.map(({ item }) => item));
    W.byId("podium").hidden = ranking.length < 2;
    W.byId("photo").hidden = words === null;
    W.byId("finish").hidden = false;
    for (const { picture, runner } of stands) if (ranking.length > 1) W.portray(picture, runner.body, runner.colour);
    if (words === null) return;
    W.byId("photowords").textContent = words;
    takePhoto(W.byId("photocanvas"), scene, [best.lane, ranking[1].lane]);
  };
})(window.WALKER);
