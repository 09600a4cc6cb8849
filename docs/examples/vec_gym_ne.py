"""evotorch's own VecGymNE on the walker: the shortest way, without common courses or a seed."""

from evotorch.algorithms import SNES
from evotorch.logging import StdOutLogger
from evotorch.neuroevolution import VecGymNE

from walker_env import WalkerVectorEnv

GENERATIONS = 3


def make_env(num_envs: int) -> WalkerVectorEnv:
    """Twenty seconds an episode; same-step autoreset is what VecGymNE expects."""
    return WalkerVectorEnv(num_envs, max_episode_steps=400)


if __name__ == "__main__":
    problem = VecGymNE(
        make_env,
        network="Linear(obs_length, 16) >> Tanh() >> Linear(16, act_length)",
        observation_normalization=True,
        max_num_envs=64,
    )
    search = SNES(problem, popsize=64, stdev_init=0.5)
    StdOutLogger(search)
    search.run(GENERATIONS)
