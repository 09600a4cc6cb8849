"""Driving a walker by hand: which key or stick of a gamepad moves what, for any body."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from walker_env.body import Body
from walker_env.observation import ACTION, slices, width

ROWS = ("qwe", "asd", "zxc", "rty", "fgh", "vbn")
"""Keys of the feet: a row for each row of feet, the front one first."""

PAIRS = ("uj", "ik", "ol", "p;", "34", "56", "78", "90")
"""Keys of the muscles: the first contracts, the second extends."""

FRONT, REAR = "1", "2"
"""Keys under which all feet of a half grip."""

_LISTED = 9  # keys
_SAME_ROW = 1.0  # [unit] feet no further apart lengthwise stand in one row


@dataclass(frozen=True)
class Pad:
    """What a gamepad says."""

    left: float = 0.0  # left stick: muscles on the left, 1 extends
    right: float = 0.0  # right stick: muscles on the right
    front: float = 0.0  # left trigger in [0, 1]: feet of the front half
    rear: float = 0.0  # right trigger: feet of the rear half


class Controls:
    """Turns keys and sticks into commands for one body.

    Attributes:
        feet: Key of each foot; an empty text for one that only group keys move.
        muscles: The two keys of each muscle, to contract and to extend it; empty for none.
    """

    def __init__(self, body: Body) -> None:
        place = body.rest_positions()
        self._front = place[list(body.feet), 0] > place[:, 0].mean()
        middle = np.array([(place[m.a] + place[m.b])[1] for m in body.muscles]) / 2
        self._side = np.sign(middle)  # (M,) 1 on the left, -1 on the right
        self.feet = _foot_keys(place[list(body.feet)])
        spare = len(body.muscles) - len(PAIRS)
        self.muscles = (*PAIRS[: len(body.muscles)], *[""] * max(0, spare))
        self._parts, self._width = slices(ACTION, body), width(ACTION, body)

    def action(self, held: Collection[str], pad: Pad | None = None) -> np.ndarray:
        """Commands ``(A,)`` float32: a foot without its key lets go, a muscle rests.

        Args:
            held: Names of the keys that are down; the arrows are "up", "down", "left", "right".
            pad: A gamepad, if there is one.
        """
        pad = pad or Pad()
        grip = np.array([bool(key) and key in held for key in self.feet], dtype=float)
        grip = np.maximum(grip, self._front * max(float(FRONT in held), pad.front))
        grip = np.maximum(grip, ~self._front * max(float(REAR in held), pad.rear))
        pull = np.array([_pull(keys, held) for keys in self.muscles])
        pull += _pull(("down", "up"), held) + self._side * _pull(("left", "right"), held)
        pull += np.select([self._side > 0, self._side < 0], [pad.left, pad.right], 0.0)
        action = np.empty(self._width, dtype=np.float32)
        action[self._parts["grip"]] = 2 * grip - 1
        action[self._parts["muscle"]] = np.clip(pull, -1, 1)
        return action

    def pressed(self, action: np.ndarray) -> set[str]:
        """The feet's and muscles' keys that would give these commands ``(A,)``."""
        grips, pulls = action[self._parts["grip"]], action[self._parts["muscle"]]
        down = {key for key, grip in zip(self.feet, grips) if grip > 0}
        pairs = [pair[int(pull > 0)] for pair, pull in zip(self.muscles, pulls) if pair and pull]
        return down | set(pairs)

    def legend(self) -> list[tuple[str, str]]:
        """Keys and what they do, to be shown."""
        feet, muscles = _told(self.feet), _told(self.muscles)
        return [
            (feet, "grip with a foot"),
            (f"{FRONT} {REAR}", "grip: front, rear feet"),
            (muscles, "muscle: contract, extend"),
            ("up down", "stretch, contract all"),
            ("left right", "bend"),
        ]


def _told(keys: Sequence[str]) -> str:
    """The keys in a line, the first of them where they are many: all stand beside the walker."""
    known = [key.upper() for key in keys if key]
    return " ".join(known if len(known) <= _LISTED else [*known[:_LISTED], "…"])


def _pull(keys: Collection[str], held: Collection[str]) -> float:
    """-1 for the first key, 1 for the second, 0 for both or none."""
    return float(sum(way * (key in held) for key, way in zip(keys, (-1, 1))))


def _foot_keys(place: np.ndarray) -> tuple[str, ...]:
    """A key for each foot at ``place`` (F, 2): rows from the front, in a row from the left.

    Feet that do not fit in get the keys that are left, and once these are used up an empty text.
    """
    keys, row, column, before = [""] * len(place), -1, 0, np.inf
    for i in sorted(range(len(place)), key=lambda i: (-round(place[i, 0]), -place[i, 1])):
        fresh = abs(before - place[i, 0]) > _SAME_ROW
        row, column, before = row + fresh, 0 if fresh else column + 1, place[i, 0]
        if row < len(ROWS) and column < len(ROWS[row]):
            keys[i] = ROWS[row][column]
    spare = iter(key for row in ROWS for key in row if key not in keys)
    return tuple(key or next(spare, "") for key in keys)
