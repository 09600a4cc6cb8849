"""Name tags beside the walkers of a race, where they hide nobody."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from walker_env.render.cards import draw_card, font, write
from walker_env.render.palette import INK, Colour, mix

_GAP = 3  # [pixel] between a walker and its tag


class Tags:
    """A tag for each runner: below it, above it or at a side, and there as long as it can be.

    Args:
        names: Of the runners.
        colours: Of the runners.
        size: Of the font [pixel].
        free: Width and height of the part of the picture they may be in [pixel].
    """

    def __init__(
        self, names: Sequence[str], colours: Sequence[Colour], size: int, free: tuple[int, int]
    ) -> None:
        self._names, self._colours, self._size = list(names), list(colours), size
        self._free = pygame.Rect((0, 0), free)
        self._side = [0] * len(self._names)  # which of its places a tag had last

    def draw(
        self,
        surface: pygame.Surface,
        walkers: Sequence[pygame.Rect],
        others: Sequence[pygame.Rect] = (),
    ) -> list[pygame.Rect]:
        """Draw all tags.

        Args:
            surface: Where to draw.
            walkers: The box around each runner in the picture.
            others: Boxes around what else is to be seen.

        Returns:
            The box of each tag; those of runners out of the picture are empty.
        """
        tags: list[pygame.Rect] = []
        for i, (name, colour) in enumerate(zip(self._names, self._colours)):
            tags.append(self._place(i, walkers[i], [*walkers, *others], tags))
            if tags[i]:
                self._draw(surface, tags[i], name, colour)
        return tags

    def _place(
        self,
        runner: int,
        walker: pygame.Rect,
        seen: list[pygame.Rect],
        tags: list[pygame.Rect],
    ) -> pygame.Rect:
        if not self._free.colliderect(walker):
            return pygame.Rect(0, 0, 0, 0)
        places = self._places(runner, walker)
        last = self._side[runner]
        for side in (last, *(i for i in range(len(places)) if i != last)):
            place = places[side]
            hidden = place.collidelist([*seen, *tags]) >= 0
            if self._free.contains(place) and not hidden:
                self._side[runner] = side
                return place
        place = places[0]
        while (met := place.collidelist(tags)) >= 0:
            place.top = tags[met].bottom + 1
        return place.clamp(self._free)

    def _places(self, runner: int, walker: pygame.Rect) -> list[pygame.Rect]:
        """Where its tag may be, the best first."""
        wide = font(self._size).size(self._names[runner])[0] + round(1.9 * self._size)
        below = pygame.Rect(0, 0, wide, round(1.5 * self._size))
        above, left, right = below.copy(), below.copy(), below.copy()
        below.midtop = walker.centerx, walker.bottom + _GAP
        above.midbottom = walker.centerx, walker.top - _GAP
        left.midright = walker.left - _GAP, walker.centery
        right.midleft = walker.right + _GAP, walker.centery
        return [below, above, left, right]

    def _draw(self, surface: pygame.Surface, box: pygame.Rect, name: str, colour: Colour) -> None:
        draw_card(surface, (box.left, box.top, box.width, box.height), opacity=0.85)
        dot = (box.left + 0.75 * self._size, box.centery)
        pygame.draw.aacircle(surface, mix(colour, INK, 0.6), dot, 0.36 * self._size)
        pygame.draw.aacircle(surface, colour, dot, 0.28 * self._size)
        write(surface, name, (box.left + 1.3 * self._size, box.centery), self._size)
