"""Lines of the page's charts can be told apart: by everybody, by day and by night."""

import itertools
import re

import numpy as np
import pytest

from agents.figure_style import DASHES, HUES, HUES_DARK, LOOKS, Look, looks
from agents.training.train import ALGORITHMS
from benchmarks.site import charts
from benchmarks.site.build import HERE
from benchmarks.site.content import Line

STYLE = (HERE / "static" / "style.css").read_text()

VISION = {
    "all three cones": np.eye(3),
    "no long cones": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no middle cones": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no short cones": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""What is left of linear RGB; Machado, Oliveira and Fernandes 2009."""

LEAST_CONTRAST = 3.0
"""Of a line on its card; Web Content Accessibility Guidelines 1.4.11."""

LEAST_APART = 12.0
"""Hundredths of Oklab's lightness; two that just differ are about 2 apart."""


def blocks():
    """The parts of the style that set colours: light, dark as asked for, dark as chosen."""
    return re.findall(r"\{([^{}]*--hue0:[^{}]*)\}", STYLE)


def themes():
    """Each of the `blocks` as name -> linear RGB ``(3,)``."""
    found = []
    for block in blocks():
        values = re.findall(r"--(\w+): #(\w{6});", block)
        found.append({name: _linear(text) for name, text in values})
    return found


def _linear(text):
    values = np.array([int(text[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _luminance(colour):
    return colour @ np.array([0.2126, 0.7152, 0.0722])


def _oklab(colour):
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    mixed = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return mixed @ np.cbrt(cones @ np.clip(colour, 0, 1))


def hues(theme):
    return [theme[f"hue{i}"] for i in range(len(HUES))]


def test_both_ways_into_the_dark_theme_have_the_same_colours():
    light, asked, chosen = themes()
    assert all((asked[name] == chosen[name]).all() for name in asked)
    assert (light["card"] != asked["card"]).any()


@pytest.mark.parametrize("theme", themes())
def test_lines_stand_out_from_the_card(theme):
    for colour in hues(theme):
        low, high = sorted([_luminance(colour), _luminance(theme["card"])])
        assert (high + 0.05) / (low + 0.05) >= LEAST_CONTRAST


@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize("vision", VISION)
def test_lines_are_told_apart_by_every_kind_of_colour_vision(theme, vision):
    seen = [_oklab(VISION[vision] @ colour) for colour in hues(theme)]
    apart = [100 * np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)]
    assert min(apart) >= LEAST_APART


def test_page_and_figures_have_the_same_colours():
    light, *dark = (tuple(re.findall(r"--hue\d: (#\w{6});", b)) for b in blocks())
    assert light == HUES
    assert dark == [HUES_DARK] * 2


def test_each_algorithm_has_a_look_of_its_own():
    assert set(LOOKS) == set(ALGORITHMS)
    assert len({(look.hue, look.dash) for look in LOOKS.values()}) == len(LOOKS)
    assert looks(["sac", "ppo"])["ppo"] == looks(["ppo"])["ppo"] == LOOKS["ppo"]


def test_runs_and_strangers_are_told_apart():
    names = ["snes", "snes-0", "snes-1", "my climber", "another"]
    found = looks(names)
    assert len(set(found.values())) == len(names)
    assert {found[name].hue for name in names[:3]} == {LOOKS["snes"].hue}
    taken = {(look.hue, look.dash) for look in LOOKS.values()}
    assert not taken & {(found[name].hue, found[name].dash) for name in names[3:]}


def test_the_page_knows_each_look():
    points = np.zeros(2)
    for hue in range(len(HUES)):
        for dash in range(len(DASHES)):
            look = charts.look(Line("x", points, points, look=Look(hue, dash)))
            assert look == f"hue{hue} dash{dash}"
            for name in {*look.split()} - {"dash0"}:
                assert f".{name} {{" in STYLE
