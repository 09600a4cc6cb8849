"""A window on the screen; the only place that opens a display."""

from __future__ import annotations

import pygame


class Window:
    """Shows pictures in real time until it is closed.

    Args:
        size: Width and height [pixel].
        fps: Pictures a second.
        title: In the window's bar.

    Attributes:
        closed: The user has closed it; it does not come back.
    """

    def __init__(self, size: tuple[int, int], fps: float, title: str = "walker_env") -> None:
        self._size, self._fps, self._title = size, fps, title
        self._screen: pygame.Surface | None = None
        self._clock = pygame.time.Clock()
        self.closed = False

    def show(self, picture: pygame.Surface) -> None:
        """Show a picture and wait until its time is over."""
        if self.closed:
            return
        if self._screen is None:
            pygame.display.init()
            pygame.display.set_caption(self._title)
            self._screen = pygame.display.set_mode(self._size)
        self._screen.blit(picture, (0, 0))
        pygame.display.flip()
        if any(_asks_to_quit(event) for event in pygame.event.get()):
            self.close()
            return
        self._clock.tick(self._fps)

    def close(self) -> None:
        """Take the window away for good."""
        self.closed = True
        if self._screen is not None:
            self._screen = None
            pygame.display.quit()


def _asks_to_quit(event: pygame.event.Event) -> bool:
    return event.type == pygame.QUIT or (
        event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE
    )
