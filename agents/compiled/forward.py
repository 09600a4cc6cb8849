"""What networks compute, pack by pack; the readable versions are `network` and `activation`."""

from __future__ import annotations

import numpy as np

from walker_env.compiled.jit import inlined
from walker_env.compiled.pack import LANES, load, single, store, where

TANH, RELU, CLIP = range(3)  # the order of `activation.ACTIVATIONS`


@inlined
def _between(x, low, high):
    """A pack bounded by two floats."""
    x = where(x > low, x, low)
    return where(x < high, x, high)


@inlined
def _tanh(x):
    """As `activation.tanh`."""
    y = _between(x, -20.0, 20.0) * 0.25
    s = y * y
    above = y * (34459425.0 + s * (4729725.0 + s * (135135.0 + s * (990.0 + s))))
    below = 34459425.0 + s * (16216200.0 + s * (945945.0 + s * (13860.0 + s * 45.0)))
    t = above / below
    t = (t + t) / (1.0 + t * t)
    return (t + t) / (1.0 + t * t)


@inlined
def activate(x, first, last, lane, kind):
    """Apply an activation to a pack of some rows.

    Args:
        x: ``(., W)``, changed.
        first: First row.
        last: Row after the last.
        lane: First lane of the pack.
        kind: `TANH`, `RELU` or `CLIP`.
    """
    if kind == TANH:
        for row in range(first, last):
            store(x, row, lane, _tanh(load(x, row, lane)))
    elif kind == RELU:
        for row in range(first, last):
            value = load(x, row, lane)
            store(x, row, lane, where(value > 0.0, value, 0.0))
    else:
        for row in range(first, last):
            store(x, row, lane, _between(load(x, row, lane), -1.0, 1.0))


@inlined
def normalise(x, seen, lane, mean, std, bound):
    """Write the normalised observations of a pack.

    Args:
        x: ``(., W)``, its first rows are written.
        seen: ``(I, W)`` float32, observations.
        lane: First lane of the pack.
        mean: ``(I,)``.
        std: ``(I,)``.
        bound: Inputs are ``(seen - mean) / std``, clipped to it.
    """
    for k in range(mean.shape[0]):
        value = (load(seen, k, lane) - mean[k]) / std[k]
        store(x, k, lane, _between(value, -bound, bound))


@inlined
def _sums(x, y, weights, first, inputs, outputs, lane):
    """Weighted sums of a layer: rows of ``y`` from rows of ``x``, input by input.

    Args:
        x: ``(., W)``, the inputs.
        y: ``(., W)``, the sums are written.
        weights: ``(., LANES)`` float32, for each output its bias and its weights.
        first: Row of the layer's first bias.
        inputs: How many.
        outputs: How many.
        lane: First lane of the pack.
    """
    k = first
    for o in range(outputs):
        total = load(weights, k, 0)
        for i in range(inputs):
            total = total + load(x, i, lane) * load(weights, k + 1 + i, 0)
        store(y, o, lane, total)
        k += inputs + 1


@inlined
def _sums_of_two(x, y, weights, first, inputs, outputs, lane, other):
    """The same for the packs of two walkers: each weight is loaded once."""
    k = first
    for o in range(outputs):
        total = load(weights, k, 0)
        second = total
        for i in range(inputs):
            weight = load(weights, k + 1 + i, 0)
            total = total + load(x, i, lane) * weight
            second = second + load(x, i, other) * weight
        store(y, o, lane, total)
        store(y, o, other, second)
        k += inputs + 1


@inlined
def lay_out(values, places, who, nets):
    """Weights of the networks ``who`` side by side, pack by pack, ``(., LANES)`` float32.

    Args:
        values: ``(P, size)`` float32, of all networks.
        places: ``(size,)`` int64, the order in which a pack has them.
        who: Numbers of the networks.
        nets: Lanes for networks; those without one get zeros.
    """
    size = places.shape[0]
    weights = np.zeros((nets // LANES * size, LANES), np.float32)
    for g in range(who.shape[0] if size > 0 else 0):
        for k in range(size):
            weights[g // LANES * size + k, g % LANES] = values[who[g], places[k]]
    return weights


@inlined
def layers(x, y, sizes, weights, first, hidden, output, nets, walkers, lane, action):
    """Networks of one shape, the ``LANES`` that begin at ``lane``, for all of their walkers.

    Args:
        x: ``(., W)``, normalised observations; changed.
        y: ``(., W)``, room for the widest layer.
        sizes: ``(layers + 1,)``, inputs, units of each hidden layer, outputs.
        weights: ``(., LANES)`` float32, layer by layer as in `_sums`.
        first: Row of the first bias.
        hidden: Activation of the hidden layers.
        output: Activation of the last.
        nets: Lanes from a network's walker to its next.
        walkers: Of each network.
        lane: First network.
        action: ``(A, W)``, outputs rounded to float32.
    """
    last = sizes.shape[0] - 2
    for layer in range(last + 1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        kind = hidden if layer < last else output
        for c in range(0, walkers - 1, 2):
            at = c * nets + lane
            _sums_of_two(x, y, weights, first, inputs, outputs, at, at + nets)
        if walkers % 2:
            _sums(x, y, weights, first, inputs, outputs, (walkers - 1) * nets + lane)
        for c in range(walkers):
            activate(y, 0, outputs, c * nets + lane, kind)
        first += (inputs + 1) * outputs
        x, y = y, x
    for o in range(sizes[-1]):
        for c in range(walkers):
            store(action, o, c * nets + lane, single(load(x, o, c * nets + lane)))
