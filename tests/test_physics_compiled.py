"""The compiled engine and the compiled step give pymunk's and numpy's numbers, to the last bit."""

from __future__ import annotations

import dataclasses
import importlib.util
import math
import platform

import numpy as np
import pytest
from gymnasium.error import DependencyNotInstalled

from walker_env import Body, Bone, Muscle, Node, Options, WalkerBatch
from walker_env.exponential import exponential
from walker_env.params import WORLD

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

EXACT = platform.machine() in ("x86_64", "AMD64")  # elsewhere a C compiler may fuse multiply-adds
STILL = np.full((64, 2), 200.0)
CONTROL_STEPS = 6000 // WORLD.substeps


def random_body(seed):
    """A connected body of 3 to 14 nodes: any graph, any masses that are stable."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 15))
    places = rng.uniform(-80, 80, (count, 2)).tolist()
    pairs = {(int(rng.integers(i)), i) for i in range(1, count)}  # a tree ...
    pairs |= {tuple(sorted(rng.choice(count, 2, replace=False).tolist())) for _ in range(count)}
    pairs = sorted(pairs)  # ... and some more, in an order of its own
    pairs = [pairs[i][:: 1 if rng.random() < 0.5 else -1] for i in rng.permutation(len(pairs))]
    cut = int(rng.integers(len(pairs)))
    bones = tuple(Bone(a, b, rng.uniform(1e3, 1e4), rng.uniform(0, 80)) for a, b in pairs[:cut])
    muscles = tuple(Muscle(a, b, rng.uniform(1e3, 6e3)) for a, b in pairs[cut:])
    pull = np.zeros(count)
    for link in (*bones, *muscles):
        pull[[link.a, link.b]] += link.stiffness
    masses = (pull * WORLD.physics_dt**2 * rng.uniform(0.6, 3.0, count)).tolist()
    order = rng.permutation(count).tolist()
    return Body(
        name=f"random-{seed}",
        nodes=tuple(Node(x, y, mass) for (x, y), mass in zip(places, masses)),
        bones=bones,
        muscles=muscles,
        feet=tuple(order[: int(rng.integers(1, count + 1))]),
        head=tuple(order[: int(rng.integers(1, 4))]),
        across=(order[0], order[-1]),
        hub=order[1],
    )


def near(rng, count):
    """Targets around the start: random walkers reach some of them."""
    return rng.uniform(-1, 1, (count, 2)) * 25 + [50, 0]


def both(n, seed=0, **options):
    """The same walkers with the reference and compiled, at their start."""
    pair = [WalkerBatch(n, Options(engine=name, **options)) for name in ("pymunk", "compiled")]
    assert [batch.engine.name for batch in pair] == ["pymunk", "compiled"]
    first = [batch.reset(seed=np.arange(n) + seed) for batch in pair]
    assert np.array_equal(*first)
    return pair


def assert_same_step(one, other):
    assert np.array_equal(one.observation, other.observation)
    assert np.array_equal(one.reward, other.reward)
    assert np.array_equal(one.terminated, other.terminated)
    assert list(one.terms) == list(other.terms)
    for name in one.terms:
        assert np.array_equal(one.terms[name], other.terms[name]), name
    for a, b in zip(one[:2], other[:2]):
        assert a.dtype == b.dtype


def assert_close_mechanics(one, other):
    if EXACT:
        for name in ("position", "velocity", "warm_start"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
    np.testing.assert_allclose(one.position, other.position, rtol=0, atol=1e-9)


@pytest.mark.skipif(not EXACT, reason="exact on x86-64 only")
def test_every_body_walks_as_in_pymunk_to_the_last_bit(body_name, commands, assert_same_state):
    reference, compiled = both(3, body=body_name)
    for action in commands(CONTROL_STEPS, reference):
        assert_same_step(reference.step(action), compiled.step(action))
    assert_same_state(reference.snapshot(), compiled.snapshot())


def nearest(body):
    """Whether the C library, which pymunk asks, rounds the damping of every link to the nearest."""
    inverse = [1.0 / node.mass for node in body.nodes]
    powers = [
        -link.damping * WORLD.physics_dt * (inverse[link.a] + inverse[link.b])
        for link in body.links
    ]
    return all(math.exp(x) == exponential(x) for x in powers)


FURTHER = [seed for seed in range(4, 100) if nearest(random_body(seed))]


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in FURTHER)]
)
def test_any_body_walks_as_in_pymunk(seed, commands):
    reference, compiled = both(2, body=random_body(seed))
    for action in commands(CONTROL_STEPS, reference):
        steps = reference.step(action), compiled.step(action)
    one, other = reference.snapshot(), compiled.snapshot()
    assert np.isfinite(one.position).all()
    assert_close_mechanics(one, other)
    np.testing.assert_allclose(steps[0].observation, steps[1].observation, rtol=1e-6, atol=1e-9)
    # numpy adds eight and more summands in another order
    np.testing.assert_allclose(one.energy, other.energy, rtol=1e-12)
    np.testing.assert_allclose(one.path, other.path, rtol=1e-12)


def test_random_bodies_are_of_all_kinds():
    bodies = [random_body(seed) for seed in range(12)]
    assert {len(body.head) for body in bodies} >= {1, 2, 3}
    assert min(len(body.bones) for body in bodies) < 3
    assert max(len(body.muscles) for body in bodies) >= 8
    assert max(len(body.feet) for body in bodies) >= 8
    assert len(FURTHER) > 85


@pytest.mark.skipif(not EXACT, reason="exact on x86-64 only")
def test_the_whole_step_is_numpys_to_the_last_bit(
    body_name, layout_name, commands, assert_same_state
):
    options = {"energy_price": 0.2, "stall_limit": 1.5, "course": near}
    one, other = both(70, body=body_name, observation=layout_name, **options)
    stalled, reached = 0, 0
    for t, action in enumerate(commands(300, one)):
        steps = one.step(action), other.step(action)
        assert_same_step(*steps)
        stalled, reached = stalled + steps[0].terminated.sum(), one.state.target_index.sum()
        if t % 40 == 39:
            again = np.random.default_rng(t).random(70) < 0.3
            seen = one.reset(again), other.reset(again, seen=steps[1].observation)
            assert np.array_equal(*seen)
            assert np.array_equal(one.score(), other.score())
    assert stalled > 0
    assert reached > 0
    assert_same_state(one.snapshot(), other.snapshot())


@pytest.mark.skipif(not EXACT, reason="exact on x86-64 only")
@pytest.mark.parametrize("limit", [None, 0.05], ids=["patient", "one step without progress"])
def test_courses_grow_and_end_alike(limit, commands, assert_same_state):
    on_the_spot = lambda rng, count: np.tile([[50.0, 0.0]], (count, 1))  # noqa: E731
    one, other = both(3, course=on_the_spot, stall_limit=limit)
    own = np.array([[50.0, 0.0], [52.0, 0.0], [300.0, 0.0]])
    for t, action in enumerate(commands(150, one) * 0.01):
        if t == 80:
            for batch in (one, other):
                batch.reset(np.array([False, True, False]), targets=own)
        assert_same_step(one.step(action), other.step(action))
    assert one.state.targets.shape[1] > 64
    assert one.state.target_index.min() < 3 < one.state.target_index.max()
    assert_same_state(one.snapshot(), other.snapshot())


@pytest.mark.skipif(not EXACT, reason="exact on x86-64 only")
def test_the_engine_alone_moves_walkers_as_the_whole_step_does(commands):
    batch = WalkerBatch(5, Options(engine="compiled", course=near))
    batch.reset(seed=np.arange(5))
    for action in commands(200, batch):
        alone = batch.snapshot()
        batch.step(action)
        alone.drive = batch.state.drive
        batch.engine.step(alone)
        for name in ("position", "velocity", "warm_start"):
            assert np.array_equal(getattr(alone, name), getattr(batch.state, name)), name


@pytest.mark.skipif(not EXACT, reason="exact on x86-64 only")
@pytest.mark.parametrize(("first", "then"), [("pymunk", "compiled"), ("compiled", "pymunk")])
def test_a_snapshot_of_one_engine_goes_on_in_the_other(
    first, then, body_name, commands, assert_same_state
):
    one, other = (WalkerBatch(3, Options(body=body_name, engine=name)) for name in (first, then))
    one.reset(seed=np.arange(3))
    for action in commands(60, one):
        one.step(action)
    restored = other.restore(one.snapshot())
    assert np.array_equal(restored, one.observe())
    for action in commands(200, one, seed=1):
        assert_same_step(one.step(action), other.step(action))
    assert_same_state(one.snapshot(), other.snapshot())


def test_a_walker_among_blocks_of_others_walks_as_alone(body_name, commands, assert_same_state):
    n, chosen = 130, [0, 1, 63, 64, 127, 128, 129]
    options = Options(body=body_name, engine="compiled", course=near)
    together = WalkerBatch(n, options)
    together.reset(seed=np.arange(n))
    alone = {i: WalkerBatch(1, options) for i in chosen}
    for i, batch in alone.items():
        batch.reset(seed=np.array([i]))
    for action in commands(200, together):
        step = together.step(action)
        for i, batch in alone.items():
            single = batch.step(action[i : i + 1])
            assert np.array_equal(single.observation[0], step.observation[i])
            assert single.reward[0] == step.reward[i]
    snapshot = together.snapshot()
    for i, batch in alone.items():
        assert_same_state(snapshot, batch.snapshot(), [i], [0])


@pytest.mark.parametrize("threads", [pytest.param(2, marks=pytest.mark.long), 3, 16])
def test_the_number_of_threads_changes_nothing(threads, commands, assert_same_state):
    n = 300
    one, many = (
        WalkerBatch(n, Options(engine="compiled", course=near, threads=t)) for t in (1, threads)
    )
    assert np.array_equal(*(batch.reset(seed=np.arange(n)) for batch in (one, many)))
    for t, action in enumerate(commands(100, one)):
        assert_same_step(one.step(action), many.step(action))
        if t % 30 == 29:
            seen = [batch.reset(np.arange(n) % 7 == 0) for batch in (one, many)]
            assert np.array_equal(*seen)
    assert_same_state(one.snapshot(), many.snapshot())


def test_a_step_hands_out_arrays_of_its_own(commands):
    batch = WalkerBatch(3, Options(engine="compiled"))
    batch.reset(seed=np.arange(3))
    first, *others = commands(20, batch)
    position, drive = batch.state.position, batch.state.drive
    step = batch.step(first)
    handed = [position, drive, step.observation, step.reward, *step.terms.values()]
    handed += [batch.state.position, batch.state.velocity, batch.state.distance]
    copies = [array.copy() for array in handed]
    for action in others:
        batch.step(action)
    assert all(np.array_equal(a, b) for a, b in zip(handed, copies))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.bool_])
def test_actions_of_any_kind_and_layout_mean_the_same(dtype):
    one, other = both(4)
    wide = np.random.default_rng(0).uniform(-2, 2, (8, 6)).astype(dtype)
    for action in (wide[::2], np.asfortranarray(wide[:4])):
        assert_same_step(one.step(action), other.step(action))


def test_a_walker_takes_two_kilobytes_at_most():
    batch = WalkerBatch(64)
    arrays = [getattr(batch.state, field.name) for field in dataclasses.fields(batch.state)]
    assert sum(array.nbytes for array in arrays) / batch.n <= 2000


def test_many_walkers_walk():
    n = 65_536
    batch = WalkerBatch(n, Options(engine="compiled", course=lambda rng, count: STILL[:count]))
    batch.reset(seed=np.zeros(n))
    action = np.random.default_rng(0).uniform(-1, 1, (n, 6))
    action[n // 2 :] = action[: n // 2]
    for _ in range(3):
        seen = batch.step(action).observation
    assert np.array_equal(seen[n // 2 :], seen[: n // 2])


def test_auto_is_compiled_where_numba_is_installed():
    assert WalkerBatch(1, Options(engine="auto")).engine.name == "compiled"


@pytest.fixture
def without_numba(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "numba" else find(name)
    )


def test_auto_is_pymunk_without_numba(without_numba):
    assert WalkerBatch(1, Options(engine="auto")).engine.name == "pymunk"


def test_without_numba_the_compiled_engine_names_its_extra(without_numba):
    with pytest.raises(DependencyNotInstalled, match=r'pip install "walker_env\[fast\]"'):
        WalkerBatch(1, Options(engine="compiled"))


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2"])
def test_a_number_of_threads_that_is_none_is_refused(threads):
    with pytest.raises(ValueError, match="threads must be an int >= 1, got"):
        Options(threads=threads)


def test_a_second_process_starts_from_the_cache(fresh_python):
    script = """
from walker_env import WalkerEnv
from walker_env.compiled import entry
env = WalkerEnv(engine="compiled")
env.reset(seed=0)
env.step(env.action_space.sample())
print(*(sum(f.stats.cache_hits.values()) for f in (entry.begin, entry.step)))
"""
    exec(script, {})
    assert fresh_python(script) == "1 1"


@pytest.mark.long
@pytest.mark.skipif(not EXACT, reason="looks for x86-64 instructions")
@pytest.mark.parametrize(
    ("move", "compiled", "roots"),
    [
        ("batch.engine.step(batch.state)", "advance", 2),  # springs, feet
        ("batch.step(np.zeros((1, 6)))", "step", 3),  # distances
    ],
)
def test_the_compiled_code_runs_over_walkers_in_vector_instructions(
    move, compiled, roots, fresh_python, tmp_path
):
    script = f"""
import numpy as np
from walker_env import WalkerBatch, Options
from walker_env.compiled import entry
batch = WalkerBatch(1, Options(engine="compiled"))
{move}
(code,) = entry.{compiled}.inspect_asm().values()
print(code.count("sqrtpd"), code.count("fmadd"))
"""
    vectors, fused = map(int, fresh_python(script, NUMBA_CACHE_DIR=str(tmp_path)).split())
    assert vectors >= roots
    assert fused == 0
