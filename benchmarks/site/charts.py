"""Small drawings for the page, as SVG whose colours come from the page's style."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Any

import numpy as np
from markupsafe import Markup

from benchmarks.gaits.gait import GRIPS, SHOWN, MeasuredGait
from benchmarks.site.content import Chart, Line, Score
from walker_env.params import WORLD

_HEAD = 26.0  # over the plot, for what is shown upwards


def tag(name: str, content: str | Iterable[str] = "", **attributes: Any) -> Markup:
    """One element; everything is escaped.

    Args:
        name: Of the element.
        content: Text, or the elements inside.
        **attributes: Underscores in their names become dashes, one at the end is left out.
    """
    words = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _plain(value))
        for key, value in attributes.items()
    )
    inner = content if isinstance(content, str) else Markup("").join(content)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), words, inner)


def look(line: Line) -> str:
    """The classes of a line in charts and legends; the page's style has the colours by theme."""
    return f"hue{line.look.hue} dash{line.look.dash}"


def interval(score: Score, top: float) -> Markup:
    """An estimate as a dot and its interval as a bar, from 0 to ``top``."""
    width, height = 220.0, 18.0

    def x(value: float) -> float:
        return 4 + (width - 8) * min(max(value / top, 0.0), 1.0) if top > 0 else 4.0

    low, value, high = x(score.low), x(score.value), x(score.high)
    parts = [
        tag("line", x1=4, x2=width - 4, y1=9, y2=9, class_="rail"),
        tag("line", x1=4, x2=value, y1=9, y2=9, class_="reach"),
        tag("rect", x=low, y=3.5, width=max(high - low, 1), height=11, rx=1, class_="range"),
        tag("rect", x=value - 1, y=1.5, width=2, height=15, class_="dot"),
    ]
    return _svg(width, height, parts, score.words(), "interval", preserveAspectRatio="none")


def footfall(gait: MeasuredGait) -> Markup:
    """Which foot stands when: a bar where it grips, its height the grip."""
    left, row, width = 98.0, 30.0, 640.0
    shown = round(SHOWN * WORLD.control_rate)
    grip = gait.grip[:shown]
    step = (width - left) / shown
    height = row * grip.shape[1] + 26
    parts = []
    for foot in range(grip.shape[1]):
        y = row * foot
        parts.append(
            tag("rect", x=left, y=y + 2, width=width - left, height=row - 4, class_="lane")
        )
        parts.append(tag("text", gait.feet[foot], x=left - 8, y=y + row / 2 + 4, class_="side"))
        for start, stop in _runs(grip[:, foot] > GRIPS):
            tall = (row - 8) * float(grip[start:stop, foot].mean())
            box = (left + start * step, y + (row - tall) / 2, (stop - start) * step, tall)
            parts.append(_stance(*box))
    for second in range(int(SHOWN) + 1):
        x = left + (width - left) * second / SHOWN
        parts.append(tag("line", x1=x, x2=x, y1=0, y2=height - 22, class_="grid"))
        anchor = "end" if second == int(SHOWN) else "middle"
        parts.append(tag("text", f"{second} s", x=x, y=height - 4, text_anchor=anchor))
    words = f"Footfalls of {gait.name} over {SHOWN:g} seconds"
    return _svg(width, height, parts, words, "chart footfall")


def spread(samples: np.ndarray, top: float, score: Score) -> Markup:
    """Every course's score as a dot, and the interval of their middle.

    Args:
        samples: A score for each course, of any shape.
        top: The score at the right end of the scale.
        score: The estimate with its interval.
    """
    width, height = 640.0, 74.0
    values = np.sort(np.ravel(samples))

    def x(value: float) -> float:
        return 8 + (width - 16) * value / top if top > 0 else 8.0

    wide = x(score.high) - x(score.low)
    parts = [
        tag("rect", x=x(score.low), y=4, width=max(wide, 1.5), height=46, class_="range"),
        tag("line", x1=x(score.value), x2=x(score.value), y1=4, y2=50, class_="middle"),
    ]
    for i, value in enumerate(values):
        parts.append(tag("circle", cx=x(float(value)), cy=12 + 30 * (i * 0.618 % 1), r=3))
    for tick in _ticks(top):
        parts.append(tag("line", x1=x(tick), x2=x(tick), y1=50, y2=55, class_="tick"))
        parts.append(tag("text", f"{tick:g}", x=x(tick), y=68, text_anchor="middle"))
    return _svg(width, height, parts, f"Scores on {len(values)} courses", "chart spread")


def lines(chart: Chart) -> Markup:
    """Lines with their bands over two axes; ``data-plot`` is what `readout.js` reads values by."""
    drawn = [_positive(line) for line in chart.lines] if chart.log else list(chart.lines)
    width, height, left, bottom = 720.0, 360.0, 48.0, 54.0
    highest = [line.y if line.high is None else line.high for line in drawn]
    right = max([float(line.x.max(initial=0)) for line in drawn] + [1e-9])
    start = min([float(line.x.min(initial=right)) for line in drawn]) if chart.log else 0.0
    top = 1.06 * max([float(y.max(initial=0)) for y in highest] + [1.0])
    place = _Axis(left, width - 14, start, right, chart.log and start < right)
    rise = _Axis(height - bottom, _HEAD, 0.0, top)

    def points(x: np.ndarray, y: np.ndarray) -> list[str]:
        return [f"{place(a):.1f},{rise(b):.1f}" for a, b in zip(x, np.clip(y, 0, None))]

    parts = _axes(place, rise, width, height, bottom)
    parts.append(tag("text", chart.across, x=width - 14, y=height - 5, text_anchor="end"))
    parts.append(tag("text", chart.up, x=left, y=16))
    for line in drawn:
        if line.low is not None and line.high is not None:
            band = points(line.x, line.low) + points(line.x, line.high)[::-1]
            parts.append(
                tag(
                    "polygon",
                    points=" ".join(band),
                    class_=f"band {look(line)}",
                    data_label=line.label,
                )
            )
        where, kind = " ".join(points(line.x, line.y)), f"line {look(line)}"
        parts.append(tag("polyline", points=where, class_=kind, data_label=line.label))
    words = f"{chart.title}: {chart.up} against {chart.across}"
    plot = json.dumps([[*astuple(axis)] for axis in (place, rise)])
    return _svg(width, height, parts, words, "chart lines", data_plot=plot, tabindex=0)


@dataclass(frozen=True)
class _Axis:
    """Where values lie between two ends of a picture [pixel]."""

    begin: float
    end: float
    low: float
    high: float
    log: bool = False

    def __call__(self, value: float) -> float:
        if self.log:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.begin + (self.end - self.begin) * share

    def ticks(self) -> list[float]:
        if not self.log:
            return _ticks(self.high)
        powers = range(math.ceil(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)
        found = [10.0**power for power in powers]
        return found if len(found) > 1 else [self.low, *found, self.high]


def _positive(line: Line) -> Line:
    """The part of a line that a logarithmic axis can show."""
    shown = line.x > 0
    rest = {name: getattr(line, name) for name in ("x", "y", "low", "high")}
    return replace(line, **{n: v[shown] for n, v in rest.items() if v is not None})


def bar(share: float, most: float = 200.0) -> Markup:
    """A bar for a score of which 100 is what the gait written by hand reaches.

    Args:
        share: Where it ends; an arrow says that it goes on beyond an end.
        most: What the right end stands for.
    """
    width = 200.0
    length = width * min(max(share / most, 0.0), 1.0)
    hundred = width * 100 / most
    parts = [
        tag("rect", x=0, y=2, width=width, height=10, rx=5, class_="rail"),
        tag("rect", x=0, y=2, width=length, height=10, rx=5, class_="stance"),
        tag("line", x1=hundred, x2=hundred, y1=0, y2=14, class_="tick"),
    ]
    if share > most:
        parts.append(tag("path", d=f"M{width - 9} 1l8 6-8 6z", class_="beyond"))
    if share < 0:
        parts.append(tag("path", d="M9 1l-8 6 8 6z", class_="beyond"))
    words = f"{share:.0f} of 100"
    return _svg(width, 14, parts, words, "level", preserveAspectRatio="none")


def _stance(x: float, y: float, width: float, height: float) -> Markup:
    return tag("rect", x=x, y=y, width=width, height=height, rx=3, class_="stance")


def _axes(place: _Axis, rise: _Axis, width: float, height: float, bottom: float) -> list[Markup]:
    parts = []
    for tick in rise.ticks():
        y = rise(tick)
        parts.append(tag("line", x1=place.begin, x2=width - 14, y1=y, y2=y, class_="grid"))
        parts.append(tag("text", f"{tick:g}", x=place.begin - 7, y=y + 4, text_anchor="end"))
    for tick in place.ticks():
        words = f"{tick:.3g}"
        parts.append(
            tag("text", words, x=place(tick), y=height - bottom + 21, text_anchor="middle")
        )
    return parts


def _ticks(top: float, count: int = 5) -> list[float]:
    """Round numbers from 0 up to ``top``."""
    if not top > 0:
        return [0.0]
    raw = top / count
    base = 10.0 ** math.floor(math.log10(raw))
    step = next(base * m for m in (1, 2, 2.5, 5, 10) if base * m >= raw * (1 - 1e-9))
    return [round(step * i, 10) for i in range(int(top / step + 1e-9) + 1)]


def _runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """Beginnings and ends of the stretches where ``mask`` ``(T,)`` is set."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _svg(
    width: float, height: float, parts: Iterable[str], words: str, kind: str, **more: object
) -> Markup:
    """A drawing with its words; those of one that tells its values itself do not pop up."""
    box, inner = f"0 0 {width:g} {height:g}", [*parts]
    if "data_plot" in more:
        more["aria_label"] = words
    else:
        inner.insert(0, tag("title", words))
    return tag("svg", inner, viewBox=box, role="img", class_=kind, **more)


def _plain(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
