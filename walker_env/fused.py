"""A whole control step in one compiled pass: actuation, physics, sensing, reward, observation.

The readable version of every line here is in `actuation`, `sensing`, `reward`, `observation` and
`batch`, and a test holds this file to it bit for bit. What it wins is time: a step in numpy walks
over the arrays of the batch some two hundred times, this one once.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from walker_env.actuation import Actuator
from walker_env.body import Body
from walker_env.observation import Channel, Observer, slices
from walker_env.physics_compiled import (
    COMPILE,
    INLINE,
    LANES,
    CompiledEngine,
    load,
    make_block,
    solve,
    store,
)
from walker_env.reward import TERMS, RewardWeights
from walker_env.state import State
from walker_env.tasks import STALL_PROGRESS, TARGET_RADIUS

CHANNELS = (
    "target_distance",
    "target_cos",
    "target_sin",
    "grip",
    "muscle_length",
    "velocity",
    "turn_rate",
)
"""What `_see` can fill; a layout with another channel is left to the readable version."""

_TINY = 1e-300  # as in `sensing`


class Rules(NamedTuple):
    """Constants of actuation, sensing and reward; A = F + M commands, O observed numbers."""

    middle: np.ndarray  # (A,) and so on, as in `Actuator`
    up: np.ndarray
    down: np.ndarray
    least: np.ndarray
    decay: np.ndarray
    work: np.ndarray  # (M,)
    grip_cost: np.ndarray  # (F,)
    head: np.ndarray  # (H,) int64, nodes
    left: int
    right: int
    hub: int
    column: np.ndarray  # (len(CHANNELS),) int64, where each channel starts; -1: not in the layout
    scale: np.ndarray  # (O,)
    progress_length: float
    target_worth: float
    energy_price: float
    stall_steps: int  # 0: nobody is stalled


class Walkers(NamedTuple):
    """The arrays of `State` that a step reads or writes in place."""

    position: np.ndarray
    velocity: np.ndarray
    warm_start: np.ndarray
    drive: np.ndarray
    targets: np.ndarray
    target: np.ndarray
    target_count: np.ndarray
    target_index: np.ndarray
    distance: np.ndarray
    leg_length: np.ndarray
    best_distance: np.ndarray
    idle: np.ndarray
    steps: np.ndarray
    energy: np.ndarray
    path: np.ndarray


class Outcome(NamedTuple):
    """What a step came to: new arrays, some of which become the state's."""

    position: np.ndarray
    velocity: np.ndarray
    drive: np.ndarray
    distance: np.ndarray
    observation: np.ndarray  # (N, O) float32
    reward: np.ndarray  # (N,)
    terms: np.ndarray  # (len(TERMS), N), in the order of `reward.TERMS`
    terminated: np.ndarray  # (N,) bool


class FusedStep:
    """Steps and observes the walkers of one batch."""

    def __init__(
        self,
        engine: CompiledEngine,
        body: Body,
        layout: tuple[Channel, ...],
        weights: RewardWeights,
        actuator: Actuator,
        stall_steps: int | None,
    ) -> None:
        found = slices(layout, body)
        a, o = actuator, Observer(layout, body)
        self._plan, self._team = engine.plan, engine.team
        self._rules = Rules(
            *(a.middle, a.up, a.down, a.least, a.decay, a.work, a.grip_cost),
            head=np.array(body.head, dtype=np.int64),
            left=body.across[0],
            right=body.across[1],
            hub=body.hub,
            column=np.array([found[c].start if c in found else -1 for c in CHANNELS]),
            scale=o.scale,
            progress_length=float(weights.progress_length),
            target_worth=float(weights.target),
            energy_price=float(weights.energy_price),
            stall_steps=stall_steps or 0,
        )

    def step(self, action: np.ndarray, state: State) -> tuple[Outcome, bool]:
        """Advance ``state`` one control step under ``action`` (N, A).

        Returns:
            What it came to, and whether some walker has gone beyond its course's room: its target
            is then still the old one.
        """
        n = len(action)
        outcome = Outcome(
            position=np.empty_like(state.position),
            velocity=np.empty_like(state.velocity),
            drive=np.empty_like(state.drive),
            distance=np.empty(n),
            observation=np.empty((n, len(self._rules.scale)), dtype=np.float32),
            reward=np.empty(n),
            terms=np.empty((len(TERMS), n)),
            terminated=np.empty(n, dtype=np.bool_),
        )
        action = np.ascontiguousarray(action, dtype=np.float64)
        walkers = _walkers(state)
        beyond = self._team.run(_step, self._plan, self._rules, action, walkers, outcome)
        state.position, state.velocity = outcome.position, outcome.velocity
        state.drive, state.distance = outcome.drive, outcome.distance
        return outcome, any(beyond)

    def observe(self, state: State) -> np.ndarray:
        """What every walker sees now, ``(N, O)`` float32, a new array."""
        seen = np.empty((len(state.position), len(self._rules.scale)), dtype=np.float32)
        self._team.run(_look, self._plan, self._rules, _walkers(state), seen)
        return seen


def knows(layout: tuple[Channel, ...]) -> bool:
    """Whether every channel of ``layout`` can be observed here."""
    return all(channel.name in CHANNELS for channel in layout)


def _walkers(state: State) -> Walkers:
    return Walkers(*(getattr(state, name) for name in Walkers._fields))


@njit(**INLINE)
def _length(x, y):  # type: ignore[no-untyped-def]
    return math.sqrt(x * x + y * y)


@njit(**INLINE)
def _centre(position, i):  # type: ignore[no-untyped-def]
    x, y = position[i, 0, 0], position[i, 0, 1]
    for k in range(1, position.shape[1]):
        x += position[i, k, 0]
        y += position[i, k, 1]
    return x * (1.0 / position.shape[1]), y * (1.0 / position.shape[1])


@njit(**INLINE)
def _way(rules, position, target, i):  # type: ignore[no-untyped-def]
    """From the head to the target."""
    x, y = position[i, rules.head[0], 0], position[i, rules.head[0], 1]
    for h in range(1, rules.head.shape[0]):
        x += position[i, rules.head[h], 0]
        y += position[i, rules.head[h], 1]
    share = 1.0 / rules.head.shape[0]
    return target[i, 0] - x * share, target[i, 1] - y * share


@njit(**INLINE)
def _muscle_ratio(plan, position, i, m):  # type: ignore[no-untyped-def]
    s = plan.bones + m
    a, b = plan.a[s], plan.b[s]
    x = position[i, a, 0] - position[i, b, 0]
    y = position[i, a, 1] - position[i, b, 1]
    return _length(x, y) / plan.rest[s]


@njit(**INLINE)
def _actuate(plan, rules, action, position, old, new, i):  # type: ignore[no-untyped-def]
    """As `Actuator.apply`: move the drive and return the energy spent."""
    feet = plan.feet.shape[0]
    for c in range(old.shape[1]):
        command = min(max(action[i, c], -1.0), 1.0)
        goal = (rules.up[c] if command > 0.0 else rules.down[c]) * command + rules.middle[c]
        goal = max(goal, rules.least[c])
        new[i, c] = (old[i, c] - goal) * rules.decay[c] + goal
    loaded = 0.0
    for m in range(old.shape[1] - feet):
        was, now = old[i, feet + m], new[i, feet + m]
        work = (now - was) * (now + was - 2.0 * _muscle_ratio(plan, position, i, m))
        loaded += max(work * rules.work[m], 0.0)
    gripping = 0.0
    for f in range(feet):
        gripping += new[i, f] * rules.grip_cost[f]
    return loaded + gripping


@njit(**INLINE)
def _see(plan, rules, position, velocity, drive, target, distance, out, i):  # type: ignore[no-untyped-def]
    """As `WalkerBatch.observe`, for walker i."""
    column, scale, feet = rules.column, rules.scale, plan.feet.shape[0]
    arm_x = position[i, rules.right, 0] - position[i, rules.left, 0]
    arm_y = position[i, rules.right, 1] - position[i, rules.left, 1]
    span = _length(arm_x, arm_y) + _TINY
    ahead_x, ahead_y = -arm_y / span, arm_x / span
    if column[0] >= 0:
        out[i, column[0]] = distance * scale[column[0]]
    way_x, way_y = _way(rules, position, target, i)
    if column[1] >= 0:
        cosine = (way_x * ahead_x + way_y * ahead_y) / (distance + _TINY)
        out[i, column[1]] = cosine * scale[column[1]]
    if column[2] >= 0:
        sine = (way_y * ahead_x - way_x * ahead_y) / (distance + _TINY)
        out[i, column[2]] = sine * scale[column[2]]
    if column[3] >= 0:
        for c in range(column[3], column[3] + feet):
            out[i, c] = drive[i, c - column[3]] * scale[c]
    if column[4] >= 0:
        for c in range(column[4], column[4] + drive.shape[1] - feet):
            out[i, c] = _muscle_ratio(plan, position, i, c - column[4]) * scale[c]
    if column[5] >= 0:
        c, x, y = column[5], velocity[i, rules.hub, 0], velocity[i, rules.hub, 1]
        out[i, c] = (x * ahead_x + y * ahead_y) * scale[c]
        out[i, c + 1] = (y * ahead_x - x * ahead_y) * scale[c + 1]
    if column[6] >= 0:
        x = velocity[i, rules.right, 0] - velocity[i, rules.left, 0]
        y = velocity[i, rules.right, 1] - velocity[i, rules.left, 1]
        turn = (arm_x * y - arm_y * x) / (arm_x * arm_x + arm_y * arm_y + _TINY)
        out[i, column[6]] = turn * scale[column[6]]


@njit(**INLINE)
def _follow(rules, w, position, distance, reached, i):  # type: ignore[no-untyped-def]
    """As `WalkerBatch._follow_course`: the distance now, whether it is over, who needs room."""
    if rules.stall_steps > 0:
        nearer = distance < w.best_distance[i] - STALL_PROGRESS
        w.best_distance[i] = distance if nearer else w.best_distance[i]
        w.idle[i] = 0 if nearer else w.idle[i] + 1
    beyond = False
    if reached:
        w.target_index[i] += 1
        index = w.target_index[i]
        complete = w.target_count[i] > 0 and index >= w.target_count[i]
        beyond = not complete and index >= w.targets.shape[1]
        if not complete and not beyond:
            w.target[i, 0], w.target[i, 1] = w.targets[i, index, 0], w.targets[i, index, 1]
            x, y = _way(rules, position, w.target, i)
            distance = _length(x, y)
            w.leg_length[i] = w.best_distance[i] = distance
            w.idle[i] = 0
    over = w.target_count[i] > 0 and w.target_index[i] >= w.target_count[i]
    over = over or (rules.stall_steps > 0 and w.idle[i] >= rules.stall_steps)
    return distance, over, beyond


@njit(**INLINE)
def _settle(plan, rules, w, new, spent, i):  # type: ignore[no-untyped-def]
    """All that comes after the physics, for walker i; whether its course needs more room."""
    old_x, old_y = _centre(w.position, i)
    new_x, new_y = _centre(new.position, i)
    x, y = _way(rules, new.position, w.target, i)
    distance = _length(x, y)
    w.steps[i] += 1
    w.energy[i] += spent
    w.path[i] += _length(new_x - old_x, new_y - old_y)
    arrived = w.target_count[i] > 0 and w.target_index[i] >= w.target_count[i]
    reached = distance < TARGET_RADIUS and not arrived
    new.terms[0, i] = (w.distance[i] - distance) / rules.progress_length
    new.terms[1, i] = (1.0 if reached else 0.0) * rules.target_worth
    new.terms[2, i] = -rules.energy_price * spent
    new.reward[i] = new.terms[0, i] + new.terms[1, i] + new.terms[2, i]
    distance, over, beyond = _follow(rules, w, new.position, distance, reached, i)
    new.distance[i] = distance
    new.terminated[i] = over
    _see(plan, rules, new.position, new.velocity, new.drive, w.target, distance, new.observation, i)
    return beyond


@njit(**COMPILE)
def _step(first, last, plan, rules, action, w, new):  # type: ignore[no-untyped-def]
    block, spent, beyond = make_block(plan), np.empty(LANES), False
    for start in range(first, last, LANES):
        lanes = min(LANES, last - start)
        for lane in range(lanes):
            i = start + lane
            spent[lane] = _actuate(plan, rules, action, w.position, w.drive, new.drive, i)
        load(plan, block, start, lanes, w.position, w.velocity, w.warm_start, new.drive)
        for _ in range(plan.substeps):
            solve(plan, block, lanes)
        store(plan, block, start, lanes, new.position, new.velocity, w.warm_start)
        for lane in range(lanes):
            beyond |= _settle(plan, rules, w, new, spent[lane], start + lane)
    return beyond


@njit(**COMPILE)
def _look(first, last, plan, rules, w, seen):  # type: ignore[no-untyped-def]
    for i in range(first, last):
        _see(plan, rules, w.position, w.velocity, w.drive, w.target, w.distance[i], seen, i)
