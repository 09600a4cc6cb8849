"""What a walker went through, moment by moment: the same from the same seed and actions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace

import numpy as np

from walker_env.batch import WalkerBatch
from walker_env.tasks import Options


@dataclass(frozen=True)
class Walker:
    """Who walked, and where.

    Attributes:
        name: Shown on its card.
        options: The environment it walked in.
        seed: Of its course, which is episode 0 of it.
        sha256: Of its policy file; None for a person or a baseline.
        states: SHA-256 over its states, see `Track.digest`.
    """

    name: str
    options: Options
    seed: int
    sha256: str | None = None
    states: str = ""


@dataclass(frozen=True)
class Track:
    """What one walker went through: T + 1 moments, K nodes, F feet, M muscles, P targets."""

    position: np.ndarray  # (T + 1, K, 2) float64 [unit]
    velocity: np.ndarray  # (T + 1, K, 2) float64 [unit/s]
    drive: np.ndarray  # (T + 1, F + M) float64, grips and muscles' rest lengths
    observation: np.ndarray  # (T + 1, O) float32
    target_index: np.ndarray  # (T + 1,) int64, targets reached
    score: np.ndarray  # (T + 1,) float64, and the fraction of the way to the next
    energy: np.ndarray  # (T + 1,) float64 [energy unit]
    targets: np.ndarray  # (P, 2) float64 [unit], the course as far as it was seen, one more

    def digest(self) -> str:
        """SHA-256 over all of it, little-endian."""
        hasher = hashlib.sha256()
        for name in (field.name for field in fields(self)):
            array = getattr(self, name)
            hasher.update(f"{name} {array.dtype.str} {array.shape}".encode())
            hasher.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes())
        return hasher.hexdigest()


def simulate(walker: Walker, actions: np.ndarray, engine: str) -> Track:
    """Replay a walker's actions from its seed.

    Args:
        walker: Its body, world, course and seed.
        actions: ``(T, A)`` float32 in [-1, 1], one row a control step.
        engine: A name in `engine.ENGINES`, or ``"auto"``.

    Returns:
        The T + 1 moments of its walk.
    """
    batch = WalkerBatch(1, replace(walker.options, stall_limit=None, engine=engine))
    seen = batch.reset(seed=np.array([walker.seed], dtype=np.uint64))
    state = batch.state
    moments = [_moment(batch, seen)]
    for action in actions:
        moments.append(_moment(batch, batch.step(action[None]).observation))
    columns = [np.stack(column) for column in zip(*moments)]
    shown = int(state.target_index[0]) + 2
    if count := int(state.target_count[0]):  # the course has an end
        shown = min(shown, count)
    columns.append(state.targets[0, :shown].copy())
    return Track(*columns)


def _moment(batch: WalkerBatch, seen: np.ndarray) -> tuple[np.ndarray, ...]:
    state = batch.state
    return (
        state.position[0].copy(),
        state.velocity[0].copy(),
        state.drive[0].copy(),
        seen[0].copy(),
        state.target_index[0].copy(),
        batch.score()[0].copy(),
        state.energy[0].copy(),
    )
