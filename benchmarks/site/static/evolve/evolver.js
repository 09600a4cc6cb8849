// What learns, whoever lets it: a worker, or a page between two pictures. It hears messages and
// tells news, plain data both; what it finds does not depend on how its work is cut into pieces.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const EVERY = 4; // generations between two measurements of the score
  const COURSES = 4, FIRST_SEED = 1n << 41n; // of a measurement: validation, as in `seeds.py`
  const CHANGE = 40; // control steps for which the one in colour stays the one
  const MOST_DUE = 400; // control steps that may be asked for ahead
  const PIECE = 8; // control steps of a measurement in one go

  /** A network of the engine as plain data, and back. */
  W.networkData = function ({ kind, sizes, flat, width, outputs, bias, edges, source, weight, normaliser }) {
    return kind === "mlp" ? { kind, sizes: Array.from(sizes), flat, normaliser }
      : { kind, width, outputs, bias, edges, source, weight, normaliser };
  };
  W.networkOf = function (data) {
    if (data.kind === "graph") return W.newGraph(data.width, data.outputs, data, data.normaliser);
    const network = W.newPerceptron(data.sizes, "tanh", "tanh", data.normaliser);
    W.setWeights(network, data.flat);
    return network;
  };

  /**
   * Hears: {what: "begin", run, kind, task, settings, seed, saved}: search (`newSearch`), under a number
   * that stands in all news of it; {what: "go", steps}: so many more control steps of a generation may
   * be walked, 0: none any more, Infinity: all; {what: "look", network}: tell a view, with the network
   * of the one in colour if that is wished.
   *
   * Tells: {what: "generation", run, generation, walked, best, mean, network, score, saved}: one is
   * over, where `score` is targets in 100 s of every fourth one's network and null of the others;
   * {what: "view", ...}, see below; {what: "failed", run, message}.
   */
  W.newEvolver = function (tell) {
    let search = null, run = 0, due = 0, clock = 0, measured = null, leader = null;

    const acts = {
      begin(wish) {
        run = wish.run;
        search = measured = leader = null;
        due = 0;
        try {
          search = W.newSearch(wish.kind, wish.task, wish.settings, wish.seed, wish.saved);
        } catch (error) {
          tell({ what: "failed", run, message: error.message });
        }
      },
      go: ({ steps }) => (due = Number.isFinite(steps) && steps > 0 ? Math.min(due + steps, MOST_DUE) : steps),
      look: ({ network }) => tell(view(network)),
    };

    const busy = () => Boolean(search && (measured || due > 0));

    function step() {
      if (measured) {
        if (measured.walk.advance(PIECE)) {
          measured.news.score = measured.walk.score.reduce((a, b) => a + b, 0) / COURSES;
          tell(measured.news);
          measured = null;
        }
        return;
      }
      due--;
      clock++;
      if (search.advance(1)) end();
      else note();
    }

    function end() {
      leader = null;
      const { generation, walked, best, mean } = search, network = search.policy();
      const news = {
        what: "generation", run, generation, walked, best, mean, network: W.networkData(network),
        score: null, saved: search.save(),
      };
      if (generation % EVERY !== 1) {
        tell(news);
        return;
      }
      const courses = Array.from({ length: COURSES }, (_, i) => W.newCourse("disc", FIRST_SEED + BigInt(i)));
      measured = { news, walk: W.newEpisodes(search.model, courses.map(() => network), courses) };
    }

    /** Who is in colour: the one with the largest reward so far, for a while; and where its feet were. */
    function note() {
      const { present } = search;
      if (!present) return;
      if (!leader || leader.present !== present || present.time >= leader.since + CHANGE) choose(present);
      const { lanes } = present, { foot } = lanes.model, { trail } = leader;
      if (trail.length > 3 * foot.length * CHANGE) trail.length = 0; // nobody looks
      foot.forEach(function (node, f) {
        const at = node * lanes.width + leader.lane;
        trail.push(lanes.px[at], lanes.py[at], lanes.drive[f * lanes.width + leader.lane]);
      });
    }

    function choose(present) {
      let lane = 0;
      for (let other = 0; other < present.total.length; other += present.many) {
        if (present.total[other] > present.total[lane]) lane = other;
      }
      const same = leader && leader.present === present && leader.lane === lane;
      leader = { present, lane, since: present.time, trail: same ? leader.trail : [] };
    }

    /**
     * What there is to see: everybody on the first course, node by node; of the one in colour its number,
     * grips, what it sees, the targets up to the one after its next, and where its feet were at each
     * control step since the last view: x, y, grip of each. `clock` counts control steps of all generations.
     */
    function view(wantsNetwork) {
      const news = { what: "view", run, clock, generation: 0, walked: 0, time: 0, count: 0 };
      if (!search) return news;
      const { present, generation, walked } = search;
      Object.assign(news, { generation, walked: walked + (present ? present.looks : 0) });
      if (!present || !leader || leader.present !== present) return news;
      const { lanes, many, time } = present, { width } = lanes, { lane } = leader, nodes = lanes.model.x.length;
      const place = new Float32Array((2 * nodes * width) / many);
      for (let one = 0, at = 0; one < width; one += many) {
        for (let k = 0; k < nodes; k++) {
          place[at++] = lanes.px[k * width + one];
          place[at++] = lanes.py[k * width + one];
        }
      }
      const row = (array, count) => Float32Array.from({ length: count }, (_, r) => array[r * width + lane]);
      const { x, y } = lanes.courses[lane], index = lanes.targetIndex[lane];
      Object.assign(news, {
        time, count: width / many, place, leader: lane / many, index,
        targets: x.slice(0, index + 2).map((at, i) => [at, y[i]]),
        grip: row(lanes.drive, lanes.model.foot.length), seen: row(lanes.seen, lanes.model.scale.length),
        trail: Float32Array.from(leader.trail.splice(0)),
        network: wantsNetwork ? W.networkData(present.networks[lane / many]) : null,
      });
      return news;
    }

    return {
      hear: (message) => acts[message.what](message),
      /** Work for some milliseconds; whether something is left to do. */
      work(milliseconds) {
        const end = performance.now() + milliseconds;
        while (busy() && performance.now() < end) step();
        return busy();
      },
    };
  };
})(globalThis.WALKER);
