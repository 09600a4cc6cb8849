"""Data become pictures."""
