"""The atlas: its file, its map, and cells that can be played."""

import subprocess
import sys

import numpy as np
import pytest

from agents.atlas import FILE, AtlasError, atlas_of_run, cells_of, fittest, load_atlas
from agents.atlas_map import atlas_table, draw_atlas
from agents.policy import Policy
from agents.rollout import episode_scores
from agents.training.budget import Budget
from agents.training.checkpoint import load_checkpoint, newest
from agents.training.run import Run
from agents.training.run_config import describe
from agents.training.run_folder import open_run
from agents.training.train import make_config, train
from walker_env.seeds import validation_seeds

SETTINGS = {"population": 16, "episodes": [[0, 1.0]], "hidden": 4, "cells": 6}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "map"
    train(make_config("mapelites", SETTINGS, tuned=False), Budget(steps=2000), folder, courses=1)
    atlas_of_run(folder, courses=1)
    return folder


def command(*words):
    return subprocess.run(
        [sys.executable, "-m", "agents", *words], capture_output=True, text=True, timeout=100
    )


def test_it_stands_in_the_run_folder_and_is_read_back(run):
    atlas = load_atlas(run / FILE)
    again = atlas_of_run(run, courses=1)
    np.testing.assert_array_equal(atlas.values, again.values)
    assert atlas.name == "map"
    assert atlas.training["algorithm"] == "mapelites"
    assert len(np.unique(atlas.cells, axis=0)) == len(atlas.score)


def test_a_cells_policy_scores_what_the_map_says(run):
    atlas = load_atlas(run / FILE)
    row = int(np.argmax(atlas.score))
    policy = atlas.policy(row)
    score = episode_scores(policy.act, policy.options.for_evaluation(), validation_seeds(1)).mean()
    assert score == pytest.approx(atlas.score[row])
    assert policy.training["cell"] == atlas.cells[row].tolist()
    assert policy.name.startswith(atlas.gaits[row])


def test_cells_are_found_by_number_and_by_gait(run):
    atlas = load_atlas(run / FILE)
    a, b = atlas.cells[0]
    assert atlas.row(f"{a}, {b}") == 0
    gait = atlas.gaits[0]
    best = atlas.row(gait)
    assert atlas.score[best] == max(s for s, g in zip(atlas.score, atlas.gaits) if g == gait)
    with pytest.raises(AtlasError, match=r"expected a cell .* got '9,9'"):
        atlas.row("9,9")


def test_the_fittest_of_a_cell_takes_it():
    where = np.array([[-1.0, -1.0], [1.0, 1.0], [-0.9, -0.95]])
    cells = cells_of(where, 4)
    np.testing.assert_array_equal(cells, [[0, 0], [3, 3], [0, 0]])
    np.testing.assert_array_equal(fittest(cells, np.array([1.0, 2.0, 3.0])), [2, 1])


def test_the_map_shows_every_filled_cell(run):
    atlas = load_atlas(run / FILE)
    axes = draw_atlas(atlas).axes[0]
    image = np.ma.filled(axes.images[0].get_array(), np.nan)
    assert np.isfinite(image).sum() == len(atlas.score)
    sides, ends = atlas.cells[0]
    assert image[ends, sides] == atlas.score[0]
    assert atlas_table(atlas).count("\n") == 1 + len(atlas.best())


def test_the_command_draws_and_exports(run, tmp_path):
    done = command("atlas", str(run), "--courses", "1", "--picture", str(tmp_path / "map.png"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "map.png").read_bytes()[:4] == b"\x89PNG"
    gait = load_atlas(run / FILE).gaits[0]
    saved = tmp_path / "cell.safetensors"
    done = command("atlas", str(run), "--courses", "1", "--cell", gait, "--save", str(saved))
    assert done.returncode == 0, done.stderr
    assert Policy.load(saved).training["gait"] == gait


def test_other_folders_are_refused(tmp_path):
    with pytest.raises(AtlasError, match="expected the folder of a mapelites run"):
        atlas_of_run(tmp_path)
    (tmp_path / FILE).write_bytes(b"junk")
    with pytest.raises(AtlasError, match="no usable atlas"):
        load_atlas(tmp_path / FILE)


@pytest.mark.long
def test_its_policies_tell_what_workers_cost_and_the_present_budget(tmp_path):
    config, folder = make_config("mapelites", SETTINGS, tuned=False), tmp_path / "run"
    train(config, Budget(steps=1000), folder, courses=1, workers=2)
    train(config, Budget(steps=2000), folder, courses=1, workers=2, resume=True)
    known = load_checkpoint(newest(folder / "checkpoints"))
    atlas = atlas_of_run(folder, courses=1)
    spent = known["cpu_seconds"] + known["learner"]["cpu_seconds"]
    assert known["learner"]["cpu_seconds"] > 0
    assert atlas.training["cpu_seconds"] == pytest.approx(spent)
    assert atlas.training["budget"]["steps"] == 2000


def test_a_run_that_has_not_walked_says_so(tmp_path):
    config, budget = make_config("mapelites", SETTINGS, tuned=False), Budget(steps=9)
    run = Run(open_run(tmp_path / "run", describe(config, budget)), config, budget)
    learner = run.config.learner(None)
    run.begin(learner)
    run.go_on(learner)
    with pytest.raises(AtlasError, match="first generation has not walked yet"):
        atlas_of_run(tmp_path / "run")
