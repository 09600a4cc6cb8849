"""An entry's card: who made the policy, how, and at what price.

A TOML file, ``card.toml``::

    name = "rear-runner"
    authors = ["Ada Lovelace"]
    algorithm = "ppo"
    code = "https://example.org/my/trainer"  # or a path in this repository

    condition = "disc"                       # of suite 2, whose board it enters: see `Card`

    # may be left out:
    description = "How it came about."
    policy = "policy.safetensors"            # where the folder holds several files
    observation = "full"                     # what an ONNX network sees: "full" or "original"
    score = 54.7                             # claimed; an entry whose claim is wrong is refused

    [budget]                                 # what training cost; at least one of the two
    steps = 10_000_000                       # control steps of all walkers together
    cpu_seconds = 600.0                      # seconds of processor time
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from agents.foreign.held import parse_toml
from agents.policy import PolicyError
from benchmarks.evaluation.conditions import ranked_suites
from benchmarks.submission.names import name_fault
from walker_env.observation import get_layout
from walker_env.plan import NAME_MAX

_LONGEST = {
    "name": NAME_MAX,
    "algorithm": NAME_MAX,
    "code": 300,
    "description": 1000,
    "policy": 100,
}


class EntryError(ValueError):
    """An entry that is refused; says why."""


@dataclass(frozen=True)
class Card:
    """See the head of this file; checked when made.

    ``condition`` is the name of a ranked condition (`conditions.ranked_suites`). A card without
    one, as all were before suite 2, enters suite 1.
    """

    name: str
    authors: tuple[str, ...]
    algorithm: str
    code: str
    budget: dict[str, float]
    description: str = ""
    policy: str = ""
    observation: str = "full"
    score: float | None = None
    condition: str = ""

    def __post_init__(self) -> None:
        for what, longest in _LONGEST.items():
            may_lack = what in ("description", "policy")
            _check_text(what, getattr(self, what), 0 if may_lack else 1, longest)
        if not isinstance(self.authors, (list, tuple)) or not 1 <= len(self.authors) <= 50:
            raise EntryError(f"authors must be a list of 1 to 50 names, got {self.authors!r:.80}")
        for author in self.authors:
            _check_text("authors", author, 1, NAME_MAX)
            _check_name("authors", author)
        _check_name("name", self.name)
        _check_name("algorithm", self.algorithm)
        object.__setattr__(self, "authors", tuple(self.authors))
        _check_budget(self.budget)
        _check_condition(self.condition)
        get_layout(self.observation)
        if self.score is not None:
            _check_number("score", self.score)


def parse_card(content: bytes) -> Card:
    """The card in a file's bytes.

    Raises:
        EntryError: No TOML, or it lacks something, or says something that cannot be.
    """
    try:
        data = parse_toml(content)
    except PolicyError as error:
        raise EntryError(str(error)) from error
    known = {field.name for field in fields(Card)}
    needed = {"name", "authors", "algorithm", "code", "budget"}
    if missing := sorted(needed - set(data)):
        raise EntryError(f"card.toml lacks {missing}")
    if unknown := sorted(set(data) - known):
        raise EntryError(f"card.toml: expected keys among {sorted(known)}, got {unknown}")
    try:
        return Card(**data)
    except (ValueError, RecursionError) as error:  # of what is shown in the message
        raise EntryError(f"card.toml: {error}") from error


def write_card(card: Card) -> str:
    """The card as TOML text, without what has its default."""
    import tomlkit  # only to write a card, not to read one

    defaults = {field.name: field.default for field in fields(Card)}
    return tomlkit.dumps({name: x for name, x in vars(card).items() if x != defaults[name]})


def _check_text(what: str, text: Any, shortest: int, longest: int) -> None:
    if not isinstance(text, str) or not shortest <= len(text) <= longest or not text.isprintable():
        raise EntryError(
            f"{what} must be {shortest} to {longest} printable characters, got {text!r:.80}"
        )


def _check_name(what: str, name: str) -> None:
    if fault := name_fault(name):
        raise EntryError(f"{what} {fault}, got {name!a:.80}")


def _check_condition(name: Any) -> None:
    known = [*ranked_suites()]
    if name != "" and name not in known:
        raise EntryError(f"condition must be one of {known}, got {name!r:.80}")


def _check_number(what: str, value: Any) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0 <= value < 1e18:
        raise EntryError(f"{what} must be a number in [0, 1e18), got {value!r:.80}")


def _check_budget(budget: Any) -> None:
    names = {"steps", "cpu_seconds"}
    if not isinstance(budget, dict) or not budget or set(budget) - names:
        raise EntryError(f"[budget] must hold steps, cpu_seconds or both, got {budget!r:.80}")
    for name, value in budget.items():
        _check_number(f"budget.{name}", value)
