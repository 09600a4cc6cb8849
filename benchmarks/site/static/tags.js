// Names beside the walkers: behind the head, so that eyes and feet stay free, and beside each other.
(function (W) {
  "use strict";

  const HEIGHT = [20, 23]; // pixels, and of the one that is followed
  const LETTERS = 18; // of a name that are shown
  const SIDES = [0, 0.8, -0.8, 1.6, -1.6, 2.4, -2.4]; // angles from straight behind
  const FREE = 4; // pixels around eyes and between names

  const short = (text) => (text.length > LETTERS ? text.slice(0, LETTERS - 1) + "…" : text);
  const face = (strong) => (strong ? "600 13px " : "500 11.5px ") + "system-ui, sans-serif";
  const head = {};

  const meet = (a, b) =>
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 + FREE && Math.abs(a.y - b.y) < (a.height + b.height) / 2 + FREE;

  /** Where a runner is on the picture: its middle, its reach, its eyes, where its head points. */
  function placed(runner, view, camera) {
    const size = W.magnified(camera, runner.body) * camera.zoom, [mx, my] = runner.middle;
    const { girth, extent } = W.shapeOf(runner.body), x = view.x(mx), y = view.y(my);
    W.headOf(runner.body, runner.pose.position, head);
    const eyes = { x: x + (head.x - mx) * size, y: y - (head.y - my) * size, width: 6 * girth * size, height: 6 * girth * size };
    return { x, y, reach: extent * size + 3, eyes, turn: Math.atan2(-head.fy, head.fx) };
  }

  function boxAt(place, side, width, height) {
    const turn = place.turn + Math.PI + side, c = Math.cos(turn), s = Math.sin(turn);
    const far = place.reach + Math.abs(c) * (width / 2) + Math.abs(s) * (height / 2);
    return { x: place.x + c * far, y: place.y + s * far, width, height };
  }

  /** The same box, wholly in the picture where its walker is. */
  function within(box, view) {
    const wide = box.width / 2 + FREE, high = box.height / 2 + FREE;
    const moved = { ...box, x: W.clamp(box.x, wide, view.width - wide), y: W.clamp(box.y, high, view.height - high) };
    return Math.hypot(moved.x - box.x, moved.y - box.y) < box.width ? moved : box;
  }

  /** Where a tag goes: where it was, if it still can be there, else the first side that is free. */
  function choose(runner, place, [width, height], taken, view) {
    const sides = [runner.tagSide || 0, ...SIDES], at = (side) => within(boxAt(place, side, width, height), view);
    const free = sides.find((side) => !taken.some((other) => meet(other, at(side))));
    runner.tagSide = free === undefined ? sides[0] : free;
    return at(runner.tagSide);
  }

  function drawTag(context, box, text, colour, strong) {
    const { x, y, width, height } = box;
    context.beginPath();
    context.roundRect(x - width / 2, y - height / 2, width, height, height / 2);
    context.fillStyle = strong ? "rgba(255,250,238,0.94)" : "rgba(255,250,238,0.72)";
    context.fill();
    context.beginPath();
    context.arc(x - width / 2 + 12, y, 4.2, 0, 2 * Math.PI);
    context.fillStyle = W.css(colour);
    context.fill();
    context.fillStyle = "#342a24";
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.fillText(text, x - width / 2 + 20, y + 0.5);
  }

  /** The boxes of all names and eyes of those in `seen`, the followed one first; in pixels. */
  W.placeTags = function (context, scene, view, camera, seen) {
    const places = seen.map((lane) => placed(scene.runners[lane], view, camera));
    const taken = [...places.map(({ eyes }) => eyes), ...(scene.covered || [])], tags = [];
    for (let i = seen.length - 1; i >= 0; i--) {
      const runner = scene.runners[seen[i]], strong = seen[i] === scene.followed, text = short(runner.name);
      context.font = face(strong);
      const size = [context.measureText(text).width + 28, HEIGHT[strong ? 1 : 0]];
      const box = choose(runner, places[i], size, taken, view);
      taken.push(box);
      tags.push({ box, text, runner, strong });
    }
    return { tags, eyes: places.map(({ eyes }) => eyes) };
  };

  /** Draw the names of those in `seen`; the context is in pixels. */
  W.drawTags = function (context, scene, view, camera, seen) {
    for (const { box, text, runner, strong } of W.placeTags(context, scene, view, camera, seen).tags) {
      context.font = face(strong);
      drawTag(context, box, text, runner.colour, strong);
    }
  };
})(window.WALKER);
