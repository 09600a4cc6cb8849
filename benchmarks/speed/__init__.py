"""Measure the machine."""
