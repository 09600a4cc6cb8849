"""Races: the same course for all, a live ranking, pictures and films."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

from agents.baselines import Gait, Still
from walker_env import Options
from walker_env.replay import Replay

pytest.importorskip("pygame")

from benchmarks.__main__ import app
from benchmarks.evaluation.suite import SUITE_V1
from benchmarks.race.camera import CameraPlace
from benchmarks.race.film import GIF_FPS, HOLD, race_picture, record_race
from benchmarks.race.race import Race, Runner
from benchmarks.race.tags import Tags
from benchmarks.race.view import RaceView
from walker_env.render.palette import RUNNERS

OPTIONS = Options()
BLUE = RUNNERS[0]


def field_of_three() -> list[Runner]:
    """Entered from worst to best; the second one only ever pulls to one side."""
    return [
        Runner.of(Still(OPTIONS)),
        Runner("stiff", lambda obs: np.full((1, 6), 0.1, dtype=np.float32), OPTIONS),
        Runner.of(Gait(OPTIONS)),
    ]


def run(race: Race, steps: int) -> Race:
    for _ in range(steps):
        race.step()
    return race


def test_all_runners_walk_the_same_course():
    race = Race(field_of_three(), seed=5)
    courses = [batch.state.targets for batch in race.batches]
    assert all((course == courses[0]).all() for course in courses)
    assert (Race(field_of_three(), seed=6).batches[0].state.targets != courses[0]).any()


def test_a_runner_does_not_notice_the_others():
    together = run(Race(field_of_three(), seed=1), 60).batches[2].state.position
    alone = run(Race(field_of_three()[2:], seed=1), 60).batches[0].state.position
    assert together.tobytes() == alone.tobytes()


def test_the_ranking_is_by_score_best_first():
    ranking = run(Race(field_of_three(), seed=1), 200).ranking()
    assert ranking[0].name == "gait"
    assert ranking[0].targets >= 1
    scores = [entry.score for entry in ranking]
    assert scores == sorted(scores, reverse=True)
    assert [entry.place for entry in ranking] == [
        1 + sum(other > score for other in scores) for score in scores
    ]


def test_equal_runners_share_the_place_in_the_order_of_entry():
    ranking = Race(field_of_three()).ranking()
    assert [entry.place for entry in ranking] == [1, 1, 1]
    assert [entry.runner for entry in ranking] == [0, 1, 2]


def test_bodies_may_differ():
    hexapod = Options(body="hexapod")
    race = Race([Runner.of(Gait(OPTIONS)), Runner.of(Still(hexapod))], seed=1)
    assert RaceView(run(race, 5), 160).frame().shape[0] == 160


def test_nobody_is_stopped_for_stalling():
    race = run(Race([Runner.of(Still(Options(stall_limit=0.5)))]), 40)
    assert not race.over
    assert race.batches[0].state.steps[0] == 40


@pytest.mark.parametrize(
    ("runners", "message"),
    [
        ([], "at least one"),
        (
            [
                Runner.of(Still(OPTIONS)),
                Runner.of(Still(Options(course=lambda rng, count: np.ones((count, 2))))),
            ],
            "same course",
        ),
    ],
)
def test_races_that_cannot_be_held(runners, message):
    with pytest.raises(ValueError, match=message):
        Race(runners)


def test_a_wrong_action_is_blamed_on_its_runner():
    race = Race([Runner("thumbs", lambda obs: np.zeros((1, 3)))])
    with pytest.raises(ValueError, match=r"thumbs: actions must have shape \(1, 6\), got \(1, 3\)"):
        race.step()


def test_watching_a_race_does_not_change_it():
    seen, unseen = Race(field_of_three(), seed=2), Race(field_of_three(), seed=2)
    view = RaceView(seen, 160)
    for _ in range(30):
        seen.step()
        view.frame()
        unseen.step()
    for a, b in zip(seen.batches, unseen.batches):
        assert a.state.position.tobytes() == b.state.position.tobytes()


def test_cards_move_to_their_places():
    race = Race(field_of_three(), seed=1)
    view = RaceView(race, 160)
    assert [entry.runner for entry in race.ranking()] == [0, 1, 2]
    run(race, 200)
    assert race.ranking()[0].runner == 2
    in_place = RaceView(race, 160).frame(glide=0.0)[:, 160:]
    assert (view.frame()[:, 160:] != in_place).any()  # on their way
    for _ in range(30):
        last = view.frame()[:, 160:]
    np.testing.assert_array_equal(last, in_place)


def test_a_race_is_filmed(tmp_path):
    from PIL import Image

    path = tmp_path / "race.gif"
    ranking = record_race(field_of_three(), path, seconds=3, seed=1, size=160, speed=2)
    stride, rate = 3, 40
    assert rate / stride <= GIF_FPS
    with Image.open(path) as image:
        # equal pictures in a row are kept, so that time runs evenly
        assert image.n_frames == 1 + 60 // stride + round(HOLD * rate / stride)
    assert {entry.name for entry in ranking} == {"still", "stiff", "gait"}


def test_a_film_may_begin_later_and_show_the_runners_close(tmp_path):
    from PIL import Image

    sizes = {}
    for camera in CameraPlace:
        path = tmp_path / f"{camera.value}.gif"
        how = {"size": 120, "speed": 2, "start": 2.0, "camera": camera}
        ranking = record_race(field_of_three(), path, seconds=1, seed=1, **how)
        with Image.open(path) as image:
            assert image.n_frames == 1 + 20 // 3 + round(HOLD * 40 / 3)
            frame = np.asarray(image.convert("RGB"))[:, :120].astype(int)
        sizes[camera.value] = (abs(frame - BLUE).max(axis=2) < 30).sum()  # of the first runner
        assert ranking[0].score == run(Race(field_of_three(), seed=1), 60).ranking()[0].score
    assert sizes["close"] > 1.3 * sizes["course"]


def test_the_command_films_a_part_of_a_race(tmp_path):
    path = tmp_path / "race.gif"
    words = ["race", "gait", "still", "--from", "1", "--seconds", "1", "--speed", "1"]
    words += ["--camera", "close", "--size", "120", "--gif", str(path)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert path.read_bytes().count(b"\x21\xf9\x04") == 1 + 20 // 2 + round(HOLD * 20 / 2)


@pytest.mark.parametrize("wrong", [{"start": 3.0}, {"camera": CameraPlace.close}])
def test_a_window_shows_a_race_from_its_start(wrong):
    with pytest.raises(ValueError, match="a window starts at 0 s"):
        record_race(field_of_three(), None, **wrong)


def test_tags_hide_neither_walkers_nor_each_other():
    import pygame

    surface = pygame.Surface((400, 300), depth=32)
    tags = Tags(["trot", "limp", "walk", "pace"], [BLUE] * 4, 14, (400, 300))
    apart = [pygame.Rect(x, 240, 50, 50) for x in (10, 120, 230, 340)]
    for walkers in (apart, [pygame.Rect(150, 120, 60, 60)] * 4):
        boxes = tags.draw(surface, walkers, [pygame.Rect(20, 215, 20, 20)])
        assert all(pygame.Rect(0, 0, 400, 300).contains(box) for box in boxes)
        for i, box in enumerate(boxes):
            assert box.collidelist([*walkers, *boxes[:i]]) < 0
    outside = tags.draw(surface, [pygame.Rect(900, 900, 50, 50)] * 4)
    assert [box.size for box in outside] == [(0, 0)] * 4


def test_a_picture_of_a_race(tmp_path):
    from PIL import Image

    ranking = race_picture(field_of_three(), tmp_path / "race.png", seconds=8, seed=1, size=240)
    with Image.open(tmp_path / "race.png") as image:
        assert image.size[1] == 240
    assert ranking[0].name == "gait"


def test_wrong_endings_fail_before_the_race(tmp_path):
    with pytest.raises(ValueError, match=r"\.gif or \.mp4"):
        record_race(field_of_three(), tmp_path / "race.webm", seconds=1e9)
    with pytest.raises(ValueError, match=r"\.png"):
        race_picture(field_of_three(), tmp_path / "race.gif")


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"speed": -1}, {"seconds": float("inf")}])
def test_a_race_takes_time(tmp_path, wrong):
    with pytest.raises(ValueError, match="positive"):
        record_race(field_of_three(), tmp_path / "race.gif", **wrong)


def test_splits_say_when_each_target_was_reached():
    race = Race(field_of_three(), seed=1)
    seen = {i: [] for i in range(3)}
    for _ in range(300):
        race.step()
        for i, batch in enumerate(race.batches):
            if batch.state.target_index[0] > len(seen[i]):
                seen[i].append(race.step_count / 20)
    ranking = race.ranking()
    assert ranking[0].targets >= 2
    for entry in ranking:
        assert entry.splits == pytest.approx(seen[entry.runner])
        assert len(entry.splits) == entry.targets


def test_there_is_room_for_eight():
    Race([Runner.of(Still(OPTIONS))] * 8)
    with pytest.raises(ValueError, match="at most 8 runners, got 9"):
        Race([Runner.of(Still(OPTIONS))] * 9)


def test_a_race_leaves_a_replay_that_is_true(tmp_path):
    runners = [Runner.of(Gait(Options())), Runner.of(Still(Options(observation="original")))]
    race = Race(runners, seed=3)
    for _ in range(50):
        race.step()
    race.replay("gait against still").save(tmp_path / "race.npz")
    replay = Replay.load(tmp_path / "race.npz")
    tracks = replay.verify()
    assert [walker.name for walker in replay.walkers] == ["gait", "still"]
    assert [track.score[-1] for track in tracks] == [batch.score()[0] for batch in race.batches]
    assert replay.suite == SUITE_V1.version


@pytest.mark.parametrize(
    ("options", "version"),
    [
        (Options(), SUITE_V1.version),
        (Options(world="ice"), SUITE_V1.version),
        (Options(course="slalom", stall_limit=2.0), SUITE_V1.version),
        (Options(course="slalom", world="ice"), None),
        (Options(body="hexapod"), None),
    ],
)
def test_a_replay_names_the_suite_where_it_has_such_courses(options, version):
    race = run(Race([Runner.of(Still(options))]), 2)
    assert race.replay().suite == version
