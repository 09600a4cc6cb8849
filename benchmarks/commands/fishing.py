"""The command ``fishing``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from agents.baselines import load_agent
from agents.policy import Policy
from agents.work import Work
from benchmarks.commands.leaderboard import WIDE
from benchmarks.evaluation.conditions import DISC, ranked_suites
from benchmarks.leaderboard.tables import terminal


def fishing(
    policy: Annotated[str, typer.Argument(help="A policy file, or the name of an entry.")],
    condition: Annotated[str, typer.Option(help="Whose courses are walked.")] = DISC.name,
    tries: Annotated[int, typer.Option(min=1, help="How many times the policy is changed.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the choice of weights.")] = 0,
) -> None:
    """Measure what it gains to change a policy again and again and to enter the luckiest.

    Private courses come from a hash: of the file in suite 1, of the walker in suite 2. So the
    policy is written to other files, and changed in the last bit of one weight after the other;
    each changed one walks the private courses that it gets, and the common ones. Three tries take
    a second of processor time.

    Example: `python -m benchmarks fishing trot --tries 20`
    """
    from benchmarks.evaluation.fishing import TRUTH, batches, fish, table

    suites, agent = ranked_suites(), load_agent(policy)
    if condition not in suites:
        raise ValueError(f"condition must be one of {[*suites]}, got {condition!r}")
    if not isinstance(agent, Policy):
        raise ValueError(
            f"{policy}: expected a policy file of safetensors, whose weights have bits"
        )
    suite = suites[condition]
    with Work(f"fishing with {agent.name}", batches(tries) * suite.horizon) as work:
        catch = fish(agent, suite, tries, seed, work.step)
    console = Console()
    console = console if console.is_terminal else Console(width=WIDE)
    console.print(terminal(table(catch), "Gain in targets (in standard errors of a score)", ()))
    typer.echo(
        f"True score {catch.true:.2f} on {TRUTH:,} courses, standard error on {suite.private}: "
        f"{catch.error:.2f}; on the {suite.public} common courses {catch.common:.2f}."
    )
