"""Learning curves."""

import json

import numpy as np
import pytest

from agents.training.curve import CurveError, read_curve, read_points, write_points
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


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: "),
        ("[]", r"line 2: expected an object with \['steps', .*got \[\]"),
        ('{"steps": 1}', "line 2: expected an object with"),
        ({"score": float("nan")}, "line 2: expected finite numbers"),
        ({"score": "good"}, "line 2: a point needs finite numbers"),
        ({"steps": -1}, "line 2: a point needs whole steps and times, all >= 0"),
        ({"steps": 1.5}, "line 2: a point needs whole steps"),
        ({"scores": []}, "line 2: .* at least one score"),
        ({"scores": [1.0]}, "line 2: expected 2 scores as in the first line, got 1"),
    ],
)
def test_a_damaged_line_is_named(tmp_path, line, message):
    path = run_folder(tmp_path / "a", [0.0]) / "progress.jsonl"
    good = path.read_text()
    wrong = line if isinstance(line, str) else json.dumps(json.loads(good) | line)
    path.write_text(f"{good}\n{wrong}\n")
    with pytest.raises(CurveError, match=rf"{path}: the learning curve is damaged: {message}"):
        read_points(tmp_path / "a")


def test_a_curve_is_written_as_it_was_read(tmp_path):
    folder = run_folder(tmp_path / "a", [0.0, 2.0])
    points = read_points(folder)
    (folder / "progress.jsonl").unlink()
    assert read_points(folder) == []
    write_points(folder, points)
    assert read_points(folder) == points
