"""Two learners of different families, side by side: train, rank, race."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from agents.baselines import BASELINES, load_agent
from agents.ending import start_bound, wait_bound
from agents.outputs import to_folder
from agents.training.curve import read_points
from agents.training.run_folder import POLICY
from agents.trial import Walkers
from agents.work import Work
from benchmarks.commands.leaderboard import show_ranking
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.published import REFERENCES, champions
from benchmarks.evaluation.report import Report, load_report, save_report
from benchmarks.evaluation.stats import mean
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.leaderboard.ranking import ranking
from benchmarks.submission.entries import read_entry
from benchmarks.submission.submit import stored
from walker_env import Options
from walker_env.engine import resolve

if TYPE_CHECKING:
    from benchmarks.race.race import Runner

LEARNERS = ("ppo", "snes")
RACE_SEED = 2026
_MARK = ".walker-demo"  # a folder without it was not made here and is left alone


def demo(
    seconds: Annotated[float, typer.Option(help="Training time of each learner [s].")] = 120.0,
    out: Annotated[
        Path, typer.Option(help="Folder for everything the demo makes.", callback=to_folder)
    ] = Path("demo"),
    race_seconds: Annotated[float, typer.Option(help="Length of the race [s].")] = 30.0,
) -> None:
    """Train PPO and an evolution strategy side by side, rank them and let them race.

    Example: `python -m benchmarks demo --seconds 60`
    """
    run_demo(seconds, out, race_seconds)


def run_demo(seconds: float, folder: Path, race_seconds: float = 30.0) -> None:
    """Train PPO and an evolution strategy, rank them beside baselines and champions, race them.

    Args:
        seconds: Training time of each; both train at the same time.
        folder: Where everything goes; a former demo in it is replaced.
        race_seconds: Length of the race [s].

    Raises:
        ValueError: A length that is not positive, or a folder that holds something else.
        RuntimeError: A learner failed; the message holds its last words.
    """
    from benchmarks.figures.figures import plot_curves
    from benchmarks.race.film import record_race

    for name, value in (("seconds", seconds), ("race_seconds", race_seconds)):
        if not 0 < value < float("inf"):
            raise ValueError(f"{name} must be a positive number, got {value!r}")
    console = Console()
    _prepare(folder)
    console.print(f"[bold]1/3[/] Training {' and '.join(LEARNERS)} for {seconds:.0f} s each")
    Walkers(Options()).warm_up()  # or both learners would compile the same
    _train(seconds, folder)
    console.print("[bold]2/3[/] Walking courses that none of them trained on")
    newcomers, published = _examine(folder), _published()
    reports = [*newcomers.values(), *published]
    for report in reports:
        save_report(report, folder / "results" / f"{report.agent.name}.json")
    show_ranking(ranking(reports), "Policies")
    console.print("[bold]3/3[/] The race, the learning curves and the page")
    race, curve = folder / "race.gif", folder / "curve.png"
    by_hand = load_report(REFERENCES / "gait.json").scores[SUITE_V1.ranked]
    plot_curves(
        {name: folder / name for name in LEARNERS},
        {"gait by hand": mean(by_hand.private)},
        curve,
    )
    record_race(_racers(folder, published), race, seconds=race_seconds, seed=RACE_SEED)
    for what, path in (("race", race), ("learning curves", curve), ("results", folder / "results")):
        console.print(f"{what:>16}: {path.resolve()}", soft_wrap=True)
    page = _build_page(folder, newcomers)
    console.print(f"{'page':>16}: {page.resolve()} (open it in a browser)", soft_wrap=True)
    live = f"{page.resolve().with_name('sandbox.html').as_uri()}#walkers={','.join(LEARNERS)}"
    console.print(f"In a window: python -m agents show {folder / 'ppo'}/policy.safetensors")
    console.print(f"Or live, and you tell them where: {live}", soft_wrap=True)


def _build_page(folder: Path, newcomers: dict[Path, Report]) -> Path:
    """A copy of the page with the new policies on it."""
    from benchmarks.site.newcomers import build_with_newcomers

    with Work("the page", 1.0) as work:
        return build_with_newcomers(newcomers, folder / "page", on_progress=work.reach)


def _prepare(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise ValueError(f"{folder} holds files that are not of a demo; choose another --out")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()


def _train(seconds: float, folder: Path) -> None:
    """Both learners in processes of their own, with a bar each."""
    command = [sys.executable, "-m", "agents.ending", "agents", "train"]
    options = ["--quiet", "--seconds", str(seconds), "--validate-every", str(seconds / 20)]
    processes = {}
    for name in LEARNERS:
        with open(folder / f"{name}.log", "w") as log:
            processes[name] = start_bound(
                [*command, name, *options, "--out", str((folder / name).resolve())],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
    try:
        _watch(processes, seconds, folder)
    finally:
        failed = {name: code for name, p in processes.items() if (code := p.poll())}
        for process in processes.values():
            process.terminate()  # does nothing to one that has ended
            wait_bound(process)
    for name, code in failed.items():
        words = (folder / f"{name}.log").read_text().strip().splitlines()[-5:]
        raise RuntimeError(f"{name} failed (exit {code}): " + "\n".join(words))


def _watch(processes: dict[str, subprocess.Popen[bytes]], seconds: float, folder: Path) -> None:
    columns = (
        TextColumn("{task.description:>4}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[state]}"),
    )
    with Progress(*columns) as bar:
        tasks = {name: bar.add_task(name, total=seconds, state="starting") for name in processes}
        while True:
            for name, task in tasks.items():
                _show_progress(bar, task, folder / name)
            if all(process.poll() is not None for process in processes.values()):
                return
            if any(process.poll() for process in processes.values()):
                return  # one failed: no use to wait for the other
            time.sleep(0.5)


def _show_progress(bar: Progress, task: TaskID, run: Path) -> None:
    points = read_points(run)
    if not points:
        return
    last = points[-1]
    state = f"{last.score:5.1f} targets in 100 s after {last.steps:,} steps"
    bar.update(task, completed=last.seconds, state=state)


def _examine(folder: Path) -> dict[Path, Report]:
    """The new policies on the whole suite, by their run folders: the table and the page show it."""
    reports, total = {}, len(LEARNERS) * len(SUITE_V1.skills) * SUITE_V1.horizon
    with Work("evaluating", total) as work:
        for name in LEARNERS:
            work.step(f"evaluating {name}", 0)
            file = folder / name / POLICY
            reports[folder / name] = examine(
                load_agent(file), SUITE_V1, file, work.step, engine=resolve("auto")
            )
    return reports


def _published() -> list[Report]:
    """Of the champions, the best first, and the baselines."""
    entered = [stored(read_entry(file.parent)) for file in champions()]
    reports = [report for report in entered if report is not None]
    reports.sort(key=lambda report: -report.summary[SUITE_V1.ranked].score)
    return reports + [load_report(REFERENCES / f"{name}.json") for name in BASELINES]


def _racers(folder: Path, published: list[Report]) -> list[Runner]:
    """The new ones, the best two champions, and the gait written by hand."""
    from benchmarks.race.race import Runner

    shipped = {agent.name: agent for agent in (load_agent(file) for file in champions())}
    best = [shipped[report.agent.name] for report in published[:2]]
    new = [load_agent(folder / name / POLICY) for name in LEARNERS]
    return [Runner.of(agent) for agent in (*new, *best, load_agent("gait"))]
