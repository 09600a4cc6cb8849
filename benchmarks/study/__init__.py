"""Suite 2: training runs in several conditions, and their records."""
