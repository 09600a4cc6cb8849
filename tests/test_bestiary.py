"""The published bestiary: its data are read back, its study goes on, its page is up to date."""

import dataclasses
import json
from pathlib import Path

import pytest

from agents.evolving.judging import Judged
from agents.evolving.walk import Walk
from agents.training.budget import Budget
from agents.training.train import train
from benchmarks.bestiary import findings, study
from benchmarks.bestiary.figures import bestiary_figure, headline, study_figure, tree_figure
from benchmarks.bestiary.publish import BEST, DATA, LIVES, publish, read_published
from benchmarks.bestiary.study import Life, Trial, live, read_lives
from benchmarks.commands.bestiary import sections
from tests.test_evolving import config
from walker_env import BODIES

PAGE = Path(__file__).resolve().parent.parent / "docs" / "bestiary.md"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evolution")
    train(config(), Budget(steps=3000), folder / "run", courses=1)
    publish(folder / "run", folder / "data")
    return read_published(folder / "data")


class Counting:
    """A pool that keeps its jobs; a body scores its seed, and one more with every training."""

    def __init__(self):
        self.jobs = []

    def map(self, jobs):
        self.jobs += jobs
        return [
            Judged(Walk(float(job.seed + len(before)), 0.0, 0.0, 1), 1, b"", before + b"s")
            for job, before in ((job, job.state or b"") for job in jobs)
        ]


def lives_of(group, rows, names=None):
    """Lives with these scores, a body each."""
    names = names or [f"{group}-{i}" for i in range(len(rows))]
    points = tuple(1_000_000 * (1 + i) for i in range(len(rows[0])))
    return [
        Life(f"{group}{i}", group, name, name, i, "", points, tuple(row), ("",) * len(row))
        for i, (name, row) in enumerate(zip(names, rows))
    ]


def test_the_published_data_tell_of_the_run(published):
    assert [row["number"] for row in published.rows] == list(range(len(published.rows)))
    scores = [row["scores"][-1] for row in published.elite_rows]
    assert scores == sorted(scores, reverse=True)
    assert len(published.elites) == len(scores) >= 1
    assert published.about["seed"] == 0
    assert published.about["steps"] >= 3000
    records = findings.elite_records(published)
    assert [record.body for record in records] == [p.options.body for p in published.elites]
    for figure in (bestiary_figure(published), tree_figure(published)):
        assert figure.axes


def test_an_unpublished_bestiary_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expected a published bestiary"):
        read_published(tmp_path)


def test_the_study_goes_on_where_it_was_stopped(tmp_path):
    body, file = BODIES["quadruped"], tmp_path / "study.jsonl"
    trials = [Trial("hand", body, seed, (100, 300)) for seed in (1, 2)]
    child = Trial("inherited", BODIES["hexapod"], 3, (50,), parent=body)
    first = Counting()
    lives = live(trials, first, file, lambda text: None)
    assert [life.scores for life in lives] == [(1.0, 2.0), (2.0, 3.0)]
    assert [job.steps for job in first.jobs] == [100, 100, 200, 200]
    second, told = Counting(), []
    assert live([*trials, child], second, file, told.append) == read_lives(file)
    assert [(job.seed, job.steps) for job in second.jobs] == [(1, study.SHORT[-1]), (3, 50)]
    assert second.jobs[1].state == b"s"
    assert told == ["inherited hexapod (seed 3): 4.0 targets"]
    file.write_text("{}\n")
    with pytest.raises(ValueError, match="line 1 is no trial of the study"):
        read_lives(file)


def test_hand_drawn_and_evolved_bodies_have_the_same_seeds_and_budgets():
    evolved = dataclasses.replace(BODIES["quadruped"], hub=0)
    trials = study.champion_trials([evolved])
    assert {trial.points for trial in trials} == {study.LONG}
    for body in (*BODIES.values(), evolved):
        group = "evolved" if body is evolved else "hand"
        found = [(t.group, t.seed) for t in trials if t.body == body]
        assert found == [(group, seed) for seed in study.SEEDS]
    assert len({trial.key for trial in trials}) == len(trials)


@pytest.mark.long
def test_the_study_has_the_bodies_it_says():
    born = study.newborn_trials()
    assert len({trial.body.digest for trial in born}) == study.NEWBORN
    assert [t.body.digest for t in study.newborn_trials()] == [t.body.digest for t in born]
    family = study.inheritance_trials()
    inherited = [trial for trial in family if trial.parent]
    assert len(inherited) == study.PARENTS * study.CHILDREN == len(family) // 2
    for trial in inherited:
        assert len(trial.body.feet) == len(trial.parent.feet)
        assert len(trial.body.muscles) == len(trial.parent.muscles)
    keys = {trial.key for trial in [*born, *family, *study.champion_trials([])]}
    assert len(keys) == len(born) + len(family) + len(BODIES) * len(study.SEEDS)


def test_the_tables_say_what_the_lives_say():
    lives = lives_of("hand", [(1.0, 10.0), (3.0, 20.0)], ["drawn", "drawn"])
    lives += lives_of("evolved", [(2.0, 18.0), (4.0, 18.0)], ["grown", "grown"])
    assert findings.champions_table(lives).splitlines()[2:] == [
        "| grown | evolution | 3.0 | 18.0 | 18.0 to 18.0 |",
        "| drawn | hand | 2.0 | 15.0 | 10.0 to 20.0 |",
    ]
    assert "18.0 targets for the best evolved body (`grown`) and 15.0" in headline(lives)
    assert "+20%. All 1 evolved ones together have 18.0, all 1 hand-drawn" in headline(lives)
    rows = [(float(i), float(i)) for i in range(8)]
    table = findings.correlation_table(lives_of("newborn", rows)).splitlines()
    assert "| of the best 2 in the end" in table[0]
    assert table[2].startswith("| 1 M | 1.00 [1.00, 1.00] | 1.00 [1.00, 1.00] | 2 | 3.5 |")
    whole = [*lives_of("scratch", rows), *lives_of("newborn", rows)]
    for life in lives_of("scratch", [row[::-1] for row in rows]):
        whole.append(dataclasses.replace(life, group="inherited", key=f"{life.key} inherited"))
    assert findings.inheritance_table(whole).count("\n") == 5
    assert len(study_figure([*whole, *lives]).axes) == 2


def test_the_page_is_up_to_date():
    data, lives = read_published(), read_lives(DATA / LIVES)
    best = {policy.options.body.digest for policy in data.elites[:BEST]}
    lives = [life for life in lives if life.group != "evolved" or life.digest in best]
    text = PAGE.read_text(encoding="utf-8")
    for name, content in sections(data, lives).items():
        assert f"<!-- {name} -->\n{content}\n<!-- /{name} -->" in text, name


def test_the_published_data_are_small_and_whole():
    files = [path for path in DATA.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in (DATA / "elites").iterdir()) < 2_000_000
    assert sum(path.stat().st_size for path in files) < 4_000_000
    data = read_published()
    for row in data.rows:
        assert (row["parent"] is None) == (row["number"] == 0)
        assert all(0 <= score < 200 for score in row["scores"])
    assert all(json.dumps(policy.training) for policy in data.elites)
