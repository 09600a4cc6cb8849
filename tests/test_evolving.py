"""Evolution of bodies: every child lives, and a run is the same on any number of workers."""

import dataclasses
import json
import math
import signal
import subprocess
import sys

import numpy as np
import pytest

from agents.crews.crew import LocalPool
from agents.evolving.archive import cell_of, fittest_of_all, fittest_of_each_kind
from agents.evolving.config import EvolveConfig
from agents.evolving.display import best_rows
from agents.evolving.genome import (
    Gene,
    Genome,
    GenomeError,
    Tie,
    express,
    genome_of,
    mass_for,
)
from agents.evolving.judging import Job, Judge, Judged, Teacher
from agents.evolving.mutation import MUTATIONS, bred
from agents.evolving.outcome import row, search_of_run, table, write_elites, write_outcome
from agents.evolving.pictures import descent, draw_bestiary, draw_descent, told
from agents.evolving.record import Record
from agents.evolving.segment import limbs
from agents.evolving.shape import Shape, limb_count, shape_of
from agents.evolving.viability import (
    BOX,
    CLOSEST,
    MOST_LINKS,
    MOST_MUSCLES,
    MOST_NODES,
    TRUNK,
    check_rules,
    mended,
    trunk_of,
    viable,
)
from agents.evolving.walk import Folds, Walk, walk
from agents.policy import Policy
from agents.training.budget import Budget
from agents.training.checkpoint import pack_state, unpack_state
from agents.training.train import make_config, train
from tests.watching import wait_for
from walker_env import BODIES, WORLD, Body, Bone, Muscle, Node, Options
from walker_env.stability import judge

STEPS = 5000
TINY = {
    "brood": 3,
    "rungs": (300, 700),
    "keep": 2,
    "retrained": 1,
    "first_mutations": 2,
    "courses": 2,
    "horizon": 30,
    "settings": {"population": 4, "courses": 1, "episodes": ((0, 1.0),), "hidden": 3},
    "tuned": False,
}


def config(**settings):
    return EvolveConfig(**{**TINY, **settings})


def evolved(folder, steps, workers=1, resume=False, **settings):
    met = []
    budget = Budget(steps=steps)
    train(
        config(**settings), budget, folder,
        courses=1, workers=workers, resume=resume, meet=met.append,
    )  # fmt: skip
    return met[0]


def found(search):
    """All that a search has come to, without what it cost."""
    files = [search.policy_of(record).to_bytes() for record in search.elites]
    return table(search.records), [record.number for record in search.elites], files


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evolution") / "bodies"
    return folder, evolved(folder, STEPS)


def assert_lives(body):
    """Everything that an evolved body keeps."""
    assert Body.from_dict(body.as_dict()) == body
    links = [(bone.a, bone.b) for bone in body.bones] + [(m.a, m.b) for m in body.muscles]
    assert len(body.nodes) <= MOST_NODES
    assert len(links) <= MOST_LINKS
    assert 1 <= len(body.muscles) <= MOST_MUSCLES
    assert body.feet
    for i, node in enumerate(body.nodes):
        assert abs(node.x) <= BOX[0]
        assert abs(node.y) <= BOX[1]
        assert sum(i in pair for pair in links) >= 2
        for other in body.nodes[:i]:
            assert math.dist((node.x, node.y), (other.x, other.y)) >= CLOSEST
    assert {dataclasses.replace(bone, a=0, b=1) for bone in body.bones} == {Bone(0, 1)}
    assert {dataclasses.replace(muscle, a=0, b=1) for muscle in body.muscles} == {Muscle(0, 1)}
    trunk = trunk_of(body)
    assert {*body.head, *body.across, body.hub} <= trunk
    assert sum(body.nodes[i].mass for i in trunk) >= TRUNK * sum(n.mass for n in body.nodes)
    assert judge(body, WORLD).stable


def descendants(count, free=False, seed=0):
    """Children of children, and their genomes; some of one mutation and some of several."""
    rng = np.random.default_rng(seed)
    alive = [genome_of(BODIES[name], not free) for name in ("quadruped", "hexapod")]
    for _ in range(count):
        parent = alive[int(rng.integers(len(alive)))]
        child = bred(parent, rng, int(rng.integers(1, 4)), "child", WORLD)
        assert child is not None
        alive = [*alive[-60:], genome_of(child[0], not free)]
        yield child[0], alive[-1]


@pytest.mark.parametrize("free", [False, True])
def test_every_child_lives_and_is_read_back_as_its_genome(free):
    for body, genome in descendants(6, free, seed=3):
        assert_lives(body)
        assert express(genome, "child") == body
        if not free:
            assert genome_of(body.mirrored()).genes == genome.genes


@pytest.mark.long
@pytest.mark.timeout(1800)  # a minute where nothing else runs
@pytest.mark.parametrize("free", [False, True])
def test_children_of_thousands_of_mutations_live(free):
    happened = set()
    for body, genome in descendants(700, free, seed=1):
        assert_lives(body)
        assert express(genome, "child") == body
        happened.add((len(body.nodes), len(body.links)))
    assert len(happened) > 50


@pytest.mark.parametrize("name", ["quadruped", "hexapod"])
def test_hand_drawn_bodies_are_expressions_of_their_genomes(name):
    for mirrored in (True, False):
        assert express(genome_of(BODIES[name], mirrored), name).digest == BODIES[name].digest
    check_rules(BODIES[name])


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_changes_what_its_name_says(name):
    rng = np.random.default_rng(4)
    before = genome_of(BODIES["hexapod"])
    tries = (MUTATIONS[name](before, rng) for _ in range(40))
    after = next(genome for genome in tries if genome is not None)
    ties = len(after.ties) - len(before.ties)
    muscles = sum(t.muscle for t in after.ties) - sum(t.muscle for t in before.ties)
    genes = len(after.genes) - len(before.genes)
    feet = sum(g.foot for g in after.genes) - sum(g.foot for g in before.genes)
    moved = sum(a != b for a, b in zip(after.genes, before.genes))
    expected = {
        "add node": genes == 1 and ties in (2, 3),
        "move node": genes == ties == 0 and moved == 1,
        "remove node": genes == -1 and ties < 0,
        "bone to muscle": ties == 0 and muscles == 1,
        "muscle to bone": ties == 0 and muscles == -1,
        "add link": ties == 1 and genes == 0,
        "remove link": ties == -1 and genes == 0,
        "foot on or off": abs(feet) == 1 and genes == ties == 0,
        "duplicate segment": genes > 0 and ties > 0,
        "lengthen limb": genes == ties == 0 and moved > 0,
        "joint in limb": genes == 1 and ties == 2 and muscles == 1,
        "grow": genes == ties == 0 and moved > 2,
    }
    assert expected[name]


def test_a_second_segment_makes_a_hexapod_of_a_quadruped():
    rng = np.random.default_rng(0)
    whole = genome_of(BODIES["quadruped"])
    for _ in range(20):
        longer = MUTATIONS["duplicate segment"](whole, rng)
        body = longer and express(mended(longer), "longer")
        if body and len(body.nodes) == 8:
            break
    assert (len(body.bones), len(body.muscles), len(body.feet)) == (11, 4, 6)
    assert sorted({node.x for node in body.nodes}) == [-150, -100, -50, 0, 50]


def test_the_mass_follows_from_the_links():
    assert mass_for(0.0) == 10.0
    assert mass_for(4 * 9000.0) == 10.0
    assert mass_for(10 * 9000.0) == 13.5  # 1.05 of what the time step needs, in halves
    assert 10 * 9000.0 / 84**2 < 13.5 < 1.1 * 10 * 9000.0 / 84**2


def whip():
    """A quadruped whose head sits on a long arm that muscles swing."""
    walker = BODIES["quadruped"]
    nodes = (*walker.nodes, Node(130, 20), Node(130, -20))
    arm = (Bone(5, 6), Bone(4, 5))
    swing = (Muscle(0, 5), Muscle(1, 6))
    return Body(
        name="whip",
        nodes=nodes,
        bones=(*walker.bones, *arm),
        muscles=(*walker.muscles, *swing),
        feet=walker.feet,
        head=(5, 6),
        across=(5, 6),
        hub=4,
    )


QUADRUPED = BODIES["quadruped"]


def changed(**fields):
    return dataclasses.replace(QUADRUPED, **fields)


def with_nodes(*nodes):
    """The quadruped with other nodes for its last ones."""
    return changed(nodes=(*QUADRUPED.nodes[: 5 - len(nodes)], *nodes))


@pytest.mark.parametrize(
    ("body", "free", "message"),
    [
        (whip(), True, "head is not braced rigidly: expected nodes \\[4, 5, 6\\]"),
        (BODIES["inchworm"], True, "head is not braced rigidly"),
        (
            changed(muscles=(Muscle(0, 2, stiffness=3000.0), Muscle(1, 3))),
            False,
            "muscle 0-2 has stiffness 3000; evolution fixes it at 4000",
        ),
        (
            with_nodes(Node(0, 0, 12.0)),
            False,
            "node 4 has mass 12; with its links evolution fixes it at 10",
        ),
        (
            with_nodes(Node(-60, 50), Node(-50, -50), Node(0, 0)),
            False,
            r"node 2 at \(-60, 50\) has no mirror image",
        ),
        (changed(feet=(0, 1, 2)), False, "the foot at node 2 has no mirror image"),
        (changed(muscles=(Muscle(0, 2),)), False, "a link has no mirror image"),
        (changed(head=(0,)), False, r"head \(0,\) has no mirror image"),
        (changed(across=(1, 0)), False, "across must be a mirrored pair, left first"),
        (
            with_nodes(Node(-250, 50), Node(-250, -50), Node(0, 0)),
            False,
            "expected all within ±150, ±120 units",
        ),
    ],
)  # fmt: skip
def test_a_first_body_that_is_none_of_ours_is_refused(body, free, message):
    with pytest.raises(GenomeError, match=message):
        config(free=free, options=Options(body=body))


def test_a_trunk_that_is_too_light_is_refused():
    head = (Gene(50.0, 20.0), Gene(30.0, 0.0))  # three nodes of thirteen
    tail = tuple(Gene(10.0 - 35 * i, 30.0, foot=True) for i in range(5))
    trunk = (Tie(0, 0), Tie(0, 1), Tie(1, 2), Tie(0, 2, muscle=True))
    rungs = (*(Tie(i, i) for i in range(2, 7)), *(Tie(i, i + 1) for i in range(2, 6)))
    genome = Genome((*head, *tail), (*trunk, *rungs), head=(0,), across=(0,), hub=1)
    with pytest.raises(GenomeError, match=r"with the head has 23% of the mass, expected .* 25%"):
        viable(genome, "light", WORLD)


def test_limbs_are_what_is_left_without_the_trunk():
    assert trunk_of(BODIES["quadruped"]) == {0, 1, 4}
    assert limb_count(BODIES["quadruped"]) == 1
    assert limbs(genome_of(BODIES["quadruped"])) == [frozenset({1})]
    assert shape_of(BODIES["hexapod"]) == Shape(muscles=4, size=180.0, elongation=2 / 3, limbs=1)


def test_the_fittest_of_a_kind_takes_its_cell():
    thin, wide = Shape(2, 100.0, 0.7, 1), Shape(2, 100.0, 0.3, 1)
    assert cell_of(thin) != cell_of(wide)
    assert cell_of(Shape(40, 900.0, 1.0, 9)) == cell_of(Shape(12, 280.0, 0.8, 4))
    kept = fittest_of_each_kind([thin, wide, thin, thin], [1.0, 0.5, 3.0, 3.0])
    assert sorted(kept) == [1, 2]
    assert fittest_of_all([1.0, 3.0, 2.0, 3.0], 3) == [1, 3, 2]
    assert fittest_of_each_kind([], []) == []


def test_bones_that_cross_are_a_fold_and_feet_that_touch_are_none():
    body = BODIES["quadruped"]
    rest = body.rest_positions()
    crossed, turned, near = rest.copy(), rest.copy(), rest.copy()
    crossed[2] = (60.0, -20.0)  # the rear bar reaches through the front one
    turned[4] = (90.0, 0.0)  # the hub has gone through the front bar
    near[4] = (49.0, 0.0)
    found = Folds(body).found(np.stack([rest, crossed, turned, near]))
    np.testing.assert_array_equal(found, [False, True, True, False])


def still_policy(body):
    learner = make_config("snes", {"options.body": body, "hidden": 2}, tuned=False).learner(None)
    return learner.policy()


def test_a_walk_is_scored_on_validation_courses():
    from agents.rollout import episode_scores
    from walker_env.seeds import validation_seeds

    policy = still_policy(BODIES["hexapod"])
    options = policy.options.for_evaluation()
    scores = episode_scores(policy.act, options, validation_seeds(3), 40)
    seen = walk(policy, 3, 40)
    assert seen.score == pytest.approx(scores.mean())
    assert (seen.reason, seen.steps) == ("", 120)


def test_a_body_that_folds_is_worth_nothing_and_says_why(monkeypatch):
    monkeypatch.setattr(Folds, "found", lambda self, position: np.array([True, False]))
    seen = walk(still_policy(BODIES["quadruped"]), 2, 30)
    assert seen.score == 0.0
    assert seen.reason == "folded 50% of the time"


def test_a_body_that_explodes_is_worth_nothing_and_stops_nothing(monkeypatch):
    job = Job(Teacher("snes", (("population", 4),), False, 2, 20), Options(), 1, 100)
    monkeypatch.setattr("agents.evolving.walk.SPEED_LIMIT", -1.0)
    judged = Judge().run(job)
    assert judged.walk.score == 0.0
    assert judged.walk.reason.startswith("exploded: a node beyond")
    unstable = dataclasses.replace(
        BODIES["quadruped"],
        bones=tuple(dataclasses.replace(b, damping=9e4) for b in BODIES["quadruped"].bones),
    )
    judged = Judge().run(dataclasses.replace(job, options=Options(body=unstable)))
    assert judged.walk.score == 0.0
    assert "is a rod" in judged.walk.reason


def test_judging_goes_on_from_a_state_exactly():
    teacher = Teacher("snes", (("population", 4), ("hidden", 2)), False, 2, 20)
    job = Job(teacher, Options(), 1, 2000)
    whole = Judge().run(job)
    half = Judge().run(dataclasses.replace(job, steps=1000))
    rest = Judge().run(dataclasses.replace(job, steps=2000 - half.trained, state=half.state))
    assert half.trained + rest.trained == whole.trained
    assert rest.policy == whole.policy
    assert whole.steps == whole.trained + 40


def test_generations_are_halved_and_the_bestiary_filled(run):
    _, search = run
    scored = [len(r.scores) for r in search.records if r.generation == 0]
    assert len(scored) == TINY["brood"]
    assert sorted(scored)[0] >= 1
    assert search.elites
    cells = [cell_of(record.shape) for record in search.elites]
    assert len(set(cells)) == len(cells)
    assert search.metrics["bodies"] == len([r for r in search.records if r.scores])
    assert search.records[0].body == BODIES["quadruped"]
    assert all(r.parent is not None and r.parent < r.number for r in search.records[1:])


class Shared:
    """A pool whose jobs go to several judges, the last ones first."""

    def __init__(self):
        self._judges = [Judge() for _ in range(3)]

    def map(self, jobs):
        done = [(i, self._judges[i % 3].run(jobs[i])) for i in reversed(range(len(jobs)))]
        return [judged for _, judged in sorted(done, key=lambda pair: pair[0])]


def test_the_result_does_not_depend_on_who_judges_what(run):
    _, search = run
    shared = config().learner(Shared())
    while shared.steps < STEPS:
        shared.advance()
    assert found(shared) == found(search)


@pytest.mark.long
def test_the_result_does_not_depend_on_the_number_of_workers(run, tmp_path):
    _, search = run
    shared = evolved(tmp_path / "two", STEPS, workers=2)
    assert found(shared) == found(search)
    assert shared.cpu_seconds > 0


def test_a_run_that_was_stopped_ends_as_the_uninterrupted_one(run, tmp_path):
    stopped = evolved(tmp_path / "run", 1500)
    assert stopped.steps < run[1].steps
    assert found(evolved(tmp_path / "run", STEPS, resume=True)) == found(run[1])


@pytest.mark.parametrize("settings", [{}, {"goal": "best", "elites": 2}, {"inherit": True}])
def test_an_evolution_goes_on_exactly_from_any_rung(settings):
    made, states = config(**settings), []
    whole = made.learner(LocalPool(Judge))
    while whole.steps < 3000:
        states.append(pack_state(whole.state_dict()))
        whole.advance()
    for state in states[1:]:
        again = made.learner(LocalPool(Judge))
        again.load_state_dict(unpack_state(state))
        while again.steps < whole.steps:
            again.advance()
        assert found(again) == found(whole)


def test_the_best_goal_keeps_the_fittest_of_all():
    search = config(goal="best", elites=2).learner(LocalPool(Judge))
    while search.steps < 3000:
        search.advance()
    fitness = [search.config.fitness(record) for record in search.elites]
    settled = [r for r in search.records if r.generation < search.generation and not r.reason]
    assert len(fitness) == 2
    assert fitness[0] == max(map(search.config.fitness, settled))


class Scripted:
    """A pool in whose eyes a body is worth what a list says, after every rung the same."""

    def __init__(self, worth):
        self._worth, self._seen = list(worth), {}

    def map(self, jobs):
        return [self._judged(job) for job in jobs]

    def _judged(self, job):
        if job.seed not in self._seen:
            self._seen[job.seed] = self._worth[len(self._seen)]
        worth = self._seen[job.seed]
        reason = "" if worth else "folded 50% of the time"
        return Judged(Walk(worth, 0.0, 0.0, 10, reason), job.steps, b"policy", b"state")


def test_the_better_part_goes_on_and_who_folds_does_not():
    made = config(goal="best", brood=4, keep=2, retrained=0, rungs=(100, 300))
    search = made.learner(Scripted([1.0, 0.0, 4.0, 2.0]))
    search.advance()
    assert [record.number for record in search.elites] == [0]
    search.advance()
    assert [record.scores for record in search.records] == [(1.0,), (0.0,), (4.0,) * 2, (2.0,) * 2]
    assert [record.number for record in search.elites] == [2, 3, 0]
    assert search.records[1].reason == "folded 50% of the time"
    assert search.records[2].steps == (100, 300)
    assert search.steps == 4 * (100 + 10) + 2 * (200 + 10)
    assert search.metrics["failed"] == 1


def test_an_elite_that_lost_its_race_is_trained_on_with_the_next_generation():
    made = config(goal="best", brood=2, keep=2, retrained=1, rungs=(100, 300))
    search = made.learner(Scripted([2.0, 1.0, 0.5, 0.4]))
    for _ in range(3):
        search.advance()
    assert search.records[1].scores == (1.0, 1.0)
    assert search.records[1].steps == (100, 300)
    assert [len(record.scores) for record in search.records] == [2, 2, 1, 1]


def test_a_bestiary_promotes_who_gains_most_on_the_holder_of_its_cell():
    made = config(brood=2, keep=2, retrained=0, rungs=(100, 300), mutations=1)
    worth = [5.0, *(0.1 * i for i in range(1, 60))]
    search = made.learner(Scripted(worth))
    for _ in range(24):  # twelve generations
        search.advance()
    cells = {}
    for record in search.records:
        cells.setdefault(cell_of(record.shape), []).append(record)
    for record in search.elites:
        assert record.score == max(other.score for other in cells[cell_of(record.shape)])
    born = [search.records[i : i + 2] for i in range(2, len(search.records), 2)]
    first = search.records[0]
    rivals = [pair for pair in born if {cell_of(r.shape) for r in pair} != {cell_of(first.shape)}]
    assert rivals
    for pair in rivals:
        near = [r for r in pair if cell_of(r.shape) == cell_of(first.shape)]
        assert all(len(record.scores) == 1 for record in near)


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")
def test_a_run_that_was_killed_ends_as_the_uninterrupted_one(tmp_path):
    small = ["--rungs", "2000,6000", "--brood", "4", "--set", "population=8", "--quiet"]
    words = [sys.executable, "-m", "agents", "evolve", *small, "--steps", "1500000", "--out"]
    subprocess.run([*words, tmp_path / "whole"], check=True, timeout=250)
    states = tmp_path / "killed" / "checkpoints"
    killed = subprocess.Popen([*words, tmp_path / "killed", "--workers", "2"])
    wait_for(lambda: len(list(states.glob("state-*"))) == 2, "two checkpoints", seconds=100)
    killed.kill()
    killed.wait(20)
    assert not (tmp_path / "killed" / "bodies.jsonl").exists()
    subprocess.run([*words, tmp_path / "killed", "--resume"], check=True, timeout=250)
    for name in ("bodies.jsonl", *(path.name for path in (tmp_path / "whole/elites").iterdir())):
        place = name if name == "bodies.jsonl" else f"elites/{name}"
        whole, again = (tmp_path / run / place for run in ("whole", "killed"))
        assert whole.read_bytes() == again.read_bytes(), name


def test_nodes_muscles_and_energy_have_their_prices():
    record = Record(0, None, 0, (), BODIES["hexapod"]).after(Walk(9.0, 20.0, 0.0, 1), 5)
    priced = config(energy_price=0.1, node_price=0.2, muscle_price=0.3)
    assert config().fitness(record) == 9.0
    assert priced.fitness(record) == pytest.approx(9.0 - 2.0 - 1.6 - 1.2)


def test_a_record_is_read_back():
    record = Record(4, 2, 1, ("grow", "add node"), BODIES["hexapod"])
    record = record.after(Walk(9.0, 20.0, 0.0, 1), 5).after(Walk(0.0, 1.0, 0.5, 1, "folded"), 7)
    again = Record.from_dict(json.loads(json.dumps(record.as_dict())))
    assert again == record
    assert (again.steps, again.scores, again.reason) == ((5, 12), (9.0, 0.0), "folded")
    assert row(record)["digest"] == BODIES["hexapod"].digest


def test_elites_are_policies_that_walk_in_their_own_bodies(run, tmp_path):
    _, search = run
    paths = write_elites(search, tmp_path)
    for path, record in zip(paths, search.elites):
        policy = Policy.load(path)
        assert policy.options.body == record.body
        seen = walk(policy, TINY["courses"], TINY["horizon"])
        assert seen.score == pytest.approx(record.score)
        assert policy.training["body_evolution"]["number"] == record.number
        assert policy.training["algorithm"] == "snes"
    (tmp_path / "009-body-99.safetensors").write_bytes(b"of a former elite")
    assert set(write_elites(search, tmp_path)) == set(tmp_path.iterdir())


def test_a_run_folder_gives_its_pictures_and_table(run):
    folder, search = run
    again = search_of_run(folder)
    assert found(again) == found(search)
    names = {path.name for path in write_outcome(again, folder)}
    assert names == {"elites", "bodies.jsonl", "bestiary.png", "tree.png"}
    for picture in ("bestiary.png", "tree.png"):
        assert (folder / picture).read_bytes()[:4] == b"\x89PNG"
    lines = (folder / "bodies.jsonl").read_text().splitlines()
    assert [json.loads(line)["number"] for line in lines] == list(range(len(search.records)))


def test_every_elite_is_drawn_with_its_score(run):
    _, search = run
    texts = [axes.get_title() for axes in draw_bestiary(search.elites, "all").axes]
    assert sorted(filter(None, texts)) == sorted(f"{r.score:.1f}" for r in search.elites)
    assert len(best_rows(search.elites)) == len(search.elites)


def test_a_tree_leads_from_the_first_body_to_any(run):
    _, search = run
    for record in search.records:
        line = descent(search.records, record.number)
        assert line[0].number == 0
        assert line[-1] == record
        assert [r.parent for r in line[1:]] == [r.number for r in line[:-1]]
    twice = dataclasses.replace(line[0], mutations=("grow", "add node", "grow"))
    assert (told(line[0]), told(twice)) == ("the first body", "grow x2, add node")
    drawn = [axes.get_title() for axes in draw_descent(line, "one").axes]
    assert len(list(filter(None, drawn))) == len(line)
    with pytest.raises(ValueError, match="there is no body 99; they have the numbers 0 to"):
        descent(search.records, 99)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"brood": 0}, "brood must be an int >= 1"),
        ({"brood": 10**9}, r"brood must lie in \[0, 1000\]"),
        ({"keep": 1}, "keep must be an int >= 2"),
        ({"goal": "most"}, "goal must be one of"),
        ({"rungs": (500, 300)}, "rungs must be whole numbers that rise from 1"),
        ({"rungs": ()}, "rungs must be whole numbers that rise"),
        ({"node_price": -1.0}, "node_price must lie in"),
        (
            {"learner_algorithm": "ppo", "settings": {}},
            "judged by an algorithm with a population, which ppo",
        ),
        ({"learner_algorithm": "nope"}, "algorithm must be one of"),
        ({"settings": {"nope": 1}}, "snes settings: expected names among"),
        ({"settings": {"seed": 1}}, "seed is the evolution's"),
    ],
)
def test_wrong_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        config(**settings)


def test_folders_of_others_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"expected the folder of an evolution: .* holds no run"):
        search_of_run(tmp_path)
    train(
        make_config("snes", {"population": 2, "hidden": 2}, tuned=False),
        Budget(steps=10), tmp_path / "snes", courses=1,
    )  # fmt: skip
    with pytest.raises(ValueError, match="it holds a run of 'snes'"):
        search_of_run(tmp_path / "snes")


def test_the_command_evolves_goes_on_and_draws_a_tree(called, tmp_path):
    small = ["--rungs", "300", "--brood", "2", "--set", "population=4", "--set", "hidden=2"]
    words = ["evolve", *small, "--set", "episodes=[[0,1]]", "--out", "bodies", "--quiet"]
    code, told, _ = called(*words, "--steps", "1000", "--energy-price", "0.01")
    assert code == 0
    assert "Best body: bodies/policy.safetensors" in told
    assert list((tmp_path / "bodies" / "elites").glob("001-body-*.safetensors"))
    code, _, error = called("evolve", "--out", "bodies", "--resume", "--quiet", "--steps", "70000")
    assert code == 0, error
    code, told, _ = called("bestiary", "bodies", "--tree", "0")
    assert code == 0
    assert (tmp_path / "bodies" / "tree-0.png").exists()


def test_the_command_says_what_is_wrong_in_one_line(called, tmp_path):
    code, _, error = called("evolve", "--steps", "10", "--rungs", "few")
    assert (code, error) == (
        2,
        "error: --rungs must be whole numbers such as 2000000,4000000, got 'few'\n",
    )
    body = dataclasses.replace(BODIES["inchworm"], name="mine").as_dict()
    (tmp_path / "mine.json").write_text(json.dumps(body))
    code, _, error = called("evolve", "--steps", "10", "--body", "mine.json")
    assert code == 2
    assert error.startswith("error: mine: the head is not braced rigidly")
    assert error.count("\n") == 1
    code, _, error = called("bestiary", ".")
    assert code == 2
    assert "expected the folder of an evolution" in error
