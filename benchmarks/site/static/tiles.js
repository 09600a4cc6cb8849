// Old footprints, painted into tiles of the ground: a frame draws a tile, not each print on it.
(function (W) {
  "use strict";

  const SIDE = 640, PIXELS = 512; // of a tile: units, pixels
  const STEP = 20; // control steps between two gusts of wind
  const LEFT = 0.915; // share of a print's depth that a gust leaves
  const GONE = 700; // control steps after which nothing of a print is seen
  const JUMP = 60; // control steps that tiles catch up with; after more they are painted anew

  /** Tiles without a print. */
  W.newTiles = () => ({ tiles: new Map(), time: 0, round: 0, look: "" });

  /** Age at which a print is not worth painting [control step]. */
  W.PRINT_GONE = GONE;

  function tileAt(store, column, row, time) {
    const key = column + "/" + row;
    if (!store.tiles.has(key)) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = PIXELS;
      // so that they do not all fade in the same frame
      const faded = time - ((store.tiles.size * 7) % STEP);
      store.tiles.set(key, { column, row, canvas, context: canvas.getContext("2d"), faded, last: time });
    }
    return store.tiles.get(key);
  }

  /** Paint a picture of a print, `half` units to each side, that is `age` control steps old. */
  W.layPrint = function (store, picture, x, y, half, age, time) {
    const reach = (at) => [Math.floor((at - half) / SIDE), Math.floor((at + half) / SIDE)];
    const [left, right] = reach(x), [low, high] = reach(y), scale = PIXELS / SIDE;
    for (let column = left; column <= right; column++) {
      for (let row = low; row <= high; row++) {
        const tile = tileAt(store, column, row, time), { context } = tile;
        tile.last = Math.max(tile.last, time - age);
        context.globalAlpha = LEFT ** (age / STEP);
        context.drawImage(picture, (x - half - column * SIDE) * scale,
          ((row + 1) * SIDE - y - half) * scale, 2 * half * scale, 2 * half * scale);
      }
    }
  };

  /**
   * Let the wind blow up to a time; whether all prints have to be painted anew, because time has
   * jumped or they look different now.
   */
  W.weather = function (store, time, look) {
    const jumped = time < store.time || time > store.time + JUMP || look !== store.look;
    Object.assign(store, { time, look });
    if (jumped) {
      store.tiles.clear();
      store.round++;
      return true;
    }
    for (const [key, tile] of store.tiles) {
      if (tile.last < time - GONE) store.tiles.delete(key);
      else if (time - tile.faded >= STEP) fade(tile);
    }
    return false;
  };

  function fade(tile) {
    const { context } = tile;
    tile.faded += STEP;
    context.globalAlpha = 1 - LEFT;
    context.globalCompositeOperation = "destination-out";
    context.fillRect(0, 0, PIXELS, PIXELS);
    context.globalCompositeOperation = "source-over";
  }

  /** Draw the tiles that are in view; the context is in pixels. */
  W.drawTiles = function (context, camera, view, store) {
    const edge = (value) => Math.round(2 * value) / 2; // neighbours meet without a seam
    for (const { canvas, column, row } of store.tiles.values()) {
      const left = edge(view.x(column * SIDE)), right = edge(view.x((column + 1) * SIDE));
      const top = edge(view.y((row + 1) * SIDE)), bottom = edge(view.y(row * SIDE));
      if (right < 0 || bottom < 0 || left > view.width || top > view.height) continue;
      context.drawImage(canvas, left, top, right - left, bottom - top);
    }
  };
})(window.WALKER);
