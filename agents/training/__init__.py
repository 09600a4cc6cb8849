"""One training run: its budget, clock, curve, checkpoints and end."""
