"""Whether a body can be simulated in a world: it is shaken, and its speed must stay bounded.

No bound on stiffness and mass tells: a damper that stops its link within a physics step hinders the
spring too, and such a body gains speed from turning. So a body walks for a while under the worst
commands known. Everything is fixed, and every operation is one that IEEE 754 rounds exactly, so
the verdict is the same on every machine and in every language.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from walker_env.actuation import Actuator
from walker_env.body import BODIES, Body, BodyError, check_stiffness, with_left_strength
from walker_env.engine import Engine, resolve
from walker_env.ground import EVEN
from walker_env.hashing import mixed
from walker_env.params import WORLDS, World
from walker_env.sensing import MuscleGauge, length
from walker_env.state import State, zeros

SPEED_LIMIT = 100_000.0
"""No node of a body that is accepted gets faster [unit/s], whatever the commands."""

SHAKEN_LIMIT = 10_000.0
"""No node may get faster while a body is judged [unit/s]: commands may come that are worse."""

SHORT, LONG = 300, 2000
"""How long a body is shaken [control step]; the second where a link is overdamped."""

OVERDAMPED = 1.0
"""From this ``dt * damping / mass`` on a link is overdamped; the mass is its ends' reduced one.

Such a link is slow to come back to its length, so a body that has one gains speed slowly, too.
"""

MOST_DAMPED = 20.0
"""Largest ``dt * damping / mass`` of a link.

The damper leaves ``exp`` of minus that of what the spring does to its speed. A link without a
spring's effect lengthens whenever it turns, and never comes back.
"""

TORN, TORN_STEPS, TORN_FIRST = 20.0, 200, 50
"""A body's nodes lie anywhere within so many lengths of its longest link, either way; it is watched
for so long, and compared with the first part of that [control step].

Some bodies run away once they are tangled and stretched, and commands seldom get them there.
"""

TORN_GROWTH = 30.0
"""A torn body may get this many times as fast as it was at first, or as fast as `SHAKEN_LIMIT`
lets it; good ones come to rest."""

_HOLDS = (1, 2, 4, 8)  # [control step]

PATTERNS = (
    "shortest, loose",
    "shortest, gripping",
    "longest, loose",
    "longest, gripping",
    "together, loose",
    "by turns, gripping",
    "resonant, loose",
    "resonant, gripping",
    *(f"mixed {hold}, loose" for hold in _HOLDS),
    *(f"mixed {hold}, gripping" for hold in _HOLDS),
)
"""What the muscles are told to do and the feet, each pattern by a walker of its own.

Together: all muscles to and fro, held for 1 to 8 control steps in each direction. By turns: the
same, every other muscle against its neighbours. Resonant: every muscle goes on in the direction in
which its length changes. Mixed: -1 or 1 for each muscle, drawn anew every so many control steps.
"""

_RESONANT = slice(6, 8)
_WORD = 1 << 32
_SWEEP = [sign for hold in range(1, 9) for sign in (-1.0, 1.0) for _ in range(hold)]


class Verdict(NamedTuple):
    """What came of shaking a body.

    Attributes:
        stable: Whether its speed stayed within `SHAKEN_LIMIT`, and torn, within `TORN_GROWTH`.
        pattern: Of `PATTERNS`, the one with the highest speed, or ``"torn"``.
        step: Control step in which that was reached, from 1 on.
        speed: That speed [unit/s]; where it is beyond the limit, shaking ended with this step.
    """

    stable: bool
    pattern: str
    step: int
    speed: float


def check_stable(body: Body, world: World, engine: str = "auto") -> None:
    """Check that a body can be simulated in a world; a ready-made one in a ready-made one can.

    Args:
        body: The body.
        world: The world.
        engine: A name in `engine.ENGINES`, or ``"auto"``; all give the same verdict.

    Raises:
        BodyError: A node too light for the springs on it, or one that gets too fast.
    """
    if body in BODIES.values() and world in WORLDS.values():
        return
    check_stiffness(with_left_strength(body, world.left_strength), world)
    _check_dampers(body, world)
    verdict = judge(body, world, engine)
    if verdict.stable:
        return
    torn = verdict.pattern == "torn"
    how = "torn apart" if torn else f"with the commands {verdict.pattern!r}"
    most = f"{TORN_GROWTH:g} times that at first" if torn else f"{SHAKEN_LIMIT:g}"
    raise BodyError(
        f"{body.name}: unstable: {how} a node moves at {verdict.speed:.3g} units/s in control step "
        f"{verdict.step}, expected at most {most}; give it heavier nodes, or softer, shorter or "
        "less damped links"
    )


def judge(body: Body, world: World, engine: str = "auto") -> Verdict:
    """Shake a body in a world, or remember what came of it.

    The ground counts as even: what others take from grip and speed makes no body faster.

    Args:
        body: The body.
        world: The world.
        engine: A name in `engine.ENGINES`, or ``"auto"``; all give the same verdict.
    """
    return _judge(body, replace(world, ground=EVEN), resolve(engine))


@functools.lru_cache(maxsize=1024)
def _judge(body: Body, world: World, engine: str) -> Verdict:
    body = with_left_strength(body, world.left_strength)
    mover = _make_engine(body, world, engine)
    verdict = _shake(body, world, mover)
    return (verdict.stable and _tear(body, world, mover)) or verdict


def _shake(body: Body, world: World, engine: Engine) -> Verdict:
    n, feet = len(PATTERNS), len(body.feet)
    actuator, gauge = Actuator(body, world), MuscleGauge(body)
    state = _at_rest(body, actuator)
    engine.load(state, np.ones(n, dtype=bool))
    steps = LONG if max(_damping_rates(body, world)) >= OVERDAMPED else SHORT
    script, before = _script(feet, len(body.muscles), steps), gauge.ratio(state.position)
    best = Verdict(True, PATTERNS[0], 0, 0.0)
    for step, action in enumerate(script, start=1):
        now = gauge.ratio(state.position)
        action[_RESONANT, feet:] = np.where(now >= before, 1.0, -1.0)[_RESONANT]
        before, state.drive = now, actuator.follow(action, state.drive)
        engine.step(state)
        speeds = _speeds(state)
        fastest = int(speeds.argmax())
        speed = float(speeds[fastest])
        if not speed <= best.speed:
            best = Verdict(speed <= SHAKEN_LIMIT, PATTERNS[fastest], step, speed)
        if not best.stable:
            break
    return best


def _tear(body: Body, world: World, engine: Engine) -> Verdict | None:
    """The verdict on a body that runs away when it is torn apart; None for any other."""
    n, actuator = len(PATTERNS), Actuator(body, world)
    state = _at_rest(body, actuator)
    places = _words(0, state.position.size) * (2.0 / _WORD) - 1.0
    state.position = places.reshape(state.position.shape) * (TORN * body.rest_lengths().max())
    state.position[n // 2 :, :, 1] *= 0.125  # half of them nearly in a row
    engine.load(state, np.ones(n, dtype=bool))
    action = np.resize([-1.0, 1.0], (n, 1)).repeat(state.drive.shape[1], axis=1)
    action[:, : len(body.feet)] = np.resize([-1.0, -1.0, 1.0, 1.0], (n, 1))
    first = np.zeros(n)
    for step in range(1, TORN_STEPS + 1):
        state.drive = actuator.follow(action, state.drive)
        engine.step(state)
        speeds = _speeds(state)
        if step <= TORN_FIRST:
            first = np.maximum(first, speeds)
        most = np.maximum(TORN_GROWTH * first, SHAKEN_LIMIT)
        for i in np.flatnonzero(~(speeds <= most)):
            return Verdict(False, "torn", step, float(speeds[i]))
    return None


def _speeds(state: State) -> np.ndarray:
    """Of each walker's fastest node, ``(N,)`` [unit/s]."""
    return length(state.velocity).max(axis=1)


def _at_rest(body: Body, actuator: Actuator) -> State:
    state = zeros(len(PATTERNS), body, 0)
    state.position[:] = body.rest_positions()
    actuator.rest(state, np.arange(len(PATTERNS)))
    return state


def _make_engine(body: Body, world: World, name: str) -> Engine:
    if name == "compiled":
        from walker_env.physics_compiled import CompiledEngine  # numba takes a while to import

        return CompiledEngine(body, world)
    from walker_env.physics_pymunk import PymunkEngine

    return PymunkEngine(len(PATTERNS), body, world)


def _check_dampers(body: Body, world: World) -> None:
    for link, rate in zip(body.links, _damping_rates(body, world)):
        if rate > MOST_DAMPED:
            raise BodyError(
                f"{body.name}: {type(link).__name__.lower()} ({link.a}-{link.b}) is a rod, its "
                f"damper leaves the spring no effect: dt * damping / mass = {rate:.3g}, expected "
                f"at most {MOST_DAMPED:g}; give it a damping of at most "
                f"{link.damping * MOST_DAMPED / rate:.3g} (it has {link.damping:g})"
            )


def _damping_rates(body: Body, world: World) -> list[float]:
    """``dt * damping / mass`` of all links, the mass being the reduced one of a link's ends."""
    inverse = [1.0 / node.mass for node in body.nodes]
    dt = world.physics_dt
    return [link.damping * dt * (inverse[link.a] + inverse[link.b]) for link in body.links]


def _script(feet: int, muscles: int, steps: int) -> np.ndarray:
    """The commands of every pattern, ``(steps, N, F + M)``; the resonant ones are left open."""
    script = np.empty((steps, len(PATTERNS), feet + muscles))
    for i, pattern in enumerate(PATTERNS):
        script[:, i, :feet] = -1.0 if pattern.endswith("loose") else 1.0
    sweep = np.resize(_SWEEP, (steps, 1))
    script[:, 0:2, feet:] = -1.0
    script[:, 2:4, feet:] = 1.0
    script[:, 4, feet:] = sweep
    script[:, 5, feet:] = sweep * np.where(np.arange(muscles) % 2 == 0, 1.0, -1.0)
    for i, hold in enumerate(2 * _HOLDS):
        drawn = _signs(i, -(-steps // hold), muscles)
        script[:, 8 + i, feet:] = drawn.repeat(hold, axis=0)[:steps]
    return script


def _signs(stream: int, rows: int, columns: int) -> np.ndarray:
    """-1 or 1 by the upper bit of `_words`, ``(rows, columns)``."""
    words = _words(stream, rows * columns)
    return np.where(words >= _WORD // 2, 1.0, -1.0).reshape(rows, columns)


def _words(stream: int, count: int) -> np.ndarray:
    """MurmurHash3's finalizer of the numbers from ``stream << 24`` on, ``(count,)`` uint32."""
    return mixed(np.arange(count, dtype=np.uint32) + np.uint32(stream << 24))
