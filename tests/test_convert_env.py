"""What an SB3 model walks in is seen in its environment, or told, or the model is refused."""

from __future__ import annotations

import gymnasium as gym
import pytest
from sb3_models import walkers
from stable_baselines3 import PPO
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import (
    DummyVecEnv,
    SubprocVecEnv,
    VecCheckNan,
    VecEnv,
    VecFrameStack,
    VecMonitor,
    VecNormalize,
)
from stable_baselines3.common.vec_env.base_vec_env import VecEnvWrapper

from agents.algorithms.sb3_vec import SB3VecEnv
from agents.convert.sb3_env import walks_in
from agents.policy import Policy, PolicyError
from walker_env import ENV_ID, Options, WalkerVectorEnv

ICE = Options(body="inchworm", world="ice")


def one(wrap=lambda env: env, **options):
    """A function that makes a wrapped environment."""
    return lambda: wrap(gym.make(f"walker_env:{ENV_ID}", **options))


class Doubled(VecEnvWrapper):
    """Twice what it sees."""

    def reset(self):
        """Twice the first observation."""
        return 2 * self.venv.reset()

    def step_wait(self):
        """Twice the observation."""
        observation, *rest = self.venv.step_wait()
        return 2 * observation, *rest


class Reversed(gym.vector.VectorActionWrapper):
    """Does the opposite."""

    def actions(self, actions):
        """Negated."""
        return -actions


class Twice(gym.Wrapper):
    """Takes each action two times."""

    def step(self, action):
        """The second step."""
        super().step(action)
        return super().step(action)


class Hidden(VecEnv):
    """Walkers that cannot be seen, as in other processes."""

    def __init__(self):
        env = WalkerVectorEnv(1)
        super().__init__(1, env.single_observation_space, env.single_action_space)

    def get_attr(self, attr_name, indices=None):
        """None of any name."""
        return [None]

    reset = step_async = step_wait = close = set_attr = env_method = env_is_wrapped = get_attr


def test_wrappers_that_leave_numbers_alone_are_seen_through():
    def wrap(env):
        limited = gym.wrappers.TimeLimit(Monitor(env), 50)
        return gym.wrappers.TransformReward(limited, lambda reward: 2 * reward)

    env = VecCheckNan(VecNormalize(DummyVecEnv([one(wrap, body="inchworm", world="ice")])))
    assert walks_in(env, None) == ICE
    assert walks_in(VecMonitor(walkers(body="inchworm", world="ice")), None) == ICE


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: VecNormalize(VecNormalize(walkers())), "wrapped in VecNormalize twice"),
        (
            lambda: VecNormalize(VecMonitor(VecNormalize(walkers()))),
            "wrapped in VecNormalize twice",
        ),
        (lambda: VecFrameStack(walkers(), 4), "wrapped in VecFrameStack, .*Policy.from_layers"),
        (lambda: VecNormalize(Doubled(walkers())), "wrapped in Doubled, whose work is not in the"),
        (
            lambda: SB3VecEnv(Reversed(WalkerVectorEnv(2))),
            "wrapped in Reversed, whose work",
        ),
        (
            lambda: DummyVecEnv([one(), one(gym.wrappers.NormalizeObservation)]),
            "wrapped in NormalizeObservation, whose work",
        ),
    ],
)
def test_what_changes_numbers_is_refused_by_name_whatever_is_told(make, message):
    env = make()
    model = PPO("MlpPolicy", env, n_steps=8, batch_size=8, policy_kwargs={"net_arch": [4]})
    for options in (None, Options()):
        with pytest.raises(PolicyError, match=message):
            Policy.from_sb3(model, options=options)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DummyVecEnv([one(Twice)]), "wrapped in Twice.* pass options=Options"),
        (lambda: DummyVecEnv([one(), one(world="ice")]), "has walkers of several kinds: pass"),
        (lambda: Hidden(), "cannot be seen inside Hidden: pass options=Options"),
    ],
)
def test_what_cannot_be_judged_needs_options(make, message):
    env = make()
    with pytest.raises(PolicyError, match=message):
        walks_in(env, None)
    assert walks_in(env, ICE) == ICE


@pytest.mark.long
def test_walkers_in_other_processes_need_options_and_are_asked_for_wrappers():
    made = []
    try:
        made.append(SubprocVecEnv([one(body="inchworm", world="ice")]))
        with pytest.raises(PolicyError, match="cannot be seen inside SubprocVecEnv: pass options"):
            walks_in(made[0], None)
        assert walks_in(VecNormalize(made[0]), ICE) == ICE
        made.append(SubprocVecEnv([one(gym.wrappers.NormalizeObservation)]))
        with pytest.raises(
            PolicyError, match="SubprocVecEnv is wrapped in some ObservationWrapper"
        ):
            walks_in(made[1], Options())
    finally:
        for env in made:
            env.close()
