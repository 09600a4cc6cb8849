// The network of the followed walker, drawn live: what excites is warm, what holds back is cold.
(function (W) {
  "use strict";

  const SHOWN = 150; // strongest connections of a layer
  const WARM = [226, 92, 38], COLD = [42, 130, 190];

  /** Where the units of each layer are drawn, in a box. */
  function layout(sizes, width, height, left, right) {
    return sizes.map((count, layer) => {
      const x = left + ((width - left - right) * layer) / (sizes.length - 1);
      const columns = count > 32 ? 2 : 1, rows = Math.ceil(count / columns);
      return Array.from({ length: count }, (_, i) => [
        x + (columns === 2 ? (i % 2 ? 6 : -6) : 0),
        8 + ((height - 16) * (Math.floor(i / columns) + 0.5)) / rows,
      ]);
    });
  }

  /** The connections that carry most, strongest last. */
  function strongest(layer, before, width) {
    const found = [];
    for (let i = 0; i < before.length; i++) {
      for (let j = 0; j < width; j++) {
        const flow = before[i] * layer.w[i * width + j];
        if (Math.abs(flow) > 0.04) found.push([Math.abs(flow), flow, i, j]);
      }
    }
    found.sort((a, b) => a[0] - b[0]);
    return found.slice(-SHOWN);
  }

  function drawLinks(context, network, values, places) {
    network.layers.forEach((layer, k) => {
      for (const [size, flow, i, j] of strongest(layer, values[k], layer.b.length)) {
        const share = Math.min(1, size / 1.5);
        const [ax, ay] = places[k][i], [bx, by] = places[k + 1][j];
        context.beginPath();
        context.moveTo(ax, ay);
        context.bezierCurveTo(ax + (bx - ax) * 0.5, ay, ax + (bx - ax) * 0.5, by, bx, by);
        context.strokeStyle = W.css(flow > 0 ? WARM : COLD, 0.08 + 0.6 * share);
        context.lineWidth = 0.4 + 1.8 * share;
        context.stroke();
      }
    });
  }

  function drawUnits(context, values, places, rim) {
    values.forEach((layer, k) => {
      const radius = layer.length > 32 ? 2.4 : layer.length > 16 ? 3.6 : 4.8;
      layer.forEach((value, i) => {
        const share = Math.min(1, Math.abs(value)), [x, y] = places[k][i];
        context.beginPath();
        context.arc(x, y, radius * (0.8 + 0.35 * share), 0, 2 * Math.PI);
        context.fillStyle = W.css(W.blend([255, 250, 238], value > 0 ? WARM : COLD, share));
        context.fill();
        context.strokeStyle = rim;
        context.lineWidth = 1;
        context.stroke();
      });
    });
  }

  function drawLabels(context, network, places, ink) {
    context.font = "10px system-ui, sans-serif";
    context.fillStyle = ink;
    context.textBaseline = "middle";
    context.textAlign = "right";
    network.inputs.forEach((text, i) => context.fillText(text, places[0][i][0] - 9, places[0][i][1]));
    context.textAlign = "left";
    const last = places[places.length - 1];
    network.outputs.forEach((text, i) => context.fillText(text, last[i][0] + 9, last[i][1]));
  }

  /** Draw a runner's network into a context whose unit is a CSS pixel. */
  W.drawBrain = function (context, network, runner, time, width, height) {
    context.clearRect(0, 0, width, height);
    const values = W.activate(network, W.sight(runner, network, time));
    const places = layout(network.sizes, width, height, 78, 64);
    const dark = W.isDark();
    drawLinks(context, network, values, places);
    drawUnits(context, values, places, dark ? "rgba(0,0,0,0.5)" : "rgba(52,42,36,0.55)");
    drawLabels(context, network, places, dark ? "#d8d2c6" : "#4a4038");
  };
})(window.WALKER);
