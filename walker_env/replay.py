"""Replays: what walkers did, in a small file that can be checked.

A replay keeps seeds and actions, not states: since a walk depends on nothing else, simulating it
again gives every state, and a hash over them says whether they came out exactly. The file is an
npz without pickle:

- ``header``: JSON text (UTF-8 bytes) with ``format`` "walker-replay", ``format_version`` 1,
  ``title``, ``suite`` (a benchmark's version, or None), ``engine``, ``physics`` (see
  `walker_env.identity`) and ``walkers``, a list with an object for each walker: ``name``,
  ``options`` (`Options.as_dict`: the whole plans of body, world and reward), ``seed`` (of its
  course), ``sha256`` (of its policy file, None for a person or a baseline) and ``states``, the
  SHA-256 over all its states;
- ``actions``: ``(W, T, A)`` float32 in [-1, 1], what each walker commanded at each control step; A
  is that of the body with most feet and muscles, the others' rows end with zeros;
- ``lengths``: ``(W,)`` int64, how many of the T steps each walker walked.

Files of format 0, from version 0.1, name their bodies and worlds and have another ``physics``
(`walker_env.legacy`); they are read, verified and saved as what they are.

``python -m walker_env.replay verify FILE`` simulates it again and says whether it is true.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from walker_env import legacy, strict_json
from walker_env.engine import ENGINES, resolve
from walker_env.files import atomic_write, open_zip, read_plain
from walker_env.identity import physics_hash
from walker_env.observation import ACTION, width
from walker_env.plan import PlanError
from walker_env.tasks import HORIZON, Options
from walker_env.track import Track, Walker, simulate

FORMAT, FORMAT_VERSION = "walker-replay", 1
NAMED_VERSION = 0
"""Of the files whose bodies and worlds are names."""

MAX_BYTES = 50_000_000
"""Size of the largest file that is read, packed and unpacked."""

MAX_ENTRIES = 16
"""Most arrays in a file; there are three."""

MAX_WALKERS = 64
"""Most walkers in a replay."""

WORDS_MAX = 300
"""Longest title, name or hash, in characters."""

MAX_STEPS = 20 * HORIZON
"""Longest replay [control step]."""


class ReplayError(ValueError):
    """A file that is no replay, or one that is not true; the message names the reason."""


@dataclass(frozen=True, eq=False)
class Replay:
    """Walkers, each in a world of its own, and what they did at the same time.

    Attributes:
        walkers: W of them.
        actions: ``(W, T, A)`` float32; beyond a walker's length, and beyond its body's commands,
            they are zero.
        lengths: ``(W,)`` int64 [control step].
        title: Shown to people.
        suite: The benchmark's version where it was recorded for one.
        engine: What moved the walkers.
        physics: See `walker_env.identity`.
        format_version: Of the file it comes from.

    Raises:
        ReplayError: Shapes that do not fit, or actions that are not finite or not in [-1, 1].
    """

    walkers: tuple[Walker, ...]
    actions: np.ndarray
    lengths: np.ndarray
    title: str = ""
    suite: str | None = None
    engine: str = field(default_factory=lambda: resolve("auto"))
    physics: str = ""
    format_version: int = FORMAT_VERSION

    def __post_init__(self) -> None:
        _check(self)
        if not self.physics:
            object.__setattr__(self, "physics", self.present_physics)

    @property
    def present_physics(self) -> str:
        """The hash of the physics that the walkers have here, as the file's format has it."""
        named = self.format_version == NAMED_VERSION
        walks = [walker.options for walker in self.walkers]
        return legacy.physics_hash(walks) if named else physics_hash(walks)

    def commands(self, walker: int) -> np.ndarray:
        """What a walker commanded, ``(T, A)`` float32 of its own length and body."""
        own = width(ACTION, self.walkers[walker].options.body)
        return self.actions[walker, : self.lengths[walker], :own]

    def simulate(self, engine: str | None = None) -> list[Track]:
        """Walk again, with the engine that it was recorded with or another one."""
        return [
            simulate(walker, self.commands(i), engine or self.engine)
            for i, walker in enumerate(self.walkers)
        ]

    def sealed(self) -> Replay:
        """The same replay with the hashes of its states, as a simulation gives them."""
        tracks = self.simulate()
        walkers = tuple(replace(w, states=t.digest()) for w, t in zip(self.walkers, tracks))
        return replace(self, walkers=walkers)

    def verify(self) -> list[Track]:
        """Walk again and check that every state comes out exactly; returns the states.

        Raises:
            ReplayError: They do not, or world, body or task have changed since.
        """
        now = self.present_physics
        if now != self.physics:
            raise ReplayError(
                f"recorded in another physics: {self.physics}, this version has {now}"
            )
        try:
            tracks = self.simulate()
        except PlanError as error:  # a course that is not registered here
            raise ReplayError(f"it cannot be walked again: {error}") from error
        for i, (walker, track) in enumerate(zip(self.walkers, tracks)):
            if track.digest() != walker.states:
                raise ReplayError(
                    f"walker {i}, {walker.name!r}: its actions do not give the states that were "
                    f"recorded (with {float(track.score[-1]):.2f} targets in the simulation)"
                )
        return tracks

    def save(self, path: str | Path) -> None:
        """Write the replay with the hashes of its states, whole or not at all."""
        sealed = self if all(w.states for w in self.walkers) else self.sealed()
        packed = io.BytesIO()
        header = np.frombuffer(json.dumps(_header(sealed)).encode(), dtype=np.uint8)
        arrays = {"header": header, "actions": sealed.actions, "lengths": sealed.lengths}
        np.savez_compressed(packed, allow_pickle=False, **arrays)
        atomic_write(path, packed.getvalue())

    @classmethod
    def load(cls, path: str | Path) -> Replay:
        """Read a replay; never runs code. It is not verified yet.

        Raises:
            ReplayError: Missing, too big, damaged, of a foreign format, or no possible walk.
        """
        try:
            return _build(*_read(Path(path)))
        except OSError as error:
            raise ReplayError(f"{path}: cannot be read: {error.strerror or error}") from error
        except MemoryError as error:
            raise ReplayError(f"{path}: claims to be larger than it is") from error
        except Exception as error:  # zip, zlib and numpy each have errors of their own for damage
            raise ReplayError(f"{path}: expected a replay: {error}") from error


class Recorder:
    """Notes the actions of walkers while they walk; it only watches.

    Args:
        walkers: Who walks, in the order in which their actions are noted.

    ``note(actions)`` in every control step, with the float32 actions that are stepped with; a None
    stands for a walker whose episode is over.
    """

    def __init__(self, walkers: Sequence[Walker]) -> None:
        self._walkers = tuple(walkers)
        self._widths = [width(ACTION, walker.options.body) for walker in walkers]
        self._actions: list[list[np.ndarray]] = [[] for _ in walkers]

    def note(self, actions: Sequence[np.ndarray | None]) -> None:
        """Take down what each walker commands in this control step, ``(A,)`` each."""
        for i, (noted, action) in enumerate(zip(self._actions, actions, strict=True)):
            if action is None:
                continue
            if np.shape(action) != (self._widths[i],):
                raise ReplayError(
                    f"walker {i} needs {self._widths[i]} actions, got {np.shape(action)}"
                )
            kept = np.asarray(action, dtype=np.float32)
            if not np.array_equal(kept, action):
                raise ReplayError("a replay keeps float32: step with float32 actions too")
            noted.append(np.clip(kept, -1, 1))

    def replay(self, title: str = "", suite: str | None = None, engine: str = "auto") -> Replay:
        """The replay so far, sealed with the hashes of its states.

        Args:
            title: Shown with the replay.
            suite: Version of the suite whose course it is; None for none.
            engine: That computes the states; a name in `engine.ENGINES`, or ``"auto"``.

        Raises:
            ReplayError: Nothing was noted.
        """
        lengths = np.array([len(noted) for noted in self._actions], dtype=np.int64)
        if not lengths.any():
            raise ReplayError("a replay needs at least one control step, got none")
        shape = len(lengths), lengths.max(), max(self._widths)
        actions = np.zeros(shape, dtype=np.float32)
        for i, noted in enumerate(self._actions):
            if noted:
                actions[i, : len(noted), : self._widths[i]] = noted
        return Replay(self._walkers, actions, lengths, title, suite, resolve(engine)).sealed()


def _check(replay: Replay) -> None:
    count, lengths, actions = len(replay.walkers), replay.lengths, replay.actions
    if not 1 <= count <= MAX_WALKERS:
        raise ReplayError(f"a replay has 1 to {MAX_WALKERS} walkers, got {count}")
    if actions.dtype != np.float32 or actions.ndim != 3 or len(actions) != count:
        raise ReplayError(
            f"actions must be float32 (W, T, A) with W = {count}, got {actions.dtype} "
            f"{actions.shape}"
        )
    if actions.shape[1] > MAX_STEPS:
        raise ReplayError(f"a replay has at most {MAX_STEPS} steps, got {actions.shape[1]}")
    fits = lengths.dtype == np.int64 and lengths.shape == (count,)
    if not fits or (lengths < 0).any() or (lengths > actions.shape[1]).any():
        raise ReplayError(f"lengths must be int64 (W,) in [0, {actions.shape[1]}], got {lengths}")
    if not (np.abs(actions) <= 1).all():
        raise ReplayError("actions must be finite and in [-1, 1]")
    _check_words(replay)
    if replay.engine not in ENGINES:
        raise ReplayError(f"engine must be one of {ENGINES}, got {replay.engine!r}")
    for i, walker in enumerate(replay.walkers):
        if type(walker.seed) is not int or not 0 <= walker.seed < 1 << 64:
            raise ReplayError(f"walker {i}: seed must be an int in [0, 2**64)")
    widths = [width(ACTION, walker.options.body) for walker in replay.walkers]
    if actions.shape[2] != max(widths):
        neediest = int(np.argmax(widths))
        raise ReplayError(f"walker {neediest} needs {max(widths)} actions, got {actions.shape[2]}")
    for i, own in enumerate(widths):
        if actions[i, lengths[i] :].any() or actions[i, :, own:].any():
            raise ReplayError(f"walker {i}: actions beyond its own steps and commands must be 0")


def _check_words(replay: Replay) -> None:
    """What is shown to people must be fit for a terminal."""
    words = {"title": replay.title, "suite": replay.suite or "", "physics": replay.physics}
    for i, walker in enumerate(replay.walkers):
        words |= {f"walker {i}: name": walker.name, f"walker {i}: states": walker.states}
        words[f"walker {i}: sha256"] = walker.sha256 or ""
    for what, text in words.items():
        if not isinstance(text, str) or len(text) > WORDS_MAX or not text.isprintable():
            raise ReplayError(
                f"{what} must be at most {WORDS_MAX} printable characters, got {text!r:.80}"
            )


def _header(replay: Replay) -> dict[str, Any]:
    named = replay.format_version == NAMED_VERSION
    write = legacy.names_of if named else Options.as_dict
    walkers = [{**vars(walker), "options": write(walker.options)} for walker in replay.walkers]
    return {
        "format": FORMAT,
        "format_version": replay.format_version,
        "title": replay.title,
        "suite": replay.suite,
        "engine": replay.engine,
        "physics": replay.physics,
        "walkers": walkers,
    }


def _read(path: Path) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    content = read_plain(path, MAX_BYTES)
    with open_zip(content, MAX_ENTRIES, MAX_BYTES):  # before anything is unpacked
        pass
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        header = strict_json.loads(arrays["header"].tobytes())
        return header, arrays["actions"], arrays["lengths"]


def _build(header: dict[str, Any], actions: np.ndarray, lengths: np.ndarray) -> Replay:
    readers = {NAMED_VERSION: legacy.named_options, FORMAT_VERSION: Options.from_dict}
    if header["format"] != FORMAT or header["format_version"] not in readers:
        found = (header["format"], header["format_version"])
        raise ReplayError(f"format must be {FORMAT!r} of version {sorted(readers)}, got {found}")
    if not header["physics"]:  # an empty one would be worked out anew
        raise ReplayError("physics must be a hash, got ''")
    read = readers[header["format_version"]]
    walkers = tuple(
        Walker(**{**walker, "options": read(walker["options"])}) for walker in header["walkers"]
    )
    about = ("title", "suite", "engine", "physics", "format_version")
    return Replay(walkers, actions, lengths, **{name: header[name] for name in about})


def main(arguments: Sequence[str] | None = None) -> int:
    """``verify FILE...``: 0 where every state of every replay comes out exactly, else 1."""
    command, *files = list(sys.argv[1:] if arguments is None else arguments) or ["help"]
    if command != "verify" or not files:
        print("usage: python -m walker_env.replay verify FILE...", file=sys.stderr)
        return 2
    wrong = 0
    for file in files:
        try:
            replay = Replay.load(file)
            tracks = replay.verify()
        except ReplayError as error:
            wrong += 1
            print(f"{file}: NOT TRUE: {error}", file=sys.stderr)
            continue
        steps = int(replay.lengths.sum())
        scores = ", ".join(f"{w.name} {t.score[-1]:.2f}" for w, t in zip(replay.walkers, tracks))
        print(f"{file}: true: {steps:,} steps come out exactly ({replay.engine}): {scores}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
