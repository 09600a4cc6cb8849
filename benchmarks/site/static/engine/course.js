// Courses: endless sequences of targets, drawn from a seed as in `courses.py`, and lists of targets.
globalThis.WALKER = globalThis.WALKER || {};
(function (W) {
  "use strict";

  const CIRCUIT = W.circuit = [
    [400, 0], [800, 0], [1200, 60], [1450, 300], [1420, 640], [1120, 800],
    [820, 700], [700, 450], [450, 400], [330, 640], [480, 900], [300, 1150],
    [-60, 1180], [-260, 900], [-120, 640], [-330, 420], [-260, 120], [0, 0],
  ];

  const inUnitDisc = (x, y) => x * x + y * y <= 1;
  const behind = (x, y) => inUnitDisc(x, y) && !(x * x + y * y < 0.01) && x <= 0 && y >= 0;

  /** The next point of the square [-1, 1) that is kept. */
  function drawWhere(keep, random) {
    for (;;) {
      const x = 2 * random.random() - 1, y = 2 * random.random() - 1;
      if (keep(x, y)) return [x, y];
    }
  }

  /** A unit vector within 17 degrees of +x. */
  function direction(random) {
    const aside = 0.6 * random.random() - 0.3;
    return [Math.sqrt(1 - aside * aside), aside];
  }

  function disc(random, { radius = 500 }) {
    return function () {
      const [x, y] = drawWhere(inUnitDisc, random);
      return [radius * x, radius * y];
    };
  }

  function sprint(random, { spacing = 500 }) {
    const [x, y] = direction(random);
    let count = 0;
    return function () {
      const along = spacing * ++count;
      return [x * along, y * along];
    };
  }

  function slalom(random) {
    const [x, y] = direction(random), first = random.random() < 0.5 ? 1 : -1;
    let count = 0, along = 0;
    return function () {
      const on = 150 + 100 * random.random();
      along = count ? along + on : on;
      const aside = first * (count++ % 2 ? -1 : 1) * (60 + 80 * random.random());
      return [along * x - aside * y, along * y + aside * x];
    };
  }

  const spiral = (side) => function (random) {
    const [lengths, turns] = random.spawn(2);
    let x = 0, y = 0, aheadX = 1, aheadY = 0;
    return function () {
      const [along, turn] = drawWhere(behind, turns), aside = turn * side;
      const newX = aheadX * along - aheadY * aside, newY = aheadX * aside + aheadY * along;
      const size = Math.sqrt(newX * newX + newY * newY), leg = 150 + 200 * lengths.random();
      aheadX = newX / size;
      aheadY = newY / size;
      x += leg * aheadX;
      y += leg * aheadY;
      return [x, y];
    };
  };

  function race() {
    let count = 0;
    return () => CIRCUIT[count++ % CIRCUIT.length];
  }

  const far = (random) => disc(random, { radius: 2000 });
  const draws = {
    disc, far, sprint, slalom, race, "turn-left": spiral(1), "turn-right": spiral(-1),
  };

  /**
   * A course. As data it is what `Course.as_data` gives: a name, {name, parameters}, or a list of
   * targets. `count` is the number of targets, 0 where it has no end; `x`, `y` those known so far.
   */
  W.newCourse = function (data, seed = 0, episode = 0) {
    const course = { data, seed: BigInt(seed), episode, x: [], y: [], count: 0, next: null };
    if (Array.isArray(data)) {
      data.forEach(([x, y]) => W.addTarget(course, x, y));
      return course;
    }
    const { name, parameters = {} } = typeof data === "string" ? { name: data } : data;
    if (!Object.hasOwn(draws, name)) throw new Error("no course is called " + name);
    course.next = draws[name](W.newRandom(course.seed, [episode]), parameters);
    return course;
  };

  /** Put a target at the end of a course that is a list. */
  W.addTarget = function (course, x, y) {
    if (course.next) throw new Error("a course that is drawn goes on by itself");
    course.x.push(x);
    course.y.push(y);
    course.count = course.x.length;
  };

  /** See to it that target number `index` of a course is known; of a list it must be there. */
  W.drawUpTo = function (course, index) {
    while (course.next && course.x.length <= index) {
      const [x, y] = course.next();
      course.x.push(x);
      course.y.push(y);
    }
  };
})(globalThis.WALKER);
