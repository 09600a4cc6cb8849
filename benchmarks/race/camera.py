"""Where the camera of a race's film is."""

from __future__ import annotations

from enum import Enum


class CameraPlace(str, Enum):
    """The choices of ``race --camera``."""

    course = "course"  # above the whole course
    close = "close"  # above all that the runners do in the film
    leader = "leader"  # with whoever leads
