"""What compiled functions are handed: the body, the task, and the arrays of N walkers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

REST, STIFFNESS, DAMPING, MASS = range(4)  # rows of Model.links
MIDDLE, UP, DOWN, LEAST, DECAY = range(5)  # rows of TaskParams.drive
DISTANCE, COSINE, SINE, GRIP, MUSCLE, VELOCITY, TURN = range(7)  # entries of TaskParams.column


class Model(NamedTuple):
    """The body and the world as the solver wants them: K nodes, L links in order, F feet."""

    inverse_mass: np.ndarray  # (K,)
    ends: np.ndarray  # (2, L) int64, nodes a and b
    links: np.ndarray  # (4, L): rest length, stiffness, share of speed damped, effective mass
    feet: np.ndarray  # (F,) int64
    foot_mass: np.ndarray  # (F,)
    bones: int
    iterations: int
    substeps: int
    grip_force: float
    dt: float
    damping: float  # share of speed that drag leaves after a physics step; 1: there is none


class TaskParams(NamedTuple):
    """Constants of actuation, sensing and reward: A commands, M muscles, O observed numbers."""

    drive: np.ndarray  # (5, A): middle, up, down, least, decay, as in `Actuator`
    work: np.ndarray  # (M,)
    grip_cost: np.ndarray  # (F,)
    head: np.ndarray  # (H,) int64, nodes
    column: np.ndarray  # (7,) int64, where each channel starts; -1: not in the layout
    scale: np.ndarray  # (O,)
    left: int
    right: int
    hub: int
    stall_steps: int  # 0: nobody is stalled
    stall_progress: float
    target_radius: float
    progress_length: float
    target_worth: float
    energy_price: float


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


class Result(NamedTuple):
    """What a step came to, in new arrays."""

    position: np.ndarray
    velocity: np.ndarray
    drive: np.ndarray
    distance: np.ndarray
    observation: np.ndarray  # (N, O) float32
    reward: np.ndarray  # (4, N): progress, target, energy, and their sum
    terminated: np.ndarray  # (N,) bool
    targets: np.ndarray  # (N,) int64, reached so far
    tally: np.ndarray  # (4, N): score, distance, path, energy, as `WalkerBatch.tally`
