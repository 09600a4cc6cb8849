// A generation while it walks: all of it faintly, and in colour the one that is ahead.
(function (W) {
  "use strict";

  const LIGHT = [236, 228, 214]; // on dark sand
  const INK = 5; // of all together

  /** A scene of views (`evolve/evolver.js`) of a body's population: `take(view)` each that comes. */
  W.newCrowd = function (kind, body, radius, rate) {
    const dressed = W.dressed(body), count = body.nodes.length, feet = body.feet.length;
    const leader = {
      id: "evolving", name: "the best so far", algorithm: kind, body: dressed,
      colour: W.lanes[1], coat: W.coat(W.lanes[1]),
      pose: {
        position: Float32Array.from(body.nodes.flatMap(({ x, y }) => [x, y])), grip: new Float32Array(feet),
      },
      tracks: { prints: [], landings: [], size: 1.15 * W.shapeOf(dressed).girth },
      walk: { reached: [] }, targets: [], middle: [0, 0], gaze: { x: 0, y: 0 }, goal: null, index: 0,
    };
    const scene = {
      runners: [leader], radius, rate, followed: 0, tags: false, steps: Infinity, time: 0, most: 1, targets: [],
      view: null, // that came last
      pace: Infinity, // control steps of a generation for one of the stage's
      since: 0, // when it came
    };
    let before = null, lying = [];

    scene.take = function (view) {
      if (!view.count) return;
      const last = scene.view, on = last && last.run === view.run && last.generation === view.generation &&
        last.count === view.count && last.time <= view.time;
      if (on && last.time === view.time) return;
      before = on ? last : view;
      Object.assign(scene, { view, since: scene.time });
      if (!on) sweep();
      if (!on || last.leader !== view.leader) {
        lying = new Array(feet).fill(null);
        leader.walk.reached = new Array(view.index).fill(-1e6);
      }
      while (leader.walk.reached.length < view.index) leader.walk.reached.push(scene.time);
      leader.targets = view.targets;
      leader.index = view.index;
      leader.goal = view.targets[view.index] || null;
      leader.pose.grip.set(view.grip);
      press(view.trail);
    };

    /** Another generation begins on untouched sand. */
    function sweep() {
      leader.tracks.prints.length = leader.tracks.landings.length = 0;
      scene.tiles = null; // in which old prints may have been painted
    }

    function press(trail) {
      for (let at = 0; at < trail.length; at += 3) {
        const f = (at / 3) % feet;
        lying[f] = W.press(leader.tracks.prints, lying[f], {
          x: trail[at], y: trail[at + 1], time: scene.time, grip: trail[at + 2], size: leader.tracks.size,
        });
      }
    }

    /** How far the picture is between the last two views: steps come one by one, pictures between them. */
    function share(time) {
      const { view, since, pace } = scene, steps = view.time - before.time;
      return steps > 0 && pace < Infinity ? W.clamp(((time - since) * pace) / steps, 0, 1) : 1;
    }

    const placeOf = (one, k, part) => W.mix(before.place[2 * (one * count + k) + part],
      scene.view.place[2 * (one * count + k) + part], scene.shown);

    scene.place = function (time) {
      scene.time = time;
      if (!scene.view) return;
      scene.shown = share(time);
      const p = leader.pose.position;
      let x = 0, y = 0;
      for (let k = 0; k < count; k++) {
        p[2 * k] = placeOf(scene.view.leader, k, 0);
        p[2 * k + 1] = placeOf(scene.view.leader, k, 1);
        x += p[2 * k] / count;
        y += p[2 * k + 1] / count;
      }
      leader.middle = [x, y];
      W.glance(leader, time, leader.walk.reached);
    };

    /** Everybody on the same course, as bones and muscles, one by one: darker where there are many. */
    scene.drawCrowd = function (context) {
      const { view } = scene;
      if (!view) return;
      const links = body.bones.concat(body.muscles);
      context.lineWidth = leader.tracks.size * 0.5;
      context.lineCap = "butt"; // round ends would cost as much again
      context.strokeStyle = W.css(W.isDark() ? LIGHT : W.palette().ink, W.clamp(INK / view.count, 0.04, 0.12));
      for (let one = 0; one < view.count; one++) {
        if (one === view.leader) continue;
        context.beginPath();
        for (const { a, b } of links) {
          context.moveTo(placeOf(one, a, 0), placeOf(one, a, 1));
          context.lineTo(placeOf(one, b, 0), placeOf(one, b, 1));
        }
        context.stroke();
      }
    };
    return scene;
  };
})(window.WALKER);
