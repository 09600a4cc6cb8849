"""Mutations of whole parts: a segment is duplicated, a limb gets longer or a joint."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from agents.evolving.genome import Gene, Genome, Tie
from agents.evolving.viability import neighbours
from walker_env.bracing import rigid_sets

LENGTHENING = 0.25
"""Standard deviation of the logarithm of how much longer a limb gets."""

_BEND = 0.15  # how far a new joint lies beside its bone, as a share of the bone's length


def duplicate_segment(genome: Genome, rng: np.random.Generator) -> Genome | None:
    """The rear of a body is there twice, the copy behind the original, as segments of worms are.

    What lies behind a random place along the body is the segment; its copy hangs on it as it hangs
    on what is before it.
    """
    places = sorted({gene.x for gene in genome.genes})
    if len(places) < 2:
        return None
    cut = places[int(rng.integers(1, len(places)))]
    segment = [i for i, gene in enumerate(genome.genes) if gene.x < cut]
    outside = [tie for tie in genome.ties if (tie.a in segment) != (tie.b in segment)]
    front = {tie.a if tie.b in segment else tie.b for tie in outside}
    if not front or genome.vital <= set(segment):
        return None
    apart = min(genome.genes[i].x for i in front) - min(genome.genes[i].x for i in segment)
    copy = {old: len(genome.genes) + k for k, old in enumerate(segment)}
    genes = tuple(replace(genome.genes[i], x=genome.genes[i].x - max(apart, 20.0)) for i in segment)
    held = {i: _nearest(genome, segment, genome.genes[i], apart) for i in front}
    place = {**copy, **held}
    ties = tuple(
        replace(tie, a=place[tie.a], b=place[tie.b])
        for tie in genome.ties
        if tie.a in segment or tie.b in segment
    )
    return replace(genome, genes=(*genome.genes, *genes), ties=(*genome.ties, *ties))


def lengthen_limb(genome: Genome, rng: np.random.Generator) -> Genome | None:
    """A limb gets longer or shorter, away from where it is attached."""
    found = limbs(genome)
    if not found:
        return None
    limb = found[int(rng.integers(len(found)))]
    ties = neighbours(genome)
    roots = sorted({other for i in limb for other in ties[i]} - limb)
    if not roots:
        return None
    x = sum(genome.genes[i].x for i in roots) / len(roots)
    y = sum(genome.genes[i].y for i in roots) / len(roots)
    share = float(np.exp(rng.normal(0.0, LENGTHENING)))
    genes = list(genome.genes)
    for i in limb:
        gene = genes[i]
        far = y + share * (gene.y - y)
        on_midline = genome.mirrored and gene.y == 0
        genes[i] = replace(gene, x=x + share * (gene.x - x), y=0.0 if on_midline else far)
    if genome.mirrored and any(gene.y < 0 for gene in genes):
        return None
    return replace(genome, genes=tuple(genes))


def joint(genome: Genome, rng: np.random.Generator) -> Genome | None:
    """A bone gets a joint in its middle, which a muscle from end to end bends."""
    bones = [
        i
        for i, tie in enumerate(genome.ties)
        if not tie.muscle and not tie.crossed and tie.a != tie.b
    ]
    if not bones:
        return None
    i = bones[int(rng.integers(len(bones)))]
    tie = genome.ties[i]
    a, b = genome.genes[tie.a], genome.genes[tie.b]
    side = _BEND * (1.0 if rng.random() < 0.5 else -1.0)
    x = (a.x + b.x) / 2 - side * (b.y - a.y)
    y = (a.y + b.y) / 2 + side * (b.x - a.x)
    if genome.mirrored:
        y = max(y, 0.0) if a.y > 0 or b.y > 0 else 0.0
    new = len(genome.genes)
    halves = (Tie(tie.a, new), Tie(new, tie.b))
    ties = (*genome.ties[:i], replace(tie, muscle=True), *genome.ties[i + 1 :], *halves)
    return replace(genome, genes=(*genome.genes, Gene(x, y)), ties=ties)


def limbs(genome: Genome) -> list[frozenset[int]]:
    """The pieces that are left without the trunk, each a set of genes; mirror images are one."""
    nodes, bones = genome.nodes, [tie for tie in genome.ties if not tie.muscle]
    gene_of = [gene for gene, own in enumerate(nodes) for _ in own]
    pairs = [pair for tie in bones for pair in genome.links(tie)]
    vital = {node for gene in genome.vital for node in nodes[gene]}
    parts = rigid_sets(len(gene_of), pairs)
    trunk = {gene_of[i] for part in parts if vital <= part for i in part} or set(genome.vital)
    ties, left = neighbours(genome), set(range(len(genome.genes))) - trunk
    found = []
    while left:
        piece, frontier = set[int](), [min(left)]
        while frontier:
            gene = frontier.pop()
            piece.add(gene)
            frontier += sorted((ties[gene] & left) - piece)
        left -= piece
        found.append(frozenset(piece))
    return found


def _nearest(genome: Genome, segment: list[int], gene: Gene, apart: float) -> int:
    """The gene of the segment that is to the copy what ``gene`` is to the segment."""
    return min(
        segment,
        key=lambda i: math.hypot(genome.genes[i].x - (gene.x - apart), genome.genes[i].y - gene.y),
    )
