"""From generation 0 to a champion: policies of one training, published to race each other.

The same seed gives the same policies, so that the command which made them can make them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from agents.policy import Policy
from agents.training.train import make_config, make_learner
from agents.trial import Walkers
from benchmarks.site.content import ShownEntry

LINEAGE = Path(__file__).resolve().parents[1] / "lineage"
"""The published ones, a policy file for each."""

ALGORITHM = "snes"

SEED = 0

GENERATIONS = (0, 56, 96, 128, 320, 560, 800, 1600)
"""Those that are kept: as many as race."""


def train_lineage(seed: int = SEED, generations: tuple[int, ...] = GENERATIONS) -> Iterator[Policy]:
    """Train with the tuned settings, and give the search's policy at each of some generations.

    Args:
        seed: Of everything random.
        generations: Which, rising; 0 is before anything was learned.
    """
    config = make_config(ALGORITHM, {"seed": seed})
    learner, done = make_learner(config, Walkers(config.options)), 0
    for generation in generations:
        for _ in range(generation - done):
            learner.advance()
        done = generation
        training = {"algorithm": ALGORITHM, "generation": generation, "steps": learner.steps}
        told = training | {"config": {"seed": seed}}
        yield replace(learner.policy(), name=f"generation {generation}", training=told)


def write_lineage(
    folder: Path = LINEAGE, on_step: Callable[[str], object] = lambda what: None
) -> list[Path]:
    """Train, and write every file; those that were there are replaced.

    Args:
        folder: Where they go.
        on_step: Called with the name of each that is done.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for policy in train_lineage():
        generation = policy.training["generation"]
        found.append(folder / f"generation-{generation:04d}.safetensors")
        policy.save(found[-1])
        on_step(policy.name)
    return found


def read_lineage(folder: Path = LINEAGE) -> tuple[ShownEntry, ...]:
    """The published policies as entries that only race, the first generation first.

    Raises:
        PolicyError: A file that holds none.
    """
    return tuple(_shown(Policy.load(path)) for path in sorted(folder.glob("*.safetensors")))


def _shown(policy: Policy) -> ShownEntry:
    algorithm, steps = policy.training["algorithm"], policy.training["steps"]
    return ShownEntry(
        id=policy.name.replace(" ", "_"),  # no entry has such a one: see `slugs`
        name=policy.name,
        algorithm=f"{algorithm}, {steps / 1e6:.1f} M steps" if steps else "nothing learned yet",
        agent=policy,
    )
