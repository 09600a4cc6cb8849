"""Bodies drawn in the page: both sides at once, undo, and the same body in Python."""

from __future__ import annotations

import pytest

from tests.engine import NODE, ask
from walker_env import BODIES, Body
from walker_env.body import ZOO, BodyError

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node on the path")


def draw(*edits, **given):
    return ask("draw", {"edits": edits, **given})


def links(body, kind):
    return {frozenset((link["a"], link["b"])) for link in body[kind]}


def test_the_first_body_is_the_quadruped_at_other_places():
    found = draw()
    assert found["words"] == ""
    body = Body.from_dict(found["body"])
    ours = BODIES["quadruped"]
    assert (body.bones, body.muscles, body.feet) == (ours.bones, ours.muscles, ours.feet)
    assert body.across == (0, 1)


@pytest.mark.parametrize("name", [*BODIES, *ZOO])
def test_a_ready_made_body_stays_what_it_is(name):
    plan = (BODIES | ZOO)[name]
    found = draw(("load", plan.as_dict()))
    assert Body.from_dict(found["body"]) == plan
    assert found["words"] == ""


def test_what_is_drawn_on_one_side_is_drawn_on_both():
    edits = [
        ("addNode", 101, 38),  # becomes 100, 40, and its twin
        ("link", "bones", 0, 5),
        ("link", "muscles", 4, 5),
        ("toggleFoot", 5),
        ("move", 5, 120, 60),
    ]
    body = draw(*edits)["body"]
    assert [(n["x"], n["y"]) for n in body["nodes"][5:]] == [(120, 60), (120, -60)]
    assert {frozenset((0, 5)), frozenset((1, 6))} <= links(body, "bones")
    assert {frozenset((4, 5)), frozenset((4, 6))} <= links(body, "muscles")
    assert body["feet"] == [0, 1, 2, 3, 5, 6]
    assert Body.from_dict(body).nodes[5].mass == 10


def test_one_side_alone_can_be_drawn_and_a_link_changes_its_kind():
    edits = [("addNode", 100, 40), ("link", "bones", 0, 5), ("link", "muscles", 5, 0)]
    body = draw(*edits, mirror=False)["body"]
    assert len(body["nodes"]) == 6
    assert frozenset((0, 5)) not in links(body, "bones")
    assert frozenset((0, 5)) in links(body, "muscles")


def test_removing_takes_along_what_hangs_on_it_and_undo_brings_it_back():
    gone = draw(("removeNode", 2))
    body = gone["body"]
    assert len(body["nodes"]) == 3
    assert links(body, "bones") == {frozenset((0, 1)), frozenset((0, 2)), frozenset((1, 2))}
    assert (body["muscles"], body["feet"]) == ([], [0, 1])
    with pytest.raises(BodyError) as error:
        Body.from_dict(body)
    assert gone["words"] == str(error.value)  # without muscles it cannot walk
    assert draw(("removeNode", 2), ("undo",))["body"] == draw()["body"]
    assert draw(("removeNode", 2), ("undo",), ("redo",))["body"] == body
    assert draw(("undo",), ("redo",))["body"] == draw()["body"]
    assert links(draw(("removeLink", 0, 2))["body"], "muscles") == set()


def test_a_node_near_the_middle_line_is_put_on_it_and_has_no_twin():
    body = draw(("addNode", 80, 3))["body"]
    assert (body["nodes"][5]["x"], body["nodes"][5]["y"]) == (80, 0)
    assert len(body["nodes"]) == 6
    assert len(draw(("addNode", 80, 3), ("addNode", 81, 1))["body"]["nodes"]) == 6
