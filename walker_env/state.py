"""The dynamic state of N walkers as arrays with a leading walker axis.

Index letters everywhere: N walkers, K nodes, L links, M muscles, F feet, P targets of a course.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from walker_env.body import Body


@dataclass
class State:
    """Everything that changes while walkers walk; a copy of it is a complete snapshot."""

    # mechanics (the engine's part)
    position: np.ndarray  # (N, K, 2) float64 [unit], world frame
    velocity: np.ndarray  # (N, K, 2) float64 [unit/s], world frame
    warm_start: (
        np.ndarray
    )  # (N, F, 2) float64 [mass unit/s] ground impulse of the last physics step
    drive: np.ndarray  # (N, F + M) float64: grips in [0, 1], then muscle rest lengths (ratio)
    # the walk to the targets
    targets: np.ndarray  # (N, P, 2) float64 [unit], world frame
    target: np.ndarray  # (N, 2) float64 [unit], the present one
    target_count: np.ndarray  # (N,) int64, targets in the course; 0 when it has no end
    target_index: np.ndarray  # (N,) int64, targets reached so far
    distance: np.ndarray  # (N,) float64 [unit], head to target
    leg_length: np.ndarray  # (N,) float64 [unit], distance when this target appeared
    best_distance: np.ndarray  # (N,) float64 [unit], closest yet to this target
    idle: np.ndarray  # (N,) int64 [control step] since best_distance last improved
    # sensors that are late: measured now and before, the oldest first; L = 0 in a world without
    sight: np.ndarray  # (N, L, O) float32
    # the ground under it, where it is not even; else F = 0 and no cells
    field: np.ndarray  # (N, F) uint32, which patches it has
    sand: np.ndarray  # (N, C, C) uint8, levels that are left, row by row from the lower left on
    # what is counted
    steps: np.ndarray  # (N,) int64 [control step] in this episode
    clock: np.ndarray  # (N,) int64 [control step] towards the vector environment's horizon
    energy: np.ndarray  # (N,) float64 [energy unit] spent in this episode
    path: np.ndarray  # (N,) float64 [unit] the body's centre has travelled in this episode
    # random streams: episode e of a walker with seed s draws from SeedSequence(s, spawn_key=(e,))
    seed: np.ndarray  # (N,) uint64
    episode: np.ndarray  # (N,) int64
    # whose it is: SHA-256 of the body's plan, in a snapshot; (N, 0) before
    body: np.ndarray  # (N, 32) uint8

    @property
    def grip(self) -> np.ndarray:
        """How hard each foot grips, a view ``(N, F)`` in [0, 1]."""
        return self.drive[:, : self.warm_start.shape[1]]

    @property
    def muscle(self) -> np.ndarray:
        """Rest length of each muscle over its drawn one, a view ``(N, M)``."""
        return self.drive[:, self.warm_start.shape[1] :]

    @property
    def ground(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Fields and sand; None where the ground is even."""
        return (self.field, self.sand) if self.field.size else None

    def copy(self) -> State:
        """A deep copy that later steps do not change."""
        return State(**{field.name: getattr(self, field.name).copy() for field in fields(self)})


def zeros(n: int, body: Body, course_length: int, sight: tuple[int, int] = (0, 0)) -> State:
    """A state of ``n`` walkers with every array zero and no target drawn.

    Args:
        n: Number of walkers.
        body: Their body plan.
        course_length: Room for targets, P.
        sight: How many observations late sensors keep, and their width.
    """
    k, f, m = len(body.nodes), len(body.feet), len(body.muscles)
    whole = {name: np.zeros(n, dtype=np.int64) for name in _INTEGERS}
    real = {name: np.zeros(n) for name in _REALS}
    return State(
        position=np.zeros((n, k, 2)),
        velocity=np.zeros((n, k, 2)),
        warm_start=np.zeros((n, f, 2)),
        drive=np.zeros((n, f + m)),
        targets=np.zeros((n, course_length, 2)),
        target=np.zeros((n, 2)),
        sight=np.zeros((n, *sight), dtype=np.float32),
        field=np.zeros((n, 0), dtype=np.uint32),
        sand=np.zeros((n, 0, 0), dtype=np.uint8),
        seed=np.zeros(n, dtype=np.uint64),
        body=np.zeros((n, 0), dtype=np.uint8),
        **whole,
        **real,
    )


_INTEGERS = ("target_count", "target_index", "idle", "steps", "clock", "episode")
_REALS = ("distance", "leg_length", "best_distance", "energy", "path")
