"""A copy of the page with policies that were just trained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from agents.training.run_folder import POLICY
from benchmarks.evaluation.report import Report
from benchmarks.site.algorithms import Newcomer
from benchmarks.site.build import build_site, work_items
from benchmarks.site.source import FEATURED, read_content
from walker_env import HORIZON

SHOWN = ("disc-1", "race", "slalom")
"""Courses on such a page: somebody waits for it."""


def build_with_newcomers(
    reports: Mapping[Path, Report],
    folder: Path,
    steps: int = HORIZON,
    on_progress: Callable[[float], object] = lambda share: None,
) -> Path:
    """Build the page with the policies of run folders on it, racing on its front.

    Args:
        reports: By run folder, each with a policy.safetensors and a learning curve.
        folder: Where the page goes.
        steps: Control steps of the recorded walks.
        on_progress: Called with the share of the work that is done.

    Returns:
        The first page.
    """
    newcomers = [Newcomer(report, run / POLICY, run) for run, report in reports.items()]
    content = read_content(newcomers=newcomers)
    names = {newcomer.report.agent.name for newcomer in newcomers}
    own = [e.id for e in content.entries if e.name in names and e.sha256 is not None]
    others = [id_ for id_ in content.featured if id_ not in own]
    courses = tuple(course for course in content.courses if course.id in SHOWN)
    featured = tuple([*own, *others][:FEATURED])
    content = replace(content, featured=featured, courses=courses)
    done = iter(range(1, work_items(content) + 1))
    return build_site(
        content, folder, steps, on_step=lambda what: on_progress(next(done) / work_items(content))
    )
