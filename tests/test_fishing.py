"""What it gains to change a policy again and again, measured on a tiny suite."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from agents.baselines import load_agent
from benchmarks.evaluation.fishing import batches, changed_copies, fish, luckiest, table
from benchmarks.evaluation.suite import WALKER

pytest.importorskip("numba", reason="it walks with the compiled engine")


def bits(policy):
    return np.concatenate(
        [array.view(np.uint32).ravel() for _, array in sorted(policy.network.tensors().items())]
    )


def test_each_copy_differs_from_the_one_before_it_in_the_last_bit_of_one_weight(make_policy):
    policy = make_policy()
    copies = [policy, *changed_copies(policy, 20, np.random.default_rng(1))]
    for one, other in itertools.pairwise(copies):
        different = bits(one) ^ bits(other)
        assert sorted(different[different > 0]) == [1]
    assert len({one.walker for one in copies}) > 15
    again = changed_copies(policy, 20, np.random.default_rng(1))
    assert [one.walker for one in again] == [one.walker for one in copies[1:]]


def test_a_graph_s_weights_change_too_and_its_edges_do_not():
    policy = load_agent("grown")
    (copy,) = changed_copies(policy, 1, np.random.default_rng(0))
    assert copy.walker != policy.walker
    assert np.array_equal(copy.network.edges, policy.network.edges)


def test_the_luckiest_of_some_is_the_mean_over_all_choices():
    rng = np.random.default_rng(0)
    scores, others = rng.normal(size=6), rng.normal(size=6)
    for number in (1, 3, 6):
        chosen = [max(places, key=scores.__getitem__)
                  for places in itertools.combinations(range(6), number)]  # fmt: skip
        assert luckiest(scores, number) == pytest.approx(np.mean(scores[chosen]))
        assert luckiest(scores, number, others) == pytest.approx(np.mean(others[chosen]))


def test_files_change_the_courses_and_not_the_walker(make_policy, tiny_suite):
    suite = replace(tiny_suite.part(["disc"]), identity=WALKER)
    steps = []
    catch = fish(make_policy(scale=3.0), suite, 10, on_step=lambda: steps.append(1), truth=64)
    assert len(steps) == batches(10) * suite.horizon
    assert catch.walkers.shape == catch.commons.shape == (10,)
    assert catch.files.mean() == pytest.approx(catch.true, abs=catch.error)
    assert np.ptp(catch.commons) < np.ptp(catch.walkers)  # the same courses, hardly another walker
    fewer = fish(make_policy(scale=3.0), suite, 4, truth=64)
    assert np.array_equal(fewer.walkers, catch.walkers[:4])
    head, *rows = table(catch)
    assert [row[0] for row in rows] == ["1", "10", "100", "1,000"]
    assert [row[2] == "-" for row in rows] == [False, False, True, True]
    assert len({len(row) for row in (head, *rows)}) == 1


def test_what_cannot_be_fished_is_refused(make_policy, tiny_suite):
    with pytest.raises(ValueError, match="tries must be at least 1"):
        fish(make_policy(), tiny_suite, 0)
    with pytest.raises(ValueError, match="small drives 'quadruped'"):
        fish(make_policy(), replace(tiny_suite, body="hexapod"), 1)
