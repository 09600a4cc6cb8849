"""Several walkers on one course."""
