"""The first gamepad, whenever there is one."""

from __future__ import annotations

from typing import Any

import pygame

from agents.playing.hand import Pad

_FULL = 32767
_DEAD = 0.12  # sticks never rest exactly in the middle


class Gamepad:
    """Reads a gamepad; one that is plugged in later is found when `connect` is called again."""

    def __init__(self) -> None:
        self._pad: Any = None

    def connect(self) -> bool:
        """Look for a gamepad; returns whether there is one."""
        from pygame._sdl2 import controller

        if not controller.get_init():
            controller.init()
        found = [i for i in range(pygame.joystick.get_count()) if controller.is_controller(i)]
        self._pad = controller.Controller(found[0]) if found else None
        return self._pad is not None

    def read(self) -> Pad | None:
        """What it says now; None without one."""
        return None if self._pad is None else read(self._pad)


def read(pad: Any) -> Pad:
    """Sticks and triggers of an SDL controller: up on a stick extends."""
    return Pad(
        left=-_axis(pad, pygame.CONTROLLER_AXIS_LEFTY),
        right=-_axis(pad, pygame.CONTROLLER_AXIS_RIGHTY),
        front=max(0.0, _axis(pad, pygame.CONTROLLER_AXIS_TRIGGERLEFT)),
        rear=max(0.0, _axis(pad, pygame.CONTROLLER_AXIS_TRIGGERRIGHT)),
    )


def _axis(pad: Any, axis: int) -> float:
    value = max(-1.0, min(1.0, pad.get_axis(axis) / _FULL))
    return 0.0 if abs(value) < _DEAD else value
