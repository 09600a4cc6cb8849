// A film of the stage by the browser's own recorder: begun and ended by one button.
(function (W) {
  "use strict";

  const KINDS = ["video/mp4", "video/webm;codecs=vp9", "video/webm"];
  const RATE = 30; // pictures a second

  /** Connect a button that records a canvas; `say(text)` tells where it cannot. */
  W.connectFilm = function (button, canvas, say) {
    let recorder = null;
    const kind = window.MediaRecorder && KINDS.find((one) => MediaRecorder.isTypeSupported(one));
    if (!kind || !canvas.captureStream) {
      button.hidden = true;
      return;
    }

    function begin() {
      const parts = [];
      recorder = new MediaRecorder(canvas.captureStream(RATE), { mimeType: kind });
      recorder.ondataavailable = (event) => event.data.size && parts.push(event.data);
      recorder.onstop = function () {
        const ending = kind.startsWith("video/mp4") ? ".mp4" : ".webm";
        if (parts.length) W.saveFile("walker" + ending, new Blob(parts, { type: kind }), kind);
        else say("The browser gave no film.", 4000);
        recorder = null;
        show();
      };
      recorder.start(1000);
      show();
    }
    function show() {
      button.textContent = recorder ? "Stop and save" : "Record a film";
      button.setAttribute("aria-pressed", String(Boolean(recorder)));
    }
    button.addEventListener("click", () => (recorder ? recorder.stop() : begin()));
    show();
  };
})(window.WALKER);
