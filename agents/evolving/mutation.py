"""Mutations that a biologist would recognise, each a small function from genome to genome.

A mutation gives None where it does not apply. `bred` applies some, mends what came of it and lets
only what is viable be born.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from agents.evolving.genome import Gene, Genome, GenomeError, Tie
from agents.evolving.segment import duplicate_segment, joint, lengthen_limb
from agents.evolving.viability import CLOSEST, mended, viable, without
from walker_env import Body, BodyError, World

Mutation = Callable[[Genome, np.random.Generator], Genome | None]

STEP = 15.0
"""Standard deviation of how far a node moves [unit]."""

BUD = (15.0, 60.0)
"""A new node grows so far from an old one [unit]."""

MIDLINE = 0.25
"""Chance that a new node of a mirrored body lies on the midline."""

GROWTH = 0.15
"""Standard deviation of the logarithm of how much a body grows or shrinks."""

TRIES = 60
"""Attempts at a child; nearly always one or a few are enough."""


def add_node(genome: Genome, rng: np.random.Generator) -> Genome:
    """A node buds near another and is tied to its two or three nearest, by at least one bone."""
    parent = genome.genes[int(rng.integers(len(genome.genes)))]
    angle, far = rng.uniform(-math.pi, math.pi), rng.uniform(*BUD)
    x, y = parent.x + far * math.cos(angle), parent.y + far * math.sin(angle)
    if genome.mirrored:
        y = 0.0 if rng.random() < MIDLINE else max(abs(y), CLOSEST)
    new = len(genome.genes)
    apart = [math.hypot(gene.x - x, gene.y - y) for gene in genome.genes]
    nearest = np.argsort(apart, kind="stable")[: int(rng.integers(2, 4))].tolist()
    muscles = [False, *(rng.random(len(nearest) - 1) < 0.5).tolist()]
    ties = tuple(Tie(near, new, muscle) for near, muscle in zip(nearest, muscles))
    gene = Gene(x, y, foot=bool(rng.random() < 0.5))
    return replace(genome, genes=(*genome.genes, gene), ties=(*genome.ties, *ties))


def move_node(genome: Genome, rng: np.random.Generator) -> Genome:
    """A node moves a little; on the midline it stays there."""
    i = int(rng.integers(len(genome.genes)))
    gene, (dx, dy) = genome.genes[i], rng.normal(0.0, STEP, 2).tolist()
    y = gene.y + dy
    if genome.mirrored:
        y = max(abs(y), CLOSEST / 2) if gene.y > 0 else 0.0
    return _with_gene(genome, i, replace(gene, x=gene.x + dx, y=y))


def remove_node(genome: Genome, rng: np.random.Generator) -> Genome | None:
    """A node is lost, with its links."""
    spare = [i for i in range(len(genome.genes)) if i not in genome.vital]
    return without(genome, {spare[int(rng.integers(len(spare)))]}) if spare else None


def bone_to_muscle(genome: Genome, rng: np.random.Generator) -> Genome | None:
    """A bone becomes a muscle."""
    return _turned(genome, rng, muscle=False)


def muscle_to_bone(genome: Genome, rng: np.random.Generator) -> Genome | None:
    """A muscle becomes a bone."""
    return _turned(genome, rng, muscle=True)


def add_link(genome: Genome, rng: np.random.Generator) -> Genome | None:
    """Two nodes near each other are tied; those of a pair may be, too."""
    have = {tie.key for tie in genome.ties}
    count = len(genome.genes)
    free: list[tuple[float, Tie]] = []
    for a in range(count):
        for b in range(a, count):
            for crossed in (False, True):
                tie = Tie(a, b, False, crossed)
                if tie.key in have or not _possible(genome, tie):
                    continue
                free.append((_length(genome, tie), tie))
    if not free:
        return None
    free.sort(key=lambda found: found[0])
    chosen = free[int(rng.integers(min(len(free), 2 + len(free) // 2)))][1]
    tie = replace(chosen, muscle=bool(rng.random() < 0.6))
    return replace(genome, ties=(*genome.ties, tie))


def remove_link(genome: Genome, rng: np.random.Generator) -> Genome:
    """A link is lost."""
    i = int(rng.integers(len(genome.ties)))
    return replace(genome, ties=genome.ties[:i] + genome.ties[i + 1 :])


def foot(genome: Genome, rng: np.random.Generator) -> Genome:
    """A node becomes a foot, or a foot a plain node."""
    i = int(rng.integers(len(genome.genes)))
    return _with_gene(genome, i, replace(genome.genes[i], foot=not genome.genes[i].foot))


def grow(genome: Genome, rng: np.random.Generator) -> Genome:
    """The whole body grows or shrinks, along and across by the same share."""
    share = float(np.exp(rng.normal(0.0, GROWTH)))
    genes = tuple(replace(gene, x=gene.x * share, y=gene.y * share) for gene in genome.genes)
    return replace(genome, genes=genes)


MUTATIONS: dict[str, Mutation] = {
    "add node": add_node,
    "move node": move_node,
    "remove node": remove_node,
    "bone to muscle": bone_to_muscle,
    "muscle to bone": muscle_to_bone,
    "add link": add_link,
    "remove link": remove_link,
    "foot on or off": foot,
    "duplicate segment": duplicate_segment,
    "lengthen limb": lengthen_limb,
    "joint in limb": joint,
    "grow": grow,
}
"""What may happen to a child, by the names that records and pictures use; all are as likely."""


def mutated(
    genome: Genome, rng: np.random.Generator, count: int
) -> tuple[Genome, tuple[str, ...]] | None:
    """A genome after ``count`` mutations, each mended, with their names.

    Args:
        genome: Of the parent; not changed.
        rng: Which mutations, and where, come from it.
        count: How many; 1 or more.

    Returns:
        None where one did not apply or cost the body a part it needs.
    """
    names = list(MUTATIONS)
    chosen = [names[int(i)] for i in rng.integers(len(names), size=count)]
    found: Genome | None = genome
    for name in chosen:
        found = found and MUTATIONS[name](found, rng)
        found = found and mended(found)
    return (found, tuple(chosen)) if found else None


def bred(
    genome: Genome, rng: np.random.Generator, count: int, name: str, world: World
) -> tuple[Body, tuple[str, ...]] | None:
    """A viable child, with the names of its mutations.

    Args:
        genome: Of the parent.
        rng: Chance.
        count: Of mutations.
        name: Of the child.
        world: In which it must not explode.

    Returns:
        None where none of `TRIES` attempts was viable.
    """
    for _ in range(TRIES):
        child = mutated(genome, rng, count)
        if child is None:
            continue
        try:
            return viable(child[0], name, world), child[1]
        except (BodyError, GenomeError):
            continue
    return None


def _with_gene(genome: Genome, i: int, gene: Gene) -> Genome:
    return replace(genome, genes=(*genome.genes[:i], gene, *genome.genes[i + 1 :]))


def _turned(genome: Genome, rng: np.random.Generator, muscle: bool) -> Genome | None:
    """With one of the bones, or muscles, turned into the other."""
    found = [i for i, tie in enumerate(genome.ties) if tie.muscle == muscle]
    if not found:
        return None
    i = found[int(rng.integers(len(found)))]
    turned = replace(genome.ties[i], muscle=not muscle)
    return replace(genome, ties=(*genome.ties[:i], turned, *genome.ties[i + 1 :]))


def _possible(genome: Genome, tie: Tie) -> bool:
    """Whether a tie joins different nodes, and is crossed only between pairs."""
    if tie.a == tie.b:
        return genome.paired(tie.a) and not tie.crossed
    return not tie.crossed or (genome.paired(tie.a) and genome.paired(tie.b))


def _length(genome: Genome, tie: Tie) -> float:
    a, b = genome.genes[tie.a], genome.genes[tie.b]
    other = -b.y if tie.crossed or tie.a == tie.b else b.y
    return math.hypot(a.x - b.x, a.y - other)
