"""From other libraries to ours: arrays, torch modules, stable-baselines3's models and zip files."""
