"""Bodies are data: a graph of nodes, bones, muscles and feet.

Frame: a body is drawn facing +x, its left side is +y. Nodes are point masses that never spin.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from walker_env.params import WORLD, World
from walker_env.plan import NAME_MAX, Plan, PlanError, convert, field_kinds

MOST_NODES, MOST_LINKS = 64, 256
"""Largest body; bones and muscles together are its links."""

REACH = 1000.0
"""Largest coordinate of a node along each axis, either way [unit]."""

SHORTEST_LINK = 0.1
"""Least length of a link [unit]."""

MASS = (0.01, 1000.0)
"""Least and largest mass of a node."""

STIFFNESS, DAMPING = 1e6, 1e5
"""Largest stiffness [mass/s^2] and damping [mass/s] of a link; the stability check is narrower."""

STRETCH = (0.05, 4.0)
"""A muscle's shortest and longest length lie within these shares of its drawn length."""

RADIUS = (1.0, 500.0)
"""Least and largest radius of a body's nodes [unit]."""

_RADIUS_SHARE = 0.35
"""Of the mean length of a body's links: the radius of its nodes where its plan names none."""

STABILITY_LIMIT = 1.4
"""Largest ``dt * sqrt(sum of stiffness / mass)`` of a node.

The time step breaks down where ``dt`` times the fastest frequency of the body is 2. Two nodes that
swing against each other are up to sqrt(2) faster than each would be between fixed ones, so a limit
below 2 / sqrt(2) holds for every body at rest that has no dampers. What else may go wrong,
`stability` finds out.
"""


@dataclass(frozen=True)
class Node:
    """A point mass at its rest position."""

    x: float  # [unit]
    y: float  # [unit]
    mass: float = 10.0


@dataclass(frozen=True)
class Bone:
    """A stiff damped spring between nodes ``a`` and ``b``; its rest length is their distance."""

    a: int
    b: int
    stiffness: float = 9000.0  # [mass/s^2]
    damping: float = 60.0  # [mass/s]


@dataclass(frozen=True)
class Muscle:
    """A damped spring whose rest length the controller moves, as a ratio of the drawn length."""

    a: int
    b: int
    stiffness: float = 4000.0  # [mass/s^2]
    damping: float = 100.0  # [mass/s]
    shortest: float = 0.6  # ratio at command -1
    longest: float = 1.35  # ratio at command +1


class BodyError(PlanError):
    """A body plan that cannot be simulated; the message names the part and the reason."""


@dataclass(frozen=True)
class Body(Plan):
    """A body plan, checked when made. Two bodies are equal when they differ in labels at most.

    Attributes:
        name: A label, shown in tables; no part of the body's identity.
        nodes: The point masses.
        bones: Springs of fixed rest length, in solver order.
        muscles: Springs the controller moves, in solver order, after the bones.
        feet: Nodes that grip the ground, in the order of the grip actions.
        head: Nodes whose mean is the head; it must reach the targets and is what sees.
        across: ``(left, right)`` nodes; the body looks along the normal of this pair.
        hub: Node whose velocity is observed.
        skin: Groups of nodes drawn as filled body segments; a label too.
        radius: Of the circle on each node that others bump into in an arena [unit]; 0: from the
            lengths of its links, see `node_radius`.

    Raises:
        BodyError: A value of a wrong kind or out of bounds, an index out of range, a part of no
            length or mass, a graph in pieces, or a node too light for the springs on it at the
            world's time step.
    """

    LABELS: ClassVar[frozenset[str]] = frozenset({"name", "skin"})
    NEUTRAL: ClassVar[Mapping[str, Any]] = MappingProxyType({"radius": 0.0})
    Error: ClassVar[type[PlanError]] = BodyError

    name: str = field(compare=False)
    nodes: tuple[Node, ...]
    bones: tuple[Bone, ...]
    muscles: tuple[Muscle, ...]
    feet: tuple[int, ...]
    head: tuple[int, ...]
    across: tuple[int, int]
    hub: int
    skin: tuple[tuple[int, ...], ...] = field(default=(), compare=False)
    radius: float = 0.0

    def __post_init__(self) -> None:
        convert(str, self.name, "a body's name", BodyError)
        for part in fields(self):
            kind, value = field_kinds(type(self))[part.name], getattr(self, part.name)
            plain = convert(kind, value, f"{self.name}: {part.name}", BodyError)
            object.__setattr__(self, part.name, plain)
        _check_parts(self)
        _check_links(self)
        _check_connected(self)
        _check_radius(self)
        check_stiffness(self, WORLD)

    @property
    def links(self) -> tuple[Bone | Muscle, ...]:
        """All springs in solver order: bones, then muscles."""
        return (*self.bones, *self.muscles)

    @property
    def node_radius(self) -> float:
        """Radius of the circle on each node in an arena [unit]; about 30 for the quadruped."""
        return self.radius or _RADIUS_SHARE * float(self.rest_lengths().mean())

    def rest_positions(self) -> np.ndarray:
        """Drawn node positions, ``(K, 2)`` float64 [unit]."""
        return np.array([(node.x, node.y) for node in self.nodes], dtype=np.float64)

    def rest_lengths(self) -> np.ndarray:
        """Drawn lengths of all links in solver order, ``(L,)`` float64 [unit]."""
        return np.array([_length(self, link) for link in self.links], dtype=np.float64)

    def mirrored(self) -> Body:
        """The same plan reflected left to right; node and link order stay, so motion mirrors."""
        nodes = tuple(replace(node, y=-node.y) for node in self.nodes)
        name = f"{self.name}-mirrored"[:NAME_MAX]
        return replace(self, name=name, nodes=nodes, across=self.across[::-1])


def with_left_strength(body: Body, share: float) -> Body:
    """The same body whose muscles on the left have only a ``share`` of their stiffness.

    A muscle is on the left where the middle between its ends is.
    """
    if share == 1.0:
        return body

    def weaken(muscle: Muscle) -> Muscle:
        on_the_left = body.nodes[muscle.a].y + body.nodes[muscle.b].y > 0
        return replace(muscle, stiffness=muscle.stiffness * share) if on_the_left else muscle

    return replace(body, muscles=tuple(weaken(muscle) for muscle in body.muscles))


def _length(body: Body, link: Bone | Muscle) -> float:
    a, b = body.nodes[link.a], body.nodes[link.b]
    x, y = a.x - b.x, a.y - b.y
    return math.sqrt(x * x + y * y)  # rounded alike everywhere, unlike hypot


def _check_parts(body: Body) -> None:
    if not body.name.strip():
        raise BodyError(f"a body needs a name that can be seen, got {body.name!r}")
    parts = {"node": body.nodes, "foot": body.feet, "muscle": body.muscles, "head node": body.head}
    if missing := [what for what, found in parts.items() if not found]:
        raise BodyError(
            f"{body.name}: needs at least one node, foot, muscle and head node, "
            f"got no {', no '.join(missing)}"
        )
    if all(muscle.shortest == muscle.longest for muscle in body.muscles):
        raise BodyError(
            f"{body.name}: no muscle can move it: expected one whose shortest is less than its "
            f"longest, got {body.muscles[0].shortest:g} and {body.muscles[0].longest:g}"
        )
    if len(body.nodes) > MOST_NODES or len(body.links) > MOST_LINKS:
        raise BodyError(
            f"{body.name}: a body has at most {MOST_NODES} nodes and {MOST_LINKS} links, "
            f"got {len(body.nodes)} and {len(body.links)}"
        )
    for i, node in enumerate(body.nodes):
        if not (math.isfinite(node.x) and math.isfinite(node.y)):
            raise BodyError(
                f"{body.name}: node {i} is at ({node.x}, {node.y}), expected finite numbers"
            )
        if max(abs(node.x), abs(node.y)) > REACH:
            raise BodyError(
                f"{body.name}: node {i} is at ({node.x:g}, {node.y:g}), expected coordinates "
                f"within ±{REACH:g} units"
            )
        if not (node.mass > 0 and math.isfinite(node.mass)):
            raise BodyError(
                f"{body.name}: node {i} has mass {node.mass}, expected a positive number"
            )
        if not MASS[0] <= node.mass <= MASS[1]:
            raise BodyError(
                f"{body.name}: node {i} has mass {node.mass:g}, expected {MASS[0]:g} to {MASS[1]:g}"
            )
    count = len(body.nodes)
    named = {"feet": body.feet, "head": body.head, "across": body.across, "hub": (body.hub,)}
    named |= {f"skin[{i}]": group for i, group in enumerate(body.skin)}
    for name, indices in named.items():
        for index in indices:
            if not 0 <= index < count:
                raise BodyError(
                    f"{body.name}: {name} names node {index}, but there are nodes 0 to {count - 1}"
                )
        if len(set(indices)) != len(indices):
            raise BodyError(f"{body.name}: {name} names a node twice: {indices}")
    left, right = (body.nodes[i] for i in body.across)
    if (left.x, left.y) == (right.x, right.y):
        raise BodyError(f"{body.name}: the across nodes are in one place: it would look nowhere")


def _check_links(body: Body) -> None:
    count = len(body.nodes)
    joined: dict[frozenset[int], str] = {}
    for i, link in enumerate(body.links):
        name = f"{body.name}: {type(link).__name__.lower()} {i} ({link.a}-{link.b})"
        if not (0 <= link.a < count and 0 <= link.b < count):
            raise BodyError(
                f"{name} names a node that does not exist; there are nodes 0 to {count - 1}"
            )
        if not _length(body, link) >= SHORTEST_LINK:
            raise BodyError(f"{name} has no length: expected at least {SHORTEST_LINK:g} units")
        pair = frozenset((link.a, link.b))
        if pair in joined:
            raise BodyError(f"{name} joins the same nodes as {joined[pair]}")
        joined[pair] = name.removeprefix(f"{body.name}: ")
        if not (0 < link.stiffness <= STIFFNESS and 0 <= link.damping <= DAMPING):
            raise BodyError(
                f"{name} needs stiffness > 0 and damping >= 0, got {link.stiffness} and "
                f"{link.damping} (the most is {STIFFNESS:g} and {DAMPING:g})"
            )
        low, high = STRETCH
        if isinstance(link, Muscle) and not low <= link.shortest <= 1 <= link.longest <= high:
            raise BodyError(
                f"{name} needs 0 < shortest <= 1 <= longest, got {link.shortest} and "
                f"{link.longest} (within {low:g} and {high:g})"
            )


def _check_connected(body: Body) -> None:
    reached, frontier = {0}, [0]
    while frontier:
        node = frontier.pop()
        for link in body.links:
            if node in (link.a, link.b):
                other = link.a + link.b - node
                if other not in reached:
                    reached.add(other)
                    frontier.append(other)
    missing = sorted(set(range(len(body.nodes))) - reached)
    if missing:
        raise BodyError(
            f"{body.name}: not connected; nodes {missing} hang on no bone or muscle from node 0"
        )


def _check_radius(body: Body) -> None:
    low, high = RADIUS
    if not (body.radius == 0 or low <= body.radius <= high):
        raise BodyError(
            f"{body.name}: radius is {body.radius:g}, expected {low:g} to {high:g} units, or 0 for "
            "one that its links give"
        )


def check_stiffness(body: Body, world: World) -> None:
    """Check that the world's time step is short enough for the springs on every node.

    Raises:
        BodyError: A node too light for the springs on it.
    """
    for i, (node, stiffness) in enumerate(zip(body.nodes, _stiffness(body))):
        rate = world.physics_dt * math.sqrt(stiffness / node.mass)
        if rate > STABILITY_LIMIT:
            lightest = stiffness * (world.physics_dt / STABILITY_LIMIT) ** 2
            raise BodyError(
                f"{body.name}: node {i} is unstable at the time step: "
                f"dt * sqrt(stiffness / mass) = {rate:.2f}, expected at most {STABILITY_LIMIT}; "
                f"give it a mass of at least {lightest:.3g} (it has {node.mass:g}) "
                f"or softer springs than {stiffness:g} together"
            )


def stiffness_rates(body: Body, world: World) -> list[float]:
    """``dt * sqrt(stiffness / mass)`` of each node; `STABILITY_LIMIT` is the most."""
    loads = zip(body.nodes, _stiffness(body))
    return [world.physics_dt * math.sqrt(stiffness / node.mass) for node, stiffness in loads]


def _stiffness(body: Body) -> list[float]:
    """Of all springs on each node together."""
    return [
        sum(link.stiffness for link in body.links if i in (link.a, link.b))
        for i in range(len(body.nodes))
    ]
