"""Drawing: walkers on sand, as arrays, in a window or in a video file.

Drawing only watches: it changes nothing in the simulation, owns no randomness that the simulation
could notice, and takes its time from the walkers' step counters. Needs the extra ``render``, which
`import walker_env` does not load.
"""

from __future__ import annotations

import os

from gymnasium.error import DependencyNotInstalled

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
try:
    import pygame
except ImportError as error:
    raise DependencyNotInstalled(
        'drawing needs pygame-ce: pip install "walker_env[render]"'
    ) from error
if not getattr(pygame, "IS_CE", False):
    raise DependencyNotInstalled(
        "drawing needs pygame-ce, but pygame is installed in its place: "
        'pip uninstall pygame, then pip install "walker_env[render]"'
    )
