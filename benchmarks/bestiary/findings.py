"""What the study of evolved bodies found, as numbers and as Markdown tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import mean, median
from typing import Any

from agents.evolving.record import Record
from benchmarks.bestiary.publish import Published
from benchmarks.bestiary.study import Life
from benchmarks.evaluation.correlation import correlation_interval, rank_correlation

TRAITS = ("nodes", "bones", "muscles", "feet", "limbs", "size", "elongation")
"""What the best bodies are compared in."""

BEST_SHARE = 0.25
"""The best of the elites are so large a part of them."""


def of_group(lives: Sequence[Life], group: str) -> list[Life]:
    """The lives of a group."""
    return [life for life in lives if life.group == group]


def by_body(lives: Sequence[Life]) -> dict[str, list[Life]]:
    """Lives by the body's digest, the body with the best last mean first."""
    found: dict[str, list[Life]] = {}
    for life in lives:
        found.setdefault(life.digest, []).append(life)
    order = sorted(found, key=lambda digest: -mean(life.scores[-1] for life in found[digest]))
    return {digest: found[digest] for digest in order}


def run_table(data: Published) -> str:
    """What the run was and came to."""
    about, rows = data.about, data.rows
    judged = [row for row in rows if row["scores"]]
    failed = [row["reason"].split()[0] for row in judged if row["reason"]]
    counts = Counter(failed)
    told = {
        "control steps": f"{about['steps'] / 1e6:,.0f} million",
        "processor time": f"{about['cpu_seconds'] / 60:.0f} minutes",
        "wall time": f"{about['seconds'] / 60:.0f} minutes",
        "generations": str(about["generations"]),
        "bodies judged": f"{len(judged):,}",
        "of these folded, exploded": f"{counts['folded']:,}, {counts['exploded']:,}",
        "judged after " + " / ".join(f"{rung / 1e6:g} M" for rung in about["rungs"]): " / ".join(
            f"{sum(len(row['scores']) > i for row in judged):,}" for i in range(len(about["rungs"]))
        ),
        "kinds found": f"{len(data.elites)} of 216",
        "best": f"{max(row['scores'][-1] for row in data.elite_rows):.1f} targets in 100 s",
    }
    lines = [f"| {name} | {value} |" for name, value in told.items()]
    return "\n".join(["| | |", "| --- | ---: |", *lines])


def champions_table(lives: Sequence[Life]) -> str:
    """Hand-drawn and evolved bodies after the same training, the best first."""
    found = by_body([*of_group(lives, "hand"), *of_group(lives, "evolved")])
    points = next(iter(found.values()))[0].points
    heads = " | ".join(f"{point / 1e6:g} M" for point in points)
    lines = [
        f"| body | drawn by | {heads} | worst to best run |",
        f"| --- | --- |{' ---: |' * len(points)} ---: |",
    ]
    for runs in found.values():
        means = [mean(run.scores[i] for run in runs) for i in range(len(points))]
        last = sorted(run.scores[-1] for run in runs)
        cells = " | ".join(f"{value:.1f}" for value in means)
        who = "hand" if runs[0].group == "hand" else "evolution"
        lines.append(f"| {runs[0].name} | {who} | {cells} | {last[0]:.1f} to {last[-1]:.1f} |")
    return "\n".join(lines)


def traits_table(data: Published) -> str:
    """Medians of the best elites' traits, of all elites' and of all bodies'."""
    rows = data.elite_rows
    best = rows[: max(1, round(BEST_SHARE * len(rows)))]
    groups = (best, rows, data.rows)
    lines = [
        f"| median | best {len(best)} kinds | all {len(rows)} kinds | all bodies |",
        "| --- | ---: | ---: | ---: |",
    ]
    for trait in TRAITS:
        cells = " | ".join(f"{median(row[trait] for row in group):.3g}" for group in groups)
        lines.append(f"| {trait} | {cells} |")
    return "\n".join(lines)


def mutations_table(data: Published) -> str:
    """How often each mutation happened, how often it folded, and how often it made an elite."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in data.rows:
        if row["scores"]:
            for name in set(row["mutations"]):
                kinds.setdefault(name, []).append(row)
    elites = {row["number"] for row in data.elite_rows}
    lines = [
        "| mutation | bodies | folded or exploded | elites in the end |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, rows in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        failed = mean(bool(row["reason"]) for row in rows)
        kept = mean(row["number"] in elites for row in rows)
        lines.append(f"| {name} | {len(rows):,} | {failed:.0%} | {kept:.1%} |")
    return "\n".join(lines)


def correlations(lives: Sequence[Life], group: str) -> list[tuple[int, float, float, float]]:
    """Steps, rank correlation with the last score of the same bodies, and its interval.

    Args:
        lives: All of the study.
        group: Whose; for ``"inherited"`` the last score is that from scratch.
    """
    chosen = of_group(lives, group)
    last = {life.digest: life.scores[-1] for life in chosen}
    if group == "inherited":
        last = {life.digest: life.scores[-1] for life in of_group(lives, "scratch")}
    final = [last[life.digest] for life in chosen]
    found = []
    for i, point in enumerate(chosen[0].points if chosen else ()):
        scores = [life.scores[i] for life in chosen]
        found.append((point, rank_correlation(scores, final), *correlation_interval(scores, final)))
    return found


def correlation_table(lives: Sequence[Life]) -> str:
    """How well the score after little learning tells that after much, for new bodies."""
    chosen = of_group(lives, "newborn")
    sound = [life for life in chosen if not any(life.reasons)]
    best = sorted(chosen, key=lambda life: -life.scores[-1])[: len(chosen) // 4]
    end = f"{chosen[0].points[-1] / 1e6:g} M"
    lines = [
        f"| trained for | rank correlation with {end} | of the {len(sound)} that never folded "
        f"| of the best {len(best)} in the end, in the better third now | mean score |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    pairs = zip(correlations(lives, "newborn"), correlations(sound, "newborn"))
    for i, ((point, *found), (_, *of_sound)) in enumerate(pairs):
        third = sorted(chosen, key=lambda life: -life.scores[i])[: round(len(chosen) / 3)]
        kept = sum(life in third for life in best)
        lines.append(
            f"| {point / 1e6:g} M | {_interval(*found)} | {_interval(*of_sound)} | {kept} "
            f"| {mean(life.scores[i] for life in chosen):.1f} |"
        )
    return "\n".join(lines)


def inheritance_table(lives: Sequence[Life]) -> str:
    """Children judged from nothing, and by learners that go on from their parents'."""
    lines = [
        "| learner | trained for | rank correlation with the last from scratch | mean score "
        "| folded |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for group, name in (("scratch", "from scratch"), ("inherited", "the parent's")):
        chosen = of_group(lives, group)
        for i, (point, *found) in enumerate(correlations(lives, group)):
            folded = mean(bool(life.reasons[i]) for life in chosen)
            lines.append(
                f"| {name} | {point / 1e6:g} M | {_interval(*found)} "
                f"| {mean(life.scores[i] for life in chosen):.1f} | {folded:.0%} |"
            )
    return "\n".join(lines)


def _interval(value: float, low: float, high: float) -> str:
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"


def elite_records(data: Published) -> list[Record]:
    """The elites as records with their bodies, for the picture."""
    found = []
    for policy, row in zip(data.elites, data.elite_rows):
        names = ("number", "parent", "generation")
        found.append(
            Record(
                **{name: row[name] for name in names},
                mutations=tuple(row["mutations"]),
                body=policy.options.body,
                scores=tuple(row["scores"]),
                energies=tuple(row["energies"]),
                steps=tuple(row["steps"]),
            )
        )
    return found
