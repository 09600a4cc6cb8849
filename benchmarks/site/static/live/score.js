// A suite's public courses in the panel: one of them to walk, and a policy's score on all of them,
// computed here, which is Python's, course by course.
(function (W) {
  "use strict";

  const SLICE = 12; // milliseconds of work before the page may draw
  const STRIDE = 4; // control steps between two looks at the clock

  /** The mean of what is left without the lowest and the highest quarter. */
  W.middleMean = function (scores) {
    const ordered = Array.from(scores).sort((a, b) => a - b), cut = Math.floor(ordered.length / 4);
    const kept = ordered.slice(cut, ordered.length - cut);
    return kept.reduce((sum, score) => sum + score, 0) / kept.length;
  };

  const rest = () => new Promise((resolve) => setTimeout(resolve));

  /**
   * A promise of a champion's figures on a skill's public courses, as a report has them; null where
   * `onProgress(share)` says false.
   */
  W.publicScores = async function (champion, skill, horizon, onProgress = () => true) {
    const model = W.makeModel(champion.body, skill.world, { observation: champion.layout });
    const courses = skill.seeds.map((seed) => W.newCourse(skill.course, seed));
    const walk = W.newEpisodes(model, courses.map(() => champion.network), courses, horizon);
    const { substeps, physics_rate: rate } = skill.world;
    const worth = skill.worth * (100 / (horizon * (substeps / rate)));
    for (let over = false, steps = 0; !over; ) {
      const begun = performance.now();
      while (!over && performance.now() - begun < SLICE) {
        over = walk.advance(STRIDE);
        steps += STRIDE;
      }
      if (!onProgress(Math.min(1, steps / horizon))) return null;
      await rest();
    }
    return Array.from(walk.score, (score) => score * worth);
  };

  function drawBars(canvas, scores, number) {
    const { context, width, height } = W.sharp(canvas);
    const style = getComputedStyle(document.documentElement), most = Math.max(...scores, 1);
    const wide = (width - 12) / scores.length;
    scores.forEach(function (score, i) {
      const tall = Math.max(1.5, ((height - 12) * score) / most);
      context.fillStyle = style.getPropertyValue(i + 1 === number ? "--warm" : "--accent");
      context.fillRect(6 + i * wide + wide * 0.12, height - 6 - tall, wide * 0.76, tall);
    });
  }

  /** Connect the box of public courses; `sandbox` walks them. */
  W.newScoreBox = function (sandbox) {
    const box = W.byId("public"), choice = W.byId("skill"), number = W.byId("coursenumber");
    const button = W.byId("measure"), bar = W.byId("measured"), words = W.byId("scorewords");
    const canvas = W.byId("scores"), part = { suite: null, running: 0, found: null };

    const skill = () => part.suite.skills.find((one) => one.name === choice.value);
    const followed = () => sandbox.scene.runners[sandbox.scene.followed];

    function draw() {
      const shown = part.found && part.found.skill === choice.value;
      canvas.hidden = !shown;
      if (shown) drawBars(canvas, part.found.scores, Number(number.value));
    }
    function label() {
      const { name } = followed(), many = skill().seeds.length;
      button.textContent = part.running ? "Stop" : "Score " + name + (many > 1 ? " on all " + many : "");
      W.byId("courseof").textContent = "of " + many;
      number.max = String(many);
    }
    /** A promise: the suite is here, and its skills are in the list. */
    part.load = async function () {
      if (!part.suite) {
        part.suite = await W.load("suite");
        choice.replaceChildren(...part.suite.skills.map(({ name, title }) => W.make("option", { value: name }, title)));
      }
      return part.suite;
    };
    /** Show which public course is walked, or hide the box. */
    part.show = function (name) {
      const course = part.suite && W.publicCourse(part.suite, name);
      box.hidden = !course;
      if (!course) return;
      choice.value = course.skill.name;
      number.value = String(course.number);
      label();
      draw();
    };
    /** Who is followed, or what walks, has changed. */
    part.refresh = function () {
      if (part.found && part.found.champion !== followed().network) {
        part.found = null;
        words.textContent = "";
      }
      if (!box.hidden) {
        label();
        draw();
      }
    };

    async function measure() {
      const turn = ++part.running, runner = followed(), chosen = skill();
      bar.hidden = false;
      words.textContent = "";
      label();
      const scores = await W.publicScores(runner, chosen, part.suite.horizon, function (share) {
        bar.value = share;
        return part.running === turn;
      });
      bar.hidden = true;
      if (part.running !== turn || !scores) return;
      part.running = 0;
      part.found = { skill: chosen.name, champion: runner.network, scores, name: runner.name };
      const figure = W.middleMean(scores).toFixed(1) + " " + chosen.unit;
      const [least, most] = [Math.min(...scores), Math.max(...scores)].map((score) => score.toFixed(1));
      const spread = ", the middle half of " + scores.length + " courses, " + least + " to " + most;
      words.textContent = runner.name + ": " + figure + (scores.length > 1 ? spread : "");
      canvas.setAttribute("aria-label", "Score on each public course: " + scores.map((x) => x.toFixed(1)).join(", "));
      label();
      draw();
    }
    function stop() {
      part.running = 0;
      bar.hidden = true;
      label();
    }

    function walk() {
      const wanted = Math.round(Number(number.value)) || 1;
      sandbox.setCourse(W.publicName(choice.value, W.clamp(wanted, 1, skill().seeds.length)));
    }
    button.addEventListener("click", () => (part.running ? stop() : measure()));
    choice.addEventListener("change", function () {
      number.value = "1";
      if (part.running) stop();
      walk();
    });
    number.addEventListener("change", walk);
    canvas.addEventListener("click", function (event) {
      const area = canvas.getBoundingClientRect();
      const share = (event.clientX - area.left - 6) / (area.width - 12);
      number.value = String(W.clamp(1 + Math.floor(share * part.found.scores.length), 1, part.found.scores.length));
      walk();
    });
    new ResizeObserver(draw).observe(canvas.parentElement);
    W.onTheme(draw);
    return part;
  };
})(window.WALKER);
