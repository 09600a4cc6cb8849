"""How one policy walks, as one HTML file: pictures inside it, no script, no network."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agents.gaits import MEANINGS
from benchmarks.figures.gait_figures import footfall_figure, map_figure, phase_figure, turn_figure
from benchmarks.gaits.gait import GRIPS, MeasuredGait
from benchmarks.gaits.portrait import COURSES, Portrait
from benchmarks.gaits.turning import ALLOWED, KEPT, KINDS, LIMIT, STARTS
from walker_env.files import atomic_write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def save_page(portraits: Sequence[Portrait], path: str | Path) -> None:
    """Write the page of one policy or several, whole or not at all."""
    pages = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    html = pages.get_template("gait_page.html").render(
        title=", ".join(portrait.agent.name for portrait in portraits),
        portraits=[_section(portrait) for portrait in portraits],
        notes=_notes(),
    )
    atomic_write(path, html)


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


def _section(portrait: Portrait) -> dict[str, Any]:
    """What the template shows of one policy."""
    gait = portrait.gait
    training = portrait.agent.training.get("algorithm", "unknown")
    body = portrait.agent.options.body.name
    return {
        "name": portrait.agent.name,
        "kind": gait.kind if gait.kind != "none" else "no gait",
        "meaning": MEANINGS.get(gait.kind, "it does not get anywhere on the straight"),
        "made": f"{body}, learned by {training}",
        "numbers": numbers(portrait),
        "footfall": _svg(footfall_figure(gait)),
        "phases": _svg(phase_figure(gait)),
        "map": _svg(map_figure(gait)),
        "turns": _svg(turn_figure(portrait.turns)),
        "feet": _feet(gait),
    }


def _feet(gait: MeasuredGait) -> list[tuple[str, str, str]]:
    """Name, duty factor and phase of each foot."""
    rows = []
    for name, duty, phase in zip(gait.feet, gait.duty, gait.foot_phases):
        lag = "none" if math.isnan(phase) else f"{phase % 1 if phase < 0.995 else 0:.2f}"
        rows.append((name, f"{duty:.0%}", lag))
    return rows


def _svg(figure: Figure) -> str:
    """A figure as SVG in base64."""
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "walker_env"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return base64.b64encode(buffer.getvalue()).decode()


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if math.isfinite(value) else "never"


def _percent(share: float) -> str:
    return "never turns" if np.isnan(share) else f"{share:.0%}"


def _notes() -> str:
    return (
        f"A foot stands when its grip is above {GRIPS:g}. Phases are in cycles after the first "
        "foot that swings with the rhythm, the strongest frequency of the muscles. A turn lasts "
        "from the moment a target appears at the side or behind until the walker moves within "
        f"{ALLOWED:g}° of the direction to it and keeps to that for {KEPT:g} s; median of {STARTS} "
        f"starts, “never” where most took more than {LIMIT:g} s. Turns of 180° are to a target 10° "
        f"off the line behind. Score and turns to the left: {COURSES} validation courses of 100 s."
    )
