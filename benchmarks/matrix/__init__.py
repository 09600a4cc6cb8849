"""Train everything and keep records."""
