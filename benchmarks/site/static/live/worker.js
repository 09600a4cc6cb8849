// The worker in which a population learns: the page's own files of the engine and of evolution.
"use strict";

const SLICE = 12; // milliseconds after which messages are heard
const turn = new MessageChannel(); // timers would rest between two slices
let evolver = null, asked = false;

function ask() {
  if (asked) return;
  asked = true;
  turn.port2.postMessage(null);
}
turn.port1.onmessage = function () {
  asked = false;
  if (evolver.work(SLICE)) ask();
};

onmessage = function ({ data }) {
  if (!evolver) {
    importScripts(...data.scripts);
    evolver = WALKER.newEvolver((news) => postMessage(news));
    postMessage({ what: "ready" });
    return;
  }
  evolver.hear(data);
  ask();
};
