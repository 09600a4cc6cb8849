"""Figures: each shows the data it was given, and each has a command."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

from agents.atlas import Atlas
from agents.baselines import load_agent
from benchmarks.__main__ import app
from benchmarks.evaluation.published import RUNS
from benchmarks.figures.figures import (
    algorithm_curves,
    footfall,
    learning_curves,
    paths,
    save_figure,
    timeline,
)
from benchmarks.gaits.gait import MeasuredGait
from benchmarks.gaits.trajectory import record_trajectory
from walker_env import Options


@pytest.fixture(scope="module")
def walk():
    return record_trajectory(load_agent("gait"), 12.0, 1)


def made_up(feet: int) -> MeasuredGait:
    t = np.arange(400) * 0.05
    grip = np.stack([(t + i / feet) % 1 < 0.5 for i in range(feet)], axis=1).astype(float)
    return MeasuredGait("made up", grip, 1 + 0.2 * np.sin(12 * t)[:, None] * np.ones(2), 100.0, 3.0)


def test_a_walk_is_written_down_as_it_was(walk):
    assert len(walk.time) == len(walk.head) == 240
    assert walk.time[-1] == pytest.approx(12.0)
    assert walk.reached[-1] >= 2
    assert len(walk.targets) == walk.reached[-1] + 1
    at = np.flatnonzero(np.diff(walk.reached))[0] + 1
    assert np.hypot(*(walk.head[at] - walk.targets[0])) < 20
    step = np.hypot(*np.diff(walk.head, axis=0).T) * 20
    assert walk.speed.mean() == pytest.approx(step.mean(), rel=0.35)


def test_a_walk_takes_time():
    with pytest.raises(ValueError, match="seconds must be a positive number"):
        record_trajectory(load_agent("gait"), 0.0)


@pytest.mark.parametrize("feet", [2, 4, 6])
def test_footfall_shows_when_feet_stand(feet):
    gaits = [made_up(feet)] * 3
    figure = footfall(gaits)
    image = figure.axes[0].images[0].get_array()
    np.testing.assert_array_equal(image, gaits[0].grip[:60].T)
    names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert names == [f"foot {i + 1}" for i in range(feet)]


def test_paths_are_coloured_by_speed_and_show_the_course(walk):
    figure = paths([walk, walk])
    lines = figure.axes[0].collections[0]
    segments = np.array(lines.get_segments())
    np.testing.assert_array_equal(segments[:, 1], walk.head[1:])
    assert len(lines.get_array()) == len(segments)
    assert lines.get_array().mean() == pytest.approx(walk.speed.mean(), rel=0.05)
    shown = [line.get_xydata()[0] for line in figure.axes[0].lines[1:]]
    np.testing.assert_array_equal(shown, walk.targets)


def test_a_time_line_has_grips_muscles_and_the_targets_reached(walk):
    figure = timeline(walk)
    assert len(figure.axes) == 4 + 2 + 1
    assert figure.axes[1].get_ylabel() == walk.feet[1] == "front right"
    np.testing.assert_array_equal(figure.axes[4].lines[1].get_ydata(), walk.muscle[:, 0])
    marks = [line.get_xdata()[0] for line in figure.axes[-1].lines[1:]]
    assert len(marks) == walk.reached[-1]


def test_learning_curves_over_time_and_steps():
    curve = {
        "seconds": np.array([0.0, 10.0]),
        "steps": np.array([0, 5000]),
        "scores": np.array([[0.0, 2.0], [6.0, 8.0]]),
    }
    for over in ("seconds", "steps"):
        line = learning_curves({"a": curve}, {"gait": 3.0}, over).axes[0].lines[0]
        np.testing.assert_array_equal(line.get_xdata(), curve[over])
        np.testing.assert_array_equal(line.get_ydata(), [1.0, 7.0])
    with pytest.raises(ValueError, match="over must be one of"):
        learning_curves({"a": curve}, over="epochs")


def test_the_same_figure_gives_the_same_file(tmp_path, walk):
    for ending in ("svg", "png"):
        files = [save_figure(timeline(walk), tmp_path / f"{i}.{ending}") for i in range(2)]
        assert files[0].read_bytes() == files[1].read_bytes()
    with pytest.raises(ValueError, match=r"must end with one of \.png, \.svg, \.pdf, got 'a\.gif'"):
        save_figure(timeline(walk), tmp_path / "a.gif")


def run_folder(path) -> str:
    path.mkdir()
    lines = [
        json.dumps({"cpu_seconds": 1.0, "seconds": i, "steps": i, "score": i, "scores": [i, i + 1]})
        for i in range(3)
    ]
    (path / "progress.jsonl").write_text("\n".join(lines))
    return str(path)


def records(path) -> str:
    """Two of the published runs."""
    path.mkdir()
    for name in ("ars-cpu-0", "ppo-cpu-0"):
        shutil.copy(RUNS / f"{name}.json", path)
    return str(path)


def atlas_file(path) -> str:
    """A map with two walkers."""
    values = np.zeros((2, 12 * 2 + 2 + 2 * 6 + 6), dtype=np.float32)
    places = np.array([[-0.9, -0.9], [0.5, 0.7]])
    Atlas(values, np.array([3.0, 7.0]), places, 4, (2,), 1, Options()).save(path)
    return str(path)


def test_algorithms_are_drawn_at_equal_cost():
    curve = {"cost": [0.0, 15.0, 30.0], "score": [0.0, 2.0, 6.0]}
    curve |= {"low": [0.0, 1.0, 5.0], "high": [0.0, 3.0, 7.0]}
    runs = [{"algorithm": name, "curves": {"cpu_seconds": curve}} for name in "abcdefgh"]
    budgets = [{"name": "cpu", "steps": None, "cpu_seconds": 30.0}]
    data = {"suite": {"budgets": budgets}, "algorithms": {"cpu": runs, "steps": []}}
    (axes,) = algorithm_curves(data).axes  # a budget without runs has no panel
    assert axes.get_xlabel() == "processor time [s]"
    assert [line.get_label() for line in axes.lines] == list("abcdefgh")
    np.testing.assert_array_equal(axes.lines[7].get_ydata(), curve["score"])
    looks = {(line.get_color(), line.get_linestyle()) for line in axes.lines}
    assert len(looks) == len(runs)
    with pytest.raises(ValueError, match="expected the record of at least one run"):
        algorithm_curves({**data, "algorithms": {"cpu": []}})


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("footfall", ["gait"]),
        ("paths", ["gait", "still", "--seconds", "1"]),
        ("timeline", ["gait", "--seconds", "1", "--seed", "2"]),
        ("curves", ["FOLDER", "--over", "steps"]),
        ("algorithms", ["--runs", "RECORDS"]),
        ("atlas", ["ATLAS"]),
    ],
)
def test_every_figure_has_a_command(tmp_path, command, words):
    made = {"FOLDER": run_folder, "ATLAS": atlas_file, "RECORDS": records}
    words = [made[w](tmp_path / "input") if w in made else w for w in words]
    out = tmp_path / "new" / "figure.svg"
    done = CliRunner().invoke(app, ["figure", command, *words, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_text().lstrip().startswith("<?xml")
    assert f"Wrote {out}" in done.output.replace("\n", "")
