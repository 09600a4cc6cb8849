"""How a policy walks straight ahead: which foot grips when, its speed, rhythm and energy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.baselines import Agent
from agents.gaits import coordination_of, foot_pairs, gait_name, muscle_pairs
from agents.labels import foot_names
from walker_env import WORLD, WalkerBatch
from walker_env.sensing import MuscleGauge, centre

WARM_UP = 10.0  # [s] until the walk is steady
WINDOW = 20.0  # [s] looked at
SHOWN = 3.0  # [s] drawn
STRAIGHT = np.stack([400.0 * np.arange(1, 61), np.zeros(60)], axis=1)  # (P, 2) [unit]
GRIPS = 0.5  # a foot with more grip than this stands
SWING = 0.05  # amplitude of a grip below which a foot has no phase
SLOWEST = 10.0  # [unit/s] a slower one does not walk


@dataclass(frozen=True)
class MeasuredGait:
    """A steady walk along a straight line, F feet, M muscles, T control steps."""

    name: str
    grip: np.ndarray  # (T, F) in [0, 1]
    muscle: np.ndarray  # (T, M) length as a ratio of the drawn one
    speed: float  # [unit/s] along the line
    energy_per_1000: float  # [energy unit] for 1000 units of way gained
    coordination: tuple[float, float] = (0.0, 0.0)  # of sides and ends, see `agents.gaits`
    feet: tuple[str, ...] = ()  # their names
    sides: tuple[tuple[int, int], ...] = ((0, 1),)  # (left, right) muscles that are partners

    @property
    def kind(self) -> str:
        """The gait's name; none for one that gets nowhere."""
        return gait_name(*self.coordination) if self.speed >= SLOWEST else "none"

    @property
    def duty(self) -> np.ndarray:
        """Share of the time in which each foot stands, ``(F,)``."""
        return (self.grip > GRIPS).mean(axis=0)

    @property
    def rhythm(self) -> float:
        """Strongest frequency of the muscles [Hz]."""
        return float(self._frequencies[1 + np.argmax(self._power[1:])])

    @property
    def phase(self) -> float:
        """How far right muscles lag behind their left partners at the rhythm, in cycles [0, 1).

        The mean over the pairs, each counted as far as it swings; NaN for a body without any.
        """
        if not self.sides:
            return float("nan")
        left, right = self._spectrum[1 + np.argmax(self._power[1:])][np.array(self.sides).T]
        return float(np.angle((left * right.conj()).sum()) / (2 * np.pi) % 1.0)

    @property
    def foot_phases(self) -> np.ndarray:
        """When each foot's grip peaks within the rhythm, in cycles [0, 1) after the first foot's.

        ``(F,)``; NaN for a foot whose grip hardly swings with the rhythm.
        """
        spectrum = np.fft.rfft(self.grip - self.grip.mean(axis=0), axis=0)
        swing = spectrum[1 + np.argmax(self._power[1:])]
        firm = 2 * np.abs(swing) / len(self.grip) > SWING
        reference = swing[np.argmax(firm)]
        return np.where(
            firm, np.angle(reference / np.where(firm, swing, 1)) / (2 * np.pi) % 1, np.nan
        )

    @property
    def _spectrum(self) -> np.ndarray:
        return np.fft.rfft(self.muscle - self.muscle.mean(axis=0), axis=0)

    @property
    def _power(self) -> np.ndarray:
        return (np.abs(self._spectrum) ** 2).sum(axis=1)

    @property
    def _frequencies(self) -> np.ndarray:
        return np.fft.rfftfreq(len(self.muscle), WORLD.control_dt)


def record_gait(agent: Agent) -> MeasuredGait:
    """Let an agent walk straight ahead for half a minute and keep the steady part.

    The targets lie on a straight line, a little closer together than on an ordinary course.
    """
    batch = WalkerBatch(1, agent.options.for_evaluation())
    observation = batch.reset(seed=np.array([0]), targets=STRAIGHT)
    warm, steps = (round(seconds * WORLD.control_rate) for seconds in (WARM_UP, WINDOW))
    gauge = MuscleGauge(batch.body)
    grip, muscle, marks = [], [], []
    for step in range(warm + steps):
        observation = batch.step(agent.act(observation)).observation
        if step >= warm - 1:
            marks.append((centre(batch.state.position)[0, 0], batch.state.energy[0]))
        if step >= warm:
            grip.append(batch.state.grip[0].copy())
            muscle.append(gauge.ratio(batch.state.position)[0])
    way = float(marks[-1][0] - marks[0][0])
    energy = float(marks[-1][1] - marks[0][1])
    return MeasuredGait(
        name=agent.name,
        grip=np.array(grip),
        muscle=np.array(muscle),
        speed=way / WINDOW,
        energy_per_1000=1000 * energy / way if way > 0 else float("inf"),
        coordination=coordination_of(np.array(grip), foot_pairs(batch.body)),
        feet=foot_names(batch.body),
        sides=muscle_pairs(batch.body),
    )


def gait_table(gaits: Sequence[MeasuredGait]) -> str:
    """The gaits as a Markdown table."""
    lines = [
        "| policy | gait | speed [unit/s] | rhythm [Hz] | right muscle lags [cycles] | "
        "share of time each foot stands | energy for 1000 units |",
        "| --- | --- | ---: | ---: | ---: | --- | ---: |",
    ]
    for gait in gaits:
        lag = "none" if math.isnan(gait.phase) else f"{gait.phase:.2f}"
        duty = ", ".join(f"{share:.0%}" for share in gait.duty)
        lines.append(
            f"| {gait.name} | {gait.kind} | {gait.speed:.0f} | {gait.rhythm:.1f} | "
            f"{lag} | {duty} | {gait.energy_per_1000:.1f} |"
        )
    return "\n".join(lines)
