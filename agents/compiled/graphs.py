"""Networks of any shape, a group at a time: as one list of edges that is walked without branches.

Slot h of a group holds node h of each of its networks: first all inner nodes, to the most that a
network has, then the outputs. The edges into a slot stand together, the first of each network
before the second of any, so that neighbours in the list add to different sums. Each network adds in
its own order, as in `network.Graph`; a network without an inner node h computes tanh(0) there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.compiled.forward import TANH, activate
from walker_env.compiled.jit import inlined
from walker_env.compiled.pack import LANES, load, single, store


class Packed(NamedTuple):
    """P networks, as `population.PackedGraphs`."""

    nodes: np.ndarray  # (P + 1,) int64
    bias: np.ndarray  # (H,) float64
    edges: np.ndarray  # (H + 1,) int64
    source: np.ndarray  # (E,) int64
    weight: np.ndarray  # (E,) float64


class Wires(NamedTuple):
    """The networks of a group: S slots, E edges."""

    bias: np.ndarray  # (S, G) float64
    ends: np.ndarray  # (S + 1,) int64, slot h has the edges ``ends[h]`` to ``ends[h + 1]``
    source: np.ndarray  # (E,) uint32, element of the flat rows
    target: np.ndarray  # (E,) uint32, lane
    weight: np.ndarray  # (E,) float64


@inlined
def wire(packed, who, nets, inputs, outputs, width):
    """Wire the networks ``who`` of a group, at most ``nets``.

    Args:
        packed: All networks.
        who: Numbers of the networks.
        nets: Lanes for networks, G.
        inputs: Numbers that a network reads.
        outputs: Numbers that it gives.
        width: Lanes of a row, W.
    """
    count = who.shape[0]
    inner = edges = 0
    for g in range(count):
        low, high = packed.nodes[who[g]], packed.nodes[who[g] + 1]
        inner = max(inner, high - low - outputs)
        edges += packed.edges[high] - packed.edges[low]
    slots, e = inner + outputs, 0
    bias, ends = np.zeros((slots, nets)), np.empty(slots + 1, np.int64)
    source, target = np.empty(edges, np.uint32), np.empty(edges, np.uint32)
    weight = np.empty(edges)
    for h in range(slots):
        ends[h] = e
        turn, more = 0, True
        while more:
            more = False
            for g in range(count):
                low, high = packed.nodes[who[g]], packed.nodes[who[g] + 1]
                own = high - low - outputs  # inner nodes of this network
                if own <= h < inner:
                    continue
                n = low + (h if h < inner else own + h - inner)
                bias[h, g] = packed.bias[n]
                k = packed.edges[n] + turn
                if k >= packed.edges[n + 1]:
                    continue
                s = packed.source[k]
                if s >= inputs + own:  # another output
                    s += inner - own
                source[e], target[e] = s * width + g, g
                weight[e] = packed.weight[k]
                e += 1
                more = True
            turn += 1
    ends[slots] = e
    return Wires(bias, ends, source, target, weight)


@inlined
def graphs(x, wires, nets, walkers, inputs, action):
    """What the networks of a group say to all of their walkers.

    Args:
        x: ``(inputs + S, W)``, normalised observations in the first rows; the others are written.
        wires: The networks.
        nets: Lanes from a network's walker to its next.
        walkers: Of each network.
        inputs: Numbers that a network reads.
        action: ``(A, W)``, outputs rounded to float32.
    """
    flat, width = x.reshape(-1), x.shape[1]
    for h in range(wires.bias.shape[0]):
        row = inputs + h
        for c in range(walkers):
            for lane in range(0, nets, LANES):
                store(x, row, c * nets + lane, load(wires.bias, h, lane))
        for c in range(walkers):
            shift, goal = np.uint64(c * nets), np.uint64(row * width + c * nets)
            for e in range(wires.ends[h], wires.ends[h + 1]):
                value = flat[shift + np.uint64(wires.source[e])] * wires.weight[e]
                flat[goal + np.uint64(wires.target[e])] += value
        for lane in range(0, nets * walkers, LANES):
            activate(x, row, row + 1, lane, TANH)
    first = inputs + wires.bias.shape[0] - action.shape[0]
    for o in range(action.shape[0]):
        for lane in range(0, nets * walkers, LANES):
            store(action, o, lane, single(load(x, first + o, lane)))
