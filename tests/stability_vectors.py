"""Verdicts on bodies, for whoever judges them in another language.

``python -m tests.stability_vectors`` writes them anew, from the compiled engine.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.own_bodies import OWN, centipede
from tests.random_bodies import random_three
from walker_env import BODIES, WORLDS, Body, Bone, Muscle, Node
from walker_env.ground import EVEN
from walker_env.params import World
from walker_env.stability import Verdict, judge

DATA = Path(__file__).parent / "data"
VECTORS = DATA / "stability_vectors.json"
UNSTABLE = DATA / "unstable_bodies.json"

_RANDOM = (*range(12), 65, 78, 85, 87, 96)  # 85 runs away once it is torn


def unstable_plans() -> list[dict[str, Any]]:
    """Plans found by random search that once passed and then reached NaN."""
    return [_plan(case["body"]) for case in json.loads(UNSTABLE.read_text())["bodies"]]


def _plan(lists: dict[str, Any]) -> dict[str, Any]:
    kinds = {"nodes": Node, "bones": Bone, "muscles": Muscle}
    parts = {name: [vars(kind(*part)) for part in lists[name]] for name, kind in kinds.items()}
    return {**lists, **parts}


def pairs() -> list[tuple[Body, World]]:
    """Bodies and the worlds in which they are judged."""
    own = [*OWN.values(), centipede(3), *map(Body.from_dict, unstable_plans()[:2])]
    own += map(random_three, _RANDOM)
    worlds = [world for world in WORLDS.values() if world.ground == EVEN]  # as all are judged
    ready = [(body, world) for body in BODIES.values() for world in worlds]
    return ready + [(body, WORLDS["standard"]) for body in own]


def as_data(body: Body, world: World, verdict: Verdict) -> dict[str, Any]:
    """A vector, JSON-ready; the speed is a text that any language reads to the same float."""
    return {
        "body": body.stored(),
        "world": world.stored(),
        "stable": verdict.stable,
        "pattern": verdict.pattern,
        "step": verdict.step,
        "speed": repr(verdict.speed),
    }


def main() -> None:
    """Write the vectors."""
    vectors = [as_data(*pair, judge(*pair, "compiled")) for pair in pairs()]
    lines = ",\n".join(json.dumps(vector) for vector in vectors)
    VECTORS.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
