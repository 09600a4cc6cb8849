"""stable-baselines3 on N walkers in one process."""

from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import VecNormalize

from agents.algorithms.sb3_vec import SB3VecEnv
from walker_env import WalkerVectorEnv

STEPS = 20_000

if __name__ == "__main__":
    env = VecNormalize(SB3VecEnv(WalkerVectorEnv(64, max_episode_steps=600), stagger=True))
    model = PPO("MlpPolicy", env, n_steps=128, batch_size=1024, n_epochs=5, device="cpu")
    model.learn(STEPS, progress_bar=False)
    print("reward per step:", env.get_original_reward().mean())
