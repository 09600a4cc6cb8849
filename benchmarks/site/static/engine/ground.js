// The ground where it is not even, as in `walker_env/ground.py` and `terrain.py`: a physics step on
// it begins with `W.tread`. Heights are hashed from whole numbers; nothing here is rounded anywhere
// in another way than in Python.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const FIRM = 0, ICE = 1, MUD = 2, FRESH = 255;
  const ICE_BELOW = 0.38, MUD_ABOVE = 0.62, FARTHEST = 1073741824, HALF_WORD = 1 / 2147483648;
  const LATTICE_X = 0x9e3779b1, LATTICE_Y = 0x85ebca77;
  const FEELERS = [[60, 0], [45, 45], [45, -45]]; // from the head, forward and left [unit]
  const TRACK_WIDTH = 180, BEND_REACH = 130, SHARP = 0.57;
  const CARD_CELL = 10, CARD_LEFT = -460, CARD_LOW = -140, CARD_ROWS = 146, CARD_COLUMNS = 206;

  /** MurmurHash3's finalizer of a word. */
  function mixed(word) {
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return word ^ (word >>> 16);
  }

  /** Which field of patches an episode of a seed has, a word. */
  W.fieldNumber = function (seed, episode) {
    const whole = BigInt(seed), low = Number(whole & 0xffffffffn), high = Number(whole >> 32n);
    return mixed(low ^ mixed(high ^ mixed((episode + LATTICE_X) | 0))) >>> 0;
  };

  const square = (x, y) => x * x + y * y;

  function isBend(circuit, i) {
    const [ax, ay] = circuit[(i || circuit.length) - 1], [bx, by] = circuit[i];
    const [cx, cy] = circuit[(i + 1) % circuit.length];
    const ux = bx - ax, uy = by - ay, vx = cx - bx, vy = cy - by;
    return ux * vx + uy * vy < SHARP * Math.sqrt(square(ux, uy) * square(vx, vy));
  }

  /** What a place of the track is, firm, ice or mud. */
  function onTrack(circuit, x, y) {
    let road = false, icy = false;
    circuit.forEach(function ([bx, by], i) {
      const [ax, ay] = circuit[(i || circuit.length) - 1], dx = bx - ax, dy = by - ay;
      const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
      const share = Math.min(Math.max(along, 0), 1);
      const away = square(x - (ax + share * dx), y - (ay + share * dy));
      road = road || away <= TRACK_WIDTH * TRACK_WIDTH * 0.25;
      icy = icy || (isBend(circuit, i) && square(x - bx, y - by) <= BEND_REACH * BEND_REACH);
    });
    return road ? (icy ? ICE : FIRM) : MUD;
  }

  let card = null; // drawn once, when somebody asks

  function trackCard() {
    if (card) return card;
    card = new Uint8Array(CARD_ROWS * CARD_COLUMNS);
    for (let row = 0, at = 0; row < CARD_ROWS; row++) {
      for (let column = 0; column < CARD_COLUMNS; column++, at++) {
        const x = CARD_LEFT + (column + 0.5) * CARD_CELL, y = CARD_LOW + (row + 0.5) * CARD_CELL;
        card[at] = onTrack(W.circuit, x, y);
      }
    }
    return card;
  }

  /** The constants of a world's ground, as `make_soil`; null where it is even. */
  W.makeSoil = function (body, world) {
    const ground = { ...W.defaults.ground, ...world.ground }, dt = 1 / world.physics_rate;
    if (ground.kind === "even") return null;
    const sand = ground.kind === "sand", edge = -0.5 * (ground.cells * ground.cell);
    const perLevel = (ground.density * dt) / FRESH;
    return {
      kind: ground.kind,
      grip: [1, ground.ice_grip, ground.mud_grip],
      keep: [1, 1, W.power(ground.mud_drag, dt)],
      perPatch: 1 / ground.patch,
      rows: sand ? ground.cells : CARD_ROWS,
      columns: sand ? ground.cells : CARD_COLUMNS,
      left: sand ? edge : CARD_LEFT,
      low: sand ? edge : CARD_LOW,
      cell: sand ? ground.cell : CARD_CELL,
      perCell: 1 / (sand ? ground.cell : CARD_CELL),
      resist: Float64Array.from(body.nodes, (node) => perLevel / node.mass),
      pace: dt / ground.cell,
      soften: (1 - ground.sand_grip) / FRESH,
      cells: sand ? ground.cells * ground.cells : 0, // of a walker
    };
  };

  function drawn(word) {
    return (mixed(word) >>> 1) * HALF_WORD;
  }

  /** Height of a field of patches, as `Terrain.height`. */
  function heightAt(soil, field, x, y) {
    let u = x * soil.perPatch, v = y * soil.perPatch;
    u = u > -FARTHEST && u < FARTHEST ? u : 0;
    v = v > -FARTHEST && v < FARTHEST ? v : 0;
    const column = Math.floor(u), row = Math.floor(v);
    u -= column;
    v -= row;
    u = u * u * (3 - 2 * u);
    v = v * v * (3 - 2 * v);
    const corner = (field + Math.imul(column, LATTICE_X) + Math.imul(row, LATTICE_Y)) | 0;
    let a = drawn(corner), b = drawn((corner + LATTICE_X) | 0);
    const low = a + (b - a) * u;
    a = drawn((corner + LATTICE_Y) | 0);
    b = drawn((corner + LATTICE_X + LATTICE_Y) | 0);
    const high = a + (b - a) * u;
    return low + (high - low) * v;
  }

  /** Number of the cell at a place, -1 where there is none. */
  function cellAt(soil, x, y) {
    const column = Math.floor((x - soil.left) * soil.perCell);
    const row = Math.floor((y - soil.low) * soil.perCell);
    const inside = column >= 0 && column < soil.columns && row >= 0 && row < soil.rows;
    return inside ? row * soil.columns + column : -1;
  }

  function kindAt(soil, field, x, y) {
    if (soil.kind === "track") {
      const at = cellAt(soil, x, y);
      return at < 0 ? MUD : trackCard()[at];
    }
    const height = heightAt(soil, field, x, y);
    return height < ICE_BELOW ? ICE : height > MUD_ABOVE ? MUD : FIRM;
  }

  function levelAt(walkers, i, at) {
    return at < 0 ? FRESH : walkers.sand[i * walkers.model.soil.cells + at];
  }

  /** Share of its grip that a foot of walker i has at a place, and the depth of mud or sand. */
  W.groundAt = function (walkers, i, x, y) {
    const { soil } = walkers.model;
    if (soil === null) return [1, 0];
    if (soil.kind === "sand") {
      const level = levelAt(walkers, i, cellAt(soil, x, y));
      return [1 - level * soil.soften, level * (1 / FRESH)];
    }
    const kind = kindAt(soil, walkers.field[i], x, y);
    return [soil.grip[kind], kind === MUD ? 1 : 0];
  };

  /** Begin a physics step on ground that is not even, as `Terrain.tread`. */
  W.tread = function (model, walkers) {
    const { width, limit, drive, share } = walkers, { soil, dt, gripForce } = model;
    (soil.kind === "sand" ? wade : slip)(soil, walkers);
    for (let f = 0; f < model.foot.length; f++) {
      const k = model.foot[f] * width;
      for (let w = 0, at = f * width; w < width; w++, at++) {
        limit[at] = drive[at] * gripForce * share[k + w] * dt;
      }
    }
  };

  function slip(soil, { width, px, py, vx, vy, share, field }) {
    for (let at = 0; at < px.length; at++) {
      const kind = kindAt(soil, field[at % width], px[at], py[at]), keep = soil.keep[kind];
      vx[at] *= keep;
      vy[at] *= keep;
      share[at] = soil.grip[kind];
    }
  }

  function wade(soil, walkers) {
    const { width, px, py, vx, vy, share, sand } = walkers;
    for (let at = 0; at < px.length; at++) {
      const i = at % width, cell = cellAt(soil, px[at], py[at]), level = levelAt(walkers, i, cell);
      const resist = soil.resist[(at - i) / width];
      const speed = Math.sqrt(vx[at] * vx[at] + vy[at] * vy[at]);
      const keep = 1 / (1 + level * resist * speed);
      vx[at] *= keep;
      vy[at] *= keep;
      const moved = speed * keep * soil.pace, part = moved < 1 ? moved : 1;
      if (cell >= 0) sand[i * soil.cells + cell] = level - Math.floor(level * part);
      share[at] = 1 - level * soil.soften;
    }
  }

  /** Put walker i on ground that nobody has trodden. */
  W.layGround = function (walkers, i, course) {
    const { soil } = walkers.model;
    if (soil === null) return;
    walkers.field[i] = W.fieldNumber(course.seed, course.episode);
    walkers.sand.fill(FRESH, i * soil.cells, (i + 1) * soil.cells);
  };

  /** Write what walkers see of the ground: under the feet and at the feelers. */
  W.writeGround = function (walkers, first, last) {
    const { model, width, seen, px, py, headX, headY, aheadX, aheadY } = walkers;
    const { column, scale } = model;
    const write = function (w, grip, depth, x, y) {
      const [share, deep] = W.groundAt(walkers, w, x, y);
      seen[grip * width + w] = share * scale[grip];
      seen[depth * width + w] = deep * scale[depth];
    };
    for (let w = first; w < last; w++) {
      for (let f = 0; f < model.foot.length; f++) {
        const k = model.foot[f] * width + w;
        write(w, column.foot_grip + f, column.foot_depth + f, px[k], py[k]);
      }
      FEELERS.forEach(function ([ahead, left], p) {
        const x = headX[w] + (aheadX[w] * ahead - aheadY[w] * left);
        const y = headY[w] + (aheadY[w] * ahead + aheadX[w] * left);
        write(w, column.ahead_grip + p, column.ahead_depth + p, x, y);
      });
    }
  };
})(globalThis.WALKER);
