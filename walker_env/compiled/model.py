"""What compiled functions are handed: the body, the task, and the arrays of N walkers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Model(NamedTuple):
    """The body and the world as the solver wants them: K nodes, L links in order, F feet."""

    inverse_mass: np.ndarray  # (K,)
    ends: np.ndarray  # (2, L) int64, nodes a and b
    links: np.ndarray  # (., L), rows as in `schema.Links`
    feet: np.ndarray  # (F,) int64
    foot_mass: np.ndarray  # (F,)
    bones: int
    iterations: int
    substeps: int
    grip_force: float
    dt: float
    damping: float  # share of speed that drag leaves after a physics step; 1: there is none
    soil: Any  # `schema.Soil`; None: the ground is even


class TaskParams(NamedTuple):
    """Constants of actuation, sensing and reward: A commands, M muscles, O observed numbers."""

    drive: np.ndarray  # (., A), rows as in `schema.Drive`
    work: np.ndarray  # (M,)
    grip_cost: np.ndarray  # (F,)
    head: np.ndarray  # (H,) int64, nodes
    column: np.ndarray  # (.,) int64, where each of `schema.Channels` starts; -1: not there
    scale: np.ndarray  # (O,)
    left: int
    right: int
    hub: int
    stall_steps: int  # 0: nobody is stalled
    stall_progress: float
    target_radius: float
    weights: tuple[float, ...]  # as in `schema.Weights`


class Data(NamedTuple):
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
    ground: Any  # `State.ground`; None: it is even


class Result(NamedTuple):
    """What a step came to, in new arrays."""

    position: np.ndarray
    velocity: np.ndarray
    drive: np.ndarray
    distance: np.ndarray
    observation: np.ndarray  # (N, O) float32
    figures: np.ndarray  # (FIGURES, N), rows as in `schema`
