"""Which genomes live: the rules that keep evolution honest, and what is mended before they apply.

A head at the end of a whip would touch targets without walking. So the head, the pair across which
the body looks and the hub lie in one rigid part, the *trunk*, which has at least `TRUNK` of the
mass: where it is moved, the body is.
"""

from __future__ import annotations

import math
from dataclasses import replace

from agents.evolving.genome import Gene, Genome, GenomeError, express
from walker_env import Body, World
from walker_env.bracing import rigid_parts
from walker_env.stability import check_stable

BOX = (150.0, 120.0)
"""A body is drawn within it, either way along x and along y [unit]."""

CLOSEST = 10.0
"""Least distance between two nodes [unit]."""

MOST_NODES, MOST_LINKS, MOST_MUSCLES = 24, 60, 16
"""Of a body; a learner has a command for each foot and muscle."""

TRUNK = 0.25
"""Least share of the mass in the rigid part that carries the head."""

LEAST_LINKS = 2
"""Of a node: one that hangs on a single link is a pendulum."""


def viable(genome: Genome, name: str, world: World) -> Body:
    """The body of a genome that keeps all rules.

    Args:
        genome: Mended or not.
        name: Of the body.
        world: In which it must not explode.

    Raises:
        GenomeError: It breaks a rule of evolution.
        BodyError: It makes no body, or an unstable one.
    """
    body = express(genome, name)
    check_rules(body)
    check_stable(body, world)
    return body


def check_rules(body: Body) -> None:
    """Check what every evolved body keeps, besides materials and masses.

    Raises:
        GenomeError: Too large a body, nodes too close, a node on one link, or a head that is not
            braced rigidly.
    """
    _check_size(body)
    for i, node in enumerate(body.nodes):
        if abs(node.x) > BOX[0] or abs(node.y) > BOX[1]:
            raise GenomeError(
                f"{body.name}: node {i} is at ({node.x:g}, {node.y:g}), expected all within "
                f"±{BOX[0]:g}, ±{BOX[1]:g} units"
            )
        if sum(i in (link.a, link.b) for link in body.links) < LEAST_LINKS:
            raise GenomeError(f"{body.name}: node {i} hangs on one link, expected two or more")
        for j, other in enumerate(body.nodes[:i]):
            if math.hypot(node.x - other.x, node.y - other.y) < CLOSEST:
                raise GenomeError(
                    f"{body.name}: nodes {j} and {i} are closer than {CLOSEST:g} units"
                )
    trunk_of(body)


def trunk_of(body: Body) -> frozenset[int]:
    """The rigid part that carries the head.

    Raises:
        GenomeError: There is none, or it is too light.
    """
    vital = {*body.head, *body.across, body.hub}
    trunk = next((part for part in rigid_parts(body) if vital <= part), None)
    if trunk is None:
        raise GenomeError(
            f"{body.name}: the head is not braced rigidly: expected nodes {sorted(vital)} (head, "
            "across, hub) in one part that bones hold rigidly"
        )
    share = sum(body.nodes[i].mass for i in trunk) / sum(node.mass for node in body.nodes)
    if share < TRUNK:
        raise GenomeError(
            f"{body.name}: the rigid part with the head has {share:.0%} of the mass, expected at "
            f"least {TRUNK:.0%}"
        )
    return trunk


def mended(genome: Genome) -> Genome | None:
    """The genome with what can be put right: whole coordinates, no loose parts, within the box.

    None where a part is lost that a body cannot be without.
    """
    low = math.ceil(CLOSEST / 2)
    genes = tuple(_rounded(gene, genome.mirrored, low) for gene in genome.genes)
    ties = {tie.key: tie for tie in genome.ties if tie.a != tie.b or genome.paired(tie.a)}
    found = _without_loose_parts(replace(genome, genes=genes, ties=tuple(ties.values())))
    if found is None or not any(tie.muscle for tie in found.ties):
        return None
    if not any(gene.foot for gene in found.genes):
        return None
    return _centred(found)


def without(genome: Genome, lost: set[int]) -> Genome | None:
    """The genome without some of its genes and their ties; None where a vital one is among them."""
    if lost & genome.vital:
        return None
    kept = [i for i in range(len(genome.genes)) if i not in lost]
    new = {old: i for i, old in enumerate(kept)}
    ties = (tie for tie in genome.ties if not {tie.a, tie.b} & lost)
    return replace(
        genome,
        genes=tuple(genome.genes[i] for i in kept),
        ties=tuple(replace(tie, a=new[tie.a], b=new[tie.b]) for tie in ties),
        head=tuple(new[i] for i in genome.head),
        across=tuple(new[i] for i in genome.across),
        hub=new[genome.hub],
    )


def neighbours(genome: Genome, bones_only: bool = False) -> list[set[int]]:
    """The genes that each gene is tied to."""
    found: list[set[int]] = [set() for _ in genome.genes]
    for tie in genome.ties:
        if not (bones_only and tie.muscle) and tie.a != tie.b:
            found[tie.a].add(tie.b)
            found[tie.b].add(tie.a)
    return found


def _check_size(body: Body) -> None:
    for what, count, most in (
        ("nodes", len(body.nodes), MOST_NODES),
        ("links", len(body.links), MOST_LINKS),
        ("muscles", len(body.muscles), MOST_MUSCLES),
    ):
        if count > most:
            raise GenomeError(f"{body.name}: {count} {what}, expected at most {most}")


def _rounded(gene: Gene, mirrored: bool, low: int) -> Gene:
    x, y = float(round(gene.x)), float(round(gene.y))
    return replace(gene, x=x, y=max(y, float(low)) if mirrored and gene.y > 0 else y)


def _without_loose_parts(genome: Genome) -> Genome | None:
    """Drop nodes on fewer than `LEAST_LINKS` links, then what is not tied to the head any more."""
    found: Genome | None = genome
    while found is not None:
        lost = {i for i in range(len(found.genes)) if _links_at(found, i) < LEAST_LINKS}
        lost |= set(range(len(found.genes))) - _reached(found, found.head[0])
        if not lost:
            return found
        found = without(found, lost)
    return None


def _links_at(genome: Genome, gene: int) -> int:
    """How many links its node has; both nodes of a pair have as many."""
    node = genome.nodes[gene][0]
    return sum(node in pair for tie in genome.ties for pair in genome.links(tie))


def _reached(genome: Genome, start: int) -> set[int]:
    ties, reached, frontier = neighbours(genome), {start}, [start]
    while frontier:
        more = ties[frontier.pop()] - reached
        reached |= more
        frontier += more
    return reached


def _centred(genome: Genome) -> Genome:
    """Moved along x where it would not lie in the box otherwise."""
    left, right = (edge(gene.x for gene in genome.genes) for edge in (min, max))
    if -BOX[0] <= left and right <= BOX[0]:
        return genome
    shift = round((left + right) / 2)
    genes = tuple(replace(gene, x=gene.x - shift) for gene in genome.genes)
    return replace(genome, genes=genes)
