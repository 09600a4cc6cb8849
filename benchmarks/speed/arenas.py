"""How fast arenas are beside other multi-agent environments: agents' steps of a core, in one run.

A step counts once for each agent that acts in it. Everything a learner waits for is included:
physics, contacts, observations, rewards and resets. Processor time counts, the cases take turns,
and the median is shown, so a busy machine treats all alike.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import pkgutil
import statistics
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from rich import box
from rich.table import Table

from agents.work import Work
from benchmarks.speed.throughput import Case, StepFunction
from walker_env.arena_env import ArenaVectorEnv, parallel_env

_ARENAS = 32
_SISL = {"pursuit": "n_pursuers", "waterworld": "n_pursuers", "multiwalker": "n_walkers"}
_VMAS = 256  # environments of its batch


def own_cases() -> list[Case]:
    """Arenas of eight walkers and of two, as vector environments, and one as PettingZoo's."""
    eight: dict[str, Any] = {"chasers": 4, "runners": 4}
    cases = [
        Case(
            "arenas", f"tag, {_ARENAS} x 8", 8 * _ARENAS, partial(arenas, _ARENAS, "tag", **eight)
        ),
        Case(
            "arenas",
            f"sumo, {_ARENAS} x 8",
            8 * _ARENAS,
            partial(arenas, _ARENAS, "sumo", walkers=8),
        ),
        Case(
            "arenas", f"sumo, {4 * _ARENAS} x 2", 8 * _ARENAS, partial(arenas, 4 * _ARENAS, "sumo")
        ),
    ]
    if importlib.util.find_spec("pettingzoo"):
        one = partial(pettingzoo_step, partial(parallel_env, "tag", **eight))
        cases.append(Case("arenas", "tag, 1 x 8, parallel_env", 8, one))
    return cases


def peer_cases() -> list[Case]:
    """Those that are installed: SISL (PettingZoo), MPE (mpe2) and VMAS; others are left out."""
    cases = [
        Case(
            "SISL", f"{name}, 8 agents", 8, partial(pettingzoo_step, partial(_sisl, module, count))
        )
        for name, count in _SISL.items()
        if (module := _sisl_module(name))
    ]
    if importlib.util.find_spec("mpe2"):
        cases.append(Case("MPE", "tag, 8 agents", 8, partial(pettingzoo_step, _mpe_tag)))
    if importlib.util.find_spec("vmas"):
        cases.append(Case("VMAS", f"tag, {_VMAS} x 8", 8 * _VMAS, _vmas_tag))
    return cases


def arenas(count: int, game: str, **settings: int) -> StepFunction:
    """The vector environment under random actions.

    Args:
        count: Number of arenas.
        game: What is played.
        **settings: Of the game.
    """
    env = ArenaVectorEnv(count, game, **settings)
    env.reset(seed=0)
    shape = (64, env.num_envs, env.batch.action_width)
    actions = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
    turn = itertools.count()

    def step() -> int:
        env.step(actions[next(turn) % len(actions)])
        return env.num_envs

    return step


def pettingzoo_step(make: Callable[[], Any]) -> StepFunction:
    """Step a ``ParallelEnv`` under random actions, drawn beforehand."""
    env = make()
    env.reset(seed=0)
    agents = list(env.possible_agents)
    for i, agent in enumerate(agents):
        env.action_space(agent).seed(i)
    drawn = [{agent: env.action_space(agent).sample() for agent in agents} for _ in range(64)]
    turn = itertools.count()

    def step() -> int:
        acting = list(env.agents)
        actions = drawn[next(turn) % len(drawn)]
        env.step({agent: actions[agent] for agent in acting})
        if not env.agents:
            env.reset()
        return len(acting)

    return step


def report(seconds: float, repeats: int, peers: bool = True) -> Table:
    """Measure and make the table.

    Args:
        seconds: Length of one measurement [s] of processor time.
        repeats: How many there are of each case.
        peers: Whether others are measured, too.

    Raises:
        ValueError: ``seconds`` is no positive number.
    """
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be a positive number, got {seconds!r}")
    cases = own_cases() + (peer_cases() if peers else [])
    rates: list[list[float]] = [[] for _ in cases]
    with warnings.catch_warnings(), Work("measuring", len(cases) * (repeats + 1)) as work:
        warnings.simplefilter("ignore")  # of others about themselves
        steps = []
        for case in cases:
            work.step(f"{case.group} {case.name}")
            steps.append(case.make())
        for _ in range(repeats):
            for step, kept in zip(steps, rates):
                kept.append(rate(step, seconds))
                work.step()
    table = Table("environment", "case", "agents", "agent steps/s of a core", box=box.SIMPLE_HEAD)
    for case, kept in zip(cases, rates):
        middle = f"{statistics.median(kept):,.0f}"
        table.add_row(case.group, case.name, str(case.walkers), middle)
    return table


def rate(step: StepFunction, seconds: float) -> float:
    """Agents' steps in a second of processor time.

    Args:
        step: Takes one step of all agents and says how many they are.
        seconds: How long to measure [s] of processor time.
    """
    count, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        count += step()
    return count / (time.process_time() - start)


def _sisl_module(name: str) -> str | None:
    """The module of an environment of SISL; which there are differs between releases."""
    if not (importlib.util.find_spec("pettingzoo") and importlib.util.find_spec("pygame")):
        return None
    import pettingzoo.sisl

    found = [module.name for module in pkgutil.iter_modules(pettingzoo.sisl.__path__)]
    versions = sorted(module for module in found if module.startswith(f"{name}_v"))
    needs = importlib.util.find_spec("Box2D") if name == "multiwalker" else True
    return f"pettingzoo.sisl.{versions[-1]}" if versions and needs else None


def _sisl(module: str, agents: str) -> Any:
    return importlib.import_module(module).parallel_env(**{agents: 8})


def _mpe_tag() -> Any:
    from mpe2 import simple_tag_v3

    return simple_tag_v3.parallel_env(
        num_good=4, num_adversaries=4, num_obstacles=0, continuous_actions=True
    )


def _vmas_tag() -> StepFunction:
    import torch
    import vmas

    torch.set_num_threads(1)
    env = vmas.make_env(
        "simple_tag", num_envs=_VMAS, max_steps=100, num_good_agents=4, num_adversaries=4, seed=0
    )
    env.reset()
    actions = [env.get_random_actions() for _ in range(16)]
    turn = itertools.count()

    def step() -> int:
        *_, done, _ = env.step(actions[next(turn) % len(actions)])
        if bool(done.all()):
            env.reset()
        return 8 * _VMAS

    return step
