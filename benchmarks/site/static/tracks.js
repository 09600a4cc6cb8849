// Footprints: where a foot pressed the ground, until the wind has levelled it; and dust where it lands.
(function (W) {
  "use strict";

  const DONE = 3; // control steps after which a print that no foot presses is done
  const LEVELS = 10; // of depth
  const LEAST = 0.3; // a weaker grip leaves nothing to see
  const DUST = 9; // control steps for which dust hangs in the air

  /** All prints and landings of a walk, in the order they begin. */
  W.tracksOf = function (walk, body, girth) {
    const size = 1.15 * girth;
    const prints = [], landings = [];
    const last = new Array(walk.feet).fill(null);
    for (let step = 0; step <= walk.steps; step++) {
      for (let f = 0; f < walk.feet; f++) {
        const at = (step * walk.nodes + body.feet[f]) * 2;
        const x = walk.position[at], y = walk.position[at + 1];
        const grip = walk.grip[step * walk.feet + f];
        const before = step > 0 ? walk.grip[(step - 1) * walk.feet + f] : 0;
        if (grip >= 0.5 && before < 0.5 && step > 0) landings.push(landing(walk, at, step, x, y));
        last[f] = W.press(prints, last[f], { x, y, time: step, grip, size });
      }
    }
    return { prints, landings, size };
  };

  /** A foot presses the sand: the print that it lies in, deeper or new; both go into `prints`. */
  W.press = function (prints, print, { x, y, time, grip, size }) {
    if (grip < LEAST) return print;
    const near = print && Math.hypot(print.x - x, print.y - y) < 0.6 * size;
    if (near && print.end > time - 40 && !print.laid) {
      print.depth = Math.max(print.depth, grip);
      print.end = time;
      return print;
    }
    const fresh = { x, y, born: time, end: time, depth: grip };
    prints.push(fresh);
    return fresh;
  };

  function landing(walk, at, step, x, y) {
    const back = at - walk.nodes * 2;
    return { x, y, step, dx: x - walk.position[back], dy: y - walk.position[back + 1] };
  }

  /** Index of the first element whose `key` is greater than `limit`; elements are in order. */
  function after(list, key, limit) {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle][key] <= limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const sprites = new Map();

  /** A hollow lit from the upper left: dark inside, a bright crescent at the lower right. */
  function sprite(level, tint, colours) {
    const key = level + "/" + tint + "/" + colours.key;
    if (sprites.has(key)) return sprites.get(key);
    const side = 64, half = side / 2, share = level / LEVELS;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    const disc = (shift, radius, fill) => {
      context.beginPath();
      context.arc(half + shift, half + shift, radius, 0, 2 * Math.PI);
      context.fillStyle = fill;
      context.fill();
    };
    const soft = (shift, radius, colour, alpha) => {
      const at = half + shift;
      const fill = context.createRadialGradient(at, at, 0, at, at, radius);
      fill.addColorStop(0, W.css(colour, alpha));
      fill.addColorStop(0.7, W.css(colour, alpha * 0.85));
      fill.addColorStop(1, W.css(colour, 0));
      disc(shift, radius, fill);
    };
    const radius = half * (0.5 + 0.16 * share);
    soft(half * 0.12, radius * 1.12, colours.sandLight, 0.75 * share);
    context.globalCompositeOperation = "destination-out";
    soft(-half * 0.05, radius * 1.08, [0, 0, 0], 1);
    context.globalCompositeOperation = "source-over";
    const dark = W.blend(colours.print, tint, 0.16);
    soft(0, radius, dark, 0.3 * share);
    soft(-half * 0.1, radius * 0.72, dark, 0.26 * share);
    sprites.set(key, canvas);
    return canvas;
  }

  /** The picture of a print and half its side [unit]; null where there is nothing to see. */
  function pictured(print, { size }, tint, colours) {
    const level = Math.ceil(print.depth * print.depth * colours.soft * LEVELS);
    return level > 0 ? [sprite(level, tint, colours), 1.6 * size] : null;
  }

  /**
   * Draw everybody's prints as they are at the scene's time; the context is in pixels. Those that are
   * done go into the scene's tiles, once; only those under a foot are drawn one by one.
   */
  W.drawTracks = function (context, camera, view, scene, colours) {
    const store = (scene.tiles = scene.tiles || W.newTiles()), { time } = scene;
    W.weather(store, time, colours.key);
    const young = [];
    for (const { tracks, colour } of scene.runners) {
      const { prints } = tracks;
      for (let i = after(prints, "born", time) - 1; i >= 0; i--) {
        const print = prints[i];
        if (print.born < time - W.PRINT_GONE) break;
        if (print.laid === store.round) continue;
        const picture = pictured(print, tracks, colour, colours);
        if (!picture) continue;
        if (print.end > time - DONE) {
          young.push([print, ...picture]);
          continue;
        }
        W.layPrint(store, picture[0], print.x, print.y, picture[1], time - print.end, time);
        print.laid = store.round;
      }
    }
    W.drawTiles(context, camera, view, store);
    for (const [print, picture, size] of young) {
      const half = size * camera.zoom, x = view.x(print.x), y = view.y(print.y);
      if (x < -half || y < -half || x > view.width + half || y > view.height + half) continue;
      context.drawImage(picture, x - half, y - half, 2 * half, 2 * half);
    }
  };

  /** Little clouds where feet have just landed; those of one age are one path. */
  W.drawDust = function (context, camera, view, runners, time, colours) {
    const ages = Array.from({ length: DUST }, () => []);
    for (const { tracks } of runners) {
      const { landings, size } = tracks;
      for (let i = after(landings, "step", time) - 1; i >= 0; i--) {
        const puff = landings[i], age = (time - puff.step) / DUST;
        if (age >= 1) break;
        const x = view.x(puff.x), y = view.y(puff.y), far = 4 * size * camera.zoom;
        if (x > -far && y > -far && x < view.width + far && y < view.height + far) ages[Math.floor(age * DUST)].push({ puff, age, size });
      }
    }
    ages.forEach(function (clouds, step) {
      if (!clouds.length) return;
      context.beginPath();
      for (const { puff, age, size } of clouds) {
        for (let k = 0; k < 4; k++) {
          const turn = 2.4 * k + puff.step, far = size * (0.5 + 1.5 * Math.sqrt(age));
          const x = view.x(puff.x + 0.55 * puff.dx * age + far * Math.cos(turn));
          const y = view.y(puff.y + 0.55 * puff.dy * age + far * Math.sin(turn));
          const radius = size * camera.zoom * (0.3 + 0.6 * age);
          context.moveTo(x + radius, y);
          context.arc(x, y, radius, 0, 2 * Math.PI);
        }
      }
      const left = 1 - (step + 0.5) / DUST;
      context.fillStyle = W.css(colours.sandLight, 0.34 * left * left);
      context.fill();
    });
  };
})(window.WALKER);
