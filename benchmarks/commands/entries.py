"""The commands around entries: submit, verify, audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from benchmarks.evaluation.published import ENTRIES, REFERENCES
from benchmarks.evaluation.suite import SUITE_V1

REFERENCE = ENTRIES / "rear-runner" / "policy.safetensors"
"""The reference champion, which must be able to solve every published course."""


def submit(
    folder: Annotated[Path, typer.Argument(help="The entry: a policy file and a card.toml.")],
    entries: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="The entries it is ranked among; the published ones by default.",
        ),
    ] = None,
) -> None:
    """Check an entry, evaluate it, write the result beside it and tell the rank it would take.

    An entry is a folder with `policy.safetensors` (or `policy.onnx`) and `card.toml`: name,
    authors, algorithm, code and a [budget] with steps or cpu_seconds. The policy is evaluated in
    a process of its own with limits on time and memory; this takes about a minute. A policy whose
    body the suite does not rank goes to the open board of that body, where scores are raw targets.

    Example: `python -m benchmarks submit benchmarks/entries/trot`
    """
    from benchmarks.submission.submit import submit as enter

    with _status(f"evaluating {folder}"):
        done = enter(folder, entries)
    summary, suite = done.report.summary[done.suite.ranked], done.suite
    if suite is not SUITE_V1:
        typer.echo(
            f"{suite.version} ranks the {SUITE_V1.body.name!r}, this policy drives "
            f"{suite.body.name!r}: it goes to the open board of that body "
            f"({suite.body.digest[:8]})."
        )
    typer.echo(
        f"{done.entry.card.name}: {summary.score:.2f} [{summary.low:.2f}, "
        f"{summary.high:.2f}] {suite.skill(suite.ranked).unit}"
    )
    if done.report.suspicious:
        typer.echo(f"Marked: much better on the public courses of {done.report.suspicious}")
    typer.echo(f"It would take rank {done.rank} of {done.others + 1}.")
    typer.echo(f"Wrote {done.entry.folder / 'result.json'}")
    if done.entry.folder.resolve().parent != done.root.resolve():
        typer.echo(f"To enter, copy the folder to {done.root} and open a pull request.")


def verify(
    names: Annotated[
        list[str] | None, typer.Argument(help="Entries or baselines; all by default.")
    ] = None,
    entries: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder of entries; the published ones, of all boards, by default.",
        ),
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Write all results anew: after a change of the suite.")
    ] = False,
) -> None:
    """Evaluate every entry again and fail on any whose stored result is not reproduced exactly.

    Example: `python -m benchmarks verify rear-runner`
    """
    from benchmarks.submission.submit import verify as check

    problems = check(entries, REFERENCES, names=names or (), renew=renew)
    count = wrong = 0
    with _status("evaluating again"):
        for name, problem in problems:
            count += 1
            wrong += bool(problem)
            good = "written anew" if renew else "comes out exactly"
            typer.echo(f"{name}: {'FAILS: ' + problem if problem else good}")
    if wrong:
        typer.echo(f"{wrong} of {count} fail", err=True)
        raise typer.Exit(1)


def audit() -> None:
    """Check that every published course is solvable: by the reference champion or the gait.

    Example: `python -m benchmarks audit`
    """
    from agents.baselines import load_agent
    from benchmarks.evaluation.audit import TARGETS
    from benchmarks.evaluation.audit import audit as check

    with _status("walking all published courses"):
        verdicts = check([load_agent(REFERENCE), load_agent("gait")])
    for verdict in verdicts:
        state = (
            f"no reference solves those of seeds {verdict.unsolved}"
            if verdict.unsolved
            else f"all solved, {TARGETS} targets within {verdict.slowest:.0f} s"
        )
        typer.echo(f"{verdict.skill:>12}: {verdict.courses} courses, {state}")
    if any(verdict.unsolved for verdict in verdicts):
        raise typer.Exit(1)


def _status(words: str) -> Status:
    """A spinner on stderr, where that is a terminal."""
    return Console(stderr=True).status(words)
