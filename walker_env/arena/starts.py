"""Where the walkers of a match begin: drawn from its seed, or given, and always checked.

No sine is used, so a seed names the same start on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from walker_env.arena.field import FARTHEST
from walker_env.arena.game import Game
from walker_env.arena.senses import node_gaps
from walker_env.body import Body
from walker_env.plan import PlanError

LEAD = 1.5
"""Least distance of a runner from a chaser at the start, in widths of a walker."""

_TRIES = 200  # arrangements that are drawn before an arena is called too small
_SPOTS = 50  # places that are drawn for a walker before its arrangement is given up
_INSIDE = 0.6  # share of the ring's radius at which the walkers of sumo begin


class Start(NamedTuple):
    """Where walkers stand and look."""

    place: np.ndarray  # (W, 2) [unit], each body's origin
    facing: np.ndarray  # (W, 2), unit vectors


def reach(body: Body) -> float:
    """Radius of a disc around a body's origin that holds it at rest with its circles [unit]."""
    return float(np.sqrt((body.rest_positions() ** 2).sum(axis=1)).max()) + body.node_radius


def nodes_at(start: Start, body: Body) -> np.ndarray:
    """Where the nodes of the walkers are, ``(W, K, 2)`` [unit]."""
    x, y = body.rest_positions().T
    ahead, left = start.facing[:, None, :], start.facing[:, None, ::-1] * np.array([-1.0, 1.0])
    return start.place[:, None, :] + x[:, None] * ahead + y[:, None] * left


def draw_start(game: Game, body: Body, rng: np.random.Generator) -> Start:
    """A start of a match.

    Args:
        game: That is played.
        body: Of each walker.
        rng: Where it is drawn from.

    Raises:
        PlanError: The arena is too small for its walkers.
    """
    for _ in range(_TRIES):
        start = _DRAW[game.rule](game, body, rng)
        if start is not None and _fault(start, game, body) is None:
            return start
    raise PlanError(
        f"{game.name}: the arena is too small: {game.walkers} walkers {2 * reach(body):.0f} units "
        f"wide found no room in {_TRIES} arrangements"
    )


def check_start(start: Start, game: Game, body: Body) -> None:
    """Check a start that was given.

    Args:
        start: Of all walkers.
        game: That is played.
        body: Of each walker.

    Raises:
        ValueError: Walkers that overlap, stand in a wall or outside the ring; they are named.
    """
    if (fault := _fault(start, game, body)) is not None:
        raise ValueError(fault)


def given_start(starts: object, game: Game) -> Start:
    """A start from rows of x, y [unit] and the direction of the look [rad].

    Raises:
        ValueError: Not finite numbers ``(W, 3)``.
    """
    try:
        rows = np.asarray(starts, dtype=np.float64)
    except (TypeError, ValueError):
        rows = np.empty(0)
    if rows.shape != (game.walkers, 3) or not np.isfinite(rows).all():
        raise ValueError(
            f"options['starts'] must be finite numbers (W, 3) with W = {game.walkers}: x, y and "
            f"direction of each walker, got {starts!r:.80}"
        )
    facing = np.array([(math.cos(angle), math.sin(angle)) for angle in rows[:, 2].tolist()])
    return Start(rows[:, :2].copy(), facing)


def facing_fault(rows: np.ndarray, game: Game) -> str | None:
    """What is wrong with rows of place and unit vector ``(W, 4)``, None where nothing is."""
    if rows.shape != (game.walkers, 4) or not np.isfinite(rows).all():
        return f"a start must be finite numbers (W, 4) with W = {game.walkers}, got {rows.shape}"
    if np.abs((rows[:, 2:] ** 2).sum(axis=1) - 1.0).max() > 1e-6:
        return "a start's directions must be unit vectors"
    return None


def _fault(start: Start, game: Game, body: Body) -> str | None:
    """What is wrong with a start, None where nothing is."""
    nodes, radius, names = nodes_at(start, body), body.node_radius, game.agents
    far = np.abs(start.place).max(axis=1)
    if far.max() > FARTHEST:
        return f"{names[int(far.argmax())]} starts farther than {FARTHEST:g} units from the middle"
    gaps = node_gaps(nodes[None], slice(None), slice(None), tuple(range(nodes.shape[1])))[0]
    gaps[np.diag_indices(game.walkers)] = np.inf
    a, b = (int(i) for i in np.unravel_index(gaps.argmin(), gaps.shape))
    if (deep := 2 * radius - float(gaps[a, b])) > 0:
        return f"{names[a]} and {names[b]} overlap at the start by {deep:.3g} units"
    free = game.field.clearance(nodes.reshape(-1, 2)).reshape(nodes.shape[:2]).min(axis=1) - radius
    if free.min() < 0:
        name = names[int(free.argmin())]
        return f"{name} overlaps a wall or a post at the start by {-free.min():.3g} units"
    beyond = np.sqrt((nodes.mean(axis=1) ** 2).sum(axis=1)) - game.ring
    if game.rule == "sumo" and beyond.max() > 0:
        name = names[int(beyond.argmax())]
        return f"{name} starts outside the ring, by {beyond.max():.3g} units"
    return None


def _draw_tag(game: Game, body: Body, rng: np.random.Generator) -> Start | None:
    """Anywhere between the walls, one after the other, chasers and runners some way apart."""
    ends = np.array([[(w.ax, w.ay), (w.bx, w.by)] for w in game.field.walls]).reshape(-1, 2)
    size = reach(body)
    low, high = (ends.min(axis=0) + size, ends.max(axis=0) - size) if len(ends) else _OPEN
    if (high <= low).any():
        return None
    place = np.empty((0, 2))
    for i, role in enumerate(game.roles):
        away = np.array([2 * size * (1.0 if role == other else LEAD) for other in game.roles[:i]])
        for _ in range(_SPOTS):
            spot = low + (high - low) * rng.random(2)
            way = place - spot
            if (np.sqrt((way * way).sum(axis=1)) >= away).all():
                break
        else:
            return None
        place = np.vstack([place, spot])
    return Start(place, np.stack([_direction(rng) for _ in place]))


def _draw_sumo(game: Game, body: Body, rng: np.random.Generator) -> Start:
    """In a circle at even distances, turned at random; all look to the middle."""
    spokes = [2 * math.pi * i / game.walkers for i in range(game.walkers)]
    # rounded, since the last bit of a sine differs between machines
    even = np.array([(round(math.cos(turn), 9), round(math.sin(turn), 9)) for turn in spokes])
    turn = _direction(rng)
    out = even[:, :1] * turn + even[:, 1:] * turn[::-1] * np.array([-1.0, 1.0])
    out = out / np.sqrt((out * out).sum(axis=1))[:, None]
    out = rng.permutation(out)
    return Start(_INSIDE * game.ring * out, -out)


def _draw_rush(game: Game, body: Body, rng: np.random.Generator) -> Start:
    """Beside each other at the start, in any order."""
    ends = np.array([(w.ay, w.by) for w in game.field.walls]).ravel()
    half = 0.5 * float(ends.max() - ends.min()) if len(ends) else 100.0 * game.walkers
    lane = 2 * half / game.walkers
    y = rng.permutation(lane * (np.arange(game.walkers) + 0.5) - half)
    return Start(np.stack([0.0 * y, y], axis=1), np.tile([1.0, 0.0], (game.walkers, 1)))


def _direction(rng: np.random.Generator) -> np.ndarray:
    """A unit vector, all directions alike."""
    while True:
        spot = 2.0 * rng.random(2) - 1.0
        square = float(spot[0] * spot[0] + spot[1] * spot[1])
        if 1e-4 < square <= 1.0:
            return spot / math.sqrt(square)


_OPEN = (np.array([-500.0, -500.0]), np.array([500.0, 500.0]))
_DRAW: dict[str, Callable[[Game, Body, np.random.Generator], Start | None]] = {
    "tag": _draw_tag,
    "sumo": _draw_sumo,
    "rush": _draw_rush,
}
