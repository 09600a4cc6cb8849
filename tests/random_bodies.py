"""Seeded random bodies of three nodes, light and heavy, soft and stiff, damped and not."""

from __future__ import annotations

import numpy as np

from walker_env import Body, BodyError, Bone, Muscle, Node
from walker_env.body import STABILITY_LIMIT
from walker_env.params import WORLD

_LINKS = ((0, 1), (1, 2), (0, 2))


def random_three(seed: int) -> Body:
    """A triangle or a chain whose springs are as stiff as its nodes' masses allow, or softer."""
    rng = np.random.default_rng(seed)
    while True:
        places, masses = rng.uniform(-80, 80, (3, 2)).tolist(), 10 ** rng.uniform(-1, 2, 3)
        muscle = 2 - int(rng.integers(2))  # the links from this one on
        damping = 60.0 if rng.random() < 0.5 else 0.0
        springs = []
        for a, b in _LINKS[: int(rng.integers(2, 4))]:
            most = min(masses[a], masses[b]) * (STABILITY_LIMIT / WORLD.physics_dt) ** 2
            damper = damping or 10 ** rng.uniform(-1, 3)
            springs.append((a, b, float(most * 10 ** rng.uniform(-3, 0)), float(damper)))
        feet = [i for i in range(3) if rng.random() < 0.6] or [0]
        muscle = min(muscle, len(springs) - 1)
        try:
            return Body(
                name=f"three-{seed}",
                nodes=tuple(Node(x, y, float(m)) for (x, y), m in zip(places, masses)),
                bones=tuple(Bone(*spring) for spring in springs[:muscle]),
                muscles=tuple(Muscle(*spring) for spring in springs[muscle:]),
                feet=tuple(feet),
                head=(0,),
                across=(0, 1),
                hub=2,
            )
        except BodyError:  # too stiff together: draw again
            continue
