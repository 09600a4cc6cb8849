"""What is measured once a control step of all walkers of all arenas: E arenas, W walkers each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walker_env import sensing
from walker_env.body import Body
from walker_env.state import State


@dataclass(frozen=True, eq=False)
class Senses:
    """Named quantities of E arenas; frame: the arena's."""

    nodes: np.ndarray  # (E, W, K, 2) [unit]
    centre: np.ndarray  # (E, W, 2) [unit], mean of a walker's nodes
    head: np.ndarray  # (E, W, 2) [unit]
    pace: np.ndarray  # (E, W, 2) [unit/s], velocity of its hub
    forward: np.ndarray  # (E, W, 2), unit vectors
    way: np.ndarray  # (E, W, W, 2) [unit], from the head of the first to the centre of the second
    gap: np.ndarray  # (E, W, W) [unit], its length

    @classmethod
    def of(cls, state: State, body: Body, walkers: int) -> Senses:
        """Measure.

        Args:
            state: Of N = E W walkers, arena after arena.
            body: Of each of them.
            walkers: In an arena, W.
        """
        position = state.position
        arenas = len(position) // walkers
        centre = sensing.centre(position).reshape(arenas, walkers, 2)
        head = sensing.head_position(position, body).reshape(arenas, walkers, 2)
        way = centre[:, None] - head[:, :, None]
        return cls(
            nodes=position.reshape(arenas, walkers, -1, 2),
            centre=centre,
            head=head,
            pace=state.velocity[:, body.hub].reshape(arenas, walkers, 2),
            forward=sensing.heading(position, body).reshape(arenas, walkers, 2),
            way=way,
            gap=sensing.length(way),
        )


def node_gaps(
    nodes: np.ndarray, first: np.ndarray | slice, second: np.ndarray | slice, heads: tuple[int, ...]
) -> np.ndarray:
    """Least distance between some nodes of one group of walkers and all nodes of another.

    Args:
        nodes: ``(E, W, K, 2)`` [unit].
        first: Which walkers are in the first group, A of them.
        second: Which are in the second, B of them.
        heads: Nodes of the first group's bodies.

    Returns:
        Distances between the middles of circles ``(E, A, B)`` [unit].
    """
    place = nodes.transpose(2, 3, 0, 1)  # (K, 2, E, W): numpy is quick along the last axes
    mine, theirs = place[list(heads)][..., first], place[..., second]
    apart = mine[:, None, ..., None] - theirs[None, ..., None, :]  # (H, K, 2, E, A, B)
    apart *= apart
    square = apart[:, :, 0] + apart[:, :, 1]
    return np.sqrt(square.min(axis=(0, 1)))


def deepest_overlap(nodes: np.ndarray, radius: float, playing: np.ndarray) -> float:
    """How far circles of different walkers overlap at most [unit]; 0 where none do.

    Args:
        nodes: ``(E, W, K, 2)`` [unit].
        radius: Of each circle [unit].
        playing: Whom others touch, ``(E, W)`` bool.
    """
    walkers = nodes.shape[1]
    gaps = node_gaps(nodes, slice(None), slice(None), tuple(range(nodes.shape[2])))
    there = playing[:, :, None] & playing[:, None] & ~np.eye(walkers, dtype=bool)
    return max(0.0, 2 * radius - float(gaps.min(where=there, initial=np.inf)))
