// The network of the followed walker, drawn live: what excites is warm, what holds back is cold.
(function (W) {
  "use strict";

  const SHOWN = 320; // strongest links
  const WARM = [226, 92, 38], COLD = [42, 130, 190];
  const LETTERS = 10, LEAST = 4; // pixels of a name, and under which it is left out
  const BESIDE = 14; // pixels beside a name

  /** Pixels of the letters beside so many units on top of each other; 0 without room. */
  function lettersFor(count, height) {
    const room = Math.min(LETTERS, Math.floor((2 * (height - 16)) / count) / 2);
    return room < LEAST ? 0 : room;
  }

  const face = (letters) => letters + "px system-ui, sans-serif";

  /** Pixels that the names of a column take. */
  function namesWide(context, names, height) {
    const letters = lettersFor(names.length, height);
    context.font = face(letters || LETTERS);
    return BESIDE + (letters ? Math.max(...names.map((name) => context.measureText(name).width)) : 0);
  }

  /** Where each unit is drawn in a box, and how large. */
  function layout(context, network, width, height) {
    const places = [];
    const last = Math.max(1, network.columns.length - 1);
    const left = namesWide(context, network.inputs, height);
    const right = namesWide(context, network.outputs, height);
    network.columns.forEach((units, column) => {
      const x = left + ((width - left - right) * column) / last;
      const named = column === 0 || column === last;
      const lines = units.length > 32 && !named ? 2 : 1, rows = Math.ceil(units.length / lines);
      const radius = units.length > 32 ? 2.4 : units.length > 16 ? 3.6 : 4.8;
      units.forEach((unit, i) => {
        places[unit] = {
          x: x + (lines === 2 ? (i % 2 ? 6 : -6) : 0),
          y: 8 + ((height - 16) * (Math.floor(i / lines) + 0.5)) / rows,
          radius,
        };
      });
    });
    return places;
  }

  /** The links that carry most, the strongest last. */
  function strongest(network, values) {
    const found = [], first = network.inputs.length;
    network.units.forEach((unit, n) => {
      for (let k = 0; k < unit.from.length; k++) {
        const flow = values[unit.from[k]] * unit.weight[k];
        if (Math.abs(flow) > 0.04) found.push([Math.abs(flow), flow, unit.from[k], first + n]);
      }
    });
    found.sort((a, b) => a[0] - b[0]);
    return found.slice(-SHOWN);
  }

  function drawLinks(context, network, values, places) {
    for (const [size, flow, from, to] of strongest(network, values)) {
      const share = Math.min(1, size / 1.5), a = places[from], b = places[to];
      const middle = (a.x + b.x) / 2;
      context.beginPath();
      context.moveTo(a.x, a.y);
      context.bezierCurveTo(middle, a.y, middle, b.y, b.x, b.y);
      context.strokeStyle = W.css(flow > 0 ? WARM : COLD, 0.08 + 0.6 * share);
      context.lineWidth = 0.4 + 1.8 * share;
      context.stroke();
    }
  }

  function drawUnits(context, values, places, rim) {
    places.forEach(({ x, y, radius }, i) => {
      const share = Math.min(1, Math.abs(values[i]));
      context.beginPath();
      context.arc(x, y, radius * (0.8 + 0.35 * share), 0, 2 * Math.PI);
      context.fillStyle = W.css(W.blend([255, 250, 238], values[i] > 0 ? WARM : COLD, share));
      context.fill();
      context.strokeStyle = rim;
      context.lineWidth = 1;
      context.stroke();
    });
  }

  function drawNames(context, network, places, ink, height) {
    context.fillStyle = ink;
    context.textBaseline = "middle";
    const write = (texts, units, align, shift) => {
      const letters = lettersFor(texts.length, height);
      if (!letters) return;
      context.font = face(letters);
      context.textAlign = align;
      texts.forEach((text, i) => context.fillText(text, places[units[i]].x + shift, places[units[i]].y));
    };
    write(network.inputs, network.columns[0], "right", -9);
    write(network.outputs, network.columns[network.columns.length - 1], "left", 9);
  }

  /** Draw a runner's network into a context whose unit is a CSS pixel. */
  W.drawBrain = function (context, network, runner, time, width, height) {
    W.drawActivity(context, network, W.activate(network, W.sight(runner, network, time)), width, height);
  };

  /** Draw a network whose units do what `values` says. */
  W.drawActivity = function (context, network, values, width, height) {
    const places = layout(context, network, width, height);
    const dark = W.isDark();
    drawLinks(context, network, values, places);
    drawUnits(context, values, places, dark ? "rgba(0,0,0,0.5)" : "rgba(52,42,36,0.55)");
    drawNames(context, network, places, dark ? "#d8d2c6" : "#4a4038", height);
  };
})(window.WALKER);
