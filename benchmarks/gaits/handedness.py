"""How much handedness does the fixed order of the solver cause?

Chipmunk solves the links of a walker one after another, always in the same order. The quadruped is
the same on its left and right, but its order is not: some left link always comes before its right
counterpart. So a walker and its *twin*, the same shape with left and right exchanged in the order
alone, drift apart under the same commands, and a walker whose two sides do the same may turn.

Run ``python -m benchmarks handedness``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from walker_env import BODIES, WORLD, Body, Options, WalkerBatch, World
from walker_env.plan import NAME_MAX
from walker_env.sensing import heading, length

MOMENTS = (0.05, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Times at which the divergence is reported [s]."""

_NORMAL_95 = 1.96  # half width of a 95 % interval in standard errors


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with the half width of its 95 % interval."""

    mean: float
    half_width: float

    def __str__(self) -> str:
        return f"{self.mean:+.2g} ± {self.half_width:.2g}"


@dataclass(frozen=True)
class Handedness:
    """What `measure` finds. Turning and drift are positive to the left."""

    walkers: int
    seconds: float
    divergence: dict[float, tuple[float, float, float]]  # s -> 10th, 50th, 90th percentile [unit]
    turn: Estimate  # rad in 100 s, both sides driven alike
    turn_size: float  # rad in 100 s, root mean square over walkers
    drift: Estimate  # units to the left in 100 s, both sides driven alike
    way: float  # units of path in 100 s, for comparison
    free_turn: Estimate  # rad in 100 s, every foot and muscle driven by itself


def mirror_nodes(body: Body) -> list[int]:
    """For each node the one at its mirrored place.

    Raises:
        ValueError: The body does not look alike on both sides.
    """
    places = {(node.x, node.y, node.mass): i for i, node in enumerate(body.nodes)}
    other = [places.get((node.x, -node.y, node.mass)) for node in body.nodes]
    if None in other:
        raise ValueError(f"{body.name} does not look alike on its left and right")
    return [i for i in other if i is not None]


def twin(body: Body) -> Body:
    """The same walker, but each link and foot takes its mirror image's place in the order."""
    other = mirror_nodes(body)

    def swapped(links: tuple) -> tuple:
        return tuple(replace(link, a=other[link.a], b=other[link.b]) for link in links)

    return replace(
        body,
        name=f"{body.name}-twin"[:NAME_MAX],
        bones=swapped(body.bones),
        muscles=swapped(body.muscles),
        feet=tuple(other[foot] for foot in body.feet),
    )


def mirror_commands(body: Body) -> np.ndarray:
    """For each command the one of the mirrored foot or muscle, ``(F + M,)`` indices.

    Raises:
        ValueError: The body does not look alike on both sides.
    """
    other = mirror_nodes(body)
    pairs = [{muscle.a, muscle.b} for muscle in body.muscles]
    wanted = [{other[muscle.a], other[muscle.b]} for muscle in body.muscles]
    if {other[foot] for foot in body.feet} != set(body.feet) or any(w not in pairs for w in wanted):
        raise ValueError(f"{body.name}: its feet and muscles are not alike on its left and right")
    feet = [body.feet.index(other[foot]) for foot in body.feet]
    muscles = [pairs.index(pair) for pair in wanted]
    return np.array([*feet, *(len(feet) + i for i in muscles)])


def commands(rng: np.random.Generator, steps: int, n: int, width: int) -> np.ndarray:
    """Random commands, each held for half a second so that the walkers move.

    Args:
        rng: Where they are drawn from.
        steps: T, at least 1 [control step].
        n: Walkers.
        width: A, numbers in a command.

    Returns:
        ``(T, N, A)`` float64 in [-1, 1].
    """
    hold = 10
    drawn = rng.uniform(-1, 1, (-(-steps // hold), n, width))
    return np.repeat(drawn, hold, axis=0)[:steps]


def alike(body: Body, drawn: np.ndarray) -> np.ndarray:
    """Commands in which each foot and muscle does what its mirror image does."""
    other = mirror_commands(body)
    return drawn[..., np.minimum(np.arange(len(other)), other)]


def simulate(
    body: Body, drawn: np.ndarray, world: World = WORLD
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Walk N walkers under commands.

    Args:
        body: Who walks.
        drawn: Commands ``(T, N, A)`` in [-1, 1].
        world: Where.

    Returns:
        Positions after each step ``(T, N, K, 2)`` [unit], angle turned to the left so far
        ``(T, N)`` [rad], and path ``(N,)`` [unit].
    """
    batch = WalkerBatch(drawn.shape[1], Options(body=body, world=world))
    batch.reset(seed=np.arange(batch.n))
    positions = np.empty((len(drawn), *batch.state.position.shape))
    for t, action in enumerate(drawn):
        batch.step(action)
        positions[t] = batch.state.position
    flat = positions.reshape(-1, *positions.shape[2:])
    x, y = heading(flat, body).T.reshape(2, *positions.shape[:2])
    return positions, np.unwrap(np.arctan2(y, x), axis=0), batch.state.path


def measure(
    body: Body | None = None,
    walkers: int = 256,
    seconds: float = 100.0,
    seed: int = 0,
    world: World = WORLD,
) -> Handedness:
    """Measure the handedness of a body that looks alike on both sides.

    Args:
        body: The quadruped if None.
        walkers: Independent random command sequences.
        seconds: Length of each walk [s].
        seed: Of the commands.
        world: Where they walk.
    """
    body = body or BODIES["quadruped"]
    rate = world.control_rate
    steps, per_100 = round(seconds * rate), 100.0 / seconds
    width = len(mirror_commands(body))
    drawn = commands(np.random.default_rng(seed), steps, walkers, width)

    free, free_turned, _ = simulate(body, drawn, world)
    other, *_ = simulate(twin(body), drawn[..., mirror_commands(body)], world)
    apart = length(free - other).mean(axis=2)  # (T, N), over the nodes
    positions, turned, path = simulate(body, alike(body, drawn), world)
    left = positions[-1].mean(axis=1)[:, 1] - body.rest_positions()[:, 1].mean()
    return Handedness(
        walkers=walkers,
        seconds=seconds,
        divergence={
            s: tuple(np.percentile(apart[round(s * rate) - 1], (10, 50, 90)).tolist())
            for s in MOMENTS
            if s <= seconds
        },
        turn=_estimate(turned[-1] * per_100),
        turn_size=float(np.sqrt(np.mean((turned[-1] * per_100) ** 2))),
        drift=_estimate(left * per_100),
        way=float(path.mean() * per_100),
        free_turn=_estimate(free_turned[-1] * per_100),
    )


def _estimate(values: np.ndarray) -> Estimate:
    spread = values.std(ddof=1) / np.sqrt(len(values))
    return Estimate(float(values.mean()), float(_NORMAL_95 * spread))


def table(found: Handedness) -> str:
    """The figures as Markdown."""
    lines = [
        f"{found.walkers} walkers, {found.seconds:g} s each; mean and 95 % interval over walkers.",
        "",
        "| time [s] | apart from the twin, median [unit] | 10th | 90th percentile |",
        "|---|---|---|---|",
        *(
            f"| {s:g} | {median:.3g} | {low:.3g} | {high:.3g} |"
            for s, (low, median, high) in found.divergence.items()
        ),
        "",
        "| in 100 s | |",
        "|---|---|",
        f"| turned left, both sides driven alike [rad] | {found.turn} |",
        f"| the same, size (root mean square) [rad] | {found.turn_size:.2g} |",
        f"| drifted left, both sides driven alike [unit] | {found.drift} |",
        f"| way walked, both sides driven alike [unit] | {found.way:.0f} |",
        f"| turned left, sides independent [rad] | {found.free_turn} |",
    ]
    return "\n".join(lines)
