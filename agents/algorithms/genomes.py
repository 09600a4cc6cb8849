"""The genomes of a whole population as arrays: networks that grow, without an object for each.

Nodes stand in the order in which they are computed, as in `network.Graph`: inner nodes first, the
outputs last. An edge leads from an input or an inner node to a node behind it, so a network cannot
hold a cycle. Rows are as long as the largest genome needs and padded with zeros.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from agents.networks.population import PackedGraphs


@dataclass(frozen=True, eq=False)
class Genomes:
    """P genomes.

    Attributes:
        width: Inputs I of each; sources below it are inputs, ``I + n`` is node n.
        outputs: Actions A of each.
        inner: ``(P,)`` int64, inner nodes; a genome has A more.
        arcs: ``(P,)`` int64, edges.
        bias: ``(P, H)`` float32 of the nodes.
        source: ``(P, E)`` int32 of the edges.
        target: ``(P, E)`` int32, the node that an edge leads to.
        weight: ``(P, E)`` float32.
    """

    width: int
    outputs: int
    inner: np.ndarray
    arcs: np.ndarray
    bias: np.ndarray
    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray

    def __len__(self) -> int:
        """P."""
        return len(self.inner)

    @property
    def nodes(self) -> np.ndarray:
        """Nodes of each, ``(P,)``."""
        return self.inner + self.outputs

    def take(self, rows: np.ndarray) -> Genomes:
        """Copies of the genomes ``rows``, in that order."""
        return replace(self, **{name: value[rows] for name, value in self.arrays().items()})

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}

    def roomy(self, nodes: int, arcs: int) -> Genomes:
        """A copy whose rows have room for so many more nodes and edges.

        Rows grow and shrink with the largest genome, not with the history of the array.
        """
        columns = {
            "bias": int(self.nodes.max()) + nodes,
            **dict.fromkeys(("source", "target", "weight"), int(self.arcs.max()) + arcs),
        }
        resized: dict[str, Any] = {n: _resized(getattr(self, n), c) for n, c in columns.items()}
        return replace(self, inner=self.inner.copy(), arcs=self.arcs.copy(), **resized)

    def packed(self) -> PackedGraphs:
        """The networks as they are computed; the edges of a node keep their order."""
        first_node = np.cumsum([0, *self.nodes])
        rows, columns = np.nonzero(np.arange(self.target.shape[1]) < self.arcs[:, None])
        node = first_node[rows] + self.target[rows, columns]
        order = np.argsort(node, kind="stable")
        rows, columns = rows[order], columns[order]
        used = np.arange(self.bias.shape[1]) < self.nodes[:, None]
        return PackedGraphs(
            width=self.width,
            outputs=self.outputs,
            nodes=first_node,
            bias=self.bias[used].astype(np.float64),
            edges=np.cumsum([0, *np.bincount(node, minlength=first_node[-1])]),
            source=self.source[rows, columns].astype(np.int64),
            weight=self.weight[rows, columns].astype(np.float64),
        )


def bare(population: int, width: int, outputs: int) -> Genomes:
    """Genomes without an edge or an inner node, whose actions are zero.

    Args:
        population: Genomes, P; at least 1.
        width: Inputs of each, I.
        outputs: Actions of each, A.
    """
    return Genomes(
        width=width,
        outputs=outputs,
        inner=np.zeros(population, np.int64),
        arcs=np.zeros(population, np.int64),
        bias=np.zeros((population, outputs), np.float32),
        source=np.zeros((population, 0), np.int32),
        target=np.zeros((population, 0), np.int32),
        weight=np.zeros((population, 0), np.float32),
    )


def joined(parts: list[Genomes]) -> Genomes:
    """The genomes of all parts, one behind the other."""
    whole: dict[str, Any] = {}
    for name in parts[0].arrays():
        arrays = [getattr(part, name) for part in parts]
        if arrays[0].ndim == 2:
            columns = max(array.shape[1] for array in arrays)
            arrays = [_resized(array, columns) for array in arrays]
        whole[name] = np.concatenate(arrays)
    return replace(parts[0], **whole)


def _resized(array: np.ndarray, columns: int) -> np.ndarray:
    """A copy of ``array`` with so many columns: cut off, or padded with zeros."""
    resized = np.zeros((len(array), columns), array.dtype)
    kept = min(columns, array.shape[1])
    resized[:, :kept] = array[:, :kept]
    return resized
