"""What `tune` may change: a config class declares its ranges as data, beside its fields.

A class attribute ``search`` maps a field's name to a `Range` or a `Choice` that holds the default.
An algorithm that has one can be tuned; nothing else is needed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import optuna


@dataclass(frozen=True)
class Range:
    """Numbers from ``low`` to ``high``, both included."""

    low: float
    high: float
    log: bool = False  # whether the orders of magnitude are drawn evenly

    def __contains__(self, value: Any) -> bool:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number and self.low <= value <= self.high

    def suggest(self, trial: optuna.trial.Trial, name: str) -> float:
        """Let a trial of optuna choose; rounded to what a file shows."""
        return float(f"{trial.suggest_float(name, self.low, self.high, log=self.log):.4g}")

    def encode(self, value: Any) -> Any:
        """``value`` as optuna stores it."""
        return float(value)


@dataclass(frozen=True)
class Choice:
    """One of a few values of any kind."""

    values: tuple[Any, ...]

    def __contains__(self, value: Any) -> bool:
        return self.encode(value) in map(self.encode, self.values)

    def suggest(self, trial: optuna.trial.Trial, name: str) -> Any:
        """Let a trial of optuna choose."""
        return json.loads(trial.suggest_categorical(name, [*map(self.encode, self.values)]))

    def encode(self, value: Any) -> Any:
        """``value`` as optuna stores it: as text, since a database knows no tuples."""
        return json.dumps(value)


Space = dict[str, "Range | Choice"]
"""What may be tuned, by field name."""
