// Draw: the panel and the stage on which a body is drawn, checked in Python's words, and let learn.
(function (W) {
  "use strict";

  const TOOLS = [
    ["move", "Move"], ["node", "Node"], ["bones", "Bone"], ["muscles", "Muscle"], ["foot", "Foot"],
    ["head", "Head"], ["remove", "Remove"],
  ];
  const REACH = 20; // [unit] around a node in which it is meant
  const LATER = 250; // milliseconds after the last change until a body is checked

  /** The editor; `sandbox` has the stage and shows what is drawn. */
  W.newEditor = function (sandbox) {
    const { stage, site } = sandbox;
    const editor = { drawing: W.newDrawing(W.firstBody()), tool: "move", scene: null, wrong: "" };
    let held = null, waiting = 0;

    const runner = {
      id: "drawing", name: "mine", algorithm: "drawn", colour: W.lanes[2], coat: W.coat(W.lanes[2]),
      tracks: { prints: [], landings: [], size: 10 }, walk: { reached: [] }, targets: [], index: 0,
      goal: null, middle: [0, 0], gaze: { x: 1e4, y: 0 },
    };
    const scene = {
      runners: [runner], radius: site.radius, rate: site.rate, followed: 0, tags: false,
      steps: Infinity, time: 0, targets: [], most: 0,
      place(time) {
        scene.time = time;
      },
      drawOver,
    };
    editor.scene = scene;

    /** Show the drawing as it is, and check it when nothing has changed for a moment. */
    function show() {
      const { body } = editor.drawing;
      Object.assign(runner, { body: W.dressed(body), name: body.name });
      runner.pose = {
        position: Float32Array.from(body.nodes.flatMap(({ x, y }) => [x, y])),
        grip: new Float32Array(body.feet.length).fill(0.3),
      };
      const drawable = body.nodes.length > 1 && body.bones.length + body.muscles.length > 0;
      scene.runners = drawable ? [runner] : [];
      W.byId("json").value = JSON.stringify(body);
      W.byId("bodyname").value = body.name;
      W.byId("verdict").textContent = "…";
      clearTimeout(waiting);
      waiting = setTimeout(check, LATER);
      stage.redraw(300);
    }

    function check() {
      const { body } = editor.drawing;
      try {
        editor.wrong = W.checkBody(W.wholeBody(body));
      } catch (error) {
        editor.wrong = "mine: it is no body yet";
      }
      const counts = body.feet.length + body.muscles.length;
      W.byId("verdict").textContent = editor.wrong || "It can walk: " + counts + " commands.";
      W.byId("verdict").dataset.good = String(!editor.wrong);
      W.byId("evolvethis").disabled = Boolean(editor.wrong);
    }

    /** Nodes, and the link that is being drawn, over the figure; the context is in units. */
    function drawOver(context) {
      const { nodes, bones, muscles, head, feet } = editor.drawing.body, colours = W.palette();
      context.lineCap = "round";
      const line = function ({ a, b }, colour, wide) {
        context.beginPath();
        context.moveTo(nodes[a].x, nodes[a].y);
        context.lineTo(nodes[b].x, nodes[b].y);
        context.lineWidth = wide;
        context.strokeStyle = colour;
        context.stroke();
      };
      bones.forEach((bone) => line(bone, W.css(colours.ink, 0.75), 2));
      muscles.forEach((muscle) => line(muscle, W.css(colours.muscleShort, 0.8), 2));
      nodes.forEach(function ({ x, y }, i) {
        context.beginPath();
        context.arc(x, y, feet.includes(i) ? 8 : 5.5, 0, 2 * Math.PI);
        context.fillStyle = W.css(held && held.node === i ? W.lanes[1] : head.includes(i) ? colours.eye : colours.paper);
        context.fill();
        context.lineWidth = 2;
        context.strokeStyle = W.css(colours.ink);
        context.stroke();
      });
      if (held && held.to) {
        context.setLineDash([6, 5]);
        context.beginPath();
        context.moveTo(nodes[held.node].x, nodes[held.node].y);
        context.lineTo(held.to.x, held.to.y);
        context.stroke();
        context.setLineDash([]);
      }
      context.beginPath(); // the middle line, along which it looks
      context.setLineDash([3, 8]);
      context.moveTo(-400, 0);
      context.lineTo(400, 0);
      context.lineWidth = 1;
      context.strokeStyle = W.css(colours.ink, editor.drawing.mirror ? 0.5 : 0.15);
      context.stroke();
      context.setLineDash([]);
    }

    function nodeAt({ x, y }) {
      const far = editor.drawing.body.nodes.map((node) => Math.hypot(node.x - x, node.y - y));
      const best = far.indexOf(Math.min(...far));
      return far[best] < REACH ? best : -1;
    }
    /** The link under a place, as [a, b]. */
    function linkAt({ x, y }) {
      const { nodes, bones, muscles } = editor.drawing.body;
      return [...muscles, ...bones].find(function ({ a, b }) {
        const dx = nodes[b].x - nodes[a].x, dy = nodes[b].y - nodes[a].y;
        const along = W.clamp(((x - nodes[a].x) * dx + (y - nodes[a].y) * dy) / (dx * dx + dy * dy || 1), 0, 1);
        return Math.hypot(nodes[a].x + along * dx - x, nodes[a].y + along * dy - y) < REACH / 2;
      });
    }

    /** A pointer goes down, moves or goes up at a place of the world. */
    editor.press = function (place) {
      const { drawing, tool } = editor, node = nodeAt(place);
      held = null;
      if (tool === "node") drawing.addNode(place.x, place.y);
      else if (tool === "foot" && node >= 0) drawing.toggleFoot(node);
      else if (tool === "head" && node >= 0) drawing.toggleHead(node);
      else if (tool === "remove") {
        const link = node < 0 && linkAt(place);
        if (node >= 0) drawing.removeNode(node);
        else if (link) drawing.removeLink(link.a, link.b);
      } else if (node >= 0) held = { node, to: null };
      else if (tool === "bones" || tool === "muscles") held = { node: drawing.addNode(place.x, place.y), to: null };
      show();
    };
    editor.drag = function (place) {
      if (!held) return;
      held.to = place;
      stage.redraw(100);
    };
    editor.release = function (place) {
      const { drawing, tool } = editor, from = held;
      held = null;
      if (!from || !from.to) return show();
      if (tool === "move") drawing.move(from.node, place.x, place.y);
      else {
        const node = nodeAt(place);
        const to = node >= 0 ? node : drawing.addNode(place.x, place.y);
        drawing.link(tool, from.node, to);
      }
      return show();
    };

    editor.setTool = function (tool) {
      editor.tool = tool;
      Array.from(W.byId("tools").children).forEach((button) =>
        button.setAttribute("aria-pressed", String(button.dataset.tool === tool)));
    };
    /** Take a body to draw on. */
    editor.load = function (body) {
      editor.drawing.load(body);
      show();
    };
    /** Take a body from JSON text; a sentence where it is none. */
    editor.read = function (text) {
      try {
        editor.load(W.readBody(JSON.parse(text)));
      } catch (error) {
        W.say("That is no body: " + error.message, 5000);
      }
    };
    async function share() {
      try {
        const text = await W.textOfBody(editor.drawing.body);
        await W.shareLink(sandbox, "#mode=draw&body=" + text, "this body");
      } catch (error) {
        W.say("This browser cannot write a body into an address: " + error.message + ".", 6000);
      }
    }
    editor.show = function () {
      stage.camera.mode = "follow";
      stage.camera.factor = 1.5; // a drawing is looked at from nearer by
      stage.camera.fresh = true;
      stage.show(scene);
      show();
    };

    const on = (id, act) => W.byId(id).addEventListener("click", act);
    W.byId("tools").append(...TOOLS.map(([tool, title]) => W.make("button", {
      type: "button", "data-tool": tool, "aria-pressed": "false", onclick: () => editor.setTool(tool),
    }, title)));
    editor.setTool("move");
    on("undo", () => editor.drawing.undo() && show());
    on("redo", () => editor.drawing.redo() && show());
    W.byId("mirror").addEventListener("change", (event) => (editor.drawing.mirror = event.target.checked) || stage.redraw());
    W.byId("bodyname").addEventListener("change", function (event) {
      editor.drawing.rename(event.target.value.slice(0, 60) || "mine");
      show();
    });
    W.byId("json").addEventListener("change", (event) => editor.read(event.target.value));
    on("savebody", () => W.saveFile(editor.drawing.body.name.replace(/[^\w-]+/g, "-") + ".json",
      JSON.stringify(W.wholeBody(editor.drawing.body), null, 1), "application/json"));
    on("evolvethis", async function () {
      try {
        await sandbox.setMode("evolve");
        sandbox.evolution.begin(W.wholeBody(editor.drawing.body));
      } catch (error) {
        W.say(error.message + ".", 6000);
      }
    });
    on("sharebody", share);
    on("startbody", () => sandbox.gallery.open((body) => editor.load({ ...body, name: "my " + body.name })));
    return editor;
  };
})(window.WALKER);
