"""A race in a window: countdown, cards, cameras, the leader's network, splits at the end."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pygame

from benchmarks.race.race import Race, Standing
from benchmarks.race.view import RaceView
from walker_env.params import WORLD
from walker_env.render.pace import Pace
from walker_env.render.sheet import draw_keys, draw_table, draw_word
from walker_env.render.window import Window

SIZE = (1280, 720)
"""Of the window [pixel]."""

FPS = 60
COUNTDOWN = 3.0
"""Seconds before the start."""

SPLITS = 16
"""Targets whose times the final table shows at most."""

_GLIDE = 0.12
_NETWORK = (14, 72, 400, 300)  # its card [pixel]
_KEYS = (
    ("space", "pause"),
    (".", "single step"),
    ("- +", "slower, faster"),
    ("C", "camera: course, leader, 1 to 8"),
    ("N", "network of the one followed"),
    ("H", "hide this"),
    ("esc", "leave"),
)


def splits_table(ranking: list[Standing], most: int = SPLITS) -> list[list[str]]:
    """The final ranking with the time at which each target was reached, head first."""
    count = min(most, max(len(entry.splits) for entry in ranking))
    rows = [["#", "", "score", *(str(i + 1) for i in range(count))]]
    for entry in ranking:
        splits = [f"{s:.1f}" for s in entry.splits[:count]]
        missing = ["-"] * (count - len(splits))
        rows.append([str(entry.place), entry.name, f"{entry.score:.2f}", *splits, *missing])
    return rows


class RaceWindow:
    """Runs a race in a window.

    Args:
        race: Not yet started.
        seconds: Length of the race [s].
        speed: Seconds of the race in a second.
        countdown: Seconds before the start.
    """

    def __init__(
        self, race: Race, seconds: float, speed: float = 1.0, countdown: float = COUNTDOWN
    ) -> None:
        self._race, self._steps = race, round(seconds * WORLD.control_rate)
        self._wait, self.pace = countdown, Pace(speed)
        self.view = RaceView(race, SIZE[1], SIZE[0])
        self._networks = [None if r.brain is None else r.brain.picture() for r in race.runners]
        self._camera: int | None = None  # the runner followed; None: the whole course
        self._leader = False
        self._network, self._help = False, True
        self._thought = (-1, -1), np.zeros(0)  # whose activations, in which step
        self._keys: dict[int, Callable[[], object]] = {
            pygame.K_SPACE: self.pace.toggle,
            pygame.K_PERIOD: self._single,
            pygame.K_MINUS: lambda: self.pace.change(-1),
            pygame.K_PLUS: lambda: self.pace.change(1),
            pygame.K_EQUALS: lambda: self.pace.change(1),
            pygame.K_c: self._change_camera,
            pygame.K_n: self._toggle_network,
            pygame.K_h: self._toggle_help,
        }
        for i in range(len(race.runners)):
            self._keys[pygame.K_1 + i] = lambda i=i: self._follow(i, leader=False)  # type: ignore[misc]
        self.view.watch()

    @property
    def over(self) -> bool:
        """Whether the race has come to its end."""
        return self._race.over or self._race.step_count >= self._steps

    def run(self, window: Window) -> None:
        """Show the race until the window is closed; the ranking stays when the race is over."""
        while not window.closed:
            window.show(self.picture())
            for event in window.events:
                self.handle(event)
            self.pass_time(window.elapsed)

    def handle(self, event: pygame.event.Event) -> None:
        """Do what a key asks for."""
        if event.type == pygame.KEYDOWN and event.key in self._keys:
            self._keys[event.key]()

    def pass_time(self, seconds: float) -> None:
        """Let so many seconds go by on the spectators' clock."""
        if self._wait > 0:
            self._wait -= 0 if self.pace.paused else seconds
            return
        if not self.over:
            self._run(self.pace.advance(seconds))

    def picture(self) -> pygame.Surface:
        """The window's content."""
        if self._leader and self._camera is not None:
            self._follow(self._race.ranking()[0].runner, leader=True)
        surface = self.view.draw(_GLIDE, self.pace.share)
        if self._network and not self.over:
            self._draw_network(surface)
        if self._help and not self.over:
            draw_keys(surface, _KEYS, right=SIZE[0] - self.view.scene.camera.free[0])
        if self._wait > 0:
            draw_word(surface, str(math.ceil(self._wait)), 1 - self._wait % 1 or 0.0)
        elif self.over:
            ranking = self._race.ranking()
            colours = [self.view.colours[entry.runner] for entry in ranking]
            draw_table(
                surface,
                "Final ranking, and the seconds at which each target was reached",
                splits_table(ranking),
                colours,
            )
        return surface

    def _run(self, steps: int) -> None:
        for _ in range(steps):
            if not self.over:
                self._race.step()
                self.view.watch()
        if self.over:
            self.pace.share = 1.0

    def _single(self) -> None:
        if self._wait <= 0:
            self._run(self.pace.single())

    def _change_camera(self) -> None:
        if self._camera is None:
            self._follow(self._race.ranking()[0].runner, leader=True)
        else:
            self._camera = None
            self.view.overlook()

    def _follow(self, runner: int, leader: bool) -> None:
        self._leader = leader
        if self._camera != runner:
            self._camera = runner
            self.view.follow([runner])

    def _toggle_network(self) -> None:
        self._network = not self._network

    def _toggle_help(self) -> None:
        self._help = not self._help

    def _draw_network(self, surface: pygame.Surface) -> None:
        runner = self._race.ranking()[0].runner if self._camera is None else self._camera
        brain, network = self._race.runners[runner].brain, self._networks[runner]
        if brain is not None and network is not None:
            now = (runner, self._race.step_count)
            if now != self._thought[0]:
                self._thought = now, brain.activations(self._race.seen(runner))
            box = (*_NETWORK[:3], network.height(_NETWORK[3], SIZE[1] - 130))
            network.draw(surface, box, self._thought[1])


def show_race(race: Race, seconds: float, speed: float = 1.0) -> None:
    """Show a race in a window until it is closed.

    Args:
        race: At its start.
        seconds: Length of the race [s].
        speed: Simulated seconds in a second; positive.
    """
    window = Window(SIZE, FPS, "walker_env: race")
    try:
        RaceWindow(race, seconds, speed).run(window)
    finally:
        window.close()
