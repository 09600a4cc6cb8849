"""Which nodes a body's bones hold rigidly."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from walker_env import BODIES
from walker_env.bracing import rigid_parts, rigid_sets

SQUARE = [(0, 1), (1, 2), (2, 3), (3, 0)]
PRISM = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (0, 3), (1, 4), (2, 5)]
K33 = [(a, b) for a in range(3) for b in range(3, 6)]
RING = [(i, (i + 1) % 64) for i in range(64)]
FAN = RING + [(0, i) for i in range(2, 63)]

CASES = {
    "a node": (1, [], [{0}]),
    "two apart": (2, [], [{0}, {1}]),
    "a rod": (2, [(0, 1)], [{0, 1}]),
    "a chain": (3, [(0, 1), (1, 2)], [{0, 1}, {1, 2}]),
    "a triangle": (3, [(0, 1), (1, 2), (2, 0)], [{0, 1, 2}]),
    "a square": (4, SQUARE, [{0, 1}, {0, 3}, {1, 2}, {2, 3}]),
    "a square with a diagonal": (4, [*SQUARE, (0, 2)], [{0, 1, 2, 3}]),
    "a square with both": (4, [*SQUARE, (0, 2), (1, 3)], [{0, 1, 2, 3}]),
    "two triangles on a node": (
        5,
        [(0, 1), (0, 4), (1, 4), (2, 3), (2, 4), (3, 4)],
        [{0, 1, 4}, {2, 3, 4}],
    ),
    "two triangles on an edge": (4, [(0, 1), (1, 2), (2, 0), (1, 3), (2, 3)], [{0, 1, 2, 3}]),
    "a ring of three triangles": (
        6,
        [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 2), (4, 5), (5, 0), (0, 4)],
        [{0, 1, 2, 3, 4, 5}],
    ),
    "a triangle and a tail": (4, [(0, 1), (1, 2), (2, 0), (0, 3)], [{0, 1, 2}, {0, 3}]),
    "two triangles on three rods": (6, PRISM, [{0, 1, 2, 3, 4, 5}]),
    "three houses and three wells": (6, K33, [{0, 1, 2, 3, 4, 5}]),
    "a ring of 64": (64, RING, [set(pair) for pair in RING]),
    "a fan of 64": (64, FAN, [set(range(64))]),
}


@pytest.mark.parametrize("case", CASES)
def test_rods_hold_these_nodes_rigidly(case):
    nodes, pairs, parts = CASES[case]
    assert rigid_sets(nodes, pairs) == tuple(sorted(map(frozenset, parts), key=sorted))


def test_the_parts_of_ready_made_bodies():
    def parts(name):
        return [set(part) for part in rigid_parts(BODIES[name])]

    assert parts("quadruped") == [{0, 1, 4}, {2, 3, 4}]
    assert parts("hexapod") == [{0, 1, 6}, {2, 3, 6, 7}, {4, 5, 7}]
    assert parts("inchworm") == [{0}, {1}, {2, 3}]


@pytest.mark.parametrize("seed", range(20))
def test_two_nodes_are_in_one_part_where_no_motion_moves_them_apart(seed):
    """Against the rank of the rigidity matrix at random places."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(3, 9))
    every = list(itertools.combinations(range(nodes), 2))
    pairs = [pair for pair in every if rng.random() < 0.45]
    place = rng.normal(size=(nodes, 2))

    def row(a, b):
        one = np.zeros((nodes, 2))
        one[a], one[b] = place[a] - place[b], place[b] - place[a]
        return one.ravel()

    matrix = np.array([row(a, b) for a, b in pairs] + [np.zeros(2 * nodes)])
    rank = np.linalg.matrix_rank(matrix)
    held = {p for p in every if np.linalg.matrix_rank([*matrix, row(*p)]) == rank}
    parts = rigid_sets(nodes, pairs)
    assert {(a, b) for a, b in every if any({a, b} <= part for part in parts)} == held


def test_the_order_of_the_rods_changes_nothing():
    rng = np.random.default_rng(0)
    for _ in range(10):
        turned = [PRISM[i][:: int(rng.choice([-1, 1]))] for i in rng.permutation(len(PRISM))]
        assert rigid_sets(7, turned) == (frozenset(range(6)), frozenset({6}))
