"""The rules of the games: what pays, who is out, and when a match is decided.

A rule looks at two control steps, the last and the present, of all arenas at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from walker_env.arena.game import Game
from walker_env.arena.senses import Senses, node_gaps
from walker_env.body import Body
from walker_env.sensing import length

TOUCH = 3.0
"""Circles at most this far apart at the end of a control step touch [unit]."""

TIE = 1.0
"""Ways to the middle of the ring that differ by no more are alike when time is up [unit]."""


class Verdict(NamedTuple):
    """What a control step brought, all ``(E, W)`` but ``decided``."""

    progress: np.ndarray  # reward for getting on
    prize: np.ndarray  # reward for what was won or lost
    leaves: np.ndarray  # bool: out of the match, or through with it
    caught: np.ndarray  # int64: how many it caught
    decided: np.ndarray  # (E,) bool: nothing is left to play for


class Moves(NamedTuple):
    """What a rule looks at."""

    last: Senses
    now: Senses
    playing: np.ndarray  # (E, W) bool, before the step
    late: np.ndarray  # (E,) bool, whether the clock has run out


def judge(game: Game, body: Body, moves: Moves) -> Verdict:
    """The verdict of the game's rule.

    Args:
        game: Which is played.
        body: Of each walker.
        moves: What happened.
    """
    return _JUDGES[game.rule](game, body, moves)


def aims(game: Game, now: Senses, playing: np.ndarray) -> np.ndarray:
    """Where a walker that knows but one target would go, ``(E, W, 2)`` [unit].

    A chaser: to the nearest runner. A runner: straight away from the nearest chaser, as far again.
    In sumo: to the nearest rival. In rush: straight on, over the line.

    Args:
        game: Which is played.
        now: The present step.
        playing: ``(E, W)`` bool.
    """
    if game.rule == "rush":
        ahead = now.head.copy()
        ahead[..., 0] = game.finish + game.stride
        return ahead
    rivals = _rivals(game, playing)
    nearest = np.where(rivals, now.gap, np.inf).argmin(axis=2)
    aim = np.take_along_axis(now.centre, nearest[..., None], axis=1)
    if game.rule == "tag":
        flee = slice(game.sides[0], None)
        aim[:, flee] = 2.0 * now.head[:, flee] - aim[:, flee]
    return np.where(rivals.any(axis=2, keepdims=True), aim, now.head)


def _rivals(game: Game, playing: np.ndarray) -> np.ndarray:
    """Whether the second, of all pairs, still plays against the first, ``(E, W, W)``."""
    against = ~np.eye(game.walkers, dtype=bool)
    if game.rule == "tag":
        against = np.not_equal.outer(game.roles, game.roles)
    return against & playing[:, None]


def _nearest(gap: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Distance to the nearest of those that count; 0 where none does."""
    least = np.where(among, gap, np.inf).min(axis=-1)
    return np.where(least < np.inf, least, 0.0)


def _tag(game: Game, body: Body, moves: Moves) -> Verdict:
    """A caught runner pays the chasers; runners that are left when time is up are paid by them."""
    chasers, runners = slice(0, game.sides[0]), slice(game.sides[0], None)
    last, now, playing = moves.last, moves.now, moves.playing
    free = playing[:, runners]
    touch = _touches(game, body, now) & free[:, None]  # (E, C, R)
    caught = touch.any(axis=1)  # (E, R)
    left = (free & ~caught).sum(axis=1)
    over = moves.late | (left == 0)

    progress, prize = np.zeros(playing.shape), np.zeros(playing.shape)
    before, after = last.gap[:, chasers, runners], now.gap[:, chasers, runners]
    chase = _nearest(before, free[:, None]) - _nearest(after, free[:, None])
    flee = after.min(axis=1) - before.min(axis=1)
    progress[:, chasers], progress[:, runners] = chase / game.stride, free * flee / game.stride
    escaped = np.where(moves.late, left, 0)
    share = (caught.sum(axis=1) - escaped) * (game.prize / game.sides[1])
    prize[:, chasers] = share[:, None]
    prize[:, runners] = game.prize * ((free & ~caught & moves.late[:, None]) * 1.0 - caught)

    leaves, catches = np.zeros_like(playing), np.zeros(playing.shape, dtype=np.int64)
    leaves[:, runners] = caught
    catches[:, chasers] = touch.sum(axis=2)
    return Verdict(progress, prize, leaves, catches, over)


def _touches(game: Game, body: Body, now: Senses) -> np.ndarray:
    """Whether a chaser's head touches a runner, ``(E, C, R)``; far arenas are not looked at."""
    chasers, runners = slice(0, game.sides[0]), slice(game.sides[0], None)
    most = 2 * body.node_radius + TOUCH
    heads = length(now.nodes[:, chasers][:, :, list(body.head)] - now.head[:, chasers, None]).max()
    sizes = length(now.nodes[:, runners] - now.centre[:, runners, None]).max()
    gap = now.gap[:, chasers, runners]
    near = np.flatnonzero(gap.min(axis=(1, 2)) <= most + heads + sizes)
    touch = np.zeros(gap.shape, dtype=bool)
    touch[near] = node_gaps(now.nodes[near], chasers, runners, body.head) <= most
    return touch


def _sumo(game: Game, body: Body, moves: Moves) -> Verdict:
    """The difference of the ways to the middle pays; when time is up, so does its order."""
    last, now, playing = moves.last, moves.now, moves.playing
    before, after = _off_middle(last), _off_middle(now)
    out = playing & (after > game.ring)
    rivals = _rivals(game, playing)
    count = np.maximum(1, rivals.sum(axis=2))
    driven = ((after - before)[:, None] * rivals).sum(axis=2) / count - (after - before)
    progress = playing * driven / game.stride
    stay = playing & ~out
    lost = out.sum(axis=1)[:, None]
    prize = game.prize * (stay * (lost / (game.walkers - 1)) - out)
    left = stay.sum(axis=1)
    nearer, farther = _order(np.where(stay, -after, -np.inf), stay)
    place = (nearer - farther) / np.maximum(1, left - 1)[:, None]
    prize = prize + game.prize * place * (moves.late & (left > 1))[:, None]
    none = np.zeros(playing.shape, dtype=np.int64)
    return Verdict(progress, prize, out, none, moves.late | (left <= 1))


def _off_middle(now: Senses) -> np.ndarray:
    """Way of each walker's centre to the arena's origin, ``(E, W)`` [unit]."""
    return np.sqrt((now.centre * now.centre).sum(axis=2))


def _order(merit: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many of those that count each of them beats and is beaten by, ``(E, W)`` both.

    Args:
        merit: The more the better, ``(E, W)``; differences up to `TIE` are none.
        among: Who counts, ``(E, W)`` bool.
    """
    mine, theirs = merit[:, :, None], merit[:, None]
    both = among[:, :, None] & among[:, None]
    beats = both & (mine > theirs + TIE)
    return beats.sum(axis=2), beats.sum(axis=1)


def _rush(game: Game, body: Body, moves: Moves) -> Verdict:
    """The way along the lane pays; the first over the line wins, the last loses."""
    last, now, playing = moves.last, moves.now, moves.playing
    through = playing & (now.head[..., 0] >= game.finish)
    ahead = (~playing).sum(axis=1)[:, None]  # who was through before
    place = ahead + 0.5 * (through.sum(axis=1)[:, None] - 1)
    prize = through * game.prize * (1.0 - 2.0 * place / (game.walkers - 1))
    stay = playing & ~through
    decided = stay.sum(axis=1) <= 1
    prize = prize - game.prize * (stay & decided[:, None])  # the last one need not arrive
    progress = playing * (now.head[..., 0] - last.head[..., 0]) / game.stride
    none = np.zeros(playing.shape, dtype=np.int64)
    return Verdict(progress, prize, through, none, decided)


def scores(game: Game, gone: np.ndarray, now: Senses) -> np.ndarray:
    """How well each did in a match that is over, in [0, 1].

    In tag: for a chaser the share of runners that were caught, for a runner 1 unless it was. In
    sumo and rush: the share of rivals that it has beaten, and half of those it tied with. In sumo
    who stays in the ring longer has beaten the other, and of those who are in it at the end who is
    nearer to the middle, by more than `TIE`.

    Args:
        game: Which was played.
        gone: The control step in which each left the match, 0 for those who stayed, ``(E, W)``.
        now: The last step.
    """
    stayed = gone == 0
    if game.rule == "tag":
        found = stayed * 1.0
        caught = 1.0 - found[:, game.sides[0] :].mean(axis=1)
        found[:, : game.sides[0]] = caught[:, None]
        return found
    if game.rule == "sumo":  # who left comes after everybody who stayed, the first one last
        merit = np.where(stayed, -_off_middle(now), 2.0 * TIE * gone - 1e6)
        won, lost = _order(merit, np.ones_like(stayed))
    else:  # who is not through is measured by its way, which is below every negative step
        merit = np.where(stayed, now.head[..., 0] - 1e6, -gone)
        won = (merit[:, :, None] > merit[:, None]).sum(axis=2)
        lost = (merit[:, :, None] < merit[:, None]).sum(axis=2)
    return 0.5 + 0.5 * (won - lost) / (game.walkers - 1)


_JUDGES: dict[str, Callable[[Game, Body, Moves], Verdict]] = {
    "tag": _tag,
    "sumo": _sumo,
    "rush": _rush,
}
