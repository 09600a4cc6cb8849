"""All compiled code of the networks: walkers or networks side by side in vector instructions.

The readable versions are in `activation` and `network`; tests hold these to them bit for bit. As in
`walker_env.compiled`: float64, no fast-math, no fused multiply-add. Everything is in one file,
because numba's cache on disk follows the content of the called function's own file and no other.

Arguments have one meaning throughout, with N walkers, I inputs, A actions and P networks:

- ``first``, ``last``: which walkers (`shared`) or networks (elsewhere) to compute, from ``first``
  up to ``last`` without it;
- ``walkers``: how many walkers each network has; those of network p begin at ``p * walkers``;
- ``obs``: ``(N, I)`` float32 observations;
- ``mean``, ``std``, ``bound``: ``(I,)``, ``(I,)`` and a number: inputs are ``(obs - mean) / std``,
  clipped to [-bound, bound];
- ``action``: ``(N, A)``, where the outputs are written;
- ``sizes``: ``(layers + 1,)`` int64, inputs, units of each hidden layer, outputs;
- ``hidden``, ``output``: activation of the hidden layers and of the last, `TANH`, `RELU` or `CLIP`;
- ``flat``: weights ``(I, O)`` and biases ``(O,)`` of each layer in turn, as one row;
- ``values``: ``(blocks, size, LANES)``, lane l of block b holds the ``flat`` of network
  ``b * LANES + l``;
- ``nodes``: ``(P + 1,)`` int64, network p has the nodes ``nodes[p]`` to ``nodes[p + 1]``;
- ``bias``: of each node; ``edges``: of all nodes and one more, node n has the edges ``edges[n]`` to
  ``edges[n + 1]``;
- ``source``, ``weight``: of each edge; sources count the inputs first, then the network's nodes;
- ``alive``: ``(N,)`` bool; ``seen``: ``(P, 2, I)`` float64, sums of what walkers see and of its
  squares.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from walker_env.compiling import listen

listen()

LANES = 64
"""Walkers or networks in a block."""

TANH, RELU, CLIP = range(3)  # the order of `activation.ACTIVATIONS`

_INLINE: dict[str, Any] = {
    "error_model": "numpy",
    "forceinline": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
_CALLED: dict[str, Any] = {"error_model": "numpy", "nogil": True, "cache": True}


@njit(**_INLINE)
def _activate(row, lanes, kind):
    """Apply an activation to a row, in place."""
    if kind == TANH:
        for w in range(lanes):
            y = min(max(row[w], -20.0), 20.0) * 0.25
            s = y * y
            above = y * (34459425.0 + s * (4729725.0 + s * (135135.0 + s * (990.0 + s))))
            below = 34459425.0 + s * (16216200.0 + s * (945945.0 + s * (13860.0 + s * 45.0)))
            t = above / below
            t = (t + t) / (1.0 + t * t)
            row[w] = (t + t) / (1.0 + t * t)
    elif kind == RELU:
        for w in range(lanes):
            row[w] = max(row[w], 0.0)
    else:
        for w in range(lanes):
            row[w] = min(max(row[w], -1.0), 1.0)


@njit(**_INLINE)
def _normalise(x, obs, first, stride, lanes, mean, std, bound):
    """Normalised observations of walkers ``first``, ``first + stride``, ... as rows of ``x``."""
    for k in range(mean.shape[0]):
        middle, scale = mean[k], std[k]
        for w in range(lanes):
            value = (np.float64(obs[first + w * stride, k]) - middle) / scale
            x[k, w] = min(max(value, -bound), bound)


@njit(**_INLINE)
def _add_four(row, x, i, w0, w1, w2, w3, lanes):
    """Four inputs in one go: the row is read and written once. The order of additions is kept."""
    x0, x1, x2, x3 = x[i], x[i + 1], x[i + 2], x[i + 3]
    for w in range(lanes):
        row[w] = (((row[w] + x0[w] * w0) + x1[w] * w1) + x2[w] * w2) + x3[w] * w3


@njit(**_INLINE)
def _add_four_own(row, x, i, weights, k, stride, lanes):
    """The same with weights of each lane's own."""
    x0, x1, x2, x3 = x[i], x[i + 1], x[i + 2], x[i + 3]
    w0, w1 = weights[k], weights[k + stride]
    w2, w3 = weights[k + 2 * stride], weights[k + 3 * stride]
    for w in range(lanes):
        row[w] = (((row[w] + x0[w] * w0[w]) + x1[w] * w1[w]) + x2[w] * w2[w]) + x3[w] * w3[w]


@njit(**_CALLED)
def shared(first, last, sizes, flat, hidden, output, mean, std, bound, obs, action):
    """One network for many walkers."""
    widest = sizes.max()
    x, y = np.empty((widest, LANES)), np.empty((widest, LANES))
    for start in range(first, last, LANES):
        lanes = min(LANES, last - start)
        _normalise(x, obs, start, 1, lanes, mean, std, bound)
        base = 0
        for layer in range(sizes.shape[0] - 1):
            inputs, outputs = sizes[layer], sizes[layer + 1]
            kind = hidden if layer < sizes.shape[0] - 2 else output
            for o in range(outputs):
                row, bias = y[o], flat[base + inputs * outputs + o]
                for w in range(lanes):
                    row[w] = bias
                for i in range(0, inputs - 3, 4):
                    k = base + i * outputs + o
                    k1, k2, k3 = k + outputs, k + 2 * outputs, k + 3 * outputs
                    _add_four(row, x, i, flat[k], flat[k1], flat[k2], flat[k3], lanes)
                for i in range(inputs // 4 * 4, inputs):
                    weight = flat[base + i * outputs + o]
                    for w in range(lanes):
                        row[w] += x[i, w] * weight
                _activate(row, lanes, kind)
            base += (inputs + 1) * outputs
            x, y = y, x
        for o in range(sizes[-1]):
            for w in range(lanes):
                action[start + w, o] = x[o, w]


@njit(**_CALLED)
def own(first, last, sizes, values, walkers, hidden, output, mean, std, bound, obs, action):
    """Networks of one shape with weights of their own; ``first`` is a multiple of `LANES`."""
    widest = sizes.max()
    x, y = np.empty((widest, LANES)), np.empty((widest, LANES))
    for start in range(first, last, LANES):
        lanes, weights = min(LANES, last - start), values[start // LANES]
        for c in range(walkers):
            _normalise(x, obs, start * walkers + c, walkers, lanes, mean, std, bound)
            base = 0
            for layer in range(sizes.shape[0] - 1):
                inputs, outputs = sizes[layer], sizes[layer + 1]
                kind = hidden if layer < sizes.shape[0] - 2 else output
                for o in range(outputs):
                    row, bias = y[o], weights[base + inputs * outputs + o]
                    for w in range(lanes):
                        row[w] = np.float64(bias[w])
                    for i in range(0, inputs - 3, 4):
                        k = base + i * outputs + o
                        _add_four_own(row, x, i, weights, k, outputs, lanes)
                    for i in range(inputs // 4 * 4, inputs):
                        weight = weights[base + i * outputs + o]
                        for w in range(lanes):
                            row[w] += x[i, w] * np.float64(weight[w])
                    _activate(row, lanes, kind)
                base += (inputs + 1) * outputs
                x, y = y, x
            for o in range(sizes[-1]):
                for w in range(lanes):
                    action[(start + w) * walkers + c, o] = x[o, w]


@njit(**_CALLED)
def graphs(first, last, nodes, bias, edges, source, weight, walkers, mean, std, bound, obs, action):
    """Networks of any shape: each computes its nodes in turn; the last of them are the actions."""
    inputs, outputs = mean.shape[0], action.shape[1]
    most = inputs
    for p in range(first, last):
        most = max(most, inputs + nodes[p + 1] - nodes[p])
    x = np.empty((most, min(LANES, walkers)))
    for p in range(first, last):
        count = nodes[p + 1] - nodes[p]
        for c in range(0, walkers, LANES):
            lanes, start = min(LANES, walkers - c), p * walkers + c
            _normalise(x, obs, start, 1, lanes, mean, std, bound)
            for h in range(count):
                n = nodes[p] + h
                row, offset = x[inputs + h], bias[n]
                for w in range(lanes):
                    row[w] = offset
                for e in range(edges[n], edges[n + 1]):
                    column, factor = x[source[e]], weight[e]
                    for w in range(lanes):
                        row[w] += column[w] * factor
                _activate(row, lanes, TANH)
            for o in range(outputs):
                for w in range(lanes):
                    action[start + w, o] = x[inputs + count - outputs + o, w]


@njit(**_CALLED)
def tally(first, last, walkers, obs, alive, seen):
    """Add to ``seen`` what the living walkers of each network see, in turn."""
    for p in range(first, last):
        for n in range(p * walkers, (p + 1) * walkers):
            if not alive[n]:
                continue
            for k in range(obs.shape[1]):
                value = np.float64(obs[n, k])
                seen[p, 0, k] += value
                seen[p, 1, k] += value * value
