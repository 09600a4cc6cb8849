"""MAP-Elites: a map is filled, luck does not stay, and a run resumes exactly."""

import dataclasses

import numpy as np
import pytest

from agents.algorithms.elites import Elites
from agents.gaits import foot_pairs
from agents.training.budget import Budget
from agents.training.checkpoint import load_checkpoint, save_checkpoint
from agents.training.train import make_config, train
from agents.trial import Outcome, Walkers
from walker_env import Options

TINY = {"population": 12, "recheck": 4, "episodes": [[0, 2.0]], "hidden": 4, "cells": 5}


def learner(**settings):
    config = make_config("mapelites", {"seed": 3, **TINY, **settings}, tuned=False)
    return config.learner(Walkers(config.options))


def test_every_cell_holds_one_elite_that_belongs_there():
    search = learner()
    for _ in range(4):
        search.advance()
    places = search.elites.coordination(foot_pairs(search.config.options.body))
    cells = np.clip((5 * (places + 1) / 2).astype(int), 0, 4)
    assert len(np.unique(cells, axis=0)) == len(search.elites) > 3
    assert search.metrics["coverage"] == len(search.elites) / 25
    assert search.metrics["return_best"] == search.elites.fitness(2000).max()
    assert (search.elites.steps >= 2 * 2 * 40).all()  # newcomers walk twice


def test_it_gets_better():
    search = learner(population=32)
    search.advance()
    early = search.metrics["qd_score"]
    for _ in range(12):
        search.advance()
    assert search.metrics["qd_score"] > 1.5 * early


def test_a_resumed_search_goes_on_exactly(tmp_path):
    whole, half = learner(), learner()
    for _ in range(3):
        whole.advance()
        half.advance()
    path = save_checkpoint(tmp_path, 1, half.state_dict())
    resumed = learner()
    resumed.load_state_dict(load_checkpoint(path))
    for _ in range(3):
        whole.advance()
        resumed.advance()
    for name, array in whole.elites.state_dict().items():
        np.testing.assert_array_equal(array, resumed.elites.state_dict()[name])
    assert whole.steps == resumed.steps


class Lucky:
    """A crew whose first trial is all luck: what comes after is worth nothing."""

    def __init__(self, options):
        self._walkers, self._first = Walkers(options), True

    def run(self, trial):
        outcome = self._walkers.run(trial)
        returns = np.full(len(outcome.returns), 100.0 if self._first else 0.0)
        self._first = False
        return dataclasses.replace(outcome, returns=returns)

    def close(self):
        pass


def test_the_fitness_of_a_lucky_walk_sinks_when_it_walks_again():
    config = make_config("mapelites", {**TINY, "population": 4}, tuned=False)
    search = config.learner(Lucky(Options()))
    search.advance()
    assert search.metrics["return_best"] == pytest.approx(100.0 * 50 / 2)  # mean of both
    for _ in range(3):
        search.advance()
    assert search.metrics["return_best"] < 100.0 * 50 / 2


def test_sums_are_kept_for_each_elite():
    elites = Elites.untried(np.arange(6.0).reshape(3, 2), feet=1)
    outcome = Outcome(
        returns=np.array([1.0, 2.0]),
        walked=np.array([9, 10]),
        seen=np.zeros((2, 2, 1)),
        stance=np.ones((2, 2, 1)),
    )
    tried = elites.after(np.array([2, 0]), outcome, courses=2, steps=5)
    np.testing.assert_array_equal(tried.fitness(5), [2.0, 0.0, 1.0])
    np.testing.assert_array_equal(tried.walked, [10, 0, 9])
    assert elites.steps.sum() == 0
    assert len(tried.joined(elites).taken(np.array([0, 5]))) == 2


@pytest.mark.parametrize("body", ["hexapod", "inchworm"])
def test_every_body_has_a_map(body):
    search = learner(population=6, **{"options.body": body, "options.observation": "original"})
    search.advance()
    search.advance()
    assert len(search.elites) > 0
    search.policy()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"cells": 0}, "cells must be an int >= 1"),
        ({"iso": 0.0}, "iso must be positive"),
        ({"normalise": True}, "normalise must be false"),
    ],
)
def test_wrong_settings_are_refused(setting, message):
    with pytest.raises(ValueError, match=message):
        make_config("mapelites", setting)


def test_a_killed_run_ends_as_the_uninterrupted_one(tmp_path):
    config = make_config("mapelites", {"seed": 3, **TINY}, tuned=False)
    whole = train(config, Budget(steps=12_000), tmp_path / "a", courses=1)
    train(config, Budget(steps=6_000), tmp_path / "b", courses=1)
    again = train(config, Budget(steps=12_000), tmp_path / "b", courses=1, resume=True)
    assert again.best is not None
    one, two = (
        load_checkpoint(sorted(run.checkpoints.glob("state-*"))[-1])["learner"]["elites"]
        for run in (whole, again)
    )
    np.testing.assert_array_equal(one["values"], two["values"])
