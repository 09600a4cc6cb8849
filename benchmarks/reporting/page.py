"""The report as one page with its figures, made from records alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.evaluation.conditions import CANDIDATES, COMMON, DISC, SCALING, VALIDATION, VERSION
from benchmarks.figures.figures import save_figure
from benchmarks.leaderboard.study import condition_standings, study_head
from benchmarks.leaderboard.study_tables import MEANING, condition_table, heading, reached_table
from benchmarks.leaderboard.tables import markdown_table
from benchmarks.reporting import (
    energy,
    gaits,
    handedness,
    overview,
    physics,
    scaling,
    skills,
    turning,
)
from benchmarks.reporting.citation import bibtex
from benchmarks.study.collection import Collection
from walker_env.files import atomic_write
from walker_env.identity import PHYSICS_VERSION

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COMMAND = "python -m benchmarks report"


class Sources:
    """What the report is made from.

    Args:
        found: The records.
    """

    def __init__(self, found: Collection) -> None:
        self.found, self._conditions = found, dict[str, dict[str, Any]]()

    def data(self, names: Iterable[str]) -> dict[str, Any]:
        """The standings of some conditions, as far as there are these; each is worked out once."""
        known = [one for one in self.found.conditions if one.name in [*names]]
        for one in known:
            if one.name not in self._conditions:
                self._conditions[one.name] = condition_standings(self.found, one)
        conditions = {one.name: self._conditions[one.name] for one in known}
        return {**study_head(self.found), "conditions": conditions}

    def ranked(self) -> dict[str, Any]:
        """The standings of all conditions that rank."""
        return self.data([one.name for one in self.found.conditions if one.ranked])


@dataclass(frozen=True)
class Part:
    """One question with its paragraph and its figure.

    Attributes:
        name: Of the figure, and for ``--only``.
        title: Its heading.
        conditions: Whose runs it is made from.
        write: Its paragraphs and tables in Markdown.
        draw: Its figure; None where there are no runs for one.
    """

    name: str
    title: str
    conditions: Sequence[str]
    write: Callable[[Sources], str]
    draw: Callable[[Sources], Figure | None]


def _condition_part(name: str, title: str) -> Part:
    return Part(
        name,
        title,
        (name,),
        lambda s: _condition(s.data([name]), name),
        lambda s: overview.condition_figure(s.data([name]), name),
    )


def _condition(data: dict[str, Any], name: str) -> str:
    if not data["conditions"][name]["curves"]["steps"]:
        return overview.condition_text(data, name)
    parts = [
        overview.condition_text(data, name),
        condition_table(data, name),
        "What scores cost, the median run:",
        reached_table(data, name),
    ]
    return "\n\n".join(parts)


def _families(source: Sources) -> str:
    data = source.ranked()
    table = markdown_table(overview.families_table(data), (0,))
    return f"{overview.families_text(data)}\n\n{table}"


def _scaling(source: Sources) -> str:
    data = source.data(SCALING)
    table = markdown_table(scaling.scaling_rows(data), (0, 2))
    return f"{scaling.scaling_text(source.found, data)}\n\n{table}"


def _skills(source: Sources) -> str:
    table = markdown_table(skills.skills_rows(source.found, VERSION), (0,))
    return f"{skills.skills_text(source.found)}\n\n{table}"


def _handedness(source: Sources) -> str:
    parts = [
        handedness.MEASURE,
        handedness.handedness_text(source.found),
        handedness.interventions_text(source.found),
        markdown_table(handedness.intervention_rows(source.found, VERSION), (0,)),
    ]
    return "\n\n".join(parts)


QUESTIONS = (
    Part(
        "scaling",
        "The scaling curve: more commands",
        SCALING,
        _scaling,
        lambda s: scaling.scaling_figure(s.data(SCALING)),
    ),
    Part(
        "physics",
        "Another physics: does the order hold?",
        (DISC.name, physics.STARTING),
        lambda s: physics.physics_text(s.found),
        lambda s: physics.physics_figure(s.found),
    ),
    Part(
        "skills",
        "Generalisation: eleven skills of `disc`",
        (DISC.name,),
        _skills,
        lambda s: skills.skills_figure(s.found),
    ),
    Part(
        "turning",
        "Is turning half the time?",
        (DISC.name,),
        lambda s: f"{turning.MEASURE}\n\n{turning.turning_text(s.found)}",
        lambda s: turning.turning_figure(s.found),
    ),
    Part(
        "straight",
        "Is the fastest on the straight slower in turns?",
        (DISC.name,),
        lambda s: turning.straight_text(s.found),
        lambda s: turning.straight_figure(s.found),
    ),
    Part(
        "handedness",
        "Where does handedness come from?",
        (DISC.name, *(condition for condition, _, _ in handedness.INTERVENTIONS)),
        _handedness,
        lambda s: handedness.handedness_figure(s.found),
    ),
    Part(
        "energy",
        "Does a price for energy make gaits calm?",
        (DISC.name, energy.PRICED),
        lambda s: f"{energy.MEASURE}\n\n{energy.energy_text(s.found)}",
        lambda s: energy.energy_figure(s.found),
    ),
    Part(
        "gaits",
        "How many gaits are there in ten seeds?",
        (DISC.name,),
        lambda s: f"{gaits.MEASURE}\n\n{gaits.gaits_text(s.found)}",
        lambda s: gaits.gaits_figure(s.found),
    ),
)
"""What the report asks beside the rankings."""


def parts_of(found: Collection) -> list[Part]:
    """All parts of a report, in their order."""
    ranked = [condition for condition in found.conditions if condition.ranked]
    return [
        Part(
            "families",
            "Which family learns what, how soon, at what cost",
            [condition.name for condition in ranked],
            _families,
            lambda s: overview.families_figure(s.ranked()),
        ),
        *(_condition_part(one.name, heading(one.name, {"title": one.title})) for one in ranked),
        *QUESTIONS,
    ]


def section(part: Part, source: Sources, folder: Path) -> str:
    """A part as Markdown; its figure is drawn, or removed where there are no runs for it.

    Args:
        part: Of the report.
        source: What it is made from.
        folder: Of the figures.
    """
    path = folder / f"{part.name}.png"
    figure = part.draw(source)
    if figure is None:
        path.unlink(missing_ok=True)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        save_figure(figure, path)
    picture = "" if figure is None else f"![{part.title}]({folder.name}/{path.name})\n\n"
    known = [name for name in part.conditions if source.found.condition(name)]
    again = [f"{COMMAND} --only {part.name}"]
    if known:
        again.insert(0, f"python -m benchmarks run -c {','.join(known)}   # the runs")
    code = "\n".join(["```sh", *again, "```"])
    return f"## {part.title}\n\n{picture}{part.write(source).strip()}\n\n{code}"


def write_report(found: Collection, out: Path, step: Callable[[str], object]) -> None:
    """Write the page, whole or not at all, and its figures into a folder beside it.

    Args:
        found: The records.
        out: ``NAME.md``; the folder is called ``NAME``.
        step: Called with each part before it is made.
    """
    source, texts = Sources(found), [head(found)]
    for part in parts_of(found):
        step(part.title)
        texts.append(section(part, source, out.with_suffix("")))
    texts.append(f"## Citing it\n\n```text\n{bibtex()}\n```")
    atomic_write(out, "\n\n".join(texts) + "\n")


def head(found: Collection) -> str:
    """What the page is made from: suite, physics, commits, and how many runs there are."""
    records = found.all()
    commits = sorted({record.about.commit for record in records})
    resumed = sum(bool(record.about.resumed) for record in records)
    rows = [[f"condition ({VERSION})", "meaning", "runs", "went on after a stop", "digest"]]
    for one in found.conditions:
        own = found.records[one.name]
        stopped = sum(bool(record.about.resumed) for record in own)
        there = f"{len(own)} of {sum(one.seeds.values())}"
        rows.append([one.name, one.title, there, str(stopped), one.digest])
    made = f"commit {', '.join(commits)}" if commits else "no commit"
    return "\n\n".join(
        [
            "# Report of suite 2",
            f"Made by `{COMMAND}` from the records of runs alone, every sentence with a number as "
            f"well. Suite `{VERSION}`, `PHYSICS_VERSION` {PHYSICS_VERSION}; {len(records)} of "
            f"{found.planned()} runs, {resumed} of which were stopped and went on; code of {made}.",
            f"Every look of every run walks the same {COMMON} held-out courses. At a limit counts "
            f"the policy that {VALIDATION} validation courses choose among the last {CANDIDATES} "
            "looks; at the end of each run algorithms have spent unlike amounts. Processor time is "
            "that of the idle reference machine ([the protocol](benchmark.md), "
            "[comparing](comparing.md)).",
            MEANING,
            markdown_table(rows, (0, 1)),
        ]
    )
