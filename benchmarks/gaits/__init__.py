"""Measure how one policy walks."""
