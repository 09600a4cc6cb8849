"""``python -m walker_env.body`` draws a body and tells what it is made of."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from walker_env import BODIES
from walker_env.body.__main__ import main


def test_the_sheet_of_the_quadruped(capsys):
    assert main(["quadruped"]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[0] == "2" + "." * 45 + "0"
    for line in (
        "nodes  5, of mass 50 together",
        "links  6 bones, 2 muscles",
        "feet  0 1 2 3",
        "commands  4 grips and 2 lengths",
        "size  100 x 100 units",
        "time step  1.00 of at most 1.4 at node 4, a margin of 29%",  # sqrt(4 * 9000 / 10) / 60
        "rigid parts  0 1 4; 2 3 4",
    ):
        assert f"  {line}\n" in told, line
    assert "shaken  the fastest node reaches" in told
    assert "warning" not in told


def test_a_file_with_a_part_that_flaps_is_warned_of(tmp_path, capsys):
    data = BODIES["quadruped"].as_dict()
    data["nodes"].append({"x": -100, "y": 0, "mass": 10})
    data["bones"].append({"a": 4, "b": 5})
    path = tmp_path / "tail.json"
    path.write_text(json.dumps(data | {"name": "tailed"}))
    assert main([str(path)]) == 0
    warned = "warning: tailed: node 5 flaps: neither bones nor muscles hold it; tie it to more"
    assert warned in capsys.readouterr().out


@pytest.mark.parametrize("names", [["spider"], ["quadruped", "star"]])
def test_a_picture_shows_bones_muscles_and_feet(names, tmp_path, capsys):
    from matplotlib.colors import to_rgb

    from walker_env.body.picture import BONE, FOOT, MUSCLE

    path = tmp_path / "picture.png"
    assert main([*names, "--out", str(path)]) == 0
    assert f"Wrote {path}" in capsys.readouterr().out
    pixels = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3).astype(int)
    for colour in (BONE, FOOT, MUSCLE):
        wanted = np.round(np.multiply(to_rgb(colour), 255))
        assert (np.abs(pixels - wanted).max(axis=1) <= 2).sum() > 100, colour


def test_a_name_is_drawn_as_it_is_written(tmp_path, capsys):
    body = replace(BODIES["quadruped"], name=r"$\frac{a$")
    path = tmp_path / "body.json"
    path.write_text(json.dumps(body.as_dict()))
    assert main([str(path), "--out", str(tmp_path / "picture.svg")]) == 0


def test_another_ending_is_refused(tmp_path, capsys):
    assert main(["quadruped", "--out", str(tmp_path / "picture.bmp")]) == 2
    assert "expected an ending among .png, .svg, .pdf" in capsys.readouterr().err


def test_the_module_runs_without_a_warning(fresh_python):
    script = """
import runpy, sys
sys.argv = ["body", "inchworm"]
try:
    runpy.run_module("walker_env.body", run_name="__main__", alter_sys=True)
except SystemExit as ended:
    assert ended.code == 0
"""
    assert "links  1 bones, 4 muscles" in fresh_python(script)
