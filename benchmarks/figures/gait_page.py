"""How one policy walks, as one HTML file: pictures inside it, no script, no network."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agents.baselines import Agent
from agents.files import atomic_write
from agents.gaits import MEANINGS
from benchmarks.evaluation.stats import mean
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.evaluation.walk import walk
from benchmarks.figures.gait_figures import footfall_figure, map_figure, phase_figure, turn_figure
from benchmarks.gaits.gait import GRIPS, Gait, record_gait
from benchmarks.gaits.turning import ALLOWED, KEPT, KINDS, LIMIT, STARTS, Turns, record_turns
from walker_env import HORIZON, WORLD
from walker_env.seeds import validation_seeds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COURSES = 16
"""Validation courses for the score and for the bias to one side."""


@dataclass(frozen=True)
class Walk:
    """Whole episodes on validation courses."""

    score: float  # targets in 100 s, mean
    left: float  # share of turns to the left; NaN for one that never turns
    course_left: float  # the same of the courses' own turns
    turns: int  # that were counted


@dataclass(frozen=True)
class Portrait:
    """Everything the page says of one policy."""

    agent: Agent
    gait: Gait
    turns: Turns
    walk: Walk


def portray(agent: Agent, courses: int = COURSES) -> Portrait:
    """Let an agent walk straight, turn, and walk whole courses."""
    return Portrait(agent, record_gait(agent), record_turns(agent), record_courses(agent, courses))


def record_courses(agent: Agent, courses: int) -> Walk:
    """Whole episodes, with the turns on them counted."""
    seeds, turn_min = validation_seeds(courses), SUITE_V1.turn_min
    found = walk(agent, agent.options.judged(), seeds, HORIZON, turn_min)
    turns = sum(found["turns"])
    return Walk(
        score=mean(found["score"]) * 100.0 / (HORIZON * WORLD.control_dt),
        left=_share(sum(found["left_turns"]), turns),
        course_left=_share(sum(found["course_left_turns"]), sum(found["course_turns"])),
        turns=turns,
    )


def save_page(portraits: Sequence[Portrait], path: str | Path) -> None:
    """Write the page of one policy or several, whole or not at all."""
    title = ", ".join(portrait.agent.name for portrait in portraits)
    body = "\n".join(_section(portrait) for portrait in portraits)
    atomic_write(path, _PAGE.format(title=escape(title), style=_STYLE, body=body, notes=_notes()))


def numbers(portrait: Portrait) -> dict[str, str]:
    """The page's figures by what they are, as texts."""
    gait, turns, walk = portrait.gait, portrait.turns, portrait.walk
    energy = gait.energy_per_1000
    return {
        "Targets in 100 s": f"{walk.score:.1f}",
        "Speed on the straight": f"{gait.speed:.0f} units/s",
        "Rhythm": f"{gait.rhythm:.1f} Hz" if gait.kind != "none" else "none",
        "Energy for 1000 units": f"{energy:.1f}" if math.isfinite(energy) else "gets nowhere",
        **{
            f"Turn by {kind.split()[0]}° to the {kind.split()[1]}": _seconds(turns.median(kind))
            for kind in KINDS
        },
        "Turns to the left": _percent(walk.left),
        "Its courses' turns to the left": _percent(walk.course_left),
    }


def turns_table(portraits: Sequence[Portrait]) -> str:
    """Turning and handedness as a Markdown table."""
    lines = [
        "| policy | targets in 100 s | turn by 90° left, right [s] | by 180° left, right [s] | "
        "turns to the left (its courses') |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for portrait in portraits:
        said = {kind: _seconds(portrait.turns.median(kind)).removesuffix(" s") for kind in KINDS}
        quarter, half = (f"{said[f'{a} left']}, {said[f'{a} right']}" for a in ("90", "180"))
        bias = f"{_percent(portrait.walk.left)} ({_percent(portrait.walk.course_left)})"
        name, score = portrait.agent.name, portrait.walk.score
        lines.append(f"| {name} | {score:.1f} | {quarter} | {half} | {bias} |")
    return "\n".join(lines)


def _section(portrait: Portrait) -> str:
    gait = portrait.gait
    meaning = MEANINGS.get(gait.kind, "it does not get anywhere on the straight")
    tiles = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>"
        for name, text in numbers(portrait).items()
    )
    training = portrait.agent.training.get("algorithm", "unknown")
    body = portrait.agent.options.as_dict()["body"]
    return _SECTION.format(
        name=escape(portrait.agent.name),
        kind=escape(gait.kind if gait.kind != "none" else "no gait"),
        meaning=escape(meaning),
        made=escape(f"{body}, learned by {training}"),
        tiles=tiles,
        footfall=_picture(footfall_figure(gait), "footfall diagram"),
        phases=_picture(phase_figure(gait), "phases of the feet"),
        map=_picture(map_figure(gait), "place among the gaits"),
        turns=_picture(turn_figure(portrait.turns), "ways around the turns"),
        feet=_feet(gait),
    )


def _feet(gait: Gait) -> str:
    """Duty factor and phase of each foot, as rows of a table."""
    rows = []
    for name, duty, phase in zip(gait.feet, gait.duty, gait.foot_phases):
        lag = "none" if math.isnan(phase) else f"{phase % 1 if phase < 0.995 else 0:.2f}"
        rows.append(f"<tr><td>{escape(name)}</td><td>{duty:.0%}</td><td>{lag}</td></tr>")
    return "".join(rows)


def _picture(figure: Figure, text: str) -> str:
    """A figure as an ``img`` that holds its own SVG."""
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "walker_env"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'<img alt="{escape(text)}" src="data:image/svg+xml;base64,{data}">'


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if math.isfinite(value) else "never"


def _percent(share: float) -> str:
    return "never turns" if np.isnan(share) else f"{share:.0%}"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _notes() -> str:
    return (
        f"A foot stands when its grip is above {GRIPS:g}. Phases are in cycles after the first "
        "foot that swings with the rhythm, the strongest frequency of the muscles. A turn lasts "
        "from the moment a target appears at the side or behind until the walker moves within "
        f"{ALLOWED:g}° of the direction to it and keeps to that for {KEPT:g} s; median of {STARTS} "
        f"starts, “never” where most took more than {LIMIT:g} s. Turns of 180° are to a target 10° "
        f"off the line behind. Score and turns to the left: {COURSES} validation courses of 100 s."
    )


_STYLE = """
:root { color-scheme: light; }
body { background: #fffaee; color: #342a24; font: 15px/1.5 system-ui, sans-serif;
  max-width: 50rem; margin: 2.5rem auto; padding: 0 1.2rem; }
h1 { font-size: 2rem; margin: 0; } h1 small { color: #e25c26; font-weight: 600; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p.lead { margin: .2rem 0 1.2rem; } p.made, footer { color: #7a6a58; font-size: .85rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .6rem; }
dl div { background: #f0e4c8; border-radius: .5rem; padding: .5rem .8rem; }
dt { font-size: .78rem; color: #7a6a58; } dd { margin: 0; font-size: 1.25rem; font-weight: 600; }
img { max-width: 100%; height: auto; display: block; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; }
table { border-collapse: collapse; } td, th { padding: .15rem 1.2rem .15rem 0; text-align: left; }
section + section { border-top: 2px solid #f0e4c8; margin-top: 3rem; padding-top: 2rem; }
"""

_SECTION = """<section>
<h1>{name} <small>{kind}</small></h1>
<p class="lead">{meaning}.</p>
<p class="made">{made}</p>
<dl>{tiles}</dl>
<h2>Which foot grips when</h2>
{footfall}
<div class="pair">
<div><h2>Phases</h2>{phases}</div>
<div><h2>Among the gaits</h2>{map}</div>
</div>
<table><tr><th>Foot</th><th>Duty factor</th><th>Phase [cycle]</th></tr>{feet}</table>
<h2>Turning</h2>
{turns}
</section>"""

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Gait: {title}</title><style>{style}</style></head>
<body>
{body}
<footer><p>{notes}</p></footer>
</body>
</html>
"""
