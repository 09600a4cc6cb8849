// What is walked: targets that one clicks, courses that are drawn, and a suite's public courses; chosen
// by their pictures.
(function (W) {
  "use strict";

  const TILES = [
    ["click", "where I click"], ["disc", "random"], ["slalom", "slalom"], ["race", "a track"],
    ["sprint", "straight on"], ["public", "a public one"],
  ];
  const SHOWN = 9; // targets in a picture

  /** The name of a public course: `disc.17` is the suite's 17th of the skill `disc`. */
  W.publicName = (skill, number) => skill + "." + number;

  /** A public course by its name, `{skill, number, seed}`; null where the suite has none of it. */
  W.publicCourse = function (suite, name) {
    const [word, text] = name.split("."), skill = suite && suite.skills.find((one) => one.name === word);
    const number = Number(text);
    if (!skill || !Number.isInteger(number) || number < 1 || number > skill.seeds.length) return null;
    return { skill, number, seed: skill.seeds[number - 1] };
  };

  /** Whether a name is one of those that are always there. */
  W.isCourse = (name) => TILES.some(([known]) => known === name && known !== "public");

  function sample(name, seed) {
    if (name === "click") return [[120, 50], [-60, 130], [-150, -40], [60, -120]];
    const course = W.newCourse(name, seed);
    W.drawUpTo(course, name === "race" ? 17 : SHOWN - 1);
    return course.x.map((x, i) => [x, course.y[i]]);
  }

  /** A course's first targets, in the order in which they come, drawn into a canvas. */
  W.drawCourse = function (canvas, targets) {
    const { context, width, height } = W.sharp(canvas), points = [[0, 0], ...targets];
    const span = (c) => [Math.min(...points.map((p) => p[c])), Math.max(...points.map((p) => p[c]))];
    const [left, right] = span(0), [low, high] = span(1);
    const zoom = Math.min((width - 18) / (right - left || 1), (height - 18) / (high - low || 1));
    const x = (v) => width / 2 + (v - (left + right) / 2) * zoom;
    const y = (v) => height / 2 - (v - (low + high) / 2) * zoom;
    const style = getComputedStyle(document.documentElement);
    context.beginPath();
    points.forEach(([px, py], i) => (i ? context.lineTo(x(px), y(py)) : context.moveTo(x(px), y(py))));
    context.setLineDash([3, 3]);
    context.strokeStyle = style.getPropertyValue("--soft");
    context.stroke();
    points.forEach(function ([px, py], i) {
      context.beginPath();
      context.arc(x(px), y(py), i === 1 ? 4 : i ? 2.6 : 3.4, 0, 2 * Math.PI);
      context.fillStyle = style.getPropertyValue(i === 0 ? "--accent" : "--warm");
      context.fill();
    });
  };

  /** Tiles with pictures; `onChoose(name)`. `mark(name)` shows which one it is. */
  W.newCourseTiles = function (box, seed, onChoose) {
    const tiles = TILES.map(function ([name, title]) {
      const picture = W.make("canvas", { "aria-hidden": "true" });
      const button = W.make("button", {
        type: "button", "data-course": name, "aria-pressed": "false", onclick: () => onChoose(name),
      }, picture, W.make("span", {}, title));
      return { name, button, picture, targets: sample(name === "public" ? "turn-left" : name, seed) };
    });
    box.append(...tiles.map(({ button }) => button));
    const draw = () => tiles.forEach(({ picture, targets }) => W.drawCourse(picture, targets));
    new ResizeObserver(draw).observe(box);
    W.onTheme(draw);
    return {
      mark(name) {
        const shown = W.isCourse(name) ? name : "public";
        tiles.forEach((tile) => tile.button.setAttribute("aria-pressed", String(tile.name === shown)));
      },
    };
  };
})(window.WALKER);
