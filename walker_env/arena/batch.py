"""E arenas of W walkers: one game, one body, one world; every arena is as if it were alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
from gymnasium.error import ResetNeeded

from walker_env.actuation import Actuator
from walker_env.arena.game import Game
from walker_env.arena.physics import ArenaEngine
from walker_env.arena.rules import Moves, Verdict, judge, scores
from walker_env.arena.senses import Senses, deepest_overlap
from walker_env.arena.sight import ARENA, Sight
from walker_env.arena.starts import Start, check_start, draw_start, nodes_at
from walker_env.body import Body, check_stiffness, get_body, with_left_strength
from walker_env.ground import EVEN
from walker_env.observation import ACTION, width
from walker_env.params import World, get_world
from walker_env.plan import PlanError
from walker_env.state import State, zeros
from walker_env.tasks import episode_rng

MOST_ARENAS = 10_000
"""Most arenas in a batch."""

TERMS = ("progress", "prize")
"""The terms of the reward, see `walker_env.arena.rules`; it is their sum."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a control step brought the N = E W walkers, arena after arena."""

    observation: np.ndarray  # (N, O) float32; zeros for who was out before the step
    reward: np.ndarray  # (N,) float64
    terms: dict[str, np.ndarray]  # (N,) each
    terminated: np.ndarray  # (N,) bool: left the match in this step, or its rule has decided it
    truncated: np.ndarray  # (N,) bool: the clock ran out before it was decided
    caught: np.ndarray  # (N,) int64: how many it caught in this step
    over: np.ndarray  # (E,) bool: the match is over


class ArenaBatch:
    """Steps E arenas. Once a match is over its walkers stand still until it is reset.

    Args:
        arenas: Number of arenas, E.
        game: What is played in each.
        body: Of each walker: a `Body`, its dict, a path, or a name.
        world: Its rates, drag and grip: a `World`, its dict, a path, or a name.

    Attributes:
        state: Of the N = E W walkers; ``seed`` and ``episode`` are those of their arena.
        playing: Who is in its match, ``(E, W)`` bool.
        left: The control step in which each left its match, 0 for who has not, ``(E, W)``.
        score: Of each walker in a match that is over, in [0, 1], ``(E, W)``; see `rules.scores`.

    Raises:
        PlanError: An arena that is too small, or a body or world that cannot play.
    """

    def __init__(
        self,
        arenas: int,
        game: Game,
        body: str | PathLike[str] | dict[str, Any] | Body = "quadruped",
        world: str | PathLike[str] | dict[str, Any] | World = "standard",
    ) -> None:
        if not (isinstance(arenas, (int, np.integer)) and 1 <= arenas <= MOST_ARENAS):
            raise ValueError(f"arenas must be an int in [1, {MOST_ARENAS:,}], got {arenas!r}")
        self.arenas, self.game, self.world = int(arenas), game, get_world(world)
        _check_world(self.world)
        self.plan = get_body(body)
        self.body = with_left_strength(self.plan, self.world.left_strength)
        check_stiffness(self.body, self.world)
        draw_start(game, self.body, np.random.default_rng(0))  # or it is too small
        self.walkers, self.n = game.walkers, self.arenas * game.walkers
        self.action_width, self.layout = width(ACTION, self.body), ARENA
        self._feet = len(self.body.feet)
        self._engine = ArenaEngine(
            self.arenas, self.walkers, self.body, self.world, self.game.field
        )
        self._actuator, self._sight = Actuator(self.body, self.world), Sight(game, self.body)
        self._alike = (self.arenas, self.walkers)
        self.state: State = zeros(self.n, self.body, 0)
        self.playing = np.zeros(self._alike, dtype=bool)
        self._begun = np.zeros(self.arenas, dtype=bool)
        self.score = np.zeros(self._alike)
        self.left = np.zeros(self._alike, dtype=np.int64)

    def reset(
        self,
        mask: np.ndarray | None = None,
        seeds: np.ndarray | None = None,
        starts: Sequence[Start] | None = None,
    ) -> np.ndarray:
        """Begin a match in some arenas.

        Args:
            mask: Which, ``(E,)`` bool; None: all.
            seeds: ``(E,)`` uint64, those of the others are not used; None: each arena's next
                episode of its present seed.
            starts: For each arena one that is used instead of drawing it.

        Returns:
            What all walkers see, ``(N, O)`` float32.

        Raises:
            ValueError: A start with overlaps.
        """
        rows = np.flatnonzero(np.ones(self.arenas, dtype=bool) if mask is None else mask)
        state, shape = self.state, self._alike
        places = {arena: self._start(arena, seeds, starts) for arena in rows.tolist()}
        for arena, (seed, episode, nodes) in places.items():
            walkers = slice(arena * self.walkers, (arena + 1) * self.walkers)
            state.seed[walkers], state.episode[walkers] = seed, episode
            state.position[walkers] = nodes
            self._engine.begin(arena, nodes)
        begun = np.repeat(np.isin(np.arange(self.arenas), rows), self.walkers)
        for part in (state.velocity, state.energy, state.path, state.steps):
            part[begun] = 0
        self._actuator.rest(state, np.flatnonzero(begun))
        alike = begun.reshape(shape)
        self.playing |= alike
        self._begun[rows] = True
        self.left[alike], self.score[alike] = 0, 0.0
        self._sense()
        return self._observe(self.playing)

    def step(self, actions: np.ndarray) -> Outcome:
        """Advance all arenas a control step.

        Args:
            actions: ``(N, A)`` finite numbers, clipped to [-1, 1]; those of walkers that are out
                are not used.

        Raises:
            gymnasium.error.ResetNeeded: An arena has not begun.
        """
        if not self._begun.all():
            raise ResetNeeded("every arena needs a reset before the first step")
        state, playing, last = self.state, self.playing, self._now
        command = np.minimum(np.maximum(actions, -1.0, dtype=np.float64), 1.0)
        idle = ~playing.ravel()
        if idle.any():  # who is out stands still
            command[idle, : self._feet], command[idle, self._feet :] = 1.0, 0.0
        energy = self._actuator.apply(command, self._length, state)
        self._engine.step(state)
        self._sense()
        state.steps += 1
        state.energy += energy * ~idle
        late = state.steps[:: self.walkers] >= self.game.steps
        verdict = judge(self.game, self.body, Moves(last, self._now, playing, late))
        return self._conclude(verdict, playing, late)

    def overlap(self) -> float:
        """How far circles of different walkers overlap now at most [unit]."""
        return deepest_overlap(self._now.nodes, self.body.node_radius, self.playing)

    def _conclude(self, verdict: Verdict, playing: np.ndarray, late: np.ndarray) -> Outcome:
        leaves = verdict.leaves & playing
        over = (verdict.decided | late) & playing.any(axis=1)
        self.left[leaves] = self.state.steps.reshape(self._alike)[leaves]
        self.playing = playing & ~leaves & ~over[:, None]
        for arena, walker in np.argwhere(leaves & ~over[:, None]):
            self._engine.retire(int(arena), int(walker))
        if over.any():
            self.score[over] = scores(self.game, self.left, self._now)[over]
        terminated = playing & (leaves | verdict.decided[:, None])
        progress, prize = verdict.progress.ravel(), verdict.prize.ravel()
        return Outcome(
            observation=self._observe(playing),
            reward=progress + prize,
            terms=dict(zip(TERMS, (progress, prize))),
            terminated=terminated.ravel(),
            truncated=(playing & over[:, None] & ~terminated).ravel(),
            caught=verdict.caught.ravel(),
            over=over,
        )

    def _start(
        self, arena: int, seeds: np.ndarray | None, starts: Sequence[Start] | None
    ) -> tuple[int, int, np.ndarray]:
        """Seed, episode and the nodes' places of an arena's next match."""
        first = arena * self.walkers
        if seeds is None:
            seed, episode = int(self.state.seed[first]), int(self.state.episode[first]) + 1
        else:
            seed, episode = int(seeds[arena]), 0
        if starts is None:
            start = draw_start(self.game, self.body, episode_rng(seed, episode))
        else:
            start = starts[arena]
            check_start(start, self.game, self.body)
        return seed, episode, nodes_at(start, self.body)

    def _sense(self) -> None:
        self._now = Senses.of(self.state, self.body, self.walkers)
        self._length = self._sight.muscles(self.state)

    def _observe(self, seeing: np.ndarray) -> np.ndarray:
        seen = self._sight.observe(self.state, self._now, self.playing, self._length)
        blind = ~seeing.ravel()
        if blind.any():
            seen[blind] = 0.0
        return seen


def _check_world(world: World) -> None:
    if world.sensor_delay:
        raise PlanError(
            f"an arena needs a world whose sensors are not late, got a sensor_delay of "
            f"{world.sensor_delay}"
        )
    if world.ground != EVEN:
        raise PlanError(f"an arena needs a world of even ground, got {world.ground.kind!r}")
