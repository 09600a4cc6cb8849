"""The command ``evaluate``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from agents.baselines import Agent, load_agent, policy_file
from agents.cli import BodyName, WorldName
from agents.outputs import RUNS, to_folder
from agents.work import Work
from benchmarks.commands.arguments import Policies, result_paths
from benchmarks.commands.leaderboard import show_ranking
from benchmarks.evaluation.conditions import VERSION, ranked_suites
from benchmarks.evaluation.examine import examine
from benchmarks.evaluation.report import Report, save_report
from benchmarks.evaluation.suite import SUITE_V1, Skill, Suite
from benchmarks.leaderboard.ranking import ranking
from benchmarks.submission.suites import fitting
from walker_env import WORLD, Body, Options
from walker_env.engine import resolve

RESULTS = RUNS / "results"
"""Where reports go unless told otherwise."""


def evaluate(
    policies: Policies,
    condition: Annotated[
        str | None,
        typer.Option(help="Condition of suite 2 whose board the figures are of; else suite 1."),
    ] = None,
    skills: Annotated[
        str | None,
        typer.Option(help="Skills, separated by commas, or all [default: the ranking one]."),
    ] = None,
    courses: Annotated[
        int | None,
        typer.Option(
            help="Number of private courses, for a quick look that compares with its like only."
        ),
    ] = None,
    body: BodyName = None,
    world: WorldName = None,
    out: Annotated[
        Path, typer.Option(help="Folder for the reports, one JSON each.", callback=to_folder)
    ] = RESULTS,
) -> None:
    """Walk policies over courses nobody trained on: the leaderboard's numbers, in seconds.

    Each policy walks the ranking skill of the condition, an episode of 100 s on every course that
    all walk and on every private one of its own. The report goes to OUT/NAME.json, and the ranked
    table of these policies to the terminal. Without a condition, policies of another body walk in
    their own, and baselines beside them; with another body or world the figures compare with their
    like only.

    Example: `python -m benchmarks evaluate gait runs/first/policy.safetensors --condition disc`
    """
    whole = _suite(condition, body, world)
    chosen = () if skills == "all" else (skills or whole.ranked).split(",")
    suite = whole.part(chosen, courses)
    files = {text: policy_file(text) for text in policies}
    learned = {text: load_agent(text, body=body) for text, file in files.items() if file}
    if not condition:
        suite = replace(suite, body=body or _common_body(learned) or suite.body)
    if world:
        suite = replace(suite, skills=tuple(_moved(skill, world) for skill in suite.skills))
    options = Options(body=suite.body)
    agents = [(text, learned.get(text) or _baseline(text, options)) for text in policies]
    paths = result_paths(agents, out)
    reports = []
    for (text, agent), path in zip(agents, paths):
        reports.append(_examine(agent, suite, files[text]))
        save_report(reports[-1], path)
    show_ranking(ranking(reports, whole), "Policies")
    typer.echo("Wrote " + ", ".join(str(path) for path in paths))
    made_for = {tuple(fitting(agent.options)) for agent in learned.values()}
    if not (condition or body or world) and len(made_for) == 1 and (names := made_for.pop()):
        fits = f"--condition {' or '.join(names)}"
        typer.echo(f"{VERSION} ranks policies of this body and world: {fits}")


def _suite(condition: str | None, body: object, world: object) -> Suite:
    """That of a condition, or suite 1.

    Raises:
        ValueError: No such condition, or another body or world beside it.
    """
    if condition is None:
        return SUITE_V1
    if body or world:
        raise ValueError("a condition has its body and its world: leave --body and --world out")
    suites = ranked_suites()
    if condition not in suites:
        raise ValueError(f"condition must be one of {[*suites]}, got {condition!r}")
    return suites[condition]


def _moved(skill: Skill, world: str) -> Skill:
    """A skill in another world.

    Raises:
        ValueError: It is about a world of its own.
    """
    if skill.world != WORLD:
        raise ValueError(f"skill {skill.name!r} has a world of its own; leave it or --world out")
    return replace(skill, world=world)


def _common_body(learned: dict[str, Agent]) -> Body | None:
    """The body that all policies drive; None where there is no policy.

    Raises:
        ValueError: They drive several.
    """
    bodies = {agent.options.body for agent in learned.values()}
    if len(bodies) > 1:
        told = ", ".join(f"{text} drives {a.options.body.name!r}" for text, a in learned.items())
        raise ValueError(f"policies of different bodies do not compare, evaluate each: {told}")
    return bodies.pop() if bodies else None


def _baseline(name: str, options: Options) -> Agent:
    """A baseline in the body that all are evaluated in.

    Raises:
        ValueError: It cannot drive it.
    """
    try:
        return load_agent(name, options)
    except ValueError as error:
        raise ValueError(
            f"{error}; all are evaluated in one body, {options.body.name!r}: that of the policies, "
            f"or of --body; leave {name} out, or evaluate it by itself"
        ) from error


def _examine(agent: Agent, suite: Suite, file: Path | None) -> Report:
    with Work(f"evaluating {agent.name}", suite.horizon * len(suite.skills)) as work:
        return examine(agent, suite, file, work.step, engine=resolve("auto"))
