"""Learning curves."""

import json

import numpy as np
import pytest

from agents.training.curve import read_curve
from benchmarks.figures.figures import plot_curves


def run_folder(path, scores):
    path.mkdir()
    lines = [
        json.dumps(
            {"seconds": i, "cpu_seconds": i, "steps": 100 * i, "score": s, "scores": [s, s + 1]}
        )
        for i, s in enumerate(scores)
    ]
    (path / "progress.jsonl").write_text("\n".join(lines))
    return path


def test_a_curve_is_read_back(tmp_path):
    curve = read_curve(run_folder(tmp_path / "a", [0.0, 2.0, 5.0]))
    np.testing.assert_array_equal(curve["steps"], [0, 100, 200])
    np.testing.assert_array_equal(curve["scores"][:, 1], [1.0, 3.0, 6.0])


def test_a_picture_is_written(tmp_path):
    folders = {"a": run_folder(tmp_path / "a", [0.0, 2.0]), "b": run_folder(tmp_path / "b", [1.0])}
    plot_curves(folders, {"gait": 3.0}, tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes()[:4] == b"\x89PNG"
    assert len(list(tmp_path.glob("*.png"))) == 1


def test_a_folder_without_a_curve_is_named(tmp_path):
    with pytest.raises(ValueError, match="expected the folder of a training run"):
        read_curve(tmp_path)
    (tmp_path / "progress.jsonl").write_text("")
    with pytest.raises(ValueError, match="is empty"):
        read_curve(tmp_path)
