// What is written over the stage of a race: sentences, clock, countdown, calls, the finish.
(function (W) {
  "use strict";

  let quiet = 0;
  /** Show a sentence over the stage, for a while or until the next. */
  W.say = function (text, milliseconds = 0) {
    W.byId("message").textContent = text;
    clearTimeout(quiet);
    if (milliseconds) quiet = setTimeout(() => W.say(""), milliseconds);
  };

  function write(id, text) {
    const node = W.byId(id);
    if (node.textContent !== text) node.textContent = text;
  }

  /** Clock, slider, map, countdown, what is called out, and the finish. */
  W.tellRace = function (stage, scene, ranking, call) {
    const seconds = Math.max(0, stage.seconds());
    write("clock", seconds.toFixed(1) + " s");
    const slider = W.byId("time");
    slider.value = String(Math.round(stage.time));
    slider.setAttribute("aria-valuetext",
      seconds.toFixed(1) + " of " + (scene.steps / stage.rate).toFixed(0) + " seconds");
    W.labelPlay(W.byId("play"), stage.playing);
    const map = W.byId("map");
    map.hidden = stage.camera.mode === "course";
    if (!map.hidden) W.drawMap(map.getContext("2d"), scene, map.width);
    const counting = stage.playing || stage.time < 0 ? W.countAt(stage.time, stage.rate) : "";
    write("countdown", counting);
    W.byId("startnote").hidden = stage.time >= 0 || scene.runners.length < 2;
    const over = stage.time >= scene.steps, finish = W.byId("finish");
    W.byId("call").hidden = !call || over;
    if (call) {
      write("calltext", call.text);
      W.byId("calldot").style.backgroundColor = W.css(call.runner.colour);
    }
    if (over && finish.hidden) W.showFinish(scene, ranking, scene.steps / stage.rate);
    else if (!over) finish.hidden = true;
  };
})(window.WALKER);
