"""A game: one walker driven by hand or by a policy, and a champion's ghost on the same course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from agents.baselines import Agent
from walker_env import BODIES, HORIZON, Options, WalkerBatch
from walker_env.params import WORLDS
from walker_env.plan import Plan
from walker_env.seeds import show_seed
from walker_env.sensing import head_position

P = TypeVar("P", bound=Plan)

BY_HAND = "by hand"
"""Name of a walker that a person drives."""


class Session:
    """Walker, ghost, course and ground of a game.

    Args:
        agents: Policies that can take over; the first one that fits the body is the ghost.
        course: Number of the course made for showing.
        options: Where the game begins: body and world.

    Attributes:
        agents: The policies.
        player: The walker, a batch of one.
        ghost: The champion beside it, or None.
        driver: Who drives the walker; None: a person.
        actions: What the walker was commanded since the start, ``(A,)`` float32 each.
        fair: Whether it is still a run that anybody could repeat: on the course, by hand alone.
    """

    def __init__(self, agents: Sequence[Agent], course: int = 0, options: Options | None = None):
        self.agents, self.course = list(agents), course
        self._options = (options or Options()).for_evaluation()
        ready = [BODIES[name] for name in sorted(BODIES)]
        theirs = [agent.options.body for agent in self.agents]
        self._bodies = _different([self._options.body, *ready, *theirs])
        self._worlds = _different([self._options.world, *WORLDS.values()])
        self.driver: Agent | None = None
        self.restart()

    @property
    def options(self) -> Options:
        """The environment that the walker is in."""
        return self._options

    @property
    def seed(self) -> int:
        """Seed of the course."""
        return show_seed(self.course)

    @property
    def ghost_name(self) -> str:
        """The ghost's name."""
        return "" if self._spirit is None else self._spirit.name

    @property
    def driver_name(self) -> str:
        """Who drives the walker."""
        return BY_HAND if self.driver is None else self.driver.name

    @property
    def over(self) -> bool:
        """Whether an episode's time is up."""
        return int(self.player.state.steps[0]) >= HORIZON

    def restart(self) -> None:
        """Put everybody back to the start of the course."""
        self.player = _alone(self._options)
        self._seen = self.player.reset(seed=self._seeds())
        fitting = self._fitting()
        self._spirit = next((a for a in fitting if a is not self.driver), None)
        self.ghost: WalkerBatch | None = None
        if self._spirit is not None:
            self.ghost = _alone(self._ghost_options(self._spirit))
            self._ghost_seen = self.ghost.reset(seed=self._seeds())
        self.actions: list[np.ndarray] = []
        self.ghost_actions: list[np.ndarray] = []
        self.fair = self.driver is None

    def step(self, command: np.ndarray) -> None:
        """One control step; ``command`` (A,) counts where a person drives."""
        if self.over:
            return
        action = command if self.driver is None else self.driver.act(self._observed())[0]
        self.actions.append(np.asarray(action, dtype=np.float32))
        self._seen = self.player.step(self.actions[-1][None]).observation
        if self.ghost is not None and self._spirit is not None:
            self.ghost_actions.append(self._spirit.act(self._ghost_seen)[0])
            self._ghost_seen = self.ghost.step(self.ghost_actions[-1][None]).observation

    def redirect(self, place: np.ndarray) -> None:
        """Make ``place`` ``(2,)`` [unit] the walker's next target, and the ghost's."""
        self.fair = False
        self._seen = _redirect(self.player, place)
        if self.ghost is not None:
            self._ghost_seen = _redirect(self.ghost, place)

    def next_driver(self) -> None:
        """Hand the walker over, where it stands: to the next policy that fits, then to a person."""
        fitting: list[Agent | None] = [None, *self._fitting()]
        at = fitting.index(self.driver) if self.driver in fitting else 0
        self.driver = fitting[(at + 1) % len(fitting)]
        self.fair = False
        if self.ghost is not None and self._spirit is self.driver:
            self.ghost = self._spirit = None

    def next_body(self) -> None:
        """Begin anew with the next body, driven by hand.

        They are the one that the game began with, the ready-made ones and those of the policies.
        """
        body = _after(self._options.body, self._bodies)
        self._options, self.driver = replace(self._options, body=body), None
        self.restart()

    def next_world(self) -> None:
        """Go on in the next world, its own one or a ready-made one, from where everybody stands."""
        world = _after(self._options.world, self._worlds)
        self._options = replace(self._options, world=world)
        self.player, self._seen = _move(self.player, self._options)
        if self.ghost is not None and self._spirit is not None:
            self.ghost, self._ghost_seen = _move(self.ghost, self._ghost_options(self._spirit))
        self.fair = self.fair and not self.actions

    def next_course(self) -> None:
        """Begin anew on the next course."""
        self.course += 1
        self.restart()

    def _seeds(self) -> np.ndarray:
        return np.array([self.seed], dtype=np.uint64)

    def _fitting(self) -> list[Agent]:
        body = self._options.body
        return [agent for agent in self.agents if agent.options.body == body]

    def _ghost_options(self, agent: Agent) -> Options:
        return replace(self._options, observation=agent.options.observation)

    def _observed(self) -> np.ndarray:
        """What the driver sees, in the layout it was made for."""
        assert self.driver is not None
        if self.driver.options.observation != self._options.observation:
            self._options = replace(self._options, observation=self.driver.options.observation)
            self.player, self._seen = _move(self.player, self._options)
        return self._seen

    def seen(self) -> np.ndarray:
        """What the walker observes now, ``(O,)``."""
        return self._seen[0]


def _different(plans: Sequence[P]) -> list[P]:
    """The same without those that came before."""
    return list(dict.fromkeys(plans))


def _after(present: P, known: list[P]) -> P:
    """The one after the present one."""
    return known[(known.index(present) + 1) % len(known)]


def _alone(options: Options) -> WalkerBatch:
    """A batch of one, moved by pymunk: a window that waits for a compiler is no game."""
    return WalkerBatch(1, replace(options, engine="pymunk"))


def _move(batch: WalkerBatch, options: Options) -> tuple[WalkerBatch, np.ndarray]:
    """The same walker at the same moment in another environment, and what it sees there."""
    fresh, old = _alone(options), batch.snapshot()
    fresh.reset(seed=old.seed)
    # late sensors and the ground begin anew, since they differ from world to world
    anew = {name: getattr(fresh.state, name).copy() for name in ("sight", "field", "sand")}
    return fresh, fresh.restore(replace(old, **anew))


def _redirect(batch: WalkerBatch, place: np.ndarray) -> np.ndarray:
    """Put the present target of a batch of one elsewhere; returns what is seen then, (1, O)."""
    state, place = batch.snapshot(), np.asarray(place, dtype=np.float64)
    index = int(state.target_index[0])
    state.target[0] = place
    if index < state.targets.shape[1]:
        state.targets[0, index] = place
    distance = float(np.hypot(*(place - head_position(state.position, batch.body)[0])))
    for part in (state.distance, state.leg_length, state.best_distance):
        part[0] = distance
    return batch.restore(state)
