// Colours of the scene, by day and by dusk, and how they blend.
(function (W) {
  "use strict";

  const day = {
    sand: [223, 198, 152], sandLight: [250, 236, 205], sandDark: [150, 118, 76],
    pebble: [170, 146, 116], ink: [52, 42, 36], paper: [255, 250, 238], bone: [250, 240, 218],
    eye: [255, 255, 255], muscleLong: [246, 206, 186], muscleShort: [196, 14, 32],
    footLoose: [240, 220, 188], footFirm: [58, 40, 34], target: [226, 92, 38],
    shadow: "rgba(70, 44, 16, 0.30)", print: [120, 88, 50],
  };
  const dusk = {
    ...day,
    sand: [84, 78, 92], sandLight: [128, 120, 134], sandDark: [44, 40, 56],
    pebble: [74, 70, 84], shadow: "rgba(8, 6, 20, 0.42)", print: [26, 22, 36],
  };
  W.palette = () => (W.isDark() ? dusk : day);

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
