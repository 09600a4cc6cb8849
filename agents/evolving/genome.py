"""The genome of a body: what is inherited and may mutate.

A gene of a mirror-symmetric body stands for a node on the midline, or for a pair of nodes to its
left and right; a free body has a gene for each node. What evolution could cheat with is no part of
a genome: materials and the range of the muscles are `Body`'s defaults, and masses follow from the
links by `mass_for`. `genome_of` and `express` are each other's inverse.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from walker_env import Body, Bone, Muscle, Node
from walker_env.body import STABILITY_LIMIT
from walker_env.params import WORLD

LIGHTEST = 10.0
"""Mass of every node that its springs do not need to be heavier."""

_RESERVE = 1.05  # how much heavier than the time step asks a node is
_BONE, _MUSCLE = Bone(0, 1), Muscle(0, 1)


class GenomeError(ValueError):
    """A body that is not one that evolution makes; the message names the part and the rule."""


@dataclass(frozen=True)
class Gene:
    """A node; with its mirror image where a body is mirrored and ``y`` is above 0."""

    x: float  # [unit]
    y: float  # [unit]; in a mirrored body at least 0
    foot: bool = False


@dataclass(frozen=True)
class Tie:
    """A link between the nodes of two genes, with its mirror image; of a pair to itself, across."""

    a: int
    b: int
    muscle: bool = False
    crossed: bool = False  # from the left node of ``a`` to the right one of ``b``

    @property
    def key(self) -> tuple[int, int, bool]:
        """The same for every tie that joins the same nodes."""
        return (min(self.a, self.b), max(self.a, self.b), self.crossed)


@dataclass(frozen=True)
class Genome:
    """A body as it is inherited.

    Attributes:
        genes: Of the nodes.
        ties: Of the links.
        head: Genes whose nodes are the head.
        across: The pair that the body looks along the normal of: one gene, or two of a free body.
        hub: The gene whose node, the left one of a pair, is the hub.
        mirrored: Whether genes come with their mirror images.
    """

    genes: tuple[Gene, ...]
    ties: tuple[Tie, ...]
    head: tuple[int, ...]
    across: tuple[int, ...]
    hub: int
    mirrored: bool = True

    @property
    def vital(self) -> frozenset[int]:
        """Genes that a body cannot be without."""
        return frozenset((*self.head, *self.across, self.hub))

    def paired(self, gene: int) -> bool:
        """Whether a gene stands for two nodes."""
        return self.mirrored and self.genes[gene].y > 0

    @functools.cached_property
    def nodes(self) -> list[tuple[int, ...]]:
        """The body's nodes of each gene: the left one, then the right one."""
        found: list[tuple[int, ...]] = []
        count = 0
        for gene in range(len(self.genes)):
            size = 2 if self.paired(gene) else 1
            found.append(tuple(range(count, count + size)))
            count += size
        return found

    def links(self, tie: Tie) -> list[tuple[int, int]]:
        """The body's links of a tie, as pairs of nodes."""
        a, b = (self.nodes[gene] for gene in (tie.a, tie.b))
        if tie.a == tie.b:
            return [(a[0], a[-1])]
        if tie.crossed:
            return [(a[0], b[-1]), (a[-1], b[0])]
        return [(a[i % len(a)], b[i % len(b)]) for i in range(max(len(a), len(b)))]


def express(genome: Genome, name: str) -> Body:
    """The body of a genome.

    Raises:
        BodyError: It makes no body.
    """
    nodes, places = genome.nodes, list[tuple[float, float]]()
    for gene, own in zip(genome.genes, nodes):
        places += [(gene.x, gene.y), (gene.x, -gene.y)][: len(own)]
    ties = sorted(genome.ties, key=lambda tie: tie.muscle)
    links = [(pair, tie.muscle) for tie in ties for pair in genome.links(tie)]
    masses = masses_for(len(places), links)
    return Body(
        name=name,
        nodes=tuple(Node(float(x), float(y), mass) for (x, y), mass in zip(places, masses)),
        bones=tuple(Bone(*pair) for pair, muscle in links if not muscle),
        muscles=tuple(Muscle(*pair) for pair, muscle in links if muscle),
        feet=tuple(i for gene, own in zip(genome.genes, nodes) if gene.foot for i in own),
        head=tuple(i for gene in genome.head for i in nodes[gene]),
        across=_two([i for gene in genome.across for i in nodes[gene]]),
        hub=nodes[genome.hub][0],
    )


def masses_for(count: int, links: Iterable[tuple[Sequence[int], bool]]) -> list[float]:
    """Masses of ``count`` nodes with these links, each two nodes and whether it is a muscle."""
    stiffness = [0.0] * count
    for pair, muscle in links:
        for node in pair:
            stiffness[node] += (_MUSCLE if muscle else _BONE).stiffness
    return [mass_for(sum_) for sum_ in stiffness]


def mass_for(stiffness: float) -> float:
    """The mass of a node with links of so much stiffness together [mass/s^2].

    Halves of a unit, so that a body file has round numbers.
    """
    least = stiffness * (WORLD.physics_dt / STABILITY_LIMIT) ** 2
    return max(LIGHTEST, math.ceil(2 * _RESERVE * least) / 2)


def genome_of(body: Body, mirrored: bool = True) -> Genome:
    """The genome that a body is the expression of.

    Args:
        body: The body.
        mirrored: Whether its genes are to come with their mirror images.

    Raises:
        GenomeError: Its materials or masses are not those that evolution gives, or it is not
            mirror-symmetric where it should be.
    """
    check_materials(body)
    reader = _Reader(body, mirrored)
    ties: dict[tuple[int, int, bool], Tie] = {}
    for link in body.links:
        tie = reader.tie(link)
        if ties.setdefault(tie.key, tie).muscle != tie.muscle:
            raise reader.lopsided(f"link {link.a}-{link.b}")
    genome = Genome(
        genes=tuple(reader.genes),
        ties=tuple(ties.values()),
        head=reader.group("head", body.head),
        across=reader.group("across", body.across),
        hub=reader.gene[body.hub],
        mirrored=mirrored,
    )
    whole = express(genome, body.name)
    if len(whole.links) != len(body.links):
        raise reader.lopsided("a link")
    if mirrored and (len(genome.across) != 1 or body.nodes[body.across[0]].y <= 0):
        raise GenomeError(
            f"{body.name}: across must be a mirrored pair, left first, got {body.across}"
        )
    return genome


def check_materials(body: Body) -> None:
    """Check that a body is made of what every evolved body is made of.

    Raises:
        GenomeError: Another material, range of a muscle or mass.
    """
    for link in body.links:
        fixed = vars(_MUSCLE if isinstance(link, Muscle) else _BONE)
        for name in [name for name in fixed if name not in ("a", "b")]:
            if getattr(link, name) != fixed[name]:
                raise GenomeError(
                    f"{body.name}: {type(link).__name__.lower()} {link.a}-{link.b} has {name} "
                    f"{getattr(link, name):g}; evolution fixes it at {fixed[name]:g}"
                )
    links = [((link.a, link.b), isinstance(link, Muscle)) for link in body.links]
    for i, mass in enumerate(masses_for(len(body.nodes), links)):
        if body.nodes[i].mass != mass:
            raise GenomeError(
                f"{body.name}: node {i} has mass {body.nodes[i].mass:g}; with its links evolution "
                f"fixes it at {mass:g}"
            )


class _Reader:
    """Reads a body's genes: which node belongs to which, and on which side."""

    def __init__(self, body: Body, mirrored: bool) -> None:
        self._body, self._mirrored = body, mirrored
        self.genes: list[Gene] = []
        self.gene: dict[int, int] = {}  # of each node
        self._side: dict[int, int] = {}  # 0 left or on the midline, 1 right
        places = {(round(node.x, 6), round(node.y, 6)): i for i, node in enumerate(body.nodes)}
        for i, node in enumerate(body.nodes):
            if i in self.gene:
                continue
            twin = places.get((round(node.x, 6), round(-node.y, 6))) if mirrored else i
            if twin is None:
                raise self.lopsided(f"node {i} at ({node.x:g}, {node.y:g})")
            self._add(i, twin)

    def tie(self, link: Bone | Muscle) -> Tie:
        """The tie that a link is a part of."""
        a, b = self.gene[link.a], self.gene[link.b]
        paired = self._mirrored and self.genes[a].y > 0 < self.genes[b].y
        crossed = paired and a != b and self._side[link.a] != self._side[link.b]
        return Tie(a, b, isinstance(link, Muscle), crossed)

    def group(self, name: str, nodes: tuple[int, ...]) -> tuple[int, ...]:
        """The genes of a group of nodes."""
        genes = tuple(dict.fromkeys(self.gene[node] for node in nodes))
        size = sum(gene in genes for gene in self.gene.values())
        if size != len(nodes):
            raise self.lopsided(f"{name} {nodes}")
        return genes

    def lopsided(self, part: str) -> GenomeError:
        """The error for a part without its mirror image."""
        return GenomeError(
            f"{self._body.name}: {part} has no mirror image, expected a mirror-symmetric body; "
            "--free evolves bodies without symmetry"
        )

    def _add(self, i: int, twin: int) -> None:
        left = i if self._body.nodes[i].y >= self._body.nodes[twin].y else twin
        node, feet = self._body.nodes[left], {k in self._body.feet for k in (i, twin)}
        if len(feet) > 1:
            raise self.lopsided(f"the foot at node {i if i in self._body.feet else twin}")
        for k in (i, twin):
            self.gene[k], self._side[k] = len(self.genes), int(k != left)
        self.genes.append(Gene(node.x, node.y, feet.pop()))


def _two(nodes: list[int]) -> tuple[int, int]:
    left, right = nodes
    return left, right
