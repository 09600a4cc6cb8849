"""The commands around entries: submit, verify, audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agents.baselines import BASELINES
from agents.work import Work
from benchmarks.evaluation.conditions import VERSION, ranked_suites
from benchmarks.evaluation.published import ENTRIES, RECORDS, REFERENCES
from benchmarks.evaluation.suite import SUITE_V1

_STEPS = len(SUITE_V1.skills) * SUITE_V1.horizon  # of an evaluation, at most

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
    authors, algorithm, code, condition, and a [budget] with steps or cpu_seconds. The condition
    says on which board of suite 2 it is ranked. The policy is evaluated in a process of its own
    with limits on time and memory; this takes about a minute. Without a condition it walks suite 1.

    Example: `python -m benchmarks submit runs/my-walker`
    """
    from benchmarks.submission.entries import result_path
    from benchmarks.submission.submit import submit as enter

    with Work(f"evaluating {folder}", _STEPS) as work:
        done = enter(folder, entries, on_step=work.step)
    summary, suite = done.report.summary[done.suite.ranked], done.suite
    if condition := done.entry.card.condition:
        title = suite.skill(condition).title
        typer.echo(f"Condition {condition} of {suite.version}: {title}")
    elif suite is not SUITE_V1:
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
    typer.echo(f"Wrote {result_path(done.entry, suite)}")
    if done.entry.folder.resolve().parent != done.root.resolve():
        typer.echo(f"To enter, copy the folder to {done.root} and open a pull request.")
    if not condition:
        typer.echo(_hint(done.fitting))


def _hint(fitting: list[str]) -> str:
    """What an author whose card names no condition may want to write there."""
    if fitting:
        which = " or ".join(f'condition = "{name}"' for name in fitting)
        return f"{VERSION} ranks policies of this body and world: put {which} on the card."
    return (
        f"The card names no condition of {VERSION}, {', '.join(ranked_suites())}: this is a result "
        f"of {SUITE_V1.version}."
    )


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

    An entry may have two results, in suite 1 and in its condition of suite 2. Without names, it
    also lets the policies in the records of training runs walk again, and works out again what the
    records of suite 1 say of their scores.

    Example: `python -m benchmarks verify rear-runner`
    """
    from benchmarks.submission.entries import verified_folders
    from benchmarks.submission.submit import verify as check

    chosen = 2 * (len(names or []) or len(verified_folders(entries)) + len(BASELINES))
    count = wrong = 0
    with Work("evaluating again", chosen * _STEPS) as work:
        problems = check(entries, REFERENCES, names=names or (), renew=renew, on_step=work.step)
        for name, problem in problems:
            count += 1
            wrong += bool(problem)
            good = "written anew" if renew else "comes out exactly"
            typer.echo(f"{name}: {'FAILS: ' + problem if problem else good}")
    if not names and not renew:
        count += 1
        wrong += not _records_add_up()
        runs, lost = _records_come_out()
        count, wrong = count + runs, wrong + lost
    if wrong:
        typer.echo(f"{wrong} of {count} fail", err=True)
        raise typer.Exit(1)


def _records_add_up() -> bool:
    """Whether all that the records of training runs say of their scores follows from these."""
    from benchmarks.evaluation.report import ReportError
    from benchmarks.history.plausibility import check_records
    from benchmarks.leaderboard.standings import counted_records

    try:
        records = counted_records()
        with Work("adding up the records of training runs", len(records)) as work:
            check_records(records, SUITE_V1, intervals=True, on_record=work.step)
    except ReportError as error:
        typer.echo(f"records of suite 1: FAILS: {error}")
        return False
    typer.echo(f"records of suite 1: all {len(records)} add up")
    return True


def _records_come_out() -> tuple[int, int]:
    """How many records of suite 2 there are, and how many do not come out by their weights."""
    from benchmarks.study.verify import verify_records

    found = sorted(RECORDS.glob("*/*.safetensors"))
    count = wrong = 0
    with Work("walking the policies of training runs", len(found)) as work:
        for name, problem in verify_records(RECORDS, on_record=work.step):
            count += 1
            wrong += bool(problem)
            if problem:
                typer.echo(f"{name}: FAILS: {problem}")
    typer.echo(f"records of suite 2: {count - wrong} of {count} come out exactly")
    return count, wrong


def audit() -> None:
    """Check that every published course is solvable: by the reference champion or the gait.

    Example: `python -m benchmarks audit`
    """
    from agents.baselines import load_agent
    from benchmarks.evaluation.audit import TARGETS
    from benchmarks.evaluation.audit import audit as check

    with Work("walking all published courses", len(SUITE_V1.skills)) as work:
        verdicts = check(
            [load_agent(REFERENCE), load_agent("gait")],
            on_skill=lambda name: work.step(f"walking the published courses of {name}"),
        )
    for verdict in verdicts:
        state = (
            f"no reference solves those of seeds {verdict.unsolved}"
            if verdict.unsolved
            else f"all solved, {TARGETS} targets within {verdict.slowest:.0f} s"
        )
        typer.echo(f"{verdict.skill:>12}: {verdict.courses} courses, {state}")
    if any(verdict.unsolved for verdict in verdicts):
        raise typer.Exit(1)
