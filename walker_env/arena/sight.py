"""What a walker in an arena sees: the layout as data, and the one place that fills it.

It begins with the whole layout ``full`` of a walker alone, whose target is here the game's aim, so
a policy that was trained alone can play.
"""

from __future__ import annotations

import math

import numpy as np

from walker_env import sensing
from walker_env.arena.game import Game
from walker_env.arena.rules import aims
from walker_env.arena.senses import Senses
from walker_env.body import Body
from walker_env.observation import FULL, Channel, Observer, width
from walker_env.schema import TINY
from walker_env.state import State

SEEN = 3
"""How many others a walker sees, the nearest first."""

FEELERS = 8
"""Rays from the head, at even angles: ahead, half left, left, and so on."""

FARTHEST = 500.0
"""A feeler's length [unit]."""

_INF = float("inf")
_OTHER = (
    Channel("other_there", "1 where there is such a one, else all of it is 0", "-", 0, 1),
    Channel("other_place", "its centre: forward, left", "unit", -_INF, _INF, 2, scale=500),
    Channel("other_velocity", "its hub's: forward, left", "unit/s", -_INF, _INF, 2, scale=100),
    Channel("other_heading", "where it looks: forward, left", "-", -1, 1, 2),
    Channel("other_role", "1: plays the same role, -1: another, or all are rivals", "-", -1, 1),
)
_HALF = math.sqrt(0.5)
_AHEAD = [(1.0, 0.0), (_HALF, _HALF), (0.0, 1.0), (-_HALF, _HALF)]  # forward, left
_RAYS = np.array([*_AHEAD, *((-x, -y) for x, y in _AHEAD)])

ARENA = (
    *FULL,
    Channel("role", "0, or in tag 1 for a chaser and -1 for a runner", "-", -1, 1),
    Channel("clock", "share of the match's time that is left", "-", 0, 1),
    Channel("middle", "the arena's origin: forward, left", "unit", -_INF, _INF, 2, scale=500),
    Channel(
        "feelers",
        f"way to a wall, a post or the ring along {FEELERS} rays, at most {FARTHEST:g}",
        "unit",
        0,
        1,
        FEELERS,
        scale=FARTHEST,
    ),
    *(
        Channel(f"{channel.name}_{i}", *list(vars(channel).values())[1:])
        for i in range(SEEN)
        for channel in _OTHER
    ),
)
"""What a walker in an arena observes; others that are out of the match are not seen."""


class Sight:
    """Fills `ARENA` for all walkers of all arenas.

    Args:
        game: Which is played.
        body: Of each walker.
    """

    def __init__(self, game: Game, body: Body) -> None:
        self._game, self._body = game, body
        self._gauge = sensing.MuscleGauge(body)
        self._own = Observer(FULL, body)
        self._start, self.width = width(FULL, body), width(ARENA, body)
        self._walls = [
            ((w.ax, w.ay), (w.bx - w.ax, w.by - w.ay), w.thick / 2) for w in game.field.walls
        ]
        self._posts = [((p.x, p.y), p.radius) for p in game.field.posts]
        self._apart = ~np.eye(game.walkers, dtype=bool)
        roles = np.array(game.roles)
        self._role = 1.0 - 2.0 * roles if game.rule == "tag" else 0.0 * roles
        mates = np.equal.outer(roles, roles) & (game.rule == "tag")
        self._kin = np.where(mates, 1.0, -1.0)

    def muscles(self, state: State) -> np.ndarray:
        """Present length of each muscle over its drawn length, ``(N, M)``."""
        return self._gauge.ratio(state.position)

    def observe(
        self, state: State, now: Senses, playing: np.ndarray, length: np.ndarray
    ) -> np.ndarray:
        """What all walkers see, ``(N, O)`` float32, a new array.

        Args:
            state: Of N = E W walkers.
            now: Measured of it.
            playing: Who is in the match, ``(E, W)`` bool.
            length: Of its muscles, see `muscles`.
        """
        n, forward = len(state.position), now.forward.reshape(-1, 2)
        out = np.empty((n, self.width), dtype=np.float32)
        out[:, : self._start] = self._alone(state, now, playing, length)
        rest = out[:, self._start :]
        rest[:, 0] = np.broadcast_to(self._role, playing.shape).ravel()
        rest[:, 1] = 1.0 - np.repeat(state.steps.reshape(playing.shape)[:, 0], playing.shape[1]) / (
            self._game.steps
        )
        rest[:, 2:4] = sensing.in_head_frame(-now.head.reshape(-1, 2), forward) / 500.0
        rest[:, 4 : 4 + FEELERS] = self._feel(now.head.reshape(-1, 2), forward)
        rest[:, 4 + FEELERS :] = self._others(now, playing).reshape(n, -1)
        return out

    def _alone(
        self, state: State, now: Senses, playing: np.ndarray, length: np.ndarray
    ) -> np.ndarray:
        forward, position = now.forward.reshape(-1, 2), state.position
        way = (aims(self._game, now, playing) - now.head).reshape(-1, 2)
        distance = sensing.length(way)
        bearing = sensing.in_head_frame(way, forward) / (distance + TINY)[:, None]
        values = {
            "target_distance": distance,
            "target_cos": bearing[:, 0],
            "target_sin": bearing[:, 1],
            "grip": state.grip,
            "muscle_length": length,
            "velocity": sensing.in_head_frame(state.velocity[:, self._body.hub], forward),
            "turn_rate": sensing.turn_rate(position, state.velocity, self._body),
        }
        return self._own.observe(values)

    def _others(self, now: Senses, playing: np.ndarray) -> np.ndarray:
        """The nearest others, ``(E, W, SEEN, 8)``."""
        arenas, walkers = playing.shape
        seen = playing[:, None] & self._apart
        order = np.where(seen, now.gap, np.inf).argsort(axis=2, kind="stable")[..., :SEEN]
        ahead = now.forward[:, :, None]
        own = np.arange(arenas * walkers).reshape(arenas, walkers, 1)
        pair = own * walkers + order  # where a pair stands in what is measured of all pairs
        other = own - own % walkers + order  # and the other among all walkers
        out = np.zeros((arenas, walkers, SEEN, 8))
        part = out[:, :, : order.shape[2]]
        part[..., 0] = 1.0
        part[..., 1:3] = _turned(now.way.reshape(-1, 2)[pair], ahead) / 500.0
        part[..., 3:5] = _turned(now.pace.reshape(-1, 2)[other], ahead) / 100.0
        part[..., 5:7] = _turned(now.forward.reshape(-1, 2)[other], ahead)
        part[..., 7] = self._kin[np.arange(walkers)[:, None], order]
        part *= seen.reshape(-1)[pair][..., None]
        return out

    def _feel(self, head: np.ndarray, forward: np.ndarray) -> np.ndarray:
        """Length of each feeler over `FARTHEST`, ``(N, FEELERS)``."""
        (ahead, left), (fx, fy) = _RAYS.T, forward.T[..., None]
        x, y = ahead * fx - left * fy, ahead * fy + left * fx  # (N, F), in the world
        px, py = head[:, :1], head[:, 1:]
        far = np.full(x.shape, FARTHEST)
        for start, along, thick in self._walls:
            np.minimum(far, _to_wall(x, y, start[0] - px, start[1] - py, along) - thick, out=far)
        for (cx, cy), radius in self._posts:
            wx, wy = cx - px, cy - py
            near = x * wx + y * wy
            inside = near * near - (wx * wx + wy * wy) + radius * radius
            reach = near - np.sqrt(np.maximum(inside, 0.0))
            np.minimum(far, reach, out=far, where=(inside > 0) & (near > 0))
        if self._game.rule == "sumo":
            along = x * px + y * py
            inside = along * along - (px * px + py * py) + self._game.ring**2
            np.minimum(far, np.sqrt(np.maximum(inside, 0.0)) - along, out=far)
        return np.maximum(far, 0.0) / FARTHEST


def _to_wall(
    x: np.ndarray, y: np.ndarray, way_x: np.ndarray, way_y: np.ndarray, along: tuple[float, float]
) -> np.ndarray:
    """Way along rays ``(N, F)`` to the line of a wall that begins ``way`` off; infinite: none."""
    dx, dy = along
    cross = x * dy - y * dx
    facing = np.abs(cross) > 1e-12
    inverse = 1.0 / np.where(facing, cross, 1.0)
    reach = (way_x * dy - way_y * dx) * inverse
    share = (way_x * y - way_y * x) * inverse
    return np.where(facing & (reach > 0) & (np.abs(share - 0.5) < 0.5 + 1e-9), reach, np.inf)


def _turned(vector: np.ndarray, forward: np.ndarray) -> np.ndarray:
    """World vectors ``(E, W, M, 2)`` in the frame of each head, whose look is ``(E, W, 1, 2)``."""
    x, y = forward[..., 0], forward[..., 1]
    seen = np.empty_like(vector)
    seen[..., 0] = vector[..., 0] * x + vector[..., 1] * y
    seen[..., 1] = vector[..., 1] * x - vector[..., 0] * y
    return seen
