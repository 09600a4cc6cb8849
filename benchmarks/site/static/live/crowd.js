// A generation while it walks: all of it faintly, and in colour the one that is ahead.
(function (W) {
  "use strict";

  const CHANGE = 40; // control steps for which the one in colour stays the one

  /** A scene of a search (`evolve/snes.js`); `advance(time)` is what makes it go on. */
  W.newCrowd = function (search, body, radius, rate, advance) {
    const dressed = W.dressed(body), count = body.nodes.length;
    const leader = {
      id: "evolving", name: "the best so far", algorithm: search.kind, body: dressed,
      colour: W.lanes[1], coat: W.coat(W.lanes[1]), walkers: search.lanes,
      pose: { position: new Float32Array(2 * count), grip: new Float32Array(body.feet.length) },
      tracks: { prints: [], landings: [], size: 1.15 * W.shapeOf(dressed).girth },
      walk: { reached: [] }, targets: [], middle: [0, 0], gaze: { x: 0, y: 0 }, goal: null, index: 0,
    };
    const scene = {
      runners: [leader], radius, rate, followed: 0, tags: false, steps: Infinity, time: 0, crowd: true,
      lane: 0, since: 0, generation: -1, targets: [], most: 1,
    };

    /** Who is in colour: the one with the largest reward so far, for a while. */
    function choose() {
      const { present } = search;
      if (!present) return;
      if (scene.generation !== search.generation) {
        scene.generation = search.generation;
        scene.since = -CHANGE;
        leader.tracks.prints.length = leader.tracks.landings.length = 0;
      }
      if (present.time < scene.since + CHANGE && present.time >= scene.since) return;
      let best = 0;
      for (let lane = 0; lane < present.total.length; lane += present.many) {
        if (present.total[lane] > present.total[best]) best = lane;
      }
      if (best !== scene.lane) leader.walk.reached = [];
      scene.lane = best;
      scene.since = present.time;
    }

    scene.place = function (time) {
      advance(time);
      choose();
      scene.time = time;
      const { lanes } = search, { width } = lanes, { lane } = scene, p = leader.pose.position;
      let x = 0, y = 0;
      for (let k = 0; k < count; k++) {
        p[2 * k] = lanes.px[k * width + lane];
        p[2 * k + 1] = lanes.py[k * width + lane];
        x += p[2 * k] / count;
        y += p[2 * k + 1] / count;
      }
      for (let f = 0; f < leader.pose.grip.length; f++) leader.pose.grip[f] = lanes.drive[f * width + lane];
      leader.middle = [x, y];
      const course = lanes.courses[lane];
      if (!course) return;
      leader.index = lanes.targetIndex[lane];
      leader.targets = course.x.map((at, i) => [at, course.y[i]]);
      leader.goal = leader.targets[leader.index] || null;
      leader.gaze = leader.goal ? { x: leader.goal[0], y: leader.goal[1] } : { x, y };
    };

    /** Everybody on the same course, as bones and feet. */
    scene.drawCrowd = function (context) {
      const { lanes, present } = search, { width } = lanes;
      if (!present) return;
      const links = body.bones.concat(body.muscles);
      context.beginPath();
      for (let lane = 0; lane < width; lane += present.many) {
        if (lane === scene.lane) continue;
        for (const { a, b } of links) {
          context.moveTo(lanes.px[a * width + lane], lanes.py[a * width + lane]);
          context.lineTo(lanes.px[b * width + lane], lanes.py[b * width + lane]);
        }
      }
      context.lineCap = "round";
      context.lineWidth = leader.tracks.size * 0.5;
      context.strokeStyle = W.css(W.palette().ink, 0.13);
      context.stroke();
    };
    return scene;
  };
})(window.WALKER);
