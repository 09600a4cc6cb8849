"""Untrusted policy files: whatever one contains, it can neither hang this process nor fill memory.

`door` is the one way in; `process` holds the child that runs a network, `__main__` is that child.
"""
