"""Driving a walker by hand beside a ghost."""
