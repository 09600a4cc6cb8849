"""walker_env: a learning walker seen from above, as a Gymnasium environment.

Importing the package registers ``walker_env/Walker-v0``.
"""

from __future__ import annotations

import gymnasium as gym

from walker_env.arena import GAMES, Game
from walker_env.arena_env import ArenaVectorEnv, parallel_env
from walker_env.batch import WalkerBatch
from walker_env.body import BODIES, Body, BodyError, Bone, Muscle, Node
from walker_env.courses import COURSES, Course, register_course
from walker_env.env import WalkerEnv
from walker_env.ground import Ground
from walker_env.params import WORLD, WORLDS, World
from walker_env.plan import PlanError
from walker_env.reward import RewardWeights
from walker_env.tasks import HORIZON, Options
from walker_env.vector_env import WalkerVectorEnv
from walker_env.version import __version__

ENV_ID = "walker_env/Walker-v0"

gym.register(
    id=ENV_ID,
    entry_point="walker_env.env:WalkerEnv",
    vector_entry_point="walker_env.vector_env:WalkerVectorEnv",
    max_episode_steps=HORIZON,
)

__all__ = [
    "BODIES",
    "COURSES",
    "ENV_ID",
    "GAMES",
    "HORIZON",
    "WORLD",
    "WORLDS",
    "ArenaVectorEnv",
    "Body",
    "BodyError",
    "Bone",
    "Course",
    "Game",
    "Ground",
    "Muscle",
    "Node",
    "Options",
    "PlanError",
    "RewardWeights",
    "WalkerBatch",
    "WalkerEnv",
    "WalkerVectorEnv",
    "World",
    "__version__",
    "parallel_env",
    "register_course",
]
