"""How many pictures a second this machine draws, on one core."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from rich import box
from rich.table import Table

from agents.baselines import Gait
from agents.work import Work
from benchmarks.race.race import Race, Runner
from benchmarks.race.window import FPS, SIZE, RaceWindow
from walker_env import Options, WalkerEnv

_WARM = 40  # pictures before the clock starts
_RUNNERS = 4


def pictures_per_second(draw: Callable[[], object], seconds: float) -> tuple[float, float]:
    """Pictures in a second of processor time and in a second on the clock.

    Args:
        draw: Draws the next picture.
        seconds: How long to measure [s].
    """
    for _ in range(_WARM):
        draw()
    count, clock, spent = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - clock < seconds:
        draw()
        count += 1
    used = time.process_time() - spent
    return count / used, count / (time.perf_counter() - clock)


def environment(size: int) -> Callable[[], object]:
    """A step of a walking walker and its picture as an array."""
    env, gait = WalkerEnv(render_mode="rgb_array", render_size=size), Gait(Options())
    seen = [env.reset(seed=0)[0]]

    def draw() -> np.ndarray | None:
        seen[0] = env.step(gait.act(seen[0][None])[0])[0]
        return env.render()

    return draw


def race() -> Callable[[], object]:
    """A picture of a window with four walkers; a control step goes by every third time."""
    runners = [Runner.of(Gait(Options())) for _ in range(_RUNNERS)]
    window = RaceWindow(Race(runners), 1e6, countdown=0.0)

    def draw() -> object:
        window.pass_time(1 / FPS)
        return window.picture()

    return draw


def report(seconds: float) -> Table:
    """Measure and make the table.

    Args:
        seconds: Length of one measurement [s].

    Raises:
        ValueError: That is no positive number.
    """
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be a positive number, got {seconds!r}")
    table = Table("what", "pictures/s of processor time", "pictures/s", box=box.SIMPLE_HEAD)
    cases = {
        "rgb_array 600x600, a control step each": environment(600),
        f"window {SIZE[0]}x{SIZE[1]}, {_RUNNERS} walkers, 20,000 grains": race(),
    }
    with Work("drawing", len(cases)) as work:
        for name, draw in cases.items():
            work.step(name, 0)
            used, passed = pictures_per_second(draw, seconds)
            table.add_row(name, f"{used:.0f}", f"{passed:.0f}")
            work.step()
    return table
