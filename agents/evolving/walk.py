"""A judged walk: what a policy reaches on whole validation courses, and whether its body held.

Bodies that explode or fold may reach targets by it; they are worth nothing, and the reason is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from agents.policy import Policy
from walker_env import Body, WalkerBatch
from walker_env.seeds import validation_seeds
from walker_env.sensing import length
from walker_env.stability import SPEED_LIMIT
from walker_env.tasks import HORIZON

LOOK_EVERY = 10
"""Control steps between two looks at a body's shape."""

FOLDED = 0.2
"""A body may be folded in so large a share of the looks at it."""

DEEP = 5.0
"""Bones cross where the ends of each lie at least so far to both sides of the other [unit]."""


@dataclass(frozen=True)
class Walk:
    """What a policy's episodes came to."""

    score: float  # targets in 100 s, mean over the courses
    energy: float  # [energy unit] in 100 s, mean over the courses
    folded: float  # share of the looks at which the body was folded
    steps: int  # [control step] of all walkers together
    reason: str = ""  # why the walk is worth nothing


def walk(policy: Policy, courses: int, horizon: int = HORIZON) -> Walk:
    """Let a policy walk the validation courses in its own body.

    Args:
        policy: Who walks.
        courses: How many.
        horizon: Length of an episode [control step].
    """
    batch = WalkerBatch(courses, policy.options.for_evaluation())
    observation = batch.reset(seed=validation_seeds(courses))
    folds, folded, looks = Folds(policy.options.body), 0, 0
    for step in range(1, horizon + 1):
        observation = batch.step(policy.act(observation)).observation
        if step % LOOK_EVERY:
            continue
        if not _slow(batch):
            reason = f"exploded: a node beyond {SPEED_LIMIT:g} units/s"
            return Walk(0.0, 0.0, 0.0, step * courses, reason)
        folded += int(folds.found(batch.state.position).sum())
        looks += courses
    share, tally = folded / max(looks, 1), batch.tally()
    score, energy = float(tally["score"].mean()), float(tally["energy"].mean())
    steps = horizon * courses
    if share > FOLDED:
        return Walk(0.0, energy, share, steps, f"folded {share:.0%} of the time")
    return Walk(score, energy, share, steps)


class Folds:
    """Finds bodies whose bones lie otherwise than drawn.

    That is where two bones cross that did not, or a triangle of bones is turned inside out; where
    they only touch, they may.

    Args:
        body: The body.
    """

    def __init__(self, body: Body) -> None:
        rest = body.rest_positions()[None]
        bones = [(bone.a, bone.b) for bone in body.bones]
        pairs = [(*p, *q) for p, q in combinations(bones, 2) if not set(p) & set(q)]
        self._pairs = np.array(pairs, dtype=int).reshape(-1, 4)
        self._pairs = self._pairs[~_crossing(rest, self._pairs)[0]]
        self._corners = np.array(_triangles(bones), dtype=int).reshape(-1, 3)
        self._turn = np.sign(_area(rest, self._corners))

    def found(self, position: np.ndarray) -> np.ndarray:
        """Whether each of N bodies is folded, ``(N,)`` bool.

        Args:
            position: Of their nodes, ``(N, K, 2)`` [unit].
        """
        crossing = _crossing(position, self._pairs).any(axis=1)
        turned = (_area(position, self._corners) * self._turn < 0).any(axis=1)
        return crossing | turned


def _slow(batch: WalkerBatch) -> bool:
    return bool((length(batch.state.velocity) <= SPEED_LIMIT).all())


def _triangles(bones: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    joined = {frozenset(bone) for bone in bones}
    nodes = sorted({node for bone in bones for node in bone})
    return [
        (a, b, c)
        for a, b, c in combinations(nodes, 3)
        if {frozenset((a, b)), frozenset((b, c)), frozenset((a, c))} <= joined
    ]


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def _area(position: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Twice the signed area of triangles, ``(N, T)`` [unit^2]."""
    a, b, c = (position[:, corners[:, i]] for i in range(3))
    return _cross(b - a, c - a)


def _crossing(position: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Whether two bones cross, ``(N, P)`` bool; those of a pair are nodes 0, 1 and 2, 3."""
    a, b, c, d = (position[:, pairs[:, i]] for i in range(4))
    return _parted(a, b, c, d) & _parted(c, d, a, b)


def _parted(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Whether ``c`` and ``d`` lie `DEEP` enough to different sides of the line through a and b."""
    deep = DEEP * length(b - a)
    one, other = _cross(b - a, c - a), _cross(b - a, d - a)
    return ((one > deep) & (other < -deep)) | ((one < -deep) & (other > deep))
