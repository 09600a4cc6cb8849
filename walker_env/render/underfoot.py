"""What is under a walker at one moment, where the ground is not even."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from walker_env.batch import WalkerBatch
from walker_env.body import Body
from walker_env.params import World
from walker_env.terrain import Land, Terrain, make_soil


@dataclass(frozen=True, eq=False)
class Underfoot:
    """The ground of one walker at one moment."""

    terrain: Terrain
    land: Land
    sandy: bool


def underfoot(batch: WalkerBatch, walker: int) -> Underfoot | None:
    """The ground under a walker of a batch, a copy of its own; None where it is even."""
    state = batch.state
    terrain = _terrain(batch.body, batch.world)
    if terrain is None:
        return None
    own = slice(walker, walker + 1)
    land = state.field[own].copy(), state.sand[own].copy()
    return Underfoot(terrain, land, batch.world.ground.kind == "sand")


@functools.lru_cache(maxsize=16)
def _terrain(body: Body, world: World) -> Terrain | None:
    soil = make_soil(body, world)
    return None if soil is None else Terrain(body, soil)
