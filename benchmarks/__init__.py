"""Evaluation on held-out courses, the leaderboard and the race."""
