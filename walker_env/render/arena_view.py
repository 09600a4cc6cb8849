"""One arena of a batch as pictures or in a window: walkers, walls, bumps and catches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pygame

from walker_env.arena import ArenaBatch, Game, Outcome
from walker_env.arena.rules import TOUCH
from walker_env.params import WORLD
from walker_env.render.actor import Actor
from walker_env.render.arena_marks import (
    BUMP_LIFE,
    draw_bounds,
    draw_bump,
    draw_discs,
    draw_field,
)
from walker_env.render.camera import Camera
from walker_env.render.canvas import pixels
from walker_env.render.cards import draw_card, write
from walker_env.render.moment import TICKS, Moment
from walker_env.render.palette import RUNNERS, Coat, Colour
from walker_env.render.scene import Scene
from walker_env.render.window import Window

_BORDER = 45.0  # [unit] around walls or ring
_CHASERS, _CHASED = (RUNNERS[1], RUNNERS[7], RUNNERS[3], RUNNERS[4]), (RUNNERS[0], RUNNERS[2])


def colours(game: Game) -> list[Colour]:
    """The colour of each walker: warm for chasers, cool for runners."""
    if game.rule != "tag":
        return [RUNNERS[i % len(RUNNERS)] for i in range(game.walkers)]
    chasers, runners = game.sides
    cool = (*_CHASED, RUNNERS[5], RUNNERS[6])
    warm = [_CHASERS[i % len(_CHASERS)] for i in range(chasers)]
    return warm + [cool[i % len(cool)] for i in range(runners)]


class ArenaView:
    """One arena of a batch.

    Pictures depend on the states it has seen and on nothing else.

    Args:
        batch: The arenas.
        size: Width and height of the picture [pixel].
        fps: Control steps a second in the window.
        arena: Its number in the batch.
    """

    def __init__(
        self, batch: ArenaBatch, size: int = 600, fps: float = WORLD.control_rate, arena: int = 0
    ) -> None:
        self._batch, self._arena, self._game = batch, arena, batch.game
        self._colours = colours(batch.game)
        actors = [Actor(batch.body, Coat(colour), colour) for colour in self._colours]
        self._scene = Scene(
            actors, (size, size), under=self._paint_under, over=self._paint_over, targets=False
        )
        self._window = Window((size, size), TICKS * fps, f"walker_env: {batch.game.name}")
        self._radius = batch.body.node_radius
        if (half := _half(batch.game)) is not None:
            self._scene.camera.fix(np.zeros(2), half + _BORDER)
        self.clear()

    @property
    def closed(self) -> bool:
        """Whether the user has closed the window."""
        return self._window.closed

    def clear(self) -> None:
        """Begin anew: level the sand, forget bumps and catches."""
        self._scene.clear()
        walkers = self._batch.walkers
        self._touching = np.zeros((walkers, walkers), dtype=bool)
        self._bumps: list[tuple[np.ndarray, int]] = []  # place, tick of its birth
        self._caught = np.zeros(walkers, dtype=np.int64)
        self._share = 1.0
        self._seen = -1

    def watch(self, outcome: Outcome | None) -> None:
        """See the arena after a control step, or at its start, without drawing it."""
        rows = slice(self._arena * self._batch.walkers, (self._arena + 1) * self._batch.walkers)
        step = int(self._batch.state.steps[rows.start])
        if step == self._seen:
            return
        if step < self._seen:
            self.clear()
        self._seen = step
        if outcome is not None:
            self._caught = self._caught + outcome.caught[rows]
        self._bump(step)
        moments = self._moments(rows)
        leader = np.argsort([-moment.position[:, 0].mean() for moment in moments])
        self._scene.followed = [int(i) for i in leader if i in self._there()]
        self._scene.watch(moments)

    def frame(self) -> np.ndarray:
        """The picture, a new ``(size, size, 3)`` uint8 array; opens no display."""
        return pixels(self._draw(1.0))

    def frames(self, outcome: Outcome | None, count: int) -> Iterator[np.ndarray]:
        """The way from the last state seen to this one in ``count`` pictures, see `frame`."""
        self.watch(outcome)
        for i in range(1, count + 1):
            yield pixels(self._draw(i / count))

    def show(self, outcome: Outcome | None) -> None:
        """Show the way to this state in a window: a picture for each physics step, at ``fps``."""
        if self.closed:
            return
        self.watch(outcome)
        for i in range(1 if self._seen == 0 else TICKS):
            self._window.show(self._draw((i + 1) / TICKS))

    def close(self) -> None:
        """Close the window if there is one."""
        self._window.close()

    def _there(self) -> list[int]:
        """Who has not left the match, or all of them where nobody stayed."""
        stayed = np.flatnonzero(self._batch.left[self._arena] == 0).tolist()
        return stayed or list(range(self._batch.walkers))

    def _moments(self, rows: slice) -> list[Moment]:
        state, radius = self._batch.state, []
        middles = state.position[rows].mean(axis=1)
        for i in range(self._batch.walkers):
            others = [j for j in self._there() if j != i and self._rivals(i, j)]
            apart = [float(((middles[j] - middles[i]) ** 2).sum()) for j in others]
            radius.append(middles[others[int(np.argmin(apart))]] if others else middles[i])
        return [
            Moment(
                position=state.position[row].copy(),
                velocity=state.velocity[row].copy(),
                grip=state.grip[row].copy(),
                target=radius[i].copy(),
                reached=int(self._caught[i]),
                step=float(state.steps[row]),
            )
            for i, row in enumerate(range(rows.start, rows.stop))
        ]

    def _rivals(self, i: int, j: int) -> bool:
        return self._game.rule != "tag" or self._game.roles[i] != self._game.roles[j]

    def _bump(self, step: int) -> None:
        """Note where walkers have begun to touch."""
        walkers = self._batch.walkers
        first = self._arena * walkers
        nodes = self._batch.state.position[first : first + walkers]  # (W, K, 2)
        apart = nodes[:, None, :, None] - nodes[None, :, None, :]
        gaps = np.sqrt((apart * apart).sum(axis=-1)) - 2 * self._radius  # (W, W, K, K)
        stayed = self._batch.left[self._arena] == 0
        touching = (gaps.min(axis=(2, 3)) < TOUCH) & stayed[:, None] & stayed
        now = step * TICKS
        self._bumps = [bump for bump in self._bumps if now - bump[1] < BUMP_LIFE]
        for a, b in np.argwhere(np.triu(touching & ~self._touching, 1)):
            p, q = np.unravel_index(int(gaps[a, b].argmin()), gaps.shape[2:])
            self._bumps.append(((nodes[a, p] + nodes[b, q]) / 2, now))
        self._touching = touching

    def _draw(self, share: float) -> pygame.Surface:
        self._share = share
        surface = self._scene.draw(share, self._there())
        self._draw_card(surface)
        return surface

    def _paint_under(self, surface: pygame.Surface, camera: Camera) -> None:
        draw_bounds(surface, camera, self._game)
        draw_field(surface, camera, self._game.field)
        for i in self._there():
            nodes = self._scene.actors[i].at(self._share).position
            draw_discs(surface, camera, nodes, self._radius, self._colours[i])

    def _paint_over(self, surface: pygame.Surface, camera: Camera) -> None:
        now = (self._seen - 1 + self._share) * TICKS
        for place, born in self._bumps:
            draw_bump(surface, camera, place, now - born + TICKS, self._radius)

    def _draw_card(self, surface: pygame.Surface) -> None:
        """What has happened, and the time that is left."""
        unit = max(8, surface.get_width() // 28)
        draw_card(surface, (unit // 2, unit // 2, round(9.2 * unit), round(1.5 * unit)))
        left = max(0.0, (self._game.steps - self._seen) * self._batch.world.control_dt)
        middle = round(1.25 * unit)
        write(surface, self._news(), (unit, middle), round(0.85 * unit))
        write(surface, f"{left:.1f} s", (round(9.3 * unit), middle), round(0.85 * unit), align=1.0)

    def _news(self) -> str:
        gone = int((self._batch.left[self._arena] > 0).sum())
        if self._game.rule == "tag":
            return f"{gone} of {self._game.sides[1]} caught"
        if self._game.rule == "sumo":
            return f"{self._batch.walkers - gone} in the ring"
        return f"{gone} of {self._batch.walkers} through"


def _half(game: Game) -> float | None:
    """Half a side of the square that shows all of it [unit]; None where the camera goes along."""
    if game.rule == "rush":
        return None
    ends = [abs(v) for wall in game.field.walls for v in (wall.ax, wall.ay, wall.bx, wall.by)]
    return max([game.ring if game.rule == "sumo" else 500.0 * (not ends), *ends])
