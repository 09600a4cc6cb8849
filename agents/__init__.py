"""Controllers for the walker: policies, baselines and the trainers that make them."""
