"""Arenas, in which walkers meet: games as data, their rules, and many arenas as arrays.

`game` and `field` say what is played and where, `physics` moves (pymunk, with collisions), `senses`
measures, `rules` judges, `sight` observes, `starts` draws, and `batch` puts them together.
"""

from walker_env.arena.batch import ArenaBatch, Outcome
from walker_env.arena.field import Field, Post, Wall
from walker_env.arena.game import GAMES, Game, get_game, rush, sumo, tag
from walker_env.arena.sight import ARENA
from walker_env.arena.starts import Start, given_start

__all__ = [
    "ARENA",
    "GAMES",
    "ArenaBatch",
    "Field",
    "Game",
    "Outcome",
    "Post",
    "Start",
    "Wall",
    "get_game",
    "given_start",
    "rush",
    "sumo",
    "tag",
]
