"""The original's mutations, on all children of a generation at once.

Each happens to a child with its own chance: a node's bias changes, an edge's weight changes, an
edge is split by a new node, a new edge connects two nodes. Numbers of the original: a new bias lies
within ±5 and takes the place of the old one in 10 % of the changes, otherwise up to ±0.5 is added;
a weight changes in these 10 % alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.algorithms.genomes import Genomes

LARGEST = 100.0
"""Biases and weights stay within ± this; far beyond it tanh is flat anyway."""


@dataclass(frozen=True)
class Rates:
    """How often and how far genomes change."""

    bias: float  # chance of a child that one bias changes
    weight: float  # ... that one weight changes
    node: float  # ... that a new node splits an edge
    edge: float  # ... that a new edge appears
    renewal: float  # chance of a changed value to be drawn anew instead of moved
    spread: float  # standard deviation of a new value
    step: float  # standard deviation of a move


def mutate(genomes: Genomes, rates: Rates, rng: np.random.Generator) -> Genomes:
    """Mutated copies of all ``genomes``.

    Args:
        genomes: P of them, which stay as they are.
        rates: How often and how far they change.
        rng: Draws everything.
    """
    children = genomes.roomy(nodes=1, arcs=2)
    count = len(children)
    change_biases(children, np.flatnonzero(rng.random(count) < rates.bias), rates, rng)
    change_weights(children, np.flatnonzero(rng.random(count) < rates.weight), rates, rng)
    split_edges(children, np.flatnonzero(rng.random(count) < rates.node), rng)
    add_edges(children, np.flatnonzero(rng.random(count) < rates.edge), rates, rng)
    return children.roomy(0, 0)


def change_biases(g: Genomes, rows: np.ndarray, rates: Rates, rng: np.random.Generator) -> None:
    """Change one bias of each of the genomes ``rows``, in place.

    Args:
        g: The genomes, changed in place.
        rows: Numbers of those that change, ``(R,)``, none twice.
        rates: How far values change.
        rng: Draws everything.
    """
    nodes = rng.integers(g.nodes[rows])
    g.bias[rows, nodes] = _changed(g.bias[rows, nodes], rates, rng)


def change_weights(g: Genomes, rows: np.ndarray, rates: Rates, rng: np.random.Generator) -> None:
    """Change one weight of each of the genomes ``rows`` that has any, in place.

    Args:
        g: The genomes, changed in place.
        rows: Numbers of those that change, ``(R,)``, none twice.
        rates: How far values change.
        rng: Draws everything.
    """
    rows = rows[g.arcs[rows] > 0]
    arcs = rng.integers(g.arcs[rows])
    g.weight[rows, arcs] = _changed(g.weight[rows, arcs], rates, rng)


def split_edges(g: Genomes, rows: np.ndarray, rng: np.random.Generator) -> None:
    """Put a new node into an edge of each of the genomes ``rows`` that has any, in place.

    What leads to it has the old weight, what leaves it the weight 1. It is computed at some random
    time between the edge's ends, before the outputs.

    Args:
        g: The genomes, changed in place; they have room for a node and an edge more.
        rows: Numbers of those that change, ``(R,)``, none twice.
        rng: Draws everything.
    """
    rows = rows[g.arcs[rows] > 0]
    arcs = rng.integers(g.arcs[rows])
    first = np.maximum(g.source[rows, arcs] - g.width + 1, 0)
    last = np.minimum(g.target[rows, arcs], g.inner[rows])
    place = rng.integers(first, last + 1)
    _insert_nodes(g, rows, place)
    new = g.arcs[rows]
    g.source[rows, new], g.target[rows, new] = g.width + place, g.target[rows, arcs]
    g.weight[rows, new] = 1.0
    g.target[rows, arcs] = place
    g.arcs[rows] += 1


def add_edges(g: Genomes, rows: np.ndarray, rates: Rates, rng: np.random.Generator) -> None:
    """Connect two random nodes of each of the genomes ``rows``, in place.

    Nothing happens where they are connected already, or are one and the same. An edge between inner
    nodes leads to the later one.

    Args:
        g: The genomes, changed in place; they have room for an edge more.
        rows: Numbers of those that change, ``(R,)``, none twice.
        rates: Its ``spread`` is that of the new weights.
        rng: Draws everything.
    """
    source = rng.integers(g.width + g.inner[rows])
    target = rng.integers(g.nodes[rows])
    weight = rng.normal(0.0, rates.spread, len(rows))
    back = source - g.width > target
    source, target = (
        np.where(back, target + g.width, source),
        np.where(back, source - g.width, target),
    )
    there = (g.source[rows] == source[:, None]) & (g.target[rows] == target[:, None])
    there &= np.arange(there.shape[1]) < g.arcs[rows, None]
    good = (source - g.width != target) & ~there.any(axis=1)
    rows, new = rows[good], g.arcs[rows[good]]
    g.source[rows, new], g.target[rows, new] = source[good], target[good]
    g.weight[rows, new] = weight[good]
    g.arcs[rows] += 1


def _changed(values: np.ndarray, rates: Rates, rng: np.random.Generator) -> np.ndarray:
    """Values moved a little, or drawn anew."""
    moved = values + rng.normal(0.0, rates.step, len(values))
    drawn = rng.normal(0.0, rates.spread, len(values))
    changed = np.where(rng.random(len(values)) < rates.renewal, drawn, moved)
    return np.clip(changed, -LARGEST, LARGEST)


def _insert_nodes(g: Genomes, rows: np.ndarray, place: np.ndarray) -> None:
    """Make room for a node at ``place`` of each of the genomes ``rows``; its bias is 0."""
    columns = np.arange(g.bias.shape[1])
    from_column = columns - (columns > place[:, None])
    bias = np.take_along_axis(g.bias[rows], from_column, axis=1)
    bias[np.arange(len(rows)), place] = 0.0
    g.bias[rows] = bias
    real = np.arange(g.source.shape[1]) < g.arcs[rows, None]
    g.source[rows] += real & (g.source[rows] >= g.width + place[:, None])
    g.target[rows] += real & (g.target[rows] >= place[:, None])
    g.inner[rows] += 1
