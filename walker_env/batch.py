"""N walkers on their courses: reset and step on arrays. No Gymnasium, no autoreset."""

from __future__ import annotations

import numpy as np

from walker_env.body import with_left_strength
from walker_env.courses import Course, checked_targets
from walker_env.observation import ACTION, get_layout, width
from walker_env.plan import PlanError
from walker_env.progress import begin_leg, complete, score, tally
from walker_env.schema import FIRST_COUNT, FRESH, TERMINATED
from walker_env.stability import check_stable
from walker_env.state import State, zeros
from walker_env.stepper import Step, Task, make_stepper
from walker_env.tasks import Options, episode_rng
from walker_env.terrain import check_room, field_number

_WRONG_DRAW = "course must draw finite targets of shape (count, 2)"
_COURSE_BLOCK = 64  # targets drawn at a reset; a walker that needs more doubles it


class WalkerBatch:
    """N walkers that do not know of each other.

    Args:
        n: Number of walkers.
        options: Body, observation layout, course, engine and so on.

    Attributes:
        state: The present `State`; read it, do not write it.
        engine: The engine that moves the walkers.
    """

    def __init__(self, n: int, options: Options | None = None) -> None:
        if not (isinstance(n, (int, np.integer)) and n >= 1):
            raise ValueError(f"the number of walkers must be an int >= 1, got {n!r}")
        self.n, self.options = int(n), options or Options()
        self.world = world = self.options.world
        self.body = with_left_strength(self.options.body, world.left_strength)
        check_room(self.n, world)
        check_stable(self.options.body, world, self.options.engine)
        self.layout = get_layout(self.options.observation)
        self.action_width = width(ACTION, self.body)
        course = self.options.course
        self._course = course.draw if isinstance(course, Course) else course
        listed = course.targets if isinstance(course, Course) else None
        self._targets = None if listed is None else np.array(listed)  # of a course with an end
        limit = self.options.stall_limit
        stall_steps = None if limit is None else max(1, round(limit * world.control_rate))
        task = Task(self.body, world, self.layout, self.options.weights, stall_steps)
        self._stepper = make_stepper(self.n, task, self.options.engine, self.options.threads)
        self.engine = self._stepper.engine
        self._seen = (self.n, width(self.layout, self.body))  # shape of observations
        kept = world.sensor_delay + 1 if world.sensor_delay else 0
        self.state = zeros(self.n, self.body, _COURSE_BLOCK, (kept, self._seen[1]))
        self.state.episode[:] = -1
        if world.ground.kind != "even":
            side = world.ground.cells if world.ground.memory else 0
            self.state.field = np.zeros((self.n, 1), dtype=np.uint32)
            self.state.sand = np.zeros((self.n, side, side), dtype=np.uint8)

    def reset(
        self,
        mask: np.ndarray | None = None,
        seed: np.ndarray | None = None,
        targets: np.ndarray | None = None,
        seen: np.ndarray | None = None,
    ) -> np.ndarray:
        """Begin a new episode for the walkers in ``mask``; the others stay as they are.

        Args:
            mask: ``(N,)`` bool; None means all.
            seed: ``(N,)`` seeds, used where ``mask`` is set. Without them every walker goes on to
                the next episode of its own seed.
            targets: A course of the caller's own, ``(P, 2)`` [unit]; the episode terminates at its
                end. None takes that of the options: a list of targets, or an endless course drawn
                from the walker's seed and episode.
            seen: The present observations; those of ``mask`` are overwritten and it is returned.

        Returns:
            Observations of all walkers, ``(N, O)`` float32, a new array unless ``seen`` is given.
        """
        state = self.state
        mask = np.ones(self.n, dtype=bool) if mask is None else mask
        rows = np.flatnonzero(mask)
        targets = self._targets if targets is None else targets
        if seed is None:
            state.episode[rows] += 1
        else:
            state.seed[rows] = np.asarray(seed, dtype=np.uint64)[rows]
            state.episode[rows] = 0
        state.target_count[rows] = 0
        self._set_courses(rows, targets)
        if state.field.size:
            state.field[rows, 0] = field_number(state.seed[rows], state.episode[rows])
            state.sand[rows] = FRESH
        if seen is None:
            seen = np.empty(self._seen, np.float32) if len(rows) == self.n else self.observe()
        self._stepper.begin(state, rows, seen)
        if self.world.sensor_delay:
            state.sight[rows] = seen[rows, None]
        return seen

    def step(self, action: np.ndarray) -> Step:
        """Advance all walkers one control step.

        Args:
            action: Commands ``(N, F + M)``, clipped to [-1, 1]; trusted to be finite.
        """
        step, beyond = self._stepper.step(action, self.state)
        if beyond:
            step = self._with_longer_courses(step)
        if self.world.sensor_delay:
            step = step._replace(observation=self._late(step.observation))
        return step

    def observe(self) -> np.ndarray:
        """What every walker sees now, ``(N, O)`` float32, a new array."""
        if self.world.sensor_delay:
            return self.state.sight[:, 0].copy()
        return self._stepper.observe(self.state)

    def score(self) -> np.ndarray:
        """Targets reached plus the fraction of the way to the next, ``(N,)``."""
        return score(self.state)

    def tally(self, rows: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """What the episodes have come to so far, by the names of `space.INFO`, in new arrays.

        Args:
            rows: Walkers by number, ``(R,)``; None means all.
        """
        return tally(self.state, slice(None) if rows is None else rows)

    def snapshot(self) -> State:
        """A complete copy of the batch: stepping on from it repeats the trajectory bit for bit."""
        self.engine.save(self.state)
        copy = self.state.copy()
        copy.body = self._body_digest()
        return copy

    def restore(self, snapshot: State) -> np.ndarray:
        """Go back to a snapshot of a batch of the same size, body and options.

        Returns:
            Observations of all walkers, ``(N, O)`` float32.

        Raises:
            ValueError: The snapshot is of another number of walkers or another body.
        """
        for name in ("position", "grip", "muscle", "sight", "field", "sand"):
            here, there = getattr(self.state, name).shape, getattr(snapshot, name).shape
            if here != there:
                raise ValueError(f"snapshot.{name} has shape {there}, this batch needs {here}")
        if not np.array_equal(snapshot.body, self._body_digest()):
            raise ValueError(
                f"snapshot is of another body than {self.body.name!r}, which this batch needs"
            )
        self.state = snapshot.copy()
        self._stepper.load(self.state)
        return self.observe()

    def compiled(self) -> tuple[tuple, tuple, tuple]:
        """Body, task and state for compiled code, see `walker_env.compiled.model`.

        Raises:
            TypeError: The engine is not the compiled one.
        """
        if self.engine.name != "compiled":
            raise TypeError(f"a batch with the engine {self.engine.name!r} has no compiled form")
        return self._stepper.compiled(self.state)  # type: ignore[attr-defined]

    def _body_digest(self) -> np.ndarray:
        digest = np.frombuffer(bytes.fromhex(self.options.body.digest), dtype=np.uint8)
        return np.tile(digest, (self.n, 1))

    def _late(self, measured: np.ndarray) -> np.ndarray:
        """What late sensors show when they have just measured this."""
        self.state.sight = np.concatenate([self.state.sight[:, 1:], measured[:, None]], axis=1)
        return self.observe()

    def lengthen_courses(self) -> None:
        """Draw as many targets again as there are; it takes no walker further."""
        self._grow_courses(self.state.targets.shape[1])

    def _with_longer_courses(self, step: Step) -> Step:
        """Draw more targets and turn those who wait for one to it."""
        state = self.state
        waiting = (state.target_index >= state.targets.shape[1]) & ~complete(state)
        self.lengthen_courses()
        begin_leg(state, np.flatnonzero(waiting), self.body)
        counts = self.tally()
        targets = counts.pop("targets")
        step.figures[FIRST_COUNT:TERMINATED] = [*counts.values(), targets]
        return step._replace(observation=self._stepper.observe(state))

    def _set_courses(self, rows: np.ndarray, targets: np.ndarray | None) -> None:
        state = self.state
        if targets is None:
            self._draw_courses(rows)
            return
        state.target_count[rows] = len(targets)  # first: growing redraws the endless courses
        missing = len(targets) - state.targets.shape[1]
        if missing > 0:
            self._grow_courses(missing)
        state.targets[rows, : len(targets)] = targets

    def _draw_courses(self, rows: np.ndarray) -> None:
        """Draw the courses of ``rows``; walkers of one seed and episode share one draw."""
        state = self.state
        first: dict[tuple[int, int], int] = {}
        keys = zip(state.seed[rows].tolist(), state.episode[rows].tolist())
        for i, key in zip(rows.tolist(), keys):
            twin = first.setdefault(key, i)
            if twin == i:
                self._draw_course(i)
            else:
                state.targets[i] = state.targets[twin]

    def _draw_course(self, i: int) -> None:
        rng = episode_rng(self.state.seed[i], self.state.episode[i])
        room = self.state.targets.shape[1]
        try:
            drawn = checked_targets(self._course(rng, room), "the result")
        except PlanError as error:
            raise ValueError(f"{_WRONG_DRAW}: {error}") from error
        if len(drawn) != room:
            raise ValueError(f"{_WRONG_DRAW}: expected {room} targets, got {len(drawn)}")
        self.state.targets[i] = drawn

    def _draw_more(self, i: int, room: int) -> None:
        before = self.state.targets[i, :room].copy()
        self._draw_course(i)
        if not np.array_equal(self.state.targets[i, :room], before):
            raise ValueError(
                "a longer draw of the course must begin with the targets of a shorter one; "
                "draw target by target, e.g. rng.uniform(size=(count, 2))"
            )

    def _grow_courses(self, more: int) -> None:
        state = self.state
        state.targets = np.concatenate([state.targets, np.zeros((self.n, more, 2))], axis=1)
        for i in np.flatnonzero((state.target_count == 0) & (state.episode >= 0)).tolist():
            self._draw_more(i, state.targets.shape[1] - more)
