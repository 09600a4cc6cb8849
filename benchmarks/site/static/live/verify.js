// A replay is simulated again in the visitor's browser: the same bits, or the step where it parts.
(function (W) {
  "use strict";

  const MOST = 4e6; // [byte] of a file that is read

  /** A sentence on what a replay's bytes hold, for every walker in it. */
  W.verifyBytes = async function (bytes) {
    if (bytes.length > MOST) throw new Error("a replay has at most 4 MB");
    await W.need("engine/replayfile");
    const replay = await W.readReplay(bytes);
    return W.verifyReplay(replay).map(function ({ name, same, step, score }) {
      if (same) return `${name}: verified, the same bits (${score.toFixed(1)} targets)`;
      return step === null ? `${name}: it parts from what the file says`
        : `${name}: it parts at step ${step}`;
    });
  };

  /** Connect a file field and the place for what is found. */
  W.connectVerify = function (field, place) {
    field.addEventListener("change", async function () {
      const [file] = field.files;
      if (!file) return;
      place.textContent = "Simulating it again …";
      try {
        if (file.size > MOST) throw new Error("a replay has at most 4 MB");
        place.textContent = (await W.verifyBytes(new Uint8Array(await file.arrayBuffer()))).join("; ");
      } catch (error) {
        place.textContent = "No replay that can be verified: " + error.message;
      }
      field.value = "";
    });
  };
})(window.WALKER);
