// The ground and the muscles as sliders, with the named worlds as presets.
(function (W) {
  "use strict";

  const SLIDERS = [
    { key: "grip_force", label: "Grip of the ground", low: 3, high: 5.3, log: true, unit: "", of: 60000 },
    { key: "damping", label: "Drag", low: 0, high: 0.98, flip: true, unit: "" },
    { key: "strength", label: "Strength of the muscles", low: 0.2, high: 2, unit: "×" },
    { key: "sensor_delay", label: "Sensors late by", low: 0, high: 8, whole: true },
  ];

  const toSlider = ({ log, flip }, value) => (log ? Math.log10(value) : flip ? 1 - value : value);
  const fromSlider = ({ log, flip, whole }, at) =>
    log ? Math.round(10 ** at) : flip ? Number((1 - at).toFixed(3)) : whole ? Math.round(at) : at;
  const words = function (slider, value) {
    if (slider.log) return Math.round((100 * value) / slider.of) + " %";
    if (slider.flip) return Math.round(100 * (1 - value)) + " %";
    if (slider.whole) return value + (value === 1 ? " step" : " steps");
    return value.toFixed(2) + slider.unit;
  };

  /**
   * Chips and sliders; `onChange({world, strength, name})` when something was changed.
   *
   * @param worlds named worlds as data, by name
   */
  W.newGround = function (chips, box, worlds, onChange) {
    const ground = { name: "standard", values: {} };
    const buttons = Object.keys(worlds).map((name) => W.make("button", {
      type: "button", "aria-pressed": "false", onclick: () => ground.choose(name),
    }, name));
    chips.append(...buttons);
    const rows = SLIDERS.map(function (slider) {
      const output = W.make("output", {});
      const input = W.make("input", {
        type: "range", min: slider.low, max: slider.high, step: slider.whole ? 1 : 0.01,
        "aria-label": slider.label,
        oninput: () => {
          ground.values[slider.key] = fromSlider(slider, Number(input.value));
          ground.name = "own";
          show();
          tell();
        },
      });
      box.append(W.make("label", { class: "slider" }, slider.label, output, input));
      return { slider, input, output };
    });

    function show() {
      for (const { slider, input, output } of rows) {
        const value = ground.values[slider.key];
        input.value = String(toSlider(slider, value));
        output.textContent = words(slider, value);
      }
      buttons.forEach((button) =>
        button.setAttribute("aria-pressed", String(button.textContent === ground.name)));
    }
    function tell() {
      const { strength, ...world } = ground.values;
      const named = worlds[ground.name] || {};
      onChange({ name: ground.name, strength, world: { ...named, ...world } });
    }

    /** Take a named world. */
    ground.choose = function (name, quiet = false) {
      const world = { ...W.defaults.world, ...worlds[name] };
      ground.name = name;
      ground.values = {
        grip_force: world.grip_force, damping: world.damping, strength: 1,
        sensor_delay: world.sensor_delay,
      };
      show();
      if (!quiet) tell();
    };
    /** Take values from an address. */
    ground.set = function (values) {
      Object.assign(ground.values, values);
      ground.name = "own";
      show();
    };
    ground.choose("standard", true);
    return ground;
  };
})(window.WALKER);
