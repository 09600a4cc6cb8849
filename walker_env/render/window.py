"""A window on the screen; the only place that opens a display."""

from __future__ import annotations

import os
import sys

import pygame

_BLIND = ("offscreen", "dummy")  # SDL's drivers that show nothing
_LONGEST = 0.1  # [s] a picture that takes longer slows time down instead of leaping


class Window:
    """Shows pictures in real time until it is closed.

    Args:
        size: Width and height [pixel].
        fps: Most pictures a second.
        title: In the window's bar.

    Attributes:
        closed: The user has closed it; it does not come back.
        events: What the user did since the last picture: pygame's events.
        elapsed: Time that the last picture was shown for [s].
    """

    def __init__(self, size: tuple[int, int], fps: float, title: str = "walker_env") -> None:
        self._size, self._fps, self._title = size, fps, title
        self._screen: pygame.Surface | None = None
        self._clock = pygame.time.Clock()
        self.closed = False
        self.events: list[pygame.event.Event] = []
        self.elapsed = 0.0

    def show(self, picture: pygame.Surface) -> None:
        """Show a picture and wait until its time is over.

        Raises:
            RuntimeError: There is no display to open a window on.
        """
        if self.closed:
            return
        if self._screen is None:
            self._screen = _open(self._size, self._title)
        self._screen.blit(picture, (0, 0))
        pygame.display.flip()
        self.events = pygame.event.get()
        if any(_asks_to_quit(event) for event in self.events):
            self.close()
            return
        self.elapsed = min(self._clock.tick(self._fps) / 1000, _LONGEST)

    @property
    def fps(self) -> float:
        """Pictures a second, lately."""
        return self._clock.get_fps()

    def close(self) -> None:
        """Take the window away for good."""
        self.closed = True
        if self._screen is not None:
            self._screen = None
            pygame.display.quit()


def _open(size: tuple[int, int], title: str) -> pygame.Surface:
    """Open a display; one that shows nothing is refused unless it was asked for by name."""
    asked = os.environ.get("SDL_VIDEODRIVER", "")
    try:
        pygame.display.init()
        driver = pygame.display.get_driver()
        if driver in _BLIND and driver not in asked:
            pygame.display.quit()
            raise RuntimeError(_nothing_to_see(f"SDL found nothing but its {driver!r} driver"))
        pygame.display.set_caption(title)
        return pygame.display.set_mode(size)
    except pygame.error as error:
        raise RuntimeError(_nothing_to_see(str(error))) from error


def _nothing_to_see(reason: str) -> str:
    hint = " and DISPLAY is not set" if sys.platform == "linux" and not _display() else ""
    return (
        f"there is no display to open a window on ({reason}{hint}); make a film instead "
        "(--gif FILE or --mp4 FILE, or render_mode='rgb_array'), or set SDL_VIDEODRIVER=dummy to "
        "run without being seen"
    )


def _display() -> str:
    return os.environ.get("DISPLAY", "") + os.environ.get("WAYLAND_DISPLAY", "")


def _asks_to_quit(event: pygame.event.Event) -> bool:
    return event.type == pygame.QUIT or (
        event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE
    )
