// The ground: one periodic tile, repeated without a seam; wind-blown sand, or ice, or mud, or between.
(function (W) {
  "use strict";

  const SIDE = 512; // pixels and units of a tile
  const TURN = 2 * Math.PI;

  /** Small seeded generator (mulberry32), so that the sand looks the same everywhere. */
  function generator(seed) {
    return function () {
      seed = (seed + 0x6d2b79f5) | 0;
      let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  /** Periodic smooth noise of unit variance: waves of whole frequencies, coarse ones strong. */
  function cloud(random, waves, coarsest, finest, roughness) {
    const out = new Float32Array(SIDE * SIDE);
    const rowWave = new Float32Array(SIDE * 2);
    let power = 0;
    for (let k = 0; k < waves; k++) {
      const frequency = coarsest * Math.pow(finest / coarsest, random());
      const angle = TURN * random();
      const fx = Math.round(frequency * Math.cos(angle)), fy = Math.round(frequency * Math.sin(angle));
      const size = Math.pow(Math.hypot(fx, fy) || 1, -roughness);
      const phase = TURN * random();
      power += (size * size) / 2;
      for (let x = 0; x < SIDE; x++) {
        rowWave[2 * x] = size * Math.cos((TURN * fx * x) / SIDE + phase);
        rowWave[2 * x + 1] = size * Math.sin((TURN * fx * x) / SIDE + phase);
      }
      for (let y = 0; y < SIDE; y++) {
        const c = Math.cos((TURN * fy * y) / SIDE), s = Math.sin((TURN * fy * y) / SIDE);
        const row = y * SIDE;
        for (let x = 0; x < SIDE; x++) out[row + x] += rowWave[2 * x] * c - rowWave[2 * x + 1] * s;
      }
    }
    const scale = 1 / Math.sqrt(power || 1);
    for (let i = 0; i < out.length; i++) out[i] *= scale;
    return out;
  }

  let heights = null;

  /** Height of dunes and ripples; it does not depend on the light, so it is made once. */
  function heightMap() {
    if (heights) return heights;
    const random = generator(20);
    const dunes = cloud(random, 26, 1.5, 12, 0.9);
    const fine = cloud(random, 18, 6, 30, 0.4);
    heights = new Float32Array(SIDE * SIDE);
    for (let y = 0, i = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++, i++) {
        const ramp = (22 * x + 6 * y) / SIDE;
        const ripple = Math.sin(TURN * ramp + 2.4 * dunes[i] + 0.9 * fine[i]);
        heights[i] = 0.5 * dunes[i] + 0.17 * ripple * W.clamp(0.6 + 0.5 * dunes[i], 0, 1.4);
      }
    }
    return heights;
  }

  function paint(colours) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = SIDE;
    const context = tile.getContext("2d");
    const image = context.createImageData(SIDE, SIDE);
    const height = heightMap();
    const random = generator(7);
    const relief = 0.8 * (1 - 0.8 * colours.slick) * (1 + 0.5 * colours.drag); // of dunes and ripples
    const cloudy = 0.05 + 0.12 * colours.slick + 0.1 * colours.drag;
    for (let y = 0, i = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++, i++) {
        const before = height[((y + SIDE - 1) % SIDE) * SIDE + ((x + SIDE - 1) % SIDE)];
        const after = height[((y + 1) % SIDE) * SIDE + ((x + 1) % SIDE)];
        const grain = 0.075 * (1 - 0.8 * colours.slick) * (random() + random() - 1);
        const tone = W.clamp(relief * (after - before) + cloudy * height[i] + grain, -1, 1);
        const goal = tone < 0 ? colours.sandDark : colours.sandLight;
        const share = Math.abs(tone);
        for (let c = 0; c < 3; c++) {
          image.data[4 * i + c] = colours.sand[c] + (goal[c] - colours.sand[c]) * share;
        }
        image.data[4 * i + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    if (colours.drag > 0) wet(context, random, colours);
    if (colours.slick > 0) crack(context, random, colours);
    if (colours.slick < 1) strew(context, random, colours);
    return tile;
  }

  /** Puddles with the sky in them. */
  function wet(context, random, colours) {
    for (let k = 0; k < 14; k++) {
      const x = 60 + random() * (SIDE - 120), y = 60 + random() * (SIDE - 120), wide = 8 + 40 * random() ** 2;
      const pool = (grow, shift, fill) => {
        context.beginPath();
        context.ellipse(x + shift, y + shift, wide * grow, wide * grow * 0.62, 0.35, 0, TURN);
        context.fillStyle = fill;
        context.fill();
      };
      pool(1.12, -1, W.css(colours.sandDark, 0.5 * colours.drag));
      pool(1, 0, W.css(W.blend(colours.sandDark, colours.ice[2], 0.35), 0.7 * colours.drag));
      pool(0.55, -0.18 * wide, W.css(colours.ice[1], 0.13 * colours.drag));
    }
  }

  /** Cracks and scratches; they end before the seam. */
  function crack(context, random, colours) {
    const line = (length, wide, bend, alpha, colour) => {
      let x = 90 + random() * (SIDE - 180), y = 90 + random() * (SIDE - 180), turn = TURN * random();
      context.beginPath();
      context.moveTo(x, y);
      for (let k = 0; k < 7; k++) {
        turn += bend * (random() - 0.5);
        x = W.clamp(x + (length / 7) * Math.cos(turn), 3, SIDE - 3);
        y = W.clamp(y + (length / 7) * Math.sin(turn), 3, SIDE - 3);
        context.lineTo(x, y);
      }
      context.lineWidth = wide;
      context.strokeStyle = W.css(colour, alpha * colours.slick);
      context.stroke();
    };
    for (let k = 0; k < 9; k++) line(170, 1.6, 1.7, 0.75, colours.sandLight);
    for (let k = 0; k < 9; k++) line(90, 0.9, 1.2, 0.5, colours.sandDark);
    for (let k = 0; k < 26; k++) line(60, 0.7, 0.15, 0.5, colours.sandLight);
  }

  /** Small stones, away from the seam. */
  function strew(context, random, colours) {
    for (let k = 0; k < 30; k++) {
      const x = 12 + random() * (SIDE - 24), y = 12 + random() * (SIDE - 24);
      const radius = 0.9 + 2.2 * Math.pow(random(), 2);
      const disc = (dx, dy, r, fill) => {
        context.beginPath();
        context.arc(x + dx, y + dy, r, 0, TURN);
        context.fillStyle = fill;
        context.fill();
      };
      disc(0.9, 1.1, radius * 1.1, W.css(colours.sandDark, 0.75));
      disc(0, 0, radius, W.css(W.blend(colours.pebble, colours.ink, 0.3 * random())));
      disc(-0.3 * radius, -0.3 * radius, radius * 0.4, W.css(colours.sandLight, 0.5));
    }
  }

  const tiles = new Map();
  function tileOf(colours) {
    if (!tiles.has(colours.key)) tiles.set(colours.key, paint(colours));
    return tiles.get(colours.key);
  }

  /** Cover a view with ground that stays put under the camera; `colours` as of `groundColours`. */
  W.drawSand = function (context, camera, view, colours) {
    const pattern = context.createPattern(tileOf(colours), "repeat");
    pattern.setTransform(new DOMMatrix([camera.zoom, 0, 0, camera.zoom, view.x(0), view.y(0)]));
    context.fillStyle = pattern;
    context.fillRect(0, 0, view.width, view.height);
  };
})(window.WALKER);
