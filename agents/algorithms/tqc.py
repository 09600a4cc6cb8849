"""TQC, truncated quantile critics (Kuznetsov et al. 2020), from sb3-contrib.

SAC whose critics estimate the whole distribution of returns; the highest quantiles are left out,
so that it does not believe in what it overestimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from agents.algorithms.off_policy import OffPolicyConfig
from agents.search_space import Choice, Space
from agents.settings import check_whole


@dataclass(frozen=True)
class TQCConfig(OffPolicyConfig):
    """Settings of TQC."""

    algorithm: ClassVar[str] = "tqc"
    search: ClassVar[Space] = OffPolicyConfig.search | {"dropped": Choice((0, 1, 2, 4))}

    quantiles: int = 15  # of each critic
    dropped: int = 1  # of them, the highest
    critics: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        check_whole(self, quantiles=1, dropped=0, critics=1)
        if self.dropped >= self.quantiles:
            raise ValueError(
                f"tqc: dropped must be fewer than the quantiles, {self.quantiles}, "
                f"got {self.dropped}"
            )

    def model(self) -> Any:
        """The model at its beginning, on its normalised environment."""
        from sb3_contrib import TQC

        return TQC(top_quantiles_to_drop_per_net=self.dropped, **self._keywords())

    def _keywords(self) -> dict[str, Any]:
        keywords = super()._keywords()
        keywords["policy_kwargs"] |= {"n_quantiles": self.quantiles, "n_critics": self.critics}
        return keywords
