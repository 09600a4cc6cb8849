"""Activations from operations that IEEE 754 fixes: a network gives the same bits everywhere.

A library's tanh differs in the last bits from one processor or version to the next. This one adds,
multiplies, divides and compares in float64, in a fixed order, and lies within 4e-16 of the true
value. `kernels` has the same lines compiled, and a test holds the two together bit for bit.
"""

from __future__ import annotations

import numpy as np

BOUND = 20.0
"""Beyond it tanh is 1 in float64."""


def tanh(x: np.ndarray) -> np.ndarray:
    """The hyperbolic tangent of float64 ``x``.

    A continued fraction (Lambert 1768), cut off after nine terms, at a quarter of the argument, and
    twice the formula for the double argument.
    """
    y = np.minimum(np.maximum(x, -BOUND), BOUND) * 0.25
    s = y * y
    above = y * (34459425.0 + s * (4729725.0 + s * (135135.0 + s * (990.0 + s))))
    below = 34459425.0 + s * (16216200.0 + s * (945945.0 + s * (13860.0 + s * 45.0)))
    t = above / below
    t = (t + t) / (1.0 + t * t)
    return (t + t) / (1.0 + t * t)


def relu(x: np.ndarray) -> np.ndarray:
    """``max(x, 0)``."""
    return np.maximum(x, 0.0)


def clip(x: np.ndarray) -> np.ndarray:
    """``x`` bounded by ±1."""
    return np.minimum(np.maximum(x, -1.0), 1.0)


ACTIVATIONS = {"tanh": tanh, "relu": relu, "clip": clip}
"""By the name that stands in a policy file; their order is their code in `kernels`."""

HIDDEN = ("tanh", "relu")
"""What hidden layers may use."""

OUTPUT = ("tanh", "clip")
"""What bounds the actions; ``clip`` is what SB3's PPO does to its unbounded mean."""
