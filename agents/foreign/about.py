"""What an ONNX file does not say of itself."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from agents.policy import PolicyError
from walker_env.body import get_body
from walker_env.observation import get_layout
from walker_env.plan import NAME_MAX


@dataclass(frozen=True)
class About:
    """Who a network is and what it drives; checked when made.

    Attributes:
        name: Shown in tables.
        body: The body that it drives, as `walker_env.body.get_body` takes it.
        observation: The layout that it reads; ``""``: the one that is as wide as its input.
        algorithm: How it was made.
        budget: What that cost.
        together: Largest batch of walkers in its evaluation; tried beforehand.

    Raises:
        PolicyError: Words that cannot stand in a table.
        ValueError: There is no such body or layout.
    """

    name: str
    body: Any = "quadruped"
    observation: str = ""
    algorithm: str = "unknown"
    budget: dict[str, float] = field(default_factory=dict)
    together: int = 320

    def __post_init__(self) -> None:
        for what, text in (("name", self.name), ("algorithm", self.algorithm)):
            good = isinstance(text, str) and 0 < len(text) <= NAME_MAX and text.isprintable()
            if not good:
                raise PolicyError(
                    f"{what} must be 1 to {NAME_MAX} printable characters, got {text!r:.80}"
                )
        costs = self.budget.values() if isinstance(self.budget, dict) else (None,)
        if not all(isinstance(cost, (int, float)) and 0 <= cost < 1e18 for cost in costs):
            raise PolicyError(f"budget must hold numbers in [0, 1e18), got {self.budget!r:.80}")
        object.__setattr__(self, "body", get_body(self.body))
        if self.observation != "":
            get_layout(self.observation)

    def as_dict(self) -> dict[str, Any]:
        """Its keywords, JSON-ready."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return values | {"body": self.body.stored()}
