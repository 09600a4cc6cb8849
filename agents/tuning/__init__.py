"""The search for settings, and what it found."""
