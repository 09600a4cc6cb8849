"""What is drawn shows what the walker does: smooth, in place, and moved by nothing else."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from tests.own_bodies import spider, three_nodes
from walker_env import BODIES, WORLD, Body, Bone, Muscle, Node, Options, WalkerBatch, World

pygame = pytest.importorskip("pygame")

from walker_env.physics_pymunk import PymunkEngine  # noqa: E402
from walker_env.render import particles  # noqa: E402
from walker_env.render.actor import Actor  # noqa: E402
from walker_env.render.camera import Camera  # noqa: E402
from walker_env.render.canvas import pixels  # noqa: E402
from walker_env.render.figure import Figure, Pose, foot_look, muscle_look  # noqa: E402
from walker_env.render.grains import Grains  # noqa: E402
from walker_env.render.moment import TICKS, Moment, between  # noqa: E402
from walker_env.render.network import DOWN, UP, NetworkPicture  # noqa: E402
from walker_env.render.outline import Skin  # noqa: E402
from walker_env.render.pace import Pace  # noqa: E402
from walker_env.render.palette import EYE, INK, TARGET  # noqa: E402
from walker_env.render.scale import bar, body_length  # noqa: E402
from walker_env.render.scene import Scene  # noqa: E402
from walker_env.render.trail import LIFETIME, Trail  # noqa: E402
from walker_env.skin import webs  # noqa: E402

SIZE = 200


def started(body: str = "quadruped", targets=None, seed: int = 3) -> WalkerBatch:
    batch = WalkerBatch(1, Options(body=body))
    batch.reset(seed=np.array([seed]), targets=targets)
    return batch


def swing(batch: WalkerBatch) -> None:
    """A step of a simple gait for any body."""
    phase = 2 * np.pi * 1.2 * batch.state.steps[0] / 20
    front = batch.body.rest_positions()[list(batch.body.feet), 0] >= 0
    grip = np.where(front, -1, 1) * np.sign(np.cos(phase))
    batch.step(np.concatenate([grip, np.full(len(batch.body.muscles), np.sin(phase))])[None])


def figure_picture(grip: float = 0.1, shrink: float = 1.0, gaze=(500.0, 0.0)) -> np.ndarray:
    """The quadruped on grey, its rear pulled up by ``shrink``."""
    body = BODIES["quadruped"]
    position = body.rest_positions() * [shrink, 1.0]
    surface, camera = pygame.Surface((SIZE, SIZE), depth=32), Camera((SIZE, SIZE))
    surface.fill((128, 128, 128))
    camera.fix(np.zeros(2), 100)
    pose = Pose(position, np.full(len(body.feet), grip), np.array(gaze), 0)
    Figure(body).draw(surface, camera, pose)
    return pixels(surface).astype(int)


def test_feet_grow_and_darken_with_grip():
    looks = [foot_look(grip) for grip in (0.1, 0.5, 1.0)]
    assert looks == sorted(looks, key=lambda look: look[0])
    assert [sum(colour) for _, colour in looks] == sorted(
        (sum(colour) for _, colour in looks), reverse=True
    )
    loose, firm = figure_picture(grip=0.1), figure_picture(grip=1.0)
    assert (firm.sum(axis=2) < 200).sum() > 1.5 * (loose.sum(axis=2) < 200).sum()


def test_muscles_redden_and_thicken_when_they_contract():
    long, short = muscle_look(0.0), muscle_look(1.0)
    assert short[0] > long[0]
    figure = Figure(BODIES["quadruped"])
    rest = BODIES["quadruped"].rest_positions()
    assert (figure.contraction(rest * [0.7, 1]) > figure.contraction(rest)).all()

    def red(picture: np.ndarray) -> int:
        return int((picture[..., 0] - picture[..., 1] > 80).sum())

    assert red(figure_picture(shrink=0.7)) > 100 + red(figure_picture(shrink=1.3))


def pupils(picture: np.ndarray) -> np.ndarray:
    """Middle of the ink inside the eyes of `figure_picture`, (x, y) from the picture's middle."""
    y, x = np.nonzero(np.abs(picture - INK).max(axis=2) < 30)
    head = (x > 130) & (np.abs(y - 100) < 30)
    return np.array([x[head].mean() - 100, y[head].mean() - 100])


def test_pupils_point_at_the_target():
    away = {
        way: pupils(figure_picture(gaze=gaze))
        for way, gaze in {
            "left": (50.0, 900.0),
            "right": (50.0, -900.0),
            "ahead": (900.0, 0.0),
            "behind": (-900.0, 0.0),
        }.items()
    }
    assert away["left"][1] < away["ahead"][1] - 1 < away["right"][1] - 2  # left is up
    assert away["behind"][0] < away["left"][0] - 1 < away["ahead"][0] - 2


def test_eyes_follow_a_new_target_with_a_lag():
    batch = started(targets=np.array([[55.0, 0.0], [50.0, 400.0], [50.0, 800.0]]))
    actor, gazes = Actor(batch.body), []
    for _ in range(12):
        actor.see(Moment.of(batch))
        for _ in range(TICKS):
            actor.tick(actor.last)
        gazes.append(actor.gaze[1])
        swing(batch)
    assert gazes[0] == 0.0
    assert 0 < gazes[1] < 0.6 * 400  # on its way
    assert (np.diff(gazes[1:]) > 0).all()
    assert gazes[-1] > 0.95 * 400


def prints(trail: Trail, step: int) -> np.ndarray:
    """What a trail darkens on white paper, a pixel for each unit."""
    surface, camera = pygame.Surface((512, 512), depth=32), Camera((512, 512))
    surface.fill((255, 255, 255))
    camera.fix(np.zeros(2), 256)
    trail.draw(surface, camera, step)
    return 255 - pixels(surface).astype(int)


def test_prints_fade_and_deepen_with_grip():
    def darkness(grip: float, age: int) -> int:
        trail = Trail(1, 10.0)
        trail.press(np.zeros((1, 2)), np.array([grip]), 0)
        return int(prints(trail, age).sum())

    assert darkness(1.0, 0) > darkness(0.5, 0) > 0
    assert darkness(1.0, 0) > darkness(1.0, LIFETIME // 2) > 0
    assert darkness(1.0, LIFETIME) == 0


def test_a_foot_in_place_deepens_one_print_and_a_moving_one_leaves_many():
    still, moving = Trail(1, 5.0), Trail(1, 5.0)
    for step in range(10):
        still.press(np.zeros((1, 2)), np.array([0.1 * step]), step)
        moving.press(np.array([[20.0 * step, 0.0]]), np.array([1.0]), 0)
    once, firm = Trail(1, 5.0), Trail(1, 5.0)
    once.press(np.zeros((1, 2)), np.array([0.9]), 9)
    firm.press(np.zeros((1, 2)), np.array([1.0]), 0)
    np.testing.assert_array_equal(prints(still, 9), prints(once, 9))
    assert prints(moving, 0).sum() == 10 * prints(firm, 0).sum() > 0


def sparks(actor: Actor) -> bool:
    """Whether anything flies around an actor."""
    surface, camera = pygame.Surface((SIZE, SIZE), depth=32), Camera((SIZE, SIZE))
    camera.fix(np.zeros(2), 400)
    actor.draw_bursts(surface, camera)
    return bool(pixels(surface).any())


def test_reaching_a_target_bursts_for_a_while():
    batch = started(targets=np.array([[55.0, 0.0], [300.0, 0.0]]))
    scene = Scene([Actor(batch.body)], (SIZE, SIZE))
    scene.watch([Moment.of(batch)])
    scene.draw()
    bursts = []
    for _ in range(25):
        swing(batch)
        scene.watch([Moment.of(batch)])
        scene.draw()
        bursts.append(sparks(scene.actors[0]))
    assert batch.state.target_index[0] == 1
    assert bursts[0]
    assert not bursts[-1]
    assert sum(bursts) == pytest.approx(particles.LIFETIME / TICKS, abs=1)


def test_sparks_fly_apart_and_fade():
    def seen(age: float) -> tuple[float, float]:
        surface, camera = pygame.Surface((400, 400), depth=32), Camera((400, 400))
        camera.fix(np.zeros(2), 200)
        particles.draw_burst(surface, camera, np.zeros(2), age, (255, 255, 255))
        light = pixels(surface).sum(axis=2).astype(float)
        y, x = np.mgrid[-200:200, -200:200]
        return float(light.sum()), float((light * np.hypot(x, y)).sum() / max(light.sum(), 1))

    (young, near), (old, far) = seen(4), seen(particles.LIFETIME * 0.8)
    assert far > 1.5 * near
    assert young > 2 * old > 0
    assert seen(particles.LIFETIME)[0] == 0


def test_between_two_control_steps_a_walker_is_where_physics_had_it():
    """Against the same physics, one physics step at a time."""
    coarse = started()
    fine = PymunkEngine(1, coarse.body, World(substeps=1))
    off, moved = [], []
    for _ in range(40):
        state = coarse.snapshot()
        before = Moment.of(coarse)
        swing(coarse)
        drive = coarse.state.drive.copy()
        fine.load(state, np.ones(1, dtype=bool))
        state.drive[:] = drive
        for tick in range(1, TICKS):
            fine.step(state)
            guess = between(before, Moment.of(coarse), tick / TICKS, WORLD.control_dt)
            off.append(np.abs(guess.position - state.position[0]).max())
        moved.append(np.abs(coarse.state.position[0] - before.position).max())
    assert max(moved) > 10
    assert max(off) < 0.06 * max(moved)


def test_the_moments_at_both_ends_are_those_seen():
    batch = started()
    before = Moment.of(batch)
    swing(batch)
    after = Moment.of(batch)
    np.testing.assert_allclose(between(before, after, 0.0, 0.05).position, before.position)
    assert between(before, after, 1.0, 0.05) is after
    assert between(before, after, 0.5, 0.05).step == 0.5


def walk_and_draw(body: str, shares) -> np.ndarray:
    """A walk drawn at some shares of each control step; its last picture."""
    batch = started(body)
    scene = Scene([Actor(batch.body)], (SIZE, SIZE))
    scene.watch([Moment.of(batch)])
    for _ in range(20):
        swing(batch)
        scene.watch([Moment.of(batch)])
        for share in shares:
            scene.draw(share)
    return pixels(scene.draw())


def test_a_picture_depends_on_what_was_seen_and_not_on_how_often_it_was_drawn(body_name):
    rarely = walk_and_draw(body_name, [])
    np.testing.assert_array_equal(walk_and_draw(body_name, [1.0]), rarely)
    np.testing.assert_array_equal(walk_and_draw(body_name, [0.2, 1 / 3, 0.5, 0.9]), rarely)


def test_pictures_between_two_steps_differ_from_both():
    batch = started()
    scene = Scene([Actor(batch.body)], (SIZE, SIZE))
    for _ in range(8):
        swing(batch)
        scene.watch([Moment.of(batch)])
    pictures = [pixels(scene.draw(share)) for share in (1 / 3, 2 / 3, 1.0)]
    assert (pictures[0] != pictures[1]).any()
    assert (pictures[1] != pictures[2]).any()


def test_the_target_is_where_it_should_be():
    batch = started(targets=np.array([[180.0, 90.0]]))
    scene = Scene([Actor(batch.body)], (300, 300))
    scene.camera.fix(np.zeros(2), 250)
    scene.watch([Moment.of(batch)])
    picture = pixels(scene.draw()).astype(int)
    y, x = np.nonzero(np.abs(picture - TARGET).max(axis=2) < 12)
    expected = scene.camera.to_screen(np.array([180.0, 90.0]))
    np.testing.assert_allclose([x.mean(), y.mean()], expected, atol=1.5)
    np.testing.assert_allclose(scene.camera.to_world((x.mean(), y.mean())), [180, 90], atol=3)


def test_gripping_feet_clear_the_ground_and_grains_stay_pushed():
    grains = Grains((400.0, 300.0), count=5000)
    grains.centre(np.zeros(2))
    foot, radius = np.array([[37.0, -20.0]]), np.array([15.0])

    def under() -> int:
        return int((np.hypot(*(grains.place - foot).T) < radius[0] - 1e-6).sum())

    before, first = under(), grains.place.copy()
    grains.push(foot, radius)
    assert before > 10
    assert under() == 0
    moved = np.hypot(*(grains.place - first).T)
    assert ((moved > 0).sum(), moved.max() < 1.6 * 15) == (before, True)
    pushed = grains.place.copy()
    grains.centre(np.array([12.0, 5.0]))  # the camera goes on; what lies in view stays
    inside = (np.abs(pushed) < [150, 110]).all(axis=1)
    np.testing.assert_array_equal(grains.place[inside], pushed[inside])
    grains.clear()
    grains.centre(np.zeros(2))
    np.testing.assert_array_equal(grains.place, first)


def test_grains_are_found_wherever_the_field_has_its_seam():
    rng = np.random.default_rng(0)
    grains = Grains((400.0, 300.0), count=5000)
    for middle in ([0.0, 0.0], [3170.0, -940.0]):
        grains.clear()
        grains.centre(np.array(middle))
        feet = np.array(middle) + rng.uniform(-0.5, 0.5, (40, 2)) * [330, 230]
        radius = rng.uniform(8, 15, 40)
        grains.push(feet[:1], radius[:1])
        for foot, reach in zip(feet, radius):
            grains.push(foot[None], np.array([reach]))
            assert (np.hypot(*(grains.place - foot).T) >= reach - 1e-6).all()


def test_grains_are_drawn_where_they_lie():
    grains, camera = Grains((100.0, 100.0), count=3), Camera((SIZE, SIZE))
    camera.fix(np.zeros(2), 40)
    grains.centre(np.zeros(2))
    surface = pygame.Surface((SIZE, SIZE), depth=32)
    grains.draw(surface, camera)
    lit = pixels(surface).any(axis=2)
    shown = [p for p in grains.place if (np.abs(p) < 37).all()]
    assert shown
    for place in shown:
        x, y = camera.to_screen(place).astype(int)
        assert lit[y, x]
    assert lit.sum() <= 12 * len(grains.place)


def test_skin_runs_smoothly_from_foot_to_hub_to_foot():
    body = BODIES["quadruped"]
    curves = Skin(body).curves(body.rest_positions())
    ends = curves.line[:, [0, -1]]
    to_hub = [i for i, (a, b) in enumerate(ends) if np.hypot(*b) < 1e-9 or np.hypot(*a) < 1e-9]
    assert len(to_hub) == 4  # every foot has a curve to the hub
    for i in to_hub:
        line = curves.line[i] if np.hypot(*curves.line[i][-1]) < 1e-9 else curves.line[i][::-1]
        arriving = line[-1] - line[-2]
        assert abs(arriving[1]) < 0.45 * abs(arriving[0])  # along the body's axis
        straight = line[0] + np.linspace(0, 1, len(line))[:, None] * (line[-1] - line[0])
        assert np.hypot(*(line - straight).T).max() > 5


def test_bodies_of_ones_own_are_drawn_with_and_without_skin():
    nodes = (Node(30, 0), Node(0, 20), Node(-30, 0))
    bones, muscles = (Bone(0, 1), Bone(1, 2)), (Muscle(0, 2),)
    for bones_, skin in ((bones, ()), (bones, ((0, 1, 2),)), ((), ())):
        joined = muscles if bones_ else (*muscles, Muscle(0, 1))
        body = Body("own", nodes, bones_, joined, (0, 2), (0,), (1, 2), 1, skin)
        batch = WalkerBatch(1, Options(body=body))
        batch.reset(seed=np.array([0]))
        scene = Scene([Actor(body)], (SIZE, SIZE))
        scene.watch([Moment.of(batch)])
        assert (np.abs(pixels(scene.draw()).astype(int) - EYE).max(axis=2) < 3).any()


def test_a_body_without_skin_gets_that_of_the_triangles_its_bones_make():
    bare = replace(BODIES["quadruped"], skin=())
    assert [web.nodes for web in webs(bare)] == [(0, 1, 4), (2, 3, 4)]
    assert webs(bare) == webs(BODIES["quadruped"])
    legs = [web.nodes for web in webs(spider()) if len(web.nodes) == 2]
    assert len(legs) == 8
    assert [web.nodes for web in webs(three_nodes())] == [(0, 1), (0, 2), (1, 2)]


def test_a_net_too_dense_for_skin_is_drawn_as_bones():
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    nodes = tuple(Node(60 * np.cos(a), 60 * np.sin(a), 100) for a in angles)
    pairs = list(combinations(range(8), 2))
    bones = tuple(Bone(a, b) for a, b in pairs[1:])
    body = Body("dense", nodes, bones, (Muscle(*pairs[0]),), (0,), (0,), (2, 3), 0)
    assert [web.nodes for web in webs(body)] == pairs[1:]


def test_the_scale_bar_shows_a_part_of_a_body_that_is_large_in_the_picture():
    assert bar(1.0, 600, 500.0) == (0.2, 100.0)


def test_the_scale_bar_counts_body_lengths():
    assert body_length(BODIES["quadruped"]) == 100
    count, pixels_ = bar(0.5, 600, 100.0)
    assert (count, pixels_) == (2, 100.0)
    assert bar(2.0, 600, 100.0) == (1, 200.0)


def test_names_of_many_neurons_lie_below_each_other_on_a_taller_card():
    names = [f"input {i}" for i in range(40)]
    lines = (np.arange(40), np.full(40, 40), np.ones(40))
    network = NetworkPicture(np.array([0] * 40 + [1]), lines, names, ["out"])
    assert network.height(300, 600) == 522
    assert network.height(300, 400) == 400
    places = network.places((400, 522))[:40]
    assert np.diff(places[:, 1]).min() >= 11
    assert np.ptp(places[:, 0]) == 0


def test_neurons_show_how_active_they_are():
    lines = (np.array([0, 1]), np.array([2, 2]), np.array([1.0, -1.0]))
    network = NetworkPicture(np.array([0, 0, 1]), lines)

    def count(levels) -> tuple[int, int]:
        surface = pygame.Surface((200, 150), depth=32)
        network.draw(surface, (0, 0, 200, 150), np.array(levels))
        picture = pixels(surface).astype(int)
        return tuple(int((np.abs(picture - tone).max(axis=2) < 40).sum()) for tone in (UP, DOWN))

    up, down = count([1.0, 1.0, 1.0])
    assert up > down  # a connection with a negative weight, and nothing else
    assert count([-1.0, -1.0, -1.0])[1] > count([-1.0, -1.0, -1.0])[0]
    assert sum(count([0.0, 0.0, 0.0])) < up


def test_time_in_a_window_stops_slows_and_steps():
    pace = Pace()
    assert sum(pace.advance(1 / 60) for _ in range(60)) == 20
    assert 0 < pace.share <= 1
    pace.change(-1)
    assert pace.speed == 0.5
    assert sum(pace.advance(1 / 60) for _ in range(120)) == pytest.approx(20, abs=1)
    pace.toggle()
    assert pace.advance(1.0) == 0
    assert (pace.single(), pace.share, pace.paused) == (1, 1.0, True)
    with pytest.raises(ValueError, match="speed must be a positive number"):
        Pace(0)
