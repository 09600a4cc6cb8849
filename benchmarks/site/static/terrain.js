// Ground that is not even, drawn under walkers: ice, mud, and the paths that they have cleared.
(function (W) {
  "use strict";

  const GRAIN = 5; // pixels; the ground is looked at so closely
  const ICE = [206, 230, 240, 0.86], MUD = [112, 82, 56, 0.78], TRODDEN = [166, 128, 82, 0.75];
  const layer = document.createElement("canvas");

  function paint(data, at, [r, g, b, cover], share) {
    data[at] = r;
    data[at + 1] = g;
    data[at + 2] = b;
    data[at + 3] = Math.round(255 * cover * share);
  }

  /** Cover the sand of a view with the ground of a walker, of the engine's walkers and its number. */
  W.drawGround = function (context, camera, view, walkers, i) {
    const { soil } = walkers.model;
    if (!soil) return;
    const columns = Math.ceil(view.width / GRAIN) + 3, rows = Math.ceil(view.height / GRAIN) + 3;
    const zoom = camera.zoom, left = view.x(0), top = view.y(0);
    const start = (origin) => (((origin % GRAIN) + GRAIN) % GRAIN) - GRAIN; // it stays put in the world
    const firstX = start(left), firstY = start(top);
    layer.width = columns;
    layer.height = rows;
    const image = new ImageData(columns, rows);
    for (let row = 0, at = 0; row < rows; row++) {
      const y = (top - firstY - (row + 0.5) * GRAIN) / zoom;
      for (let column = 0; column < columns; column++, at += 4) {
        const x = (firstX + (column + 0.5) * GRAIN - left) / zoom;
        const [grip, depth] = W.groundAt(walkers, i, x, y);
        if (soil.kind === "sand") paint(image.data, at, TRODDEN, 1 - depth);
        else if (depth > 0) paint(image.data, at, MUD, 1);
        else if (grip < 1) paint(image.data, at, ICE, 1);
      }
    }
    const pen = layer.getContext("2d");
    pen.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(layer, firstX, firstY, columns * GRAIN, rows * GRAIN);
  };
})(window.WALKER);
