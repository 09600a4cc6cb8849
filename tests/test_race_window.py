"""The race's window: countdown, cameras, pause, the table of splits."""

from __future__ import annotations

import pytest

pygame = pytest.importorskip("pygame")

from agents.baselines import load_agent  # noqa: E402
from benchmarks.commands.readme import ROOT  # noqa: E402
from benchmarks.race.film import record_race  # noqa: E402
from benchmarks.race.race import Race, Runner  # noqa: E402
from benchmarks.race.window import RaceWindow, splits_table  # noqa: E402
from walker_env.render.canvas import pixels  # noqa: E402

CHAMPION = str(ROOT / "benchmarks" / "entries" / "trot" / "policy.safetensors")


def runners(*names: str) -> list[Runner]:
    return [Runner.of(load_agent(name)) for name in names]


@pytest.fixture
def race():
    return Race(runners("still", CHAMPION), seed=1)


@pytest.fixture
def window(race):
    """The race, begun: nobody counts down."""
    return RaceWindow(race, seconds=6.0, countdown=0.0)


def press(window, key):
    window.handle(pygame.event.Event(pygame.KEYDOWN, key=key))


def test_nobody_starts_before_the_countdown_is_over(race):
    window, pictures = RaceWindow(race, seconds=6.0), []
    for _ in range(2):
        pictures.append(pixels(window.picture()))
        window.pass_time(1.4)
        assert race.step_count == 0
    assert (pictures[0] != pictures[1]).any()
    window.pass_time(0.3)
    window.pass_time(1.0)
    assert race.step_count == 20


def test_the_pause_holds_and_a_single_step_steps(race, window):
    press(window, pygame.K_SPACE)
    window.pass_time(1.0)
    assert race.step_count == 0
    press(window, pygame.K_PERIOD)
    assert race.step_count == 1


def test_the_camera_goes_along_with_the_leader_and_back_to_the_course(window):
    window.pass_time(2.0)
    window.picture()
    camera = window.view.scene.camera
    overview = camera.zoom
    press(window, pygame.K_c)
    for _ in range(120):
        window.pass_time(1 / 60)
        window.picture()
    assert window.view.scene.followed == [1]
    assert camera.zoom > overview
    head = window.view.scene.actors[1].at(1.0).position[:2].mean(axis=0)
    x, y = camera.to_screen(head)
    assert 0 < x < camera.free[0]
    assert 0 < y < camera.free[1]
    press(window, pygame.K_1)
    window.picture()
    assert window.view.scene.followed == [0]
    press(window, pygame.K_c)
    window.picture()
    assert camera.zoom == overview


def test_the_network_of_the_one_followed_is_drawn(window):
    window.pass_time(1.0)
    before = pixels(window.picture())[72:372, 14:414]
    press(window, pygame.K_n)  # the leader's
    card = pixels(window.picture())[72:372, 14:414]
    assert (card != before).any(axis=2).mean() > 0.9
    press(window, pygame.K_1)  # one without a network
    assert (pixels(window.picture())[72:372, 14:414].mean(axis=(0, 1)) < 235).all()


def test_at_the_end_the_table_has_each_runners_splits(race, window):
    for _ in range(80):
        window.pass_time(0.1)
    assert window.over
    assert race.step_count == 120
    ranking = race.ranking()
    head, first, last = splits_table(ranking)
    assert head[:3] == ["#", "", "score"]
    assert first[:3] == ["1", "trot", f"{ranking[0].score:.2f}"]
    assert first[3:] == [f"{s:.1f}" for s in ranking[0].splits]
    assert last[3:] == ["-"] * len(first[3:])
    paper = pixels(window.picture())[300:420, 500:780].min(axis=2) > 225
    assert paper.mean() > 0.5


def test_watching_in_a_window_does_not_change_the_race():
    seen, unseen = (Race(runners(CHAMPION, "gait"), seed=2) for _ in range(2))
    window = RaceWindow(seen, 10.0, countdown=0.0)
    for _ in range(60):
        window.pass_time(1 / 60)
        window.picture()
    while unseen.step_count < seen.step_count:
        unseen.step()
    assert seen.step_count == 20
    for a, b in zip(seen.batches, unseen.batches):
        assert a.state.position.tobytes() == b.state.position.tobytes()


def test_the_real_loop_ends_when_the_window_is_closed(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    shown = []

    def flip():
        shown.append(1)
        if len(shown) == 5:
            pygame.event.post(pygame.event.Event(pygame.QUIT))

    monkeypatch.setattr(pygame.display, "flip", flip)
    ranking = record_race(runners("gait", "still"), None, seconds=1.0, seed=1)
    assert len(ranking) == 2
    assert len(shown) == 5
    assert not pygame.display.get_init()
