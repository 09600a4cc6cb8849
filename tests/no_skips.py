"""Hooks that make a skipped test a failure where ``CI_NO_SKIPS`` is 1.

A machine that is set up to test everything must not pass because something is missing on it. What
another platform is needed for may still be skipped: its reason names one of `PLATFORMS`.
"""

from __future__ import annotations

import os

import pytest

PLATFORMS = ("POSIX", "Linux", "x86-64")


def _checked(report):
    """The report; of a failure where something was skipped for want of something."""
    if os.environ.get("CI_NO_SKIPS") != "1" or not report.skipped or hasattr(report, "wasxfail"):
        return report
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not any(platform in reason for platform in PLATFORMS):
        report.outcome, report.longrepr = "failed", f"nothing may be skipped here: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _checked((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _checked((yield))
