"""Matches: what walkers that met did, in a small file that can be checked.

A match keeps its start, seeds or places, and the actions, not the states: simulating it again gives
every state, and a hash over them says whether they came out exactly. The file is an npz without
pickle:

- ``header``: JSON text (UTF-8 bytes) with ``format`` "walker-match", ``format_version`` 1,
  ``title``, ``physics`` (see `match_physics`), the whole plans ``game``, ``body`` and ``world``
  with their digests, ``seed`` and ``episode`` of the arena, ``start`` (None, or x, y and the
  direction of the look as a unit vector, for each walker), ``players``, an object for each walker
  with its ``name`` and the ``sha256`` of its file or None, and ``states``, the SHA-256 over all
  states;
- ``actions``: ``(T, W, A)`` float32 in [-1, 1], what each walker commanded at each control step.

``python -m walker_env.match verify FILE`` simulates it again and says whether it is true.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from walker_env import strict_json
from walker_env.arena import ArenaBatch, Game, Outcome, Start
from walker_env.arena.starts import facing_fault
from walker_env.body import Body
from walker_env.files import atomic_write, open_zip, read_plain
from walker_env.identity import PHYSICS_VERSION
from walker_env.observation import ACTION, LAYOUT_VERSION, width
from walker_env.params import World, get_world
from walker_env.plan import NAME_MAX, digest

FORMAT, FORMAT_VERSION = "walker-match", 1

ARENA_VERSION = 0
"""Bumped whenever the same plans and actions give other matches: contacts, rules, starts, sight."""

MAX_BYTES = 50_000_000
"""Size of the largest file that is read, packed and unpacked."""

_MAX_ENTRIES = 8  # there are two
_WORDS_MAX = 300  # longest title, in characters


_PARTS = {
    *("format", "format_version", "title", "physics", "states", "players"),
    *("game", "body", "world", "seed", "episode", "start"),
}


class MatchError(ValueError):
    """A file that is no match, or one that is not true; the message names the reason."""


def match_physics(game: Game, body: Body, world: World) -> str:
    """A short hash of all that a match depends on beside its start and actions.

    Args:
        game: Which is played.
        body: Of each walker.
        world: Rates, drag and grip.
    """
    parts = {
        "arena_version": ARENA_VERSION,
        "physics_version": PHYSICS_VERSION,
        "layout_version": LAYOUT_VERSION,
        "game": game.digest,
        "body": body.digest,
        "world": world.digest,
    }
    return digest(parts)[:16]


@dataclass(frozen=True)
class Seat:
    """Who played a walker."""

    name: str
    sha256: str | None = None  # of its file


@dataclass(frozen=True, eq=False)
class Match:
    """One match from its start to its end, or as far as it was noted.

    Attributes:
        game: What was played.
        body: Of each walker.
        world: Rates, drag and grip.
        seed: Of the arena.
        players: Who played each of the W walkers.
        actions: ``(T, W, A)`` float32.
        episode: Of the arena's seed.
        start: Where it began, ``(W, 4)`` float64: places and directions; None: drawn from the seed.
        title: Shown to people.
        physics: See `match_physics`.
        states: SHA-256 over all states, see `simulate`; empty until it is sealed.

    Raises:
        MatchError: Shapes that do not fit, or actions that are not finite or not in [-1, 1].
    """

    game: Game
    body: Body
    world: World
    seed: int
    players: tuple[Seat, ...]
    actions: np.ndarray
    episode: int = 0
    start: np.ndarray | None = None
    title: str = ""
    physics: str = ""
    states: str = ""

    def __post_init__(self) -> None:
        _check(self)
        if not self.physics:
            present = match_physics(self.game, self.body, self.world)
            object.__setattr__(self, "physics", present)

    def walk(self) -> Iterator[tuple[ArenaBatch, Outcome | None]]:
        """Play it again: the arena at the start, with None, and after each control step."""
        batch = ArenaBatch(1, self.game, self.body, self.world)
        batch.state.episode[:] = self.episode - 1
        batch.state.seed[:] = self.seed
        starts = None if self.start is None else [Start(self.start[:, :2], self.start[:, 2:])]
        batch.reset(starts=starts)
        yield batch, None
        for action in self.actions:
            yield batch, batch.step(action)

    def simulate(self) -> tuple[str, np.ndarray]:
        """Play it again.

        Returns:
            SHA-256 over start and states, and the score of each walker ``(W,)``, zeros where the
            match is not over.
        """
        hasher = hashlib.sha256()
        score = np.zeros(self.game.walkers)
        for batch, outcome in self.walk():
            state = batch.state
            parts = [state.position, state.velocity, state.drive, batch.playing]
            parts += [] if outcome is None else [outcome.observation, outcome.reward]
            for part in parts:
                hasher.update(np.ascontiguousarray(part, part.dtype.newbyteorder("<")).tobytes())
            score = batch.score[0].copy()
        return hasher.hexdigest(), score

    def sealed(self) -> Match:
        """The same match with the hash of its states, as a simulation gives it."""
        return replace(self, states=self.simulate()[0])

    def verify(self) -> np.ndarray:
        """Play it again and check that every state comes out exactly.

        Returns:
            The score of each walker, ``(W,)``.

        Raises:
            MatchError: They do not, or the physics have changed since.
        """
        present = match_physics(self.game, self.body, self.world)
        if present != self.physics:
            raise MatchError(
                f"recorded in another physics: {self.physics}, this version has {present}"
            )
        try:
            states, score = self.simulate()
        except ValueError as error:  # walkers that overlap at the start, or in too small an arena
            raise MatchError(f"it cannot be played again: {error}") from error
        if states != self.states:
            raise MatchError("its actions do not give the states that were recorded")
        return score

    def save(self, path: str | Path) -> None:
        """Write the match with the hash of its states, whole or not at all."""
        sealed = self if self.states else self.sealed()
        header = np.frombuffer(json.dumps(_header(sealed)).encode(), dtype=np.uint8)
        packed = io.BytesIO()
        np.savez_compressed(packed, allow_pickle=False, header=header, actions=sealed.actions)
        atomic_write(path, packed.getvalue())

    @classmethod
    def load(cls, path: str | Path) -> Match:
        """Read a match; never runs code. It is not verified yet.

        Raises:
            MatchError: Missing, too big, damaged, of a foreign format, or no possible match.
        """
        try:
            content = read_plain(path, MAX_BYTES)
            with open_zip(content, _MAX_ENTRIES, MAX_BYTES):  # before anything is unpacked
                pass
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                header = strict_json.loads(arrays["header"].tobytes())
                return _build(header, arrays["actions"])
        except MemoryError as error:
            raise MatchError(f"{path}: claims to be larger than it is") from error
        except Exception as error:  # zip, zlib and numpy each have errors of their own for damage
            raise MatchError(f"{path}: expected a match: {error}") from error


class MatchRecorder:
    """Notes the actions of one arena of a batch from the start of a match; it only watches.

    Args:
        batch: That has just been reset.
        players: Who plays each of the W walkers.
        arena: Which of the batch's.
        start: Where it was told to begin; None: its start was drawn.

    Raises:
        MatchError: The match has gone on already.
    """

    def __init__(
        self,
        batch: ArenaBatch,
        players: Sequence[Seat],
        arena: int = 0,
        start: Start | None = None,
    ) -> None:
        self._batch, self._players = batch, tuple(players)
        self._rows = slice(arena * batch.walkers, (arena + 1) * batch.walkers)
        first, self._start = self._rows.start, start
        if batch.state.steps[first]:
            raise MatchError(f"a match has {batch.state.steps[first]} steps that were not noted")
        self._places = batch.state.position[self._rows].copy()
        self._seed, self._episode = int(batch.state.seed[first]), int(batch.state.episode[first])
        self._actions: list[np.ndarray] = []

    def note(self, actions: np.ndarray) -> None:
        """Take down the actions ``(N, A)`` float32 that the batch is stepped with."""
        kept = np.asarray(actions[self._rows], dtype=np.float32)
        if not np.array_equal(kept, actions[self._rows]):
            raise MatchError("a match keeps float32: step with float32 actions too")
        self._actions.append(np.clip(kept, -1, 1))

    def match(self, title: str = "") -> Match:
        """The match so far, sealed with the hash of its states.

        Raises:
            MatchError: Nothing was noted, or it began where the recorder was not told.
        """
        if not self._actions:
            raise MatchError("a match needs at least one control step, got none")
        batch = self._batch
        match = Match(
            game=batch.game,
            body=batch.plan,
            world=batch.world,
            seed=self._seed,
            players=self._players,
            actions=np.stack(self._actions),
            episode=self._episode,
            start=None if self._start is None else np.hstack(self._start),
            title=title,
        )
        if not np.array_equal(next(match.walk())[0].state.position, self._places):
            raise MatchError("the match began at a start that the recorder was not told")
        return match.sealed()


def _check(match: Match) -> None:
    actions, walkers = match.actions, match.game.walkers
    shape = (walkers, width(ACTION, match.body))
    if actions.dtype != np.float32 or actions.ndim != 3 or actions.shape[1:] != shape:
        raise MatchError(
            f"actions must be float32 (T, W, A) with (W, A) = {shape}, got {actions.dtype} "
            f"{actions.shape}"
        )
    if not 1 <= len(actions) <= match.game.steps:
        raise MatchError(f"this game has 1 to {match.game.steps} steps, got {len(actions)}")
    if not (np.abs(actions) <= 1).all():
        raise MatchError("actions must be finite and in [-1, 1]")
    for what, number, most in (("seed", match.seed, 1 << 64), ("episode", match.episode, 1 << 32)):
        if type(number) is not int or not 0 <= number < most:
            raise MatchError(f"{what} must be an int in [0, {most}), got {number!r:.80}")
    if len(match.players) != walkers:
        raise MatchError(f"a player for each of {walkers} walkers, got {len(match.players)}")
    words = {"title": match.title, "physics": match.physics, "states": match.states}
    for i, seat in enumerate(match.players):
        sha256 = "" if seat.sha256 is None else seat.sha256
        words |= {f"player {i}: name": seat.name, f"player {i}: sha256": sha256}
    for what, text in words.items():
        if not isinstance(text, str) or len(text) > _WORDS_MAX or not text.isprintable():
            raise MatchError(f"{what} must be at most {_WORDS_MAX} printable characters")
    if any(len(seat.name) > NAME_MAX for seat in match.players):
        raise MatchError(f"a player's name must be at most {NAME_MAX} characters")
    if match.start is not None and (fault := facing_fault(match.start, match.game)):
        raise MatchError(fault)


def _header(match: Match) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "title": match.title,
        "physics": match.physics,
        "game": match.game.stored(),
        "body": match.body.stored(),
        "world": match.world.stored(),
        "seed": match.seed,
        "episode": match.episode,
        "start": None if match.start is None else match.start.tolist(),
        "players": [vars(seat) for seat in match.players],
        "states": match.states,
    }


def _build(header: Any, actions: np.ndarray) -> Match:
    if not isinstance(header, dict):
        raise MatchError(f"header must be an object, got {type(header).__name__}")
    if lacking := sorted(_PARTS - set(header)):
        raise MatchError(f"it lacks {lacking[0]!r}")
    found = (header["format"], header["format_version"])
    if found != (FORMAT, FORMAT_VERSION):
        raise MatchError(f"format must be {FORMAT!r} of version {FORMAT_VERSION}, got {found}")
    if not (header["physics"] and header["states"]):  # an empty one would be worked out anew
        raise MatchError("physics and states must be hashes, got ''")
    return Match(
        game=Game.from_stored(header["game"]),
        body=Body.from_stored(header["body"]),
        world=get_world(World.from_stored(header["world"])),
        players=_seats(header["players"]),
        actions=actions,
        start=_places(header["start"]),
        **{name: header[name] for name in ("seed", "episode", "title", "physics", "states")},
    )


def _seats(players: Any) -> tuple[Seat, ...]:
    known = {part.name for part in fields(Seat)}
    if not isinstance(players, list) or any(
        not isinstance(player, dict) or set(player) != known for player in players
    ):
        raise MatchError(f"players must be a list of objects with {sorted(known)}")
    return tuple(Seat(**player) for player in players)


def _places(start: Any) -> np.ndarray | None:
    try:
        return None if start is None else np.array(start, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise MatchError(f"start must be None or rows of numbers, got {start!r:.80}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """``verify FILE...``: 0 where every state of every match comes out exactly, else 1."""
    command, *files = list(sys.argv[1:] if arguments is None else arguments) or ["help"]
    if command != "verify" or not files:
        print("usage: python -m walker_env.match verify FILE...", file=sys.stderr)
        return 2
    wrong = 0
    for file in files:
        try:
            match = Match.load(file)
            scores = match.verify()
        except (MatchError, ValueError) as error:
            wrong += 1
            print(f"{file}: NOT TRUE: {error}", file=sys.stderr)
            continue
        seats = zip(match.game.agents, match.players, scores)
        told = ", ".join(f"{agent} {seat.name} {score:.2f}" for agent, seat, score in seats)
        print(f"{file}: true: {len(match.actions):,} steps come out exactly: {told}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
