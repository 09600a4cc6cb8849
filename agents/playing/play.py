"""The game's window: a walker at your fingertips, beside a champion's ghost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pygame

from agents.playing.brain import Brain
from agents.playing.clip import Clip
from agents.playing.gamepad import Gamepad
from agents.playing.hand import Controls
from agents.playing.hand_run import save_run, table
from agents.playing.session import Session
from walker_env.body import Body
from walker_env.params import WORLD
from walker_env.render.actor import Actor
from walker_env.render.cards import draw_clock, draw_place
from walker_env.render.keycaps import draw_caps
from walker_env.render.moment import Moment
from walker_env.render.pace import Pace
from walker_env.render.palette import INK, RUNNERS, SAND, Coat, mix
from walker_env.render.scale import body_length, draw_scale
from walker_env.render.scene import Scene
from walker_env.render.sheet import draw_keys, draw_notice, draw_table
from walker_env.render.window import Window

SIZE = (1280, 720)
"""Of the window [pixel]."""

FPS = 60
_COAT, _GHOST = RUNNERS[0], mix(SAND, INK, 0.35)
_FAINT = 0.45  # opacity of the ghost
_PANEL = 300  # [pixel] at the right, for cards and keys
_NOTICE = 4.0  # [s] a message stays
_WORK = 0.03  # [s] spent on a film between two pictures of the window

_HELP = (
    ("click", "next target"),
    ("space  .", "pause, single step"),
    ("-  +", "slower, faster"),
    ("F1", "hide or show keys"),
    ("F2", "who drives"),
    ("F3", "body"),
    ("F4", "world"),
    ("F5  F6", "start again, next course"),
    ("F7", "the driver's network"),
    ("F8  F9", "save the last 10 s: GIF, MP4"),
    ("F10", "save the run, show the table"),
    ("esc", "leave"),
)


class Game:
    """Everything in the window but the window itself.

    Args:
        session: The walkers.
        folder: Where films and runs are saved.

    Attributes:
        scene: What is drawn.
    """

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.pace, self._folder = session, Pace(), folder
        self.held: set[str] = set()
        self._gamepad = Gamepad()
        self._keys = self._commands()
        self._clip, self._filmed = Clip(self._actors), self._bodies()
        self._film: tuple[Path, Iterator[float]] | None = None
        self._table: list[list[str]] | None = None
        self._help, self._network = True, False
        self._thought: tuple[int, np.ndarray] = (-1, np.zeros(0))
        self._notice, self._until = "", 0.0
        self._begin()

    @property
    def filming(self) -> bool:
        """Whether a film is being saved."""
        return self._film is not None

    def run(self, window: Window) -> None:
        """Play until the window is closed."""
        self.say("hold keys to grip and to pull; click to set a target")
        window.show(self.picture())
        self._gamepad.connect()
        while not window.closed:
            window.show(self.picture())
            for event in window.events:
                self.handle(event)
            self.work()
            self.pass_time(0.0 if self.filming else window.elapsed)

    def handle(self, event: pygame.event.Event) -> None:
        """Do what a key, a click or a gamepad asks for."""
        if event.type == pygame.KEYDOWN:
            self.held.add(pygame.key.name(event.key))
            if event.key in self._keys:
                self._keys[event.key]()
        elif event.type == pygame.KEYUP:
            self.held.discard(pygame.key.name(event.key))
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._click(event.pos)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self.held.clear()  # nobody will say when they are released
        elif event.type in (pygame.CONTROLLERDEVICEADDED, pygame.CONTROLLERDEVICEREMOVED):
            self.say("gamepad found" if self._gamepad.connect() else "gamepad gone")

    def pass_time(self, seconds: float) -> None:
        """Let so many seconds go by on the player's clock."""
        self._walk(self.pace.advance(seconds))

    def work(self) -> None:
        """Go on with a film that is being saved."""
        begun = time.perf_counter()
        while self._film is not None and time.perf_counter() - begun < _WORK:
            path, frames = self._film
            share = next(frames, None)
            if share is None:
                self._film = None
                self.say(f"saved {path}")
            else:
                self.say(f"saving {path.name}: {share:.0%}")

    def say(self, text: str) -> None:
        """Show a message for a while."""
        self._notice, self._until = text, time.monotonic() + _NOTICE

    def picture(self) -> pygame.Surface:
        """The window's content."""
        surface = self.scene.draw(self.pace.share, self._order())
        state = self.session.player.state
        draw_clock(surface, float(state.steps[0] - 1 + self.pace.share) * WORLD.control_dt)
        draw_scale(surface, self.scene.camera, self._length)
        if self._help and self.session.driver is None:
            self._draw_caps(surface)
        self._draw_cards(surface)
        if self._help:
            keys = self._controls.legend() if self.session.driver is None else []
            draw_keys(surface, [*keys, *_HELP])
        if self._network:
            self._draw_network(surface)
        if self._table:
            draw_table(surface, "The same course, the same time", self._table)
        self._draw_notice(surface)
        return surface

    def _commands(self) -> dict[int, Callable[[], object]]:
        return {
            pygame.K_SPACE: self.pace.toggle,
            pygame.K_PERIOD: lambda: self._walk(self.pace.single()),
            pygame.K_MINUS: lambda: self.pace.change(-1),
            pygame.K_PLUS: lambda: self.pace.change(1),
            pygame.K_EQUALS: lambda: self.pace.change(1),
            pygame.K_F1: self._toggle_help,
            pygame.K_F2: self._change_driver,
            pygame.K_F3: lambda: self._anew(self.session.next_body),
            pygame.K_F4: self._change_world,
            pygame.K_F5: lambda: self._anew(self.session.restart),
            pygame.K_F6: lambda: self._anew(self.session.next_course),
            pygame.K_F7: self._toggle_network,
            pygame.K_F8: lambda: self._start_film("gif"),
            pygame.K_F9: lambda: self._start_film("mp4"),
            pygame.K_F10: self._save,
        }

    def _walk(self, steps: int) -> None:
        for _ in range(steps):
            if self.session.over:
                self.say("time is up: F10 saves the run, F5 starts again")
                self.pace.share = 1.0
                return
            command = self._controls.action(self.held, self._gamepad.read())
            self.session.step(command)
            self._see()

    def _see(self) -> None:
        session = self.session
        batches = [session.player, *([session.ghost] if session.ghost is not None else [])]
        moments = [Moment.of(batch) for batch in batches]
        self.scene.watch(moments)
        self._clip.keep(moments)

    def _begin(self) -> None:
        """Make the scene for the walkers that there are now."""
        body = self.session.player.body
        if self._bodies() != self._filmed:
            self._clip, self._filmed = Clip(self._actors), self._bodies()
        self.scene = Scene(self._actors(), SIZE, _PANEL)
        self.scene.followed = [0]
        self._controls, self._length = Controls(body), body_length(body)
        brain = None if self.session.driver is None else Brain.of(self.session.driver)
        self._brain = None if brain is None else (brain, brain.picture())
        self._thought = (-1, np.zeros(0))
        self.pace.share = 1.0
        self._see()

    def _bodies(self) -> list[Body]:
        session = self.session
        return [b.body for b in (session.player, session.ghost) if b is not None]

    def _actors(self) -> list[Actor]:
        session = self.session
        actors = [Actor(session.player.body, Coat(_COAT))]
        if session.ghost is not None:
            actors.append(Actor(session.ghost.body, Coat(_GHOST), _GHOST, opacity=_FAINT))
        return actors

    def _order(self) -> list[int]:
        """Actors from the bottom to the top: the ghost lies below."""
        return list(reversed(range(len(self.scene.actors))))

    def _anew(self, change: Callable[[], None]) -> None:
        """Change the session and begin a new picture of it."""
        change()
        self._table = None
        self._begin()
        self._tell()

    def _change_driver(self) -> None:
        self._anew(self.session.next_driver)

    def _change_world(self) -> None:
        self.session.next_world()
        self._tell()

    def _tell(self) -> None:
        session = self.session
        self.say(
            f"{session.driver_name} · {session.options.body.name} · "
            f"world: {session.options.world.name} · "
            f"course {session.course}"
        )

    def _click(self, spot: tuple[int, int]) -> None:
        self.session.redirect(self.scene.camera.to_world(spot))
        self._see()

    def _toggle_help(self) -> None:
        self._help, self._table = not self._help, None

    def _toggle_network(self) -> None:
        self._network = not self._network
        if self._network and self._brain is None:
            self.say("a person has no network to look at: F2 lets a policy drive")

    def _start_film(self, ending: str) -> None:
        if not self.filming:
            path = self._path(ending)
            self._film = (path, self._clip.save(path))

    def _save(self) -> None:
        try:
            path = save_run(self.session, self._path("npz"))
        except (ValueError, OSError) as error:
            self.say(str(error))
            return
        self.say(f"saved {path}")
        self._table = table(self.session)

    def _path(self, ending: str) -> Path:
        """A new file of the game's folder."""
        self._folder.mkdir(parents=True, exist_ok=True)
        taken = len(list(self._folder.glob(f"*.{ending}")))
        return self._folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{taken}.{ending}"

    def _draw_caps(self, surface: pygame.Surface) -> None:
        body, controls = self.session.player.body, self._controls
        position = self.scene.actors[0].at(self.pace.share).position
        keys = [(key, position[node]) for key, node in zip(controls.feet, body.feet)]
        ends = [(position[muscle.a] + position[muscle.b]) / 2 for muscle in body.muscles]
        keys += list(zip(controls.muscles, ends))
        pressed = controls.pressed(controls.action(self.held, self._gamepad.read()))
        draw_caps(surface, self.scene.camera, keys, position.mean(axis=0), pressed)

    def _draw_cards(self, surface: pygame.Surface) -> None:
        session = self.session
        entries = [(session.driver_name, session.player, _COAT)]
        if session.ghost is not None:
            entries.append((f"{session.ghost_name} (ghost)", session.ghost, _GHOST))
        scores = [float(batch.score()[0]) for _, batch, _ in entries]
        for i, (name, batch, colour) in enumerate(entries):
            place = 1 + sum(other > scores[i] for other in scores)
            reached = int(batch.state.target_index[0])
            box = (SIZE[0] - 304, 12 + i * 78, 290, 70)
            draw_place(surface, box, (place, name, reached, scores[i] - reached), colour)

    def _draw_network(self, surface: pygame.Surface) -> None:
        if self._brain is None:
            return
        step = int(self.session.player.state.steps[0])
        brain, picture = self._brain
        if step != self._thought[0]:
            self._thought = step, brain.activations(self.session.seen())
        picture.draw(surface, (14, 72, 400, picture.height(300, SIZE[1] - 130)), self._thought[1])

    def _draw_notice(self, surface: pygame.Surface) -> None:
        parts = [self._notice] if time.monotonic() < self._until else []
        if self.pace.paused:
            parts.append("paused")
        elif self.pace.speed != 1:
            parts.append(f"{self.pace.speed:g} x")
        if parts:
            draw_notice(surface, " · ".join(parts))


def play(session: Session, folder: Path) -> None:
    """Open the window and play until it is closed."""
    window = Window(SIZE, FPS, "walker_env: play")
    try:
        Game(session, folder).run(window)
    finally:
        window.close()
