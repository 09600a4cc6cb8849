"""What stands and happens in an arena: walls, posts, ring, line, discs that touch, and bumps."""

from __future__ import annotations

import numpy as np
import pygame

from walker_env.arena import Field, Game
from walker_env.render.camera import Camera
from walker_env.render.moment import TICK
from walker_env.render.palette import INK, PAPER, PEBBLE, Colour, mix

BUMP_LIFE = round(0.4 / TICK)
"""Ticks for which a bump is seen."""

_DISC = 60  # of 255, opacity of the discs that touch
_SQUARES = 2  # rows of the chequered line
_SQUARE = 25.0  # [unit]


def draw_field(surface: pygame.Surface, camera: Camera, field: Field) -> None:
    """Draw walls and posts.

    Args:
        surface: Where to draw.
        camera: Where the world is in the picture.
        field: What stands there.
    """
    for grown, colour in ((4.0, mix(PEBBLE, INK, 0.75)), (0.0, mix(PEBBLE, PAPER, 0.15))):
        for wall in field.walls:
            ends = np.array([(wall.ax, wall.ay), (wall.bx, wall.by)])
            _capsule(surface, camera, ends, wall.thick / 2 + grown / 2, colour)
        for post in field.posts:
            spot = camera.to_screen(np.array([post.x, post.y])).tolist()
            pygame.draw.aacircle(surface, colour, spot, (post.radius + grown / 2) * camera.zoom)


def draw_bounds(surface: pygame.Surface, camera: Camera, game: Game) -> None:
    """Draw the ring of sumo or the line of rush.

    Args:
        surface: Where to draw.
        camera: Where the world is in the picture.
        game: That is played.
    """
    if game.rule == "sumo":
        spot = camera.to_screen(np.zeros(2)).tolist()
        for wide, colour in ((14.0, mix(PAPER, PEBBLE, 0.2)), (3.0, mix(PEBBLE, INK, 0.4))):
            radius = (game.ring + wide / 2) * camera.zoom
            pygame.draw.aacircle(surface, colour, spot, radius, max(1, round(wide * camera.zoom)))
    if game.rule == "rush":
        _chequers(surface, camera, game)


def draw_discs(
    surface: pygame.Surface, camera: Camera, nodes: np.ndarray, radius: float, colour: Colour
) -> None:
    """Draw the discs of one walker that others touch, as one translucent shape.

    Args:
        surface: Where to draw.
        camera: Where the world is in the picture.
        nodes: Their middles, ``(K, 2)`` [unit].
        radius: Of each [unit].
        colour: Of the walker.
    """
    spots, reach = camera.to_screen(nodes), radius * camera.zoom
    corner = np.floor(spots.min(axis=0) - reach) - 1
    size = np.ceil(spots.max(axis=0) + reach - corner) + 2
    layer = pygame.Surface(size.astype(int).tolist(), pygame.SRCALPHA)
    for spot in (spots - corner).tolist():
        pygame.draw.circle(layer, (*colour, 255), spot, reach)
    layer.set_alpha(_DISC)
    surface.blit(layer, corner.astype(int).tolist())


def draw_bump(
    surface: pygame.Surface, camera: Camera, place: np.ndarray, age: float, size: float
) -> None:
    """Draw the ring and the rays of a bump.

    Args:
        surface: Where to draw.
        camera: Where the world is in the picture.
        place: ``(2,)`` [unit].
        age: Time since it happened [tick]; nothing is drawn beyond `BUMP_LIFE`.
        size: Radius of the discs that bumped [unit].
    """
    share = age / BUMP_LIFE
    if not 0 <= share < 1:
        return
    spot, zoom = camera.to_screen(place), camera.zoom
    tone = mix(PAPER, PEBBLE, share)
    radius = size * (0.3 + 0.9 * share**0.5) * zoom
    wide = round(6 * (1 - share) * zoom)
    if wide >= 1:
        pygame.draw.aacircle(surface, tone, spot.tolist(), radius, wide)
    turns = np.arange(6) * (np.pi / 3)
    rays = np.stack([np.cos(turns), np.sin(turns)], axis=1) * radius
    for ray in rays:
        pygame.draw.aaline(surface, tone, (spot + 1.2 * ray).tolist(), (spot + 1.6 * ray).tolist())


def _capsule(
    surface: pygame.Surface, camera: Camera, ends: np.ndarray, half: float, colour: Colour
) -> None:
    a, b = camera.to_screen(ends)
    along = (b - a) / max(1e-9, float(np.hypot(*(b - a))))
    reach = half * camera.zoom
    side = np.array([-along[1], along[0]]) * reach
    pygame.draw.polygon(
        surface,
        colour,
        [(a + side).tolist(), (b + side).tolist(), (b - side).tolist(), (a - side).tolist()],
    )
    for end in (a, b):
        pygame.draw.aacircle(surface, colour, end.tolist(), reach)


def _chequers(surface: pygame.Surface, camera: Camera, game: Game) -> None:
    ends = [y for wall in game.field.walls for y in (wall.ay, wall.by)] or [-500.0, 500.0]
    for row in range(_SQUARES):
        for i, y in enumerate(np.arange(min(ends), max(ends), _SQUARE)):
            corner = camera.to_screen(np.array([game.finish + row * _SQUARE, y + _SQUARE]))
            side = max(1, round(_SQUARE * camera.zoom))
            box = pygame.Rect(round(corner[0]), round(corner[1]), side, side)
            pygame.draw.rect(surface, INK if (i + row) % 2 else PAPER, box)
