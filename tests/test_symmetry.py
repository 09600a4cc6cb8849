"""A mirrored body (link order too), mirrored targets and the same commands: the mirrored walk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.gaits import handedness
from walker_env import BODIES, Options, WalkerBatch
from walker_env.observation import slices

MIRROR = np.array([1.0, -1.0])


def _pair(body_name, n=3):
    body = BODIES[body_name]
    batch, mirrored = (WalkerBatch(n, Options(body=b)) for b in (body, body.mirrored()))
    targets = np.random.default_rng(0).uniform(-200, 200, (n, 30, 2))
    targets[:, ::3] *= 0.3  # some near enough to be reached
    for i in range(n):
        only = np.arange(n) == i
        batch.reset(only, np.arange(n), targets[i])
        mirrored.reset(only, np.arange(n), targets[i] * MIRROR)
    return batch, mirrored


def test_the_mirrored_walk_is_the_mirror_image_bit_for_bit(body_name, commands):
    batch, mirrored = _pair(body_name)
    for action in commands(600, batch):
        one, other = batch.step(action), mirrored.step(action)
        assert np.array_equal(batch.state.position * MIRROR, mirrored.state.position)
        assert np.array_equal(batch.state.velocity * MIRROR, mirrored.state.velocity)
        assert np.array_equal(one.reward, other.reward)
        assert np.array_equal(one.terminated, other.terminated)
    one, other = batch.snapshot(), mirrored.snapshot()
    assert np.array_equal(one.warm_start * MIRROR, other.warm_start)
    assert np.array_equal(one.energy, other.energy)
    assert np.array_equal(one.path, other.path)
    assert np.ptp(one.position[:, 0], axis=0).min() > 1, "the walkers must have gone somewhere"


def test_a_mirrored_walker_sees_the_mirror_image(body_name, commands):
    batch, mirrored = _pair(body_name)
    places = slices(batch.layout, batch.body)
    sign = np.ones(batch.observe().shape[1], dtype=np.float32)
    sign[places["target_sin"]] = sign[places["turn_rate"]] = -1
    sign[places["velocity"].stop - 1] = -1
    for action in commands(200, batch):
        one, other = batch.step(action).observation, mirrored.step(action).observation
        assert np.array_equal(one * sign, other)


@pytest.mark.parametrize("name", ["quadruped", "hexapod", "inchworm"])
def test_a_body_that_looks_alike_on_both_sides_is_drawn_so(name):
    places = {tuple(p) for p in BODIES[name].rest_positions()}
    assert places == {(x, -y) for x, y in places}


@pytest.mark.parametrize("name", ["quadruped", "hexapod", "inchworm"])
def test_a_twin_differs_in_the_order_of_the_solver_alone(name):
    body = BODIES[name]
    twin, other = handedness.twin(body), handedness.mirror_commands(body)
    assert twin.nodes == body.nodes
    ends = [frozenset((link.a, link.b)) for link in body.links]
    assert set(ends) == {frozenset((link.a, link.b)) for link in twin.links}
    assert ends != [frozenset((link.a, link.b)) for link in twin.links]
    assert [body.feet[i] for i in other[: len(body.feet)]] == list(twin.feet)
    assert np.array_equal(other[other], np.arange(len(other)))
    again = handedness.twin(twin)
    assert (again.links, again.feet) == (body.links, body.feet)


def test_the_twin_under_mirrored_commands_is_the_mirror_image():
    """The order mirrored, the commands mirrored: what is left of handedness is exactly none."""
    body = BODIES["quadruped"]
    drawn = handedness.commands(np.random.default_rng(0), 100, 2, 6)
    one, turned, path = handedness.simulate(body, drawn)
    other, turned_back, path_back = handedness.simulate(handedness.twin(body), drawn)
    nodes = handedness.mirror_nodes(body)
    assert np.array_equal(one * MIRROR, other[:, :, nodes])
    np.testing.assert_allclose(turned, -turned_back, atol=1e-12)
    np.testing.assert_allclose(path, path_back, rtol=1e-12)


def test_the_order_of_the_solver_makes_no_walker_turn_to_one_side():
    found = handedness.measure(walkers=16, seconds=20.0)
    assert 0 < found.divergence[20.0][1] < 0.01, "apart from its twin, but by little"
    assert found.turn_size < 1e-3
    assert abs(found.drift.mean) < 1e-2 < 1 < found.way
    assert "| 20 |" in handedness.table(found)


def test_a_body_that_is_not_alike_on_both_sides_has_no_twin():
    body = BODIES["quadruped"]
    crooked = replace(body, nodes=(replace(body.nodes[0], y=60.0), *body.nodes[1:]))
    with pytest.raises(ValueError, match="quadruped does not look alike on its left and right"):
        handedness.twin(crooked)


def test_the_command_prints_the_table():
    from typer.testing import CliRunner

    from benchmarks.__main__ import app

    words = ["handedness", "--body", "inchworm", "--walkers", "2", "--seconds", "1"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert "2 walkers, 1 s each" in done.output
    assert "| 0.5 |" in done.output
    done = CliRunner().invoke(app, ["handedness", "--body", "snail"])
    assert "snail" in str(done.exception)
