"""A player: who acts in an arena, and the file it lives in.

A file is safetensors with the weights and one JSON text, and never runs code. What walks alone
plays, too: its observation is the beginning of a player's, with the game's aim for a target.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from agents.baselines import Agent, load_agent
from agents.container import ContainerError, load_container, save_container
from agents.networks.network import Network, Normaliser
from agents.policy import network_from
from agents.policy_checks import (
    MAX_BYTES,
    PolicyError,
    check_fits,
    check_training,
    check_words,
    checked_normaliser,
    frozen,
)
from walker_env import Body, Options
from walker_env.arena import ARENA, Game
from walker_env.observation import ACTION, FULL, width

FORMAT, FORMAT_VERSION = "walker-player", 1
FILE = "player.safetensors"
"""What a run's player is called."""

_META = "player"  # the one metadata key of the file


class Brain(Protocol):
    """What acts for walkers in arenas."""

    @property
    def name(self) -> str:
        """Shown in tables."""

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions ``(N, A)`` in [-1, 1] for observations ``(N, O)`` float32."""


@dataclass(frozen=True, eq=False)
class Player:
    """A network that plays a game with a body, checked when made.

    Attributes:
        name: Shown in tables.
        network: From normalised observations to actions.
        normaliser: What it sees of an observation.
        game: That it was made for.
        body: Of each of its walkers.
        training: How it was made, JSON-ready.

    Raises:
        PolicyError: Shapes that do not fit the body, or numbers that are not finite.
    """

    name: str
    network: Network
    normaliser: Normaliser
    game: Game
    body: Body
    training: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "normaliser", checked_normaliser(self.normaliser))
        object.__setattr__(self, "network", frozen(self.network))
        check_training(self.training)
        check_words(self.name, self.training)
        seen, given = width(ARENA, self.body), width(ACTION, self.body)
        what = f"what is seen in an arena with the body {self.body.name}"
        check_fits(self.network, self.normaliser, seen, given, what)

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions of N walkers, a row each, to the last bit alike on every machine."""
        return self.network.act(np.ascontiguousarray(obs, dtype=np.float32), self.normaliser)

    def save(self, path: str | Path) -> None:
        """Write the player to one file, whole or not at all."""
        moments = {"mean": self.normaliser.mean, "std": self.normaliser.std}
        about = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "name": self.name,
            "network": self.network.kind,
            **self.network.words(),
            "obs_clip": float(self.normaliser.bound),
            "game": self.game.stored(),
            "body": self.body.stored(),
            "training": self.training,
        }
        save_container(path, _META, moments | self.network.tensors(), about)

    @classmethod
    def load(cls, path: str | Path) -> Player:
        """Read a player from a file; never runs code.

        Raises:
            PolicyError: Missing, too big, damaged, of a foreign format, or no possible player.
        """
        try:
            tensors, about = load_container(path, _META, MAX_BYTES)
            found = about.get("format"), about.get("format_version")
            if found != (FORMAT, FORMAT_VERSION):
                raise PolicyError(f"expected {FORMAT} of version {FORMAT_VERSION}, got {found}")
            return cls(
                name=about["name"],
                network=network_from(tensors, about),
                normaliser=Normaliser(tensors["mean"], tensors["std"], about["obs_clip"]),
                game=Game.from_stored(about["game"]),
                body=Body.from_stored(about["body"]),
                training=about["training"],
            )
        except KeyError as error:
            raise PolicyError(f"{path}: it lacks {error}") from error
        except ValueError as error:  # of the container, the network, or a plan
            raise PolicyError(f"{path}: {error}") from error


@dataclass(frozen=True, eq=False)
class Alone:
    """A policy that was trained alone: it walks to the game's aim, whatever stands in its way."""

    agent: Agent

    @property
    def name(self) -> str:
        """The policy's."""
        return self.agent.name

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions ``(N, A)`` float32."""
        own = width(FULL, self.agent.options.body)
        return self.agent.act(np.ascontiguousarray(obs[:, :own]))


class Random:
    """Commands drawn anew in each control step.

    Args:
        body: Of its walkers.
        seed: Of its generator.
    """

    name = "random"

    def __init__(self, body: Body, seed: int = 0) -> None:
        self._width, self._rng = width(ACTION, body), np.random.default_rng(seed)

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions ``(N, A)`` float32."""
        return self._rng.uniform(-1, 1, (len(obs), self._width)).astype(np.float32)


class Still:
    """Muscles at rest and every foot firm.

    Args:
        body: Of its walkers.
    """

    name = "still"

    def __init__(self, body: Body) -> None:
        self._command = np.zeros(width(ACTION, body), np.float32)
        self._command[: len(body.feet)] = 1.0

    def act(self, obs: np.ndarray) -> np.ndarray:
        """Actions ``(N, A)`` float32."""
        return np.tile(self._command, (len(obs), 1))


BRAINS: dict[str, Callable[[Body], Brain]] = {"random": Random, "still": Still}
"""Players without a network, by name."""


def load_brain(name: str | Path, body: Body) -> Brain:
    """Whoever is named: a key of `BRAINS`, a player's file or folder, or a policy that walks alone.

    Args:
        name: A name, or a path.
        body: Of the walkers that it plays.

    Raises:
        ValueError: There is none of that name, or it has another body.
    """
    if str(name) in BRAINS:
        return BRAINS[str(name)](body)
    path = Path(name)
    path = path / FILE if path.is_dir() else path
    if path.name == FILE or _is_player(path):
        player = Player.load(path)
        _check_body(player.name, player.body, body)
        return player
    agent = load_agent(name, Options(body=body))
    _check_body(agent.name, agent.options.body, body)
    if agent.options.observation != "full":
        raise PolicyError(f"{agent.name} sees the layout {agent.options.observation}, not full")
    return Alone(agent)


def _is_player(path: Path) -> bool:
    """Whether a file says that it holds a player, whatever it is called."""
    try:
        load_container(path, _META, MAX_BYTES)
    except ContainerError:
        return False
    return True


def _check_body(name: str, own: Body, body: Body) -> None:
    if own != body:
        raise PolicyError(f"{name} has the body {own.name}, but {body.name} plays")
