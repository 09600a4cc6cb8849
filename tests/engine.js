// Questions to the page's engine, in Node and in a browser: WALKER.ask(what, given) gives JSON-ready
// answers, or promises of them. tests/engine.py has what starts it.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const questions = {};
  W.ask = (what, given) => questions[what](given);

  const modelOf = (options) => W.makeModel(options.body, options.world, options);
  const hexOf = (array) => W.newSha256().add(W.asBytes(array)).hex();

  questions.exponentials = (given) => given.map((x) => W.exponential(x));
  questions.powers = (given) => given.map(([base, exponent]) => W.power(base, exponent));
  questions.hashes = (given) => given.map((text) => W.newSha256().add(W.bytesOf(text)).hex());
  questions.defaults = () => W.defaults;
  questions.models = (given) => given.map(function (options) {
    const model = JSON.stringify(modelOf(options), (_, value) =>
      (ArrayBuffer.isView(value) ? Array.from(value) : value));
    return JSON.parse(model);
  });
  questions.courses = (given) => given.map(function ([data, seed, episode, count]) {
    const course = W.newCourse(data, seed, episode);
    W.drawUpTo(course, count - 1);
    return { x: course.x, y: course.y, count: course.count };
  });

  /** A drawing after some edits, [name, ...arguments] each: its body, whole, and the checker's words. */
  questions.draw = function ({ body, mirror, edits }) {
    const drawing = W.newDrawing(body || W.firstBody());
    drawing.mirror = mirror !== false;
    edits.forEach(([name, ...given]) => drawing[name](...given));
    const whole = W.wholeBody(drawing.body);
    return { body: whole, words: W.checkBody(whole) };
  };

  /**
   * A search that has walked so many control steps: its policy's file, its scores on courses, and best
   * and mean return of each generation. With `split` it is cut into pieces and saved in between.
   */
  questions.evolve = function ({ kind, task, settings, seed, steps, courses, split }) {
    let search = W.newSearch(kind, task, settings, seed);
    const curve = [], begun = process.cpuUsage();
    while (search.walked < steps || search.present) {
      if (search.advance(split || undefined)) {
        curve.push([search.best, search.mean]);
        if (split) search = W.newSearch(kind, task, settings, seed, structuredClone(search.save()));
      }
    }
    const spent = process.cpuUsage(begun), seconds = (spent.user + spent.system) / 1e6, network = search.policy();
    const file = W.policyFile("from the page", W.networkData(network), task, { algorithm: kind, steps: search.walked });
    const again = W.networkOf(structuredClone(W.networkData(network)));
    const walk = W.newEpisodes(search.model, courses.map(() => again),
      courses.map((course) => W.newCourse("disc", course)));
    walk.advance();
    return { file: Array.from(file), scores: Array.from(walk.score), walked: search.walked, curve, seconds };
  };

  /** Genomes that grew from nothing: of each after so many rounds its inner nodes, its edges, its network. */
  questions.grow = function ({ count, rounds, width, outputs, rates, seed }) {
    const chance = W.newChance(seed);
    return Array.from({ length: count }, function () {
      let genome = W.bareGenome(outputs);
      for (let round = 0; round < rounds; round++) genome = W.mutated(genome, width, rates, chance);
      const { bias, edges, source, weight } = W.grownNetwork(genome, width, outputs);
      return { inner: genome.inner, bias: [...bias], edges: [...edges], source: [...source], weight: [...weight] };
    });
  };
  questions.wheels = (given) => given.map(([fitness, floor]) => [...W.wheel(fitness, floor)]);

  /** Actions of networks for observations `(N, I)`, as bytes. */
  questions.actions = (given) => given.map(function ({ network, seen, outputs }) {
    const rows = W.numbersOf(seen, Float32Array), read = W.readNetwork(network);
    const inputs = read.normaliser.mean.length, width = rows.length / inputs;
    const room = (size) => new Float32Array(size);
    const walkers = { width, seen: room(rows.length), action: room(width * outputs) };
    rows.forEach((x, at) => (walkers.seen[(at % inputs) * width + Math.floor(at / inputs)] = x));
    for (let i = 0; i < width; i++) W.act(read, walkers, i);
    return hexOf(walkers.action);
  });

  function begin(options, seeds) {
    const walkers = W.newWalkers(modelOf(options), seeds.length);
    seeds.forEach((seed, i) => W.beginWalk(walkers, i, W.newCourse(options.course, seed)));
    return walkers;
  }
  const actAll = function (network, walkers) {
    for (let i = 0; i < walkers.width; i++) W.act(network, walkers, i);
  };

  /** Digests of whole walks, of walkers side by side. */
  questions.traces = (given) => given.map(function ({ options, network, seeds, steps }) {
    const walkers = begin(options, seeds), read = W.readNetwork(network);
    const tracks = seeds.map((_, i) => W.newTrack(walkers, i, steps));
    const wide = walkers.action.length / seeds.length;
    const told = seeds.map(() => new Float32Array(steps * wide));
    for (let step = 0; step < steps; step++) {
      actAll(read, walkers);
      told.forEach(function (actions, i) {
        for (let c = 0; c < wide; c++) actions[step * wide + c] = walkers.action[c * seeds.length + i];
      });
      W.step(walkers);
      tracks.forEach(W.note);
    }
    return tracks.map((track, i) => ({ states: W.digestOf(track), actions: hexOf(told[i]) }));
  });

  /** Rewards, ends, ways and energies at every step. */
  questions.rewards = function ({ options, network, seeds, steps }) {
    const walkers = begin(options, seeds), read = W.readNetwork(network), found = [];
    for (let step = 0; step < steps; step++) {
      actAll(read, walkers);
      W.step(walkers);
      const { reward, ended, path, energy, idle, bestDistance } = walkers;
      found.push([reward, ended, path, energy, idle, bestDistance].map((row) => Array.from(row)));
    }
    return found;
  };

  /** A moment after some steps, and whether stepping on from it repeats every bit. */
  questions.moments = function ({ options, network, seeds, steps }) {
    const walkers = begin(options, seeds), read = W.readNetwork(network);
    const go = function (group) {
      for (let step = 0; step < steps; step++) {
        actAll(read, group);
        W.step(group);
      }
      return hexOf(Float64Array.of(...group.px, ...group.py, ...group.seen, ...group.energy));
    };
    go(walkers);
    const moment = W.snapshot(walkers), alone = W.snapshot(walkers, [1]);
    const end = go(walkers), last = W.snapshot(walkers, [1]);
    const again = begin(options, seeds.map(() => 99));
    go(again); // so that nothing of it may be left
    W.restore(again, moment);
    const one = W.newWalkers(modelOf(options), 1);
    W.restore(one, alone);
    const same = go(again) === end;
    go(one);
    const text = (part) => JSON.stringify(part, (_, v) => (ArrayBuffer.isView(v) ? Array.from(v) : v));
    return { moment: JSON.parse(text(moment)), same, alone: text(W.snapshot(one)) === text(last) };
  };

  /** Scores of a network on courses. */
  questions.scores = (given) => given.map(function ({ options, network, seeds, steps }) {
    const courses = seeds.map((seed) => W.newCourse(options.course, seed));
    const networks = seeds.map(() => W.readNetwork(network));
    const episodes = W.newEpisodes(modelOf(options), networks, courses, steps);
    while (!episodes.advance(97));
    return { score: Array.from(episodes.score), total: Array.from(episodes.total) };
  });

  questions.verdicts = (given) => given.map(({ body, world }) => W.judge(body, world));
  questions.checks = (given) => given.map(({ body, world }) => W.checkBody(W.wholeBody(body), world));

  questions.replays = (given) => given.map(W.verifyReplay);

  questions.digests = (given) => given.map((plan) => W.planDigest(plan));

  /** What comes of replays' files: for each walker whether it is the same, or what is wrong. */
  questions.files = (given) => Promise.all(given.map((text) => W.readReplay(W.bytesOf(text)).then(
    (replay) => W.verifyReplay(replay).map((found) => [found.same, found.step]),
    (error) => error.message,
  )));

  /** What `script`, the body of a function of WALKER, returns. */
  questions.script = (script) => new Function("W", script)(W);
})(globalThis.WALKER);

if (typeof require === "function" && typeof module === "object") {
  const fs = require("fs"), vm = require("vm");
  const [what, ...files] = process.argv.slice(2);
  files.forEach((file) => vm.runInThisContext(fs.readFileSync(file, "utf8"), file));
  const given = JSON.parse(fs.readFileSync(0, "utf8"));
  const tell = (found) => process.stdout.write(JSON.stringify(found));
  Promise.resolve(globalThis.WALKER.ask(what, given)).then(tell);
}
