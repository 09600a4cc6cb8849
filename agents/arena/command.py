"""The commands ``python -m agents arena``: train players, let them meet, watch matches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from agents.arena.duel import Tally, duel
from agents.arena.league import play_league
from agents.arena.player import BRAINS, FILE, load_brain
from agents.arena.recording import record
from agents.cli import BodyName, Gif, Mp4, WorldName, film_path
from agents.outputs import RUNS, to_file, to_folder
from agents.training.budget import Budget
from agents.training.train import check_names, parse_settings
from agents.work import Work
from walker_env.arena import GAMES, Game, get_game
from walker_env.body import get_body
from walker_env.match import Match
from walker_env.params import get_world
from walker_env.seeds import show_seed

ALGORITHMS = ("ppo", "coevolution")

app = typer.Typer(no_args_is_help=True, help="Walkers that meet: train, compare and watch them.")

GameName = Annotated[str, typer.Argument(help=f"One of {', '.join(GAMES)}, or a JSON file.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--game", help="A setting of the game, such as chasers=2 or seconds=20."),
]
PLAYER = (
    f"A player's file or run folder, a policy or entry that walks alone, or {', '.join(BRAINS)}."
)


@app.command()
def train(
    algorithm: Annotated[str, typer.Argument(help=f"One of {', '.join(ALGORITHMS)}.")],
    game: GameName,
    seconds: Annotated[float | None, typer.Option(help="Stop after this much time [s].")] = None,
    steps: Annotated[int | None, typer.Option(help="Stop after this many control steps.")] = None,
    cpu_seconds: Annotated[
        float | None, typer.Option(help="Stop after this much processor time [s].")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(help="Run folder [default: runs/GAME-ALGORITHM-SEED].", callback=to_folder),
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="A setting, such as hidden=[32].")
    ] = None,
    settings: Settings = None,
    body: BodyName = None,
    world: WorldName = None,
) -> None:
    """Train one player for all roles of a game, against itself; two minutes without a budget.

    The folder gets the player, its self after a quarter of the budget, and a curve of its score
    against random walkers.

    Example: python -m agents arena train ppo tag --cpu-seconds 600
    """
    from agents.arena.training import Point
    from agents.arena.training import train as run

    played = _game(game, settings)
    config = _configured(algorithm, {"seed": seed} | parse_settings(setting or []))
    limits = (seconds, steps, cpu_seconds)
    budget = Budget(*limits) if any(limit is not None for limit in limits) else Budget(120.0)
    folder = out or RUNS / f"{played.rule}-{algorithm}-{seed}"

    def tell(point: Point) -> None:
        typer.echo(
            f"{point.steps:,} steps, {point.cpu_seconds:.0f} s of processor time: "
            f"{point.score:.2f} against random"
        )

    where = get_body(body or "quadruped"), get_world(world or "standard")
    run(config, played, *where, budget, folder, tell)
    typer.echo(f"Wrote {folder / FILE}")


@app.command()
def duels(
    game: GameName,
    players: Annotated[list[str], typer.Argument(help=f"Two or more. {PLAYER}")],
    matches: Annotated[int, typer.Option(min=2, help="Of each two of them.")] = 1000,
    settings: Settings = None,
    body: BodyName = None,
    world: WorldName = None,
) -> None:
    """Let the first player meet each of the others; every start is played both ways.

    Example: python -m agents arena duels tag runs/tag-ppo-0 random
    """
    if len(players) < 2:
        raise ValueError(f"duels need at least two players, got {len(players)}")
    played, plan = _game(game, settings), get_body(body or "quadruped")
    brains = [load_brain(name, plan) for name in players]
    table = Table("player", "against", "score", "95 %", *_roles(played), box=box.SIMPLE_HEAD)
    with Work("matches", matches * (len(brains) - 1)) as work:
        for name, rival in zip(players[1:], brains[1:]):
            pair = [brains[0], rival]
            tally = duel(pair, played, plan, matches, get_world(world or "standard"), work.step)
            table.add_row(players[0], name, *_figures(tally))
    Console().print(table)


@app.command()
def match(
    game: GameName,
    players: Annotated[
        list[str], typer.Argument(help=f"One for each role or, in turn, for each seat. {PLAYER}")
    ],
    out: Annotated[
        Path, typer.Option(help="Where it goes, FILE.npz.", callback=to_file(".npz"))
    ] = RUNS / "match.npz",
    seed: Annotated[int, typer.Option(min=0, help="Number of the start.")] = 0,
    settings: Settings = None,
    body: BodyName = None,
    world: WorldName = None,
) -> None:
    """Play one match and keep it in a file that can be verified and shown.

    Example: python -m agents arena match tag runs/tag-ppo-0 random --out match.npz
    """
    played, plan = _game(game, settings), get_body(body or "quadruped")
    brains = [load_brain(name, plan) for name in players]
    numbers = played.roles if len(played.sides) > 1 else range(played.walkers)
    owners = np.array([number % len(brains) for number in numbers])
    where = played, plan, get_world(world or "standard")
    kept, scores = record(brains, owners, *where, show_seed(seed))
    kept.save(out)
    told = zip(played.agents, scores)
    typer.echo(", ".join(f"{agent} {score:.2f}" for agent, score in told))
    typer.echo(f"Wrote {out}")


@app.command()
def league(
    game: GameName,
    players: Annotated[list[str], typer.Argument(help=f"Two or more. {PLAYER}")],
    matches: Annotated[int, typer.Option(min=2, help="Of each two of them.")] = 200,
    out: Annotated[Path, typer.Option(help="Where it is written down.", callback=to_folder)] = RUNS
    / "league",
    settings: Settings = None,
    body: BodyName = None,
    world: WorldName = None,
) -> None:
    """Let every player meet every other; writes schedule, results and verified recordings.

    Example: python -m agents arena league tag runs/tag-ppo-0 rear-runner random still
    """
    played, plan = _game(game, settings), get_body(body or "quadruped")
    entries = [(name, load_brain(name, plan)) for name in players]
    count = 2 * ((matches + 1) // 2) * len(players) * (len(players) - 1) // 2
    where = get_world(world or "standard")
    with Work("matches", count) as work:
        standings = play_league(entries, played, plan, where, matches, out, work.step)
    table = Table("#", "player", "score", "95 %", "matches", box=box.SIMPLE_HEAD)
    for place, s in enumerate(standings, start=1):
        interval = f"{s.low:.3f} to {s.high:.3f}"
        table.add_row(str(place), s.name, f"{s.score:.3f}", interval, str(s.matches))
    Console().print(table)
    typer.echo(f"Wrote {out}")


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="A match.")],
    gif: Gif = None,
    mp4: Mp4 = None,
    size: Annotated[int, typer.Option(min=64, help="Width and height [pixel].")] = 600,
) -> None:
    """Verify a match and show it in a window or as a film.

    Example: python -m agents arena show match.npz --mp4 match.mp4
    """
    from agents.arena.watching import film, watch

    path, kept = film_path(gif, mp4), Match.load(file)
    kept.verify()
    if path is None:
        watch(kept, size)
    else:
        film(kept, path, size)
        typer.echo(f"Wrote {path}")


def _game(name: str, settings: list[str] | None) -> Game:
    return get_game(name, **parse_settings(settings or []))


def _configured(algorithm: str, given: dict[str, Any]) -> Any:
    """The settings of an algorithm; a `ValueError` where it has none of that name."""
    kind = _config(algorithm)
    check_names(f"{algorithm} settings", given, kind)
    return kind(**given)


def _config(algorithm: str) -> Any:
    if algorithm == "ppo":
        from agents.arena.ppo import SelfPlayConfig

        return SelfPlayConfig
    if algorithm == "coevolution":
        from agents.arena.coevolution import CoevolutionConfig

        return CoevolutionConfig
    raise ValueError(f"algorithm must be one of {', '.join(ALGORITHMS)}, got {algorithm!r}")


def _roles(game: Game) -> tuple[str, str]:
    if len(game.sides) > 1:
        first, second = game.agents[0], game.agents[-1]
        return f"as {first.rsplit('_', 1)[0]}", f"as {second.rsplit('_', 1)[0]}"
    return "in the first seat", "in the second"


def _figures(tally: Tally) -> list[str]:
    low, high = tally.interval()
    parts = (tally.part(True), tally.part(False))
    return [f"{tally.mean:.3f}", f"{low:.3f} to {high:.3f}", *(f"{part:.3f}" for part in parts)]
