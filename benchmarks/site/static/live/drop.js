// Files that a visitor brings, dropped on the page or chosen: a policy walks, a body is drawn, a replay
// is verified; anything else gets a sentence. And files that a visitor is handed.
(function (W) {
  "use strict";

  const MOST = 10_000_000, MOST_JSON = 400_000; // [byte]
  const PICTURES = [[0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff], [0x47, 0x49, 0x46, 0x38], [0x52, 0x49, 0x46, 0x46]];

  const begins = (bytes, signs) => signs.every((sign, i) => bytes[i] === sign);

  /** What a file's first bytes say that it is. */
  function kindOf(bytes) {
    if (!bytes.length) throw new Error("it is empty");
    if (PICTURES.some((signs) => begins(bytes, signs))) throw new Error("it is a picture");
    if (begins(bytes, [0x50, 0x4b])) return "replay";
    const start = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart();
    if (start.startsWith("{") || start.startsWith("[")) return "body";
    return "policy"; // which says itself what is missing
  }

  function readJson(bytes) {
    if (bytes.length > MOST_JSON) throw new Error("a body has at most 400 kB of JSON");
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (error) {
      throw new Error("it is no JSON: " + error.message);
    }
  }

  let brought = 0;

  async function take(sandbox, file) {
    if (file.size > MOST) throw new Error("it has " + (file.size / 1e6).toFixed(0) + " MB, files for this page have at most 10");
    const bytes = new Uint8Array(await file.arrayBuffer()), kind = kindOf(bytes);
    if (kind === "replay") return (await W.verifyBytes(bytes)).join("; ");
    if (kind === "body") {
      const body = W.readBody(readJson(bytes));
      await sandbox.draw(body);
      return W.checkBody(body) || body.name + " can be drawn on now, and learn to walk.";
    }
    const policy = await W.policyOf(bytes);
    sandbox.walk([{
      ...policy, id: "file-" + ++brought, body: W.dressed(policy.body),
      drawn: W.drawnNetwork(policy.network, policy.body),
    }]);
    if (sandbox.mode !== "play") sandbox.setMode("play");
    return policy.name + " walks now.";
  }

  /** Take a file in; a promise of the sentence that was said. */
  W.takeFile = async function (sandbox, file) {
    W.say("Reading " + file.name.slice(0, 60) + " …");
    let words = "";
    try {
      words = await take(sandbox, file);
    } catch (error) {
      words = file.name.slice(0, 60) + " cannot be used here: " + error.message + ".";
    }
    W.say(words, 8000);
    return words;
  };

  /** Hand the visitor a file. */
  W.saveFile = function (name, content, type) {
    const url = URL.createObjectURL(new Blob([content], { type }));
    W.make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };

  /** Whatever is dropped on the page, and a field's files. */
  W.connectDrop = function (sandbox, field) {
    const page = document.documentElement;
    page.addEventListener("dragover", function (event) {
      if (!event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) return;
      event.preventDefault();
      page.dataset.dropping = "true";
    });
    page.addEventListener("dragleave", (event) => event.relatedTarget || delete page.dataset.dropping);
    page.addEventListener("drop", function (event) {
      delete page.dataset.dropping;
      const [file] = event.dataTransfer.files;
      if (!file) return;
      event.preventDefault();
      W.takeFile(sandbox, file);
    });
    field.addEventListener("change", function () {
      const [file] = field.files;
      if (file) W.takeFile(sandbox, file);
      field.value = "";
    });
  };
})(window.WALKER);
