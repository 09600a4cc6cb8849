"""Other environments, for comparison in the same run; whichever are installed."""

from __future__ import annotations

import importlib.util
import itertools
from functools import partial

import gymnasium as gym
import numpy as np

from benchmarks.speed.throughput import Case, StepFunction, gymnasium_step

_SINGLE = (
    ("Pendulum-v1", ""),  # the cheapest environment there is: no physics engine
    ("BipedalWalker-v3", "Box2D"),
    ("Ant-v5", "mujoco"),
)
_ENVPOOL = ("Pendulum-v1", "BipedalWalker-v3", "Ant-v5")
_BATCH = 64


def peer_cases() -> list[Case]:
    """The peers that are installed (dependency group ``peers``)."""
    cases = []
    for name, library in _SINGLE:
        if not library or importlib.util.find_spec(library):
            cases.append(Case("Gymnasium", name, 1, partial(_gymnasium, name)))
    if importlib.util.find_spec("envpool"):
        cases += [Case("EnvPool", name, _BATCH, partial(_envpool, name)) for name in _ENVPOOL]
    return cases


def _gymnasium(name: str) -> StepFunction:
    return gymnasium_step(gym.make(name))


def _envpool(name: str) -> StepFunction:
    import envpool

    env = envpool.make_gymnasium(name, num_envs=_BATCH, num_threads=1)
    env.reset()
    width = gym.spaces.flatdim(env.action_space)
    actions = np.random.default_rng(0).uniform(-1, 1, (64, _BATCH, width)).astype(np.float32)
    turn = itertools.count()

    def step() -> int:
        env.step(actions[next(turn) % len(actions)])
        return _BATCH

    return step
