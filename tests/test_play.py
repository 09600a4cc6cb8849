"""Play: keys move what they say, clicks set targets, and runs by hand can be verified."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.baselines import Gait, load_agent
from agents.playing.hand import Controls, Pad
from agents.playing.session import BY_HAND, Session
from tests.own_bodies import OWN, centipede, spider
from walker_env import BODIES, Options, WalkerBatch
from walker_env.body import get_body
from walker_env.observation import ACTION, slices
from walker_env.params import WORLD, WORLDS, World

pygame = pytest.importorskip("pygame")

from agents.playing.clip import Clip  # noqa: E402
from agents.playing.gamepad import read  # noqa: E402
from agents.playing.play import Game  # noqa: E402
from tests.watching import wait_for  # noqa: E402
from walker_env.render.actor import Actor  # noqa: E402
from walker_env.render.canvas import pixels  # noqa: E402
from walker_env.render.moment import Moment  # noqa: E402
from walker_env.render.palette import TARGET  # noqa: E402

STRETCH, SHRINK = {"2", "up"}, {"1", "down"}


def parts(body_name: str, held, pad=None):
    body = BODIES[body_name]
    action = Controls(body).action(held, pad)
    found = slices(ACTION, body)
    assert action.dtype == np.float32
    return action[found["grip"]], action[found["muscle"]]


def test_without_keys_feet_let_go_and_muscles_rest(body_name):
    grip, muscle = parts(body_name, set())
    assert (grip == -1).all()
    assert (muscle == 0).all()


def test_every_foot_and_every_muscle_has_keys_of_its_own(body_name):
    controls, body = Controls(BODIES[body_name]), BODIES[body_name]
    keys = [*controls.feet, *"".join(controls.muscles)]
    assert all(keys)
    assert len(set(keys)) == len(body.feet) + 2 * len(body.muscles)
    for i, key in enumerate(controls.feet):
        assert parts(body_name, {key})[0].tolist() == [
            1 if j == i else -1 for j in range(len(body.feet))
        ]
    for i, pair in enumerate(controls.muscles):
        for key, pull in zip(pair, (-1, 1)):
            expected = [pull if j == i else 0 for j in range(len(body.muscles))]
            assert parts(body_name, {key})[1].tolist() == expected
        assert (parts(body_name, set(pair))[1] == 0).all()


def test_group_keys_grip_front_and_rear_and_arrows_bend(body_name):
    place = BODIES[body_name].rest_positions()
    front = place[list(BODIES[body_name].feet), 0] > 0
    np.testing.assert_array_equal(parts(body_name, {"1"})[0], np.where(front, 1, -1))
    np.testing.assert_array_equal(parts(body_name, {"2"})[0], np.where(front, -1, 1))
    assert (parts(body_name, {"up"})[1] == 1).all()
    assert (parts(body_name, {"down"})[1] == -1).all()
    left = np.array([place[m.a, 1] + place[m.b, 1] > 0 for m in BODIES[body_name].muscles])
    np.testing.assert_array_equal(parts(body_name, {"left"})[1], np.where(left, -1, 1))


def test_a_gamepads_sticks_and_triggers():
    values = {
        pygame.CONTROLLER_AXIS_LEFTY: -32768,
        pygame.CONTROLLER_AXIS_RIGHTY: 16384,
        pygame.CONTROLLER_AXIS_TRIGGERLEFT: 32767,
        pygame.CONTROLLER_AXIS_TRIGGERRIGHT: 900,
    }

    class Fake:
        def get_axis(self, axis):
            return values[axis]

    pad = read(Fake())
    assert (pad.left, pad.front, pad.rear) == (1.0, 1.0, 0.0)
    assert pad.right == pytest.approx(-0.5, abs=0.01)
    grip, muscle = parts("quadruped", set(), pad)
    assert grip.tolist() == [1, 1, -1, -1]
    np.testing.assert_allclose(muscle, [1.0, -0.5], atol=0.01)
    assert Pad() == Pad(0, 0, 0, 0)


def crawl(session: Session, steps: int) -> Session:
    """Drive like an inchworm, with keys."""
    controls = Controls(get_body(session.options.body))
    for step in range(steps):
        session.step(controls.action(STRETCH if step // 6 % 2 == 0 else SHRINK))
    return session


def test_keys_make_it_walk(body_name):
    session = Session([], options=Options(body=body_name))
    start = session.player.state.position[0].mean(axis=0)
    crawl(session, 120)
    assert np.hypot(*(session.player.state.position[0].mean(axis=0) - start)) > 40
    assert session.fair


def test_the_ghost_walks_the_same_course_as_if_alone():
    gait = load_agent("gait")
    session = crawl(Session([gait], course=4), 60)
    alone = WalkerBatch(1, gait.options.for_evaluation())
    seen = alone.reset(seed=np.array([session.seed], dtype=np.uint64))
    for _ in range(60):
        seen = alone.step(gait.act(seen)).observation
    assert session.ghost.state.position.tobytes() == alone.state.position.tobytes()
    np.testing.assert_array_equal(session.ghost.state.targets, session.player.state.targets)


def test_a_click_sets_the_next_target_and_play_goes_on():
    session = crawl(Session([load_agent("gait")]), 10)
    before = session.player.snapshot()
    session.redirect(np.array([120.0, -80.0]))
    state = session.player.state
    np.testing.assert_array_equal(state.target[0], [120, -80])
    np.testing.assert_array_equal(session.ghost.state.target[0], [120, -80])
    np.testing.assert_array_equal(state.position, before.position)
    np.testing.assert_array_equal(state.velocity, before.velocity)
    assert state.distance[0] == pytest.approx(
        np.hypot(*(state.position[0, :2].mean(axis=0) - [120, -80]))
    )
    assert not session.fair
    head = state.position[0, :2].mean(axis=0)
    session.redirect(head + np.array([5.0, 0.0]))
    crawl(session, 1)
    assert session.player.state.target_index[0] == 1
    np.testing.assert_array_equal(session.player.state.target[0], before.targets[0, 1])


def test_a_policy_takes_over_where_the_walker_stands():
    session = crawl(Session([load_agent("gait")]), 10)
    position = session.player.state.position.copy()
    session.next_driver()
    assert session.driver_name == "gait"
    assert session.ghost is None  # it would be its own ghost
    np.testing.assert_array_equal(session.player.state.position, position)
    crawl(session, 200)
    assert session.player.state.target_index[0] >= 1
    session.next_driver()
    assert session.driver_name == BY_HAND
    assert not session.fair


def test_a_policy_with_another_layout_sees_what_it_was_made_for():
    session = Session([Gait(Options(observation="original"))])
    session.next_driver()
    for _ in range(100):
        session.step(np.zeros(6, dtype=np.float32))
    assert session.player.state.target_index[0] >= 1


def test_bodies_change_and_policies_that_do_not_fit_stay_out():
    session, seen = Session([load_agent("gait")]), []
    for _ in range(3):
        seen.append((session.options.body.name, session.ghost_name))
        session.next_body()
        crawl(session, 3)
    assert sorted(seen) == [("hexapod", ""), ("inchworm", ""), ("quadruped", "gait")]


def test_a_body_and_a_world_of_ones_own_come_around_again():
    own, mud = spider(), World("mud", grip_force=20_000.0)
    options = Options(body=own, world=mud)
    session, bodies, worlds = Session([load_agent("random", options)], options=options), [], []
    for _ in range(len(BODIES) + 1):
        bodies.append(session.options.body)
        session.next_body()
    for _ in range(len(WORLDS) + 1):
        worlds.append(session.options.world)
        session.next_world()
    assert bodies == [own, *(BODIES[name] for name in sorted(BODIES))]
    assert worlds == [mud, *WORLDS.values()]
    assert (session.options.body, session.options.world) == (own, mud)
    assert session.ghost_name == "random"


def test_the_bodies_of_the_policies_are_among_those_that_change():
    options = Options(body=replace(spider(), name="quadruped"))  # another plan of that name
    session = Session([load_agent("random", options)])
    ghosts = []
    for _ in range(4):
        session.next_body()
        ghosts.append(session.ghost_name)
    assert ghosts == ["", "", "random", ""]


def test_a_body_with_many_parts_has_keys_as_far_as_they_reach():
    controls, body = Controls(centipede()), centipede()
    for keys, count in ((controls.feet, 18), (controls.muscles, 8)):
        known = [key for key in keys if key]
        assert len(known) == len(set(known)) == count
    held = {*controls.feet, "up"} - {""}
    action = controls.action(held)
    found = slices(ACTION, body)
    assert (action[found["grip"]] == 1).sum() == 18
    assert (action[found["muscle"]] == 1).all()
    assert (controls.action({"1", "2"})[found["grip"]] == 1).all()
    assert controls.legend()[0][0].endswith("…")


def test_the_ground_changes_under_the_walker():
    session = crawl(Session([load_agent("gait")]), 5)
    names = list(WORLDS)
    for world in [*names[1:], names[0]]:
        position = session.player.state.position.copy()
        session.next_world()
        assert session.options.world.name == world
        assert session.player.world == WORLDS[world]
        np.testing.assert_array_equal(session.player.state.position, position)
        crawl(session, 3)
    assert not session.fair


@pytest.fixture
def game(tmp_path):
    return Game(Session([load_agent("gait")], course=1), tmp_path)


def press(game, key, down=True):
    game.handle(pygame.event.Event(pygame.KEYDOWN if down else pygame.KEYUP, key=key))


def test_held_keys_drive_and_released_keys_do_not(game):
    for key in (pygame.K_2, pygame.K_UP):
        press(game, key)
    game.pass_time(0.5)
    assert len(game.session.actions) == 10
    assert game.session.actions[-1].tolist() == [-1, -1, 1, 1, 1, 1]
    for key in (pygame.K_2, pygame.K_UP):
        press(game, key, down=False)
    game.pass_time(0.1)
    assert game.session.actions[-1].tolist() == [-1, -1, -1, -1, 0, 0]


def test_a_click_lands_where_the_mouse_points(game):
    game.picture()
    places, spots = [], [(250, 330), (700, 500)]
    for x, y in spots:
        game.handle(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(x, y)))
        places.append(game.session.player.state.target[0].copy())
        seen = pixels(game.picture())[y - 20 : y + 20, x - 20 : x + 20].astype(int)
        assert (np.abs(seen - TARGET).max(axis=2) < 12).any()
    right, up = places[1] - places[0]
    assert right > 0 > up
    assert right / up == pytest.approx(450 / -170)


def test_pause_single_steps_and_slow_motion(game):
    press(game, pygame.K_SPACE)
    game.pass_time(1.0)
    assert game.session.actions == []
    press(game, pygame.K_PERIOD)
    press(game, pygame.K_PERIOD)
    assert len(game.session.actions) == 2
    press(game, pygame.K_SPACE)
    press(game, pygame.K_MINUS)
    game.pass_time(1.0)
    assert len(game.session.actions) == 12


def test_every_command_draws_a_picture(game):
    first = pixels(game.picture())
    for number in (1, 2, 7, 3, 4, 5, 6, 3, 3, 2, 7, 10):
        press(game, getattr(pygame, f"K_F{number}"))
        game.pass_time(0.1)
        assert pixels(game.picture()).shape == first.shape
    assert (pixels(game.picture()) != first).any()


@pytest.mark.parametrize("key", [pygame.K_F8, pygame.K_F9])
def test_the_last_seconds_are_saved_while_the_window_lives_on(game, tmp_path, key):
    press(game, pygame.K_F2)
    game.pass_time(1.0)
    press(game, key)
    ending = "2*.gif" if key == pygame.K_F8 else "2*.mp4"
    game.work()
    assert not list(tmp_path.glob(ending)), "the window stood still for it"
    wait_for(lambda: game.work() or list(tmp_path.glob(ending)), "the film")
    (film,) = tmp_path.iterdir()
    assert film.stat().st_size > 1000


def test_the_clip_keeps_ten_seconds_and_no_more(tmp_path):
    session = Session([])
    clip = Clip(lambda: [Actor(session.player.body)])
    for _ in range(round(15 / WORLD.control_dt)):
        crawl(session, 1)
        clip.keep([Moment.of(session.player)])
    share = next(clip.save(tmp_path / "clip.gif"))
    assert 1 / share == pytest.approx(10 / WORLD.control_dt + 1)


@pytest.mark.parametrize("body", OWN.values(), ids=OWN)
def test_any_body_is_played_filmed_saved_and_ranked(body, tmp_path):
    from agents.playing.hand_run import PERSON, compare, load_runs

    options = Options(body=body)
    game = Game(Session([load_agent("still", options)], options=options), tmp_path)
    press(game, pygame.K_2)
    game.pass_time(1.1)
    first = pixels(game.picture())
    press(game, pygame.K_F10)
    runs = load_runs(next(tmp_path.glob("*.npz")))
    assert runs[0].options.body == body
    rows = compare(runs, game.session.agents)
    assert {row.kind for row in rows} == {PERSON, "none"}
    for key in (pygame.K_F3, pygame.K_F3, pygame.K_F8):  # a film is of the last body alone
        press(game, key)
    game.pass_time(0.2)
    while game.filming:
        game.work()
    assert len(list(tmp_path.glob("*.gif"))) == 1
    assert (pixels(game.picture()) != first).any()


def test_a_large_body_is_in_the_picture_as_a_whole(tmp_path):
    options = Options(body=centipede())
    game = Game(Session([], options=options), tmp_path)
    game.picture()
    spots = game.scene.camera.to_screen(game.session.player.state.position[0])
    assert (spots > 0).all()
    assert (spots < game.scene.camera.free).all()


def test_time_is_up_after_an_episode(game):
    game.pass_time(101.0)
    assert game.session.over
    assert len(game.session.actions) == 2000


def test_a_run_by_hand_is_saved_verified_and_ranked(tmp_path):
    from agents.playing.hand_run import PERSON, cells, compare, load_runs, save_run

    session = crawl(Session([load_agent("gait"), load_agent("still")], course=2), 100)
    path = save_run(session, tmp_path / "mine.npz")
    runs = load_runs(path)
    assert [run.name for run in runs] == ["mine"]
    rows = compare(runs, session.agents)
    assert [row.name for row in rows] == ["gait", "mine", "still"]
    mine = rows[1]
    assert (mine.kind, mine.score) == (PERSON, session.player.score()[0])
    assert mine.speed > rows[2].speed == 0
    assert cells(rows)[2][:3] == ["2", "mine", PERSON]


def test_what_is_no_whole_run_by_hand_is_not_saved(tmp_path):
    from agents.playing.hand_run import save_run

    session = Session([load_agent("gait")])
    with pytest.raises(ValueError, match="at least 1 s"):
        save_run(session, tmp_path / "short.npz")
    crawl(session, 40).redirect(np.array([100.0, 0.0]))
    with pytest.raises(ValueError, match="only a whole run by hand"):
        save_run(session, tmp_path / "clicked.npz")
    assert list(tmp_path.iterdir()) == []


def test_the_table_of_a_saved_run_is_printed(tmp_path):
    from typer.testing import CliRunner

    from agents.__main__ import app
    from agents.playing.hand_run import save_run

    path = save_run(crawl(Session([]), 40), tmp_path / "mine.npz")
    done = CliRunner().invoke(app, ["compare", str(path), "gait"])
    assert done.exit_code == 0, done.output
    assert "mine" in done.output
    assert "a person" in done.output
    assert "first [s]" in done.output


def test_a_replay_says_who_walked_it_as_far_as_it_knows(tmp_path):
    from agents.playing.hand_run import PERSON, load_runs
    from walker_env.replay import Recorder
    from walker_env.track import Walker

    who = [
        ("by hand", None, 0),
        ("mine", "ab" * 32, 0),
        ("gait", None, 0),
        ("by hand", "cd" * 32, 0),
        ("somebody", None, 0),
        ("elsewhere", None, 1),
    ]
    recorder = Recorder([Walker(name, Options(), seed, sha256) for name, sha256, seed in who])
    recorder.note([np.zeros(6, np.float32)] * len(who))
    recorder.replay().save(tmp_path / "race.npz")
    assert [(run.name, run.kind) for run in load_runs(tmp_path / "race.npz")] == [
        ("race", PERSON),
        ("mine", "policy abababab"),
        ("gait", "a baseline"),
        ("by hand", "policy cdcdcdcd"),
        ("somebody", "unknown"),
    ]
