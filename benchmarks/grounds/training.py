"""Walkers that were trained on a ground; their policies lie here."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from agents.policy import Policy
from agents.training.budget import Budget
from agents.training.train import make_config, train

POLICIES = Path(__file__).parent / "policies"
ALGORITHM = "snes"
STEPS = 5_000_000
"""Of a training [control step]."""

COURSES = {"standard": "disc", "patches": "disc", "sand": "disc", "track": "race"}
"""What is walked in each world."""

VALIDATION = 4
"""Courses on which a training chooses its best policy."""


class Kind(NamedTuple):
    """What a walker was trained in, and what it sees there."""

    world: str
    layout: str


KINDS = [Kind("standard", "full")] + [
    Kind(world, layout) for world in ("patches", "sand", "track") for layout in ("full", "ground")
]
"""All that are trained, with the full layout and with that which feels the ground."""


def policy_file(kind: Kind, seed: int) -> Path:
    """Where a trained policy lies."""
    return POLICIES / f"{kind.world}-{kind.layout}-{seed}.safetensors"


def policies(kind: Kind) -> list[Policy]:
    """All that were trained, by seed."""
    files = POLICIES.glob(f"{kind.world}-{kind.layout}-*.safetensors")
    return [Policy.load(file) for file in sorted(files)]


def train_one(kind: Kind, seed: int) -> None:
    """Train a walker and keep its policy."""
    settings = {
        "seed": seed,
        "options.world": kind.world,
        "options.observation": kind.layout,
        "options.course": COURSES[kind.world],
    }
    with tempfile.TemporaryDirectory() as folder:
        config = make_config(ALGORITHM, settings)
        run = Path(folder) / "run"
        train(config, Budget(steps=STEPS), run, courses=VALIDATION)
        POLICIES.mkdir(exist_ok=True)
        shutil.copy(run / "policy.safetensors", policy_file(kind, seed))
