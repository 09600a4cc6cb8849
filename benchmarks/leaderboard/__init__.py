"""Results become rankings."""
