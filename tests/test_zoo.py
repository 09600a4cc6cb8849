"""The zoo: bodies from a small vocabulary, and the champions on their boards."""

from __future__ import annotations

import numpy as np
import pytest

from agents.policy import Policy
from benchmarks.evaluation.published import OPEN
from walker_env import BODIES, WORLD, WORLDS, BodyError, WalkerBatch
from walker_env.body import STABILITY_LIMIT, ZOO, Sketch, centipede, get_body
from walker_env.body.graph import stiffness_rates
from walker_env.bracing import crossings, rigid_parts, unbraced
from walker_env.stability import judge

CHAMPIONS = ("centipede-3", "centipede-8", "lopsided", "snake", "spider", "star")
"""Folders of the open boards, called after the bodies."""

FOLDED_MOST = 0.2
"""Seconds of a walk of 100 s in which bones may lie across each other."""

DIGESTS = {
    "centipede-3": "a0a82bf29821a4db",
    "centipede-4": "d48e67f18b0ecd12",
    "centipede-5": "afaeb04f5795a9a2",
    "centipede-6": "ab2dbd10383edde4",
    "centipede-7": "c1ba24c500bada99",
    "centipede-8": "c2bfd8e3158a8151",
    "centipede-9": "1d355899b49b85ba",
    "centipede-10": "4a655b5081f572b6",
    "centipede-11": "db6a6c53467c1f85",
    "centipede-12": "7213acfc75f137fa",
    "spider": "9c35ea2dd68a223c",
    "star": "8e087eb343924d31",
    "snake": "8e02aaf983148274",
    "lopsided": "84fefb84b2bae7f6",
}
"""Of published bodies, for ever: files and boards go by them."""


def test_names_of_the_zoo():
    rows = [f"centipede-{n}" for n in range(3, 13)]
    assert list(ZOO) == [*rows, "spider", "star", "snake", "lopsided"]
    assert get_body("centipede-12") == centipede(12)
    assert not set(ZOO) & set(BODIES)


def test_three_segments_are_the_hexapod_part_by_part():
    hexapod = BODIES["hexapod"]
    assert centipede(3) == hexapod
    assert centipede(3).digest == hexapod.digest
    assert centipede(3).skin == hexapod.skin


@pytest.mark.parametrize("segments", range(3, 13))
def test_a_centipede_has_two_feet_a_segment_and_two_muscles_a_joint(segments):
    body = centipede(segments)
    assert (len(body.feet), len(body.muscles)) == (2 * segments, 2 * (segments - 1))
    assert len(rigid_parts(body)) == segments


@pytest.mark.parametrize("segments", [2, 13])
def test_other_lengths_of_centipedes_are_refused(segments):
    with pytest.raises(ValueError, match=f"a centipede has 3 to 12 segments, got {segments}"):
        centipede(segments)


@pytest.mark.parametrize("name", ZOO)
def test_every_body_of_the_zoo_is_braced_and_stable(name):
    body = ZOO[name]
    assert unbraced(body) == []
    assert max(stiffness_rates(body, WORLD)) <= STABILITY_LIMIT
    assert body.digest.startswith(DIGESTS[name])


def test_the_zoo_is_stable_when_shaken():
    assert all(judge(ZOO[name], WORLD).stable for name in ("centipede-12", *CHAMPIONS))


@pytest.mark.long
@pytest.mark.parametrize("world", WORLDS)
def test_the_zoo_is_stable_in_every_world(world):
    assert all(judge(body, WORLDS[world]).stable for body in ZOO.values())


def test_the_spider_looks_alike_on_both_sides_and_lopsided_does_not():
    for name, alike in (("spider", True), ("star", True), ("snake", True), ("lopsided", False)):
        places = {tuple(p) for p in ZOO[name].rest_positions()}
        assert (places == {(x, -y) for x, y in places}) == alike, name


def test_a_sketch_mirrors_what_it_has_and_leaves_the_axis_alone():
    sketch = Sketch()
    nose, left = sketch.node(40, 0), sketch.node(0, 30)
    sketch.bone(nose, left)
    sketch.grip(nose, left)
    twin = sketch.mirror()
    assert twin == [0, 2]
    assert sketch.places == [(40, 0), (0, 30), (0, -30)]
    assert sketch.bones == [(0, 1), (0, 2)]
    assert sketch.feet == [0, 1, 2]


def test_a_brace_lays_a_bone_between_every_two_once():
    sketch = Sketch()
    nodes = sketch.ring(4, radius=10)
    sketch.bone(0, 1)
    sketch.brace(*nodes)
    assert sorted(sketch.bones) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert sketch.places == [(10, 0), (0, 10), (-10, 0), (0, -10)]


def test_a_node_is_as_heavy_as_its_springs_ask_for():
    sketch = Sketch()
    hub, *rim = sketch.node(0, 0), *sketch.ring(12, radius=50)
    sketch.bones += [(hub, node) for node in rim]
    sketch.muscle(*rim)
    sketch.grip(*rim)
    body = sketch.body("wheel", head=(rim[0],), across=(rim[3], rim[9]), hub=hub)
    assert body.nodes[hub].mass == 16  # 12 bones: 108000 / (60 * 1.4)^2 is 15.3
    assert body.nodes[rim[0]].mass == 10


def test_a_limb_has_a_knee_a_foot_and_muscles_to_both():
    sketch = Sketch()
    root, other = sketch.node(0, 0), sketch.node(-30, 0)
    assert sketch.limb(root, knee=(0, 30), foot=(20, 50), pulls=[other]) == (2, 3)
    assert sketch.bones == [(0, 2), (2, 3)]
    assert sketch.muscles == [(1, 2), (0, 3), (1, 3)]
    assert sketch.feet == [3]


def test_what_is_no_body_is_no_sketch_either():
    with pytest.raises(BodyError, match="nothing: needs at least one node"):
        Sketch().body("nothing", head=(0,), across=(0, 1), hub=0)


def folded(name, walks, seconds):
    """Seconds in which bones of a champion lie across each other, the most of several walks."""
    policy = Policy.load(OPEN / name / "policy.safetensors")
    assert policy.options.body == ZOO[name]
    batch = WalkerBatch(walks, policy.options)
    crossed = crossings(batch.body)
    seen, found = batch.reset(seed=np.arange(1, walks + 1, dtype=np.uint64)), np.zeros(walks)
    for _ in range(round(20 * seconds)):
        seen = batch.step(policy.act(seen)).observation
        found += crossed(batch.state.position)
    return found.max() / 20


@pytest.mark.parametrize("name", CHAMPIONS)
def test_a_champion_keeps_its_shape(name):
    assert folded(name, walks=2, seconds=20) < FOLDED_MOST


@pytest.mark.long
@pytest.mark.parametrize("name", CHAMPIONS)
def test_a_champion_keeps_its_shape_in_walks_of_100_seconds(name):
    assert folded(name, walks=16, seconds=100) < FOLDED_MOST
