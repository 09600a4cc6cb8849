"""Opens the policy of an entry behind limits and evaluates it."""

from __future__ import annotations

from agents.foreign.about import About
from agents.foreign.door import open_policy
from agents.foreign.foreign_policy import ForeignPolicy
from agents.foreign.limits import LIMITS, Limits
from agents.policy import Policy, PolicyError
from benchmarks.evaluation.examine import OnStep, examine
from benchmarks.evaluation.report import Report
from benchmarks.evaluation.suite import SUITE_V1, Suite
from benchmarks.submission.card import EntryError
from benchmarks.submission.entries import Entry


def open_entry(
    entry: Entry, suite: Suite = SUITE_V1, limits: Limits = LIMITS, confined: bool = False
) -> Policy | ForeignPolicy:
    """The agent of an entry.

    Args:
        entry: Whose.
        suite: What it enters: which body walks, and how many together.
        limits: What its process may take.
        confined: Whether a safetensors policy gets a process of its own, as a network always does.

    Raises:
        EntryError: The policy is refused; the message names its file.
    """
    about = About(
        name=entry.card.name,
        body=suite.body,
        observation=entry.card.observation,
        algorithm=entry.card.algorithm,
        budget=entry.card.budget,
        together=suite.public + suite.private,
    )
    try:
        return open_policy(entry.held, about, limits, confined)
    except (PolicyError, ImportError) as error:
        raise EntryError(str(error)) from error


def examine_entry(
    entry: Entry,
    suite: Suite = SUITE_V1,
    limits: Limits = LIMITS,
    on_step: OnStep = lambda: None,
) -> Report:
    """Evaluate an entry whose policy runs in a process of its own.

    Args:
        entry: Whose policy walks.
        suite: What it walks.
        limits: What its process may take.
        on_step: As for `examine`.

    Raises:
        EntryError: The policy is refused: it is damaged, drives another body, takes too long or
            too much memory, or its actions are not finite.
    """
    agent = open_entry(entry, suite, limits, confined=True)
    assert isinstance(agent, ForeignPolicy)
    with agent:
        try:
            return examine(agent, suite, entry.held, on_step, exact=entry.kind == "safetensors")
        except PolicyError as error:
            raise EntryError(str(error)) from error
        except ValueError as error:  # of another body
            raise EntryError(f"{entry.folder}: {error}") from error
