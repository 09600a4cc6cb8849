"""Signs of life: a line now and then where there is no terminal, and never on standard output."""

import pytest

from agents.work import EVERY, Work


@pytest.fixture
def clock(monkeypatch):
    """A clock that is moved by hand: ``clock[0]`` [s]."""
    now = [0.0]
    monkeypatch.setattr("agents.work.time.monotonic", lambda: now[0])
    return now


def test_work_says_now_and_then_how_far_it_is(capsys, clock):
    with Work("walking [all] courses", 10) as work:
        for _ in range(10):
            clock[0] += 0.4 * EVERY
            work.step()
    captured = capsys.readouterr()
    assert captured.err.splitlines() == [f"walking [all] courses: {i}0%" for i in (3, 6, 9)]
    assert captured.out == ""


def test_work_that_is_done_soon_says_nothing(capsys, clock):
    with Work("drawing", 3) as work:
        for _ in range(3):
            work.step()
    assert capsys.readouterr() == ("", "")


def test_work_of_unknown_length_says_what_it_is_at(capsys, clock):
    with Work("the page") as work:
        clock[0] += EVERY
        work.step("how trot walks")
        clock[0] += EVERY
        work.reach(7)
    assert capsys.readouterr().err.splitlines() == ["how trot walks ..."] * 2
