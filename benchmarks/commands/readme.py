"""The command ``readme``: tables of the README and docs, made from layouts and results.

Each fact is written once.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import typer

from agents import policy
from agents.baselines import Agent, load_agent
from agents.work import Work
from benchmarks.evaluation import report
from benchmarks.evaluation.conditions import DISC, VERSION, ranked_suites
from benchmarks.evaluation.published import SPEED, champions
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.figures.figures import algorithm_curves, draw_gaits, save_figure
from benchmarks.figures.gait_page import turns_table
from benchmarks.gaits.gait import gait_table
from benchmarks.gaits.portrait import portray
from benchmarks.history import record
from benchmarks.leaderboard import study_tables, tables
from benchmarks.leaderboard.boards import body_names, read_boards
from benchmarks.leaderboard.condition_boards import read_condition_boards
from benchmarks.leaderboard.markers import replace_section
from benchmarks.leaderboard.standings import standings
from benchmarks.leaderboard.study import study_standings
from benchmarks.study.collection import collect
from walker_env import ENV_ID, Body, __version__, replay
from walker_env.body import BODIES, get_body
from walker_env.body.picture import save_picture
from walker_env.files import atomic_write
from walker_env.identity import PHYSICS_VERSION
from walker_env.observation import ACTION, FULL, LAYOUT_VERSION, ORIGINAL, Channel, slices
from walker_env.reward import TERMS, RewardWeights
from walker_env.space import INFO

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


TOP = 5
"""Entries that the README shows."""


def readme() -> None:
    """Renew the tables and pictures of the README and docs from layouts, figures and results."""
    pages = sections()
    with Work("the tables of README and docs", len(pages) + 4) as work:
        for page, parts in pages.items():
            work.step(page)
            update(page, parts)
        work.step("the standings of suite 2")
        for page, parts in study_sections().items():
            update(page, parts)
        work.step("how the champions walk")
        update_gaits()
        work.step("pictures of bodies")
        update_bodies()
        work.step("algorithms.png")
        save_figure(algorithm_curves(_standings()), DOCS / "algorithms.png")
    typer.echo(f"Renewed {', '.join(pages)}")


def action_table(body: Body) -> str:
    """The action space in Gymnasium's table form."""
    return _table(
        ("Num", "Action", "Min", "Max"),
        [(num, channel.meaning, *_range(channel)) for channel, num in _numbered(ACTION, body)],
    )


def observation_table(body: Body) -> str:
    """The observation layouts in Gymnasium's table form."""
    names = {channel.name for channel in ORIGINAL}
    return _table(
        ("Num", "Observation", "Unit", "Min", "Max", '`"original"`'),
        [
            (num, c.meaning, _unit(c), *_range(c), "yes" if c.name in names else "no")
            for c, num in _numbered(FULL, body)
        ],
    )


def reward_table() -> str:
    """The reward's terms."""
    weights = vars(RewardWeights())
    return _table(
        ("In `info`", "Term"),
        [(f"`reward_{name}`", text.format(**weights)) for name, text in TERMS.items()],
    )


def info_table() -> str:
    """What else ``info`` holds."""
    return _table(("In `info`", "Meaning"), [(f"`{name}`", text) for name, text in INFO.items()])


def body_table() -> str:
    """The ready-made bodies."""
    return _table(
        ("Body", "Nodes", "Bones", "Muscles", "Feet"),
        [
            (f"`{b.name}`", len(b.nodes), len(b.bones), len(b.muscles), len(b.feet))
            for b in BODIES.values()
        ],
    )


def throughput_table(path: Path = SPEED) -> str:
    """Control steps per second from the benchmark's JSON."""
    data = json.loads(path.read_text())
    rows = [
        (row["group"], row["name"], f"{row['walkers']:,}", f"{row['median']:,}")
        for row in data["rows"]
    ]
    costs = data["costs"]
    notes = (
        f"Measured on {data['machine']['processor']}. A walker's state takes "
        f"{costs['state_bytes']:,.0f} bytes{_more(costs)}; a new process makes its first step "
        f"{costs['first_step_seconds']:.1f} s after its first import; SB3's PPO (256 walkers, "
        f"10 epochs, batches of 8192) makes {costs['ppo_steps_per_second']:,.0f} steps/s and "
        f"spends {costs['ppo_rollout_share']:.0%} of its time in rollouts."
    )
    return _table(("What", "How", "Environments", "Control steps/s"), rows) + "\n\n" + notes


def _more(costs: dict) -> str:
    """What older results do not have."""
    peak, gain = costs.get("peak_bytes"), costs.get("two_threads_gain")
    text = f", {peak:,.0f} while it steps, results included" if peak else ""
    return text + (f"; two threads step 1,024 walkers {gain:.2f} times as fast" if gain else "")


@functools.cache
def _standings() -> dict[str, Any]:
    return standings()


@functools.cache
def sections() -> dict[str, dict[str, str]]:
    """All generated tables, by page and by the name of their markers."""
    body, data = get_body("quadruped"), _standings()
    agents = [load_agent(file) for file in champions()]
    return {
        "README.md": {"top": top_table()},
        "docs/environment.md": {
            "action": action_table(body),
            "observation": observation_table(body),
            "reward": reward_table(),
            "info": info_table(),
            "bodies": body_table(),
        },
        "docs/benchmark.md": {"ranked": ranked_table()},
        "docs/results.md": {
            "conditions": conditions_table(),
            "leaderboard": tables.entries_markdown(data),
            "skills": tables.skills_markdown(data),
            "algorithms": tables.algorithms_markdown(data),
            "matrix": tables.matrix_markdown(data),
            "throughput": throughput_table(),
        },
        "docs/bodies.md": {"boards": boards_table()},
        "docs/algorithms.md": {"reached": tables.reached_markdown(data, "cpu")},
        "docs/champions.md": {"training": training_table(agents)},
        "docs/versions.md": {"versions": versions_table()},
    }


def ranked_table() -> str:
    """The conditions that a card may name."""
    ours = DISC.suite.body
    return _table(
        ("Condition", "Body", "What it is", "Absolute scale"),
        [
            (
                f"`{name}`",
                body_names(suite.body),
                suite.skill(name).title,
                "yes" if suite.body == ours else "no",
            )
            for name, suite in ranked_suites().items()
        ],
    )


def top_table() -> str:
    """The best entries of `DISC` in suite 2."""
    board = next(one for one in read_condition_boards() if one.name == DISC.name)
    return tables.top_markdown(board.data, TOP)


def conditions_table() -> str:
    """The entries of suite 2, a table for each condition."""
    return tables.conditions_markdown(
        [(board.name, board.data) for board in read_condition_boards()]
    )


@functools.cache
def study_sections() -> dict[str, dict[str, str]]:
    """The tables of suite 2's runs in the same way; they take longer."""
    data = study_standings(collect())
    return {
        "README.md": {"first": study_tables.first_markdown(data)},
        "docs/results.md": {"study": study_tables.study_markdown(data)},
    }


def boards_table() -> str:
    """The open boards, one for each body that the suite does not rank."""
    return tables.boards_markdown([(board.title, board.data) for board in read_boards()])


def render(text: str, parts: dict[str, str]) -> str:
    """A page's ``text`` with some generated tables renewed, by the names of their markers.

    Raises:
        ValueError: A pair of markers is missing or not unique.
    """
    for name, content in parts.items():
        text = replace_section(text, name, content)
    return text


def update(page: str, parts: dict[str, str]) -> None:
    """Renew some generated tables of a page, whose path begins at the checkout."""
    path = ROOT / page
    atomic_write(path, render(path.read_text(encoding="utf-8"), parts))


def update_gaits(path: Path = DOCS / "champions.md") -> None:
    """Renew what takes walking: how the champions walk, and their picture."""
    portraits = [portray(agent) for agent in (load_agent("gait"), *map(load_agent, champions()))]
    gaits = [portrait.gait for portrait in portraits]
    draw_gaits(gaits, path.with_name("gaits.png"))
    text = replace_section(path.read_text(encoding="utf-8"), "gaits", gait_table(gaits))
    atomic_write(path, replace_section(text, "turns", turns_table(portraits)))


def versions_table() -> str:
    """What has a version, which one is written now, and which older ones are read."""
    rows = (
        ("package `walker_env`", __version__, "-"),
        ("environment id", ENV_ID.rsplit("-", 1)[1], "-"),
        ("`PHYSICS_VERSION`", PHYSICS_VERSION, "-"),
        ("observation and action layout", LAYOUT_VERSION, "-"),
        ("policy file", policy.FORMAT_VERSION, policy.NAMED_VERSION),
        ("replay", replay.FORMAT_VERSION, replay.NAMED_VERSION),
        (
            "result of a policy",
            report.FORMAT_VERSION,
            f"{report.NAMED_VERSION}, {report.FILE_VERSION}",
        ),
        ("record of a training run", record.FORMAT_VERSION, "-"),
        ("suite", f"`{VERSION}`", f"`{SUITE_V1.version}`"),
    )
    return _table(("What", "Version", "Older ones that are read"), list(rows))


def update_bodies() -> None:
    """Renew the pictures of the guide to bodies."""
    save_picture([BODIES["quadruped"]], DOCS / "body.png")
    rows = [f"centipede-{segments}" for segments in (4, 8, 12)]
    zoo = [*BODIES, *rows, "spider", "star", "snake", "lopsided"]
    save_picture([get_body(name) for name in zoo], DOCS / "zoo.png")


def training_table(agents: list[Agent]) -> str:
    """How the champions were trained."""
    rows = []
    for agent in agents:
        if config := agent.training.get("config"):
            how = agent.training
            steps = f"{how['run_steps']:,} ({how['steps']:,})"
            seconds = f"{how['run_seconds']:.0f} ({how['seconds']:.0f})"
            price = agent.options.energy_price
            name = agent.training["algorithm"]
            rows.append((agent.name, name, config["seed"], price, steps, seconds))
    return _table(("policy", "algorithm", "seed", "energy price", "steps", "seconds"), rows)


def _numbered(layout: tuple[Channel, ...], body: Body) -> list[tuple[Channel, str]]:
    places = slices(layout, body)
    spans = [(channel, places[channel.name]) for channel in layout]
    return [
        (c, f"{p.start}" if p.stop - p.start == 1 else f"{p.start}-{p.stop - 1}") for c, p in spans
    ]


def _range(channel: Channel) -> tuple[str, str]:
    return f"{channel.low:g}", f"{channel.high:g}"


def _unit(channel: Channel) -> str:
    return channel.unit if channel.scale == 1 else f"{channel.scale:g} {channel.unit}"


def _table(head: tuple[str, ...], rows: list[tuple]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
