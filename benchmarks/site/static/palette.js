// Colours of the scene, by day and by dusk, and how they blend.
(function (W) {
  "use strict";

  const day = {
    sand: [223, 198, 152], sandLight: [250, 236, 205], sandDark: [150, 118, 76],
    pebble: [170, 146, 116], ink: [52, 42, 36], paper: [255, 250, 238], bone: [250, 240, 218],
    eye: [255, 255, 255], muscleLong: [246, 206, 186], muscleShort: [196, 14, 32],
    footLoose: [240, 220, 188], footFirm: [58, 40, 34], target: [226, 92, 38],
    shadow: "rgba(70, 44, 16, 0.30)", print: [120, 88, 50],
    chalk: [255, 252, 244], kerb: [196, 52, 40], road: [150, 126, 96],
    ice: [[206, 225, 238], [250, 254, 255], [132, 166, 198], [170, 200, 222], [96, 132, 168]],
    mud: [[116, 88, 60], [164, 134, 100], [58, 40, 26], [84, 62, 44], [46, 30, 18]],
  };
  const dusk = {
    ...day,
    sand: [84, 78, 92], sandLight: [128, 120, 134], sandDark: [44, 40, 56],
    pebble: [74, 70, 84], shadow: "rgba(8, 6, 20, 0.42)", print: [26, 22, 36],
    chalk: [214, 208, 200], kerb: [170, 58, 52], road: [60, 55, 66],
    ice: [[66, 86, 114], [126, 156, 190], [30, 44, 70], [86, 110, 140], [20, 32, 54]],
    mud: [[58, 45, 42], [96, 78, 68], [24, 17, 17], [44, 34, 32], [16, 10, 10]],
  };
  W.palette = () => (W.isDark() ? dusk : day);

  const GRIP = 60000; // of the standard world
  const GROUND = ["sand", "sandLight", "sandDark", "pebble", "print"];
  const blended = new Map();

  /** How slippery ground is and how much it drags: 0 as sand, 1 as ice or deep mud. */
  W.groundOf = function ({ grip_force = GRIP, damping = 1 } = {}) {
    const quarter = (x) => Math.round(4 * W.clamp(x, 0, 1)) / 4;
    return { slick: quarter(Math.log(GRIP / grip_force) / Math.log(4)), drag: quarter(1.25 * (1 - damping)) };
  };

  /** The palette on the ground of a world: what is slippery turns to ice, what drags to mud. */
  W.groundColours = function (world) {
    const { slick, drag } = W.groundOf(world), key = [W.isDark(), slick, drag].join();
    if (!blended.has(key)) {
      const colours = { ...W.palette(), key, slick, drag, soft: 1 - 0.6 * slick };
      GROUND.forEach((name, i) => {
        colours[name] = W.blend(W.blend(colours[name], colours.mud[i], drag), colours.ice[i], slick);
      });
      blended.set(key, colours);
    }
    return blended.get(key);
  };

  /** Okabe and Ito's colours, told apart by every kind of colour vision; as in the films. */
  W.lanes = [
    [0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167],
    [240, 228, 66], [86, 180, 233], [70, 64, 72], [230, 159, 0],
  ];

  W.blend = (a, b, share) => [0, 1, 2].map((i) => Math.round(a[i] + (b[i] - a[i]) * share));
  W.css = (c, alpha = 1) => "rgba(" + c[0] + "," + c[1] + "," + c[2] + "," + alpha + ")";

  /** The shades of one walker. */
  W.coat = function (colour) {
    const ink = day.ink, bone = day.bone;
    return {
      colour,
      fill: W.css(colour),
      dark: W.css(W.blend(colour, ink, 0.65)),
      deep: W.css(W.blend(colour, ink, 0.3)),
      light: W.css(W.blend(colour, bone, 0.45)),
      pale: W.css(W.blend(colour, bone, 0.62)),
    };
  };
})(window.WALKER);
