"""Whole episodes of a group: look, act, step, count."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.compiled.forward import layers, normalise
from agents.compiled.graphs import Packed, graphs, wire
from walker_env.compiled.block import rows
from walker_env.compiled.control import measure
from walker_env.compiled.episode import enter, make_group, step_group
from walker_env.compiled.jit import inlined, unfolded
from walker_env.compiled.model import Data, Model, TaskParams
from walker_env.compiled.pack import LANES, load, store, where
from walker_env.schema import REWARD, TERMINATED

LAYERS, GRAPHS = range(2)


class Plan(NamedTuple):
    """What is walked, by whom: P networks, C walkers of each, I inputs, T steps."""

    kind: int  # LAYERS or GRAPHS
    nets: int  # networks in a group, a multiple of `LANES`
    steps: int  # T
    delay: int  # [control step] by which sensors are late
    gauge: bool  # whether to sum up how the feet stand
    quick: float  # rates of `gaits.Beat`
    slow: float
    mean: np.ndarray  # (I,)
    std: np.ndarray  # (I,)
    bound: float
    who: np.ndarray  # (P,) int64, networks in the order in which they lie in groups
    sizes: np.ndarray  # (layers + 1,) int64; and of networks of one shape:
    weights: np.ndarray  # (., LANES) float32, see `forward.layers`, pack by pack
    hidden: int
    output: int


class Sums(NamedTuple):
    """What comes of it; walker c of network p is number ``p * C + c``."""

    total: np.ndarray  # (P * C,), reward
    walked: np.ndarray  # (P * C,) int64 [control step]
    seen: np.ndarray  # (P, 2, I), as `trial.tally`
    stance: np.ndarray  # (P * C, 1 + F, F), as `trial.Stance`


@inlined
def _tally(sums, seen, first, alive, nets, walkers):
    """Add what the walkers that are alive see to the sums ``(2 * I, G)``, walker by walker."""
    inputs = sums.shape[0] // 2
    for lane in range(0, nets, LANES):
        for k in range(inputs):
            total, square = load(sums, k, lane), load(sums, inputs + k, lane)
            for c in range(walkers):
                at = c * nets + lane
                value = where(load(alive, 0, at) > 0.0, load(seen, first + k, at), 0.0)
                total = total + value
                square = square + value * value
            store(sums, k, lane, total)
            store(sums, inputs + k, lane, square)


@inlined
def _gauge(beat, stance, grip, alive, quick, slow):
    """Follow the beat of the grips and sum up, as `trial.Stance`.

    Args:
        beat: ``(4 * F, W)``, the three filters and room for the beat.
        stance: ``((1 + F) * F, W)``, the sums.
        grip: ``(A, W)``, drives, grips first.
        alive: ``(1, W)``.
        quick: Rate of the first filters.
        slow: Rate of the last.
    """
    feet = beat.shape[0] // 4
    for lane in range(0, grip.shape[1], LANES):
        living = load(alive, 0, lane)
        for f in range(feet):
            now = load(grip, f, lane)
            first, smooth = load(beat, f, lane), load(beat, feet + f, lane)
            late = load(beat, 2 * feet + f, lane)
            first = first + quick * (now - first)
            smooth = smooth + quick * (first - smooth)
            late = late + slow * (smooth - late)
            store(beat, f, lane, first)
            store(beat, feet + f, lane, smooth)
            store(beat, 2 * feet + f, lane, late)
            store(beat, 3 * feet + f, lane, (smooth - late) * living)
            store(stance, f, lane, load(stance, f, lane) + now * living)
        for f in range(feet):
            one = load(beat, 3 * feet + f, lane)
            for g in range(feet):
                row = (1 + f) * feet + g
                product = one * load(beat, 3 * feet + g, lane)
                store(stance, row, lane, load(stance, row, lane) + product)


@unfolded
def walk(number, model, task, data, first_seen, plan, packed, sums):
    """Walk a group for T steps, or until everybody's episode is over.

    Args:
        number: Of the group.
        model: The body and the world.
        task: Constants of actuation, sensing and reward.
        data: A batch of C walkers at the start of their courses.
        first_seen: ``(C, I)`` float32, what they see there.
        plan: What is walked.
        packed: Networks of any shape, or anything of these types.
        sums: Where what comes of it is written.

    Returns:
        Whether a course needs more room; what came of it is wrong then.
    """
    model, task, data = Model(*model), TaskParams(*task), Data(*data)
    plan, packed, sums = Plan(*plan), Packed(*packed), Sums(*sums)
    nets, walkers, inputs = plan.nets, first_seen.shape[0], plan.mean.shape[0]
    width, first = nets * walkers, number * nets
    count = min(nets, plan.who.shape[0] - first)
    group = make_group(model, task, data.targets, width)
    alive, walked = rows(1, width), rows(1, width)
    kept = plan.delay + 1
    total, seen = rows(1, width), np.empty((kept * inputs, width), np.float32)
    feet = model.feet.shape[0]
    seen_sums = rows(2 * inputs, nets)
    beat, stance = rows(4 * feet, width), rows((1 + feet) * feet, width)
    for c in range(walkers):
        for g in range(nets):
            w = c * nets + g
            enter(model, group, data, w, c)
            alive[0, w] = 1.0 if g < count else 0.0
            for k in range(kept * inputs):
                seen[k, w] = first_seen[c, k % inputs]
            for f in range(feet):
                beat[f, w] = beat[feet + f, w] = beat[2 * feet + f, w] = data.drive[c, f]
    total[:], walked[:], seen_sums[:], stance[:] = 0.0, 0.0, 0.0, 0.0
    wired = count if plan.kind == GRAPHS else 0
    here = plan.who[first : first + wired]
    wires = wire(packed, here, nets, inputs, group.action.shape[1], width)
    most = inputs + wires.bias.shape[0] if plan.kind == GRAPHS else plan.sizes.max()
    x, y = rows(most, width), rows(most, width)
    packs, size = nets // LANES, plan.weights.shape[0] // (-(-plan.who.shape[0] // LANES))
    measure(model, task, group.block, group.senses, width)
    beyond, living = False, count * walkers
    for t in range(plan.steps):
        shown = (t + 1) % kept * inputs
        now = seen[shown : shown + inputs]
        _tally(seen_sums, seen, shown, alive, nets, walkers)
        for lane in range(0, width, LANES):
            normalise(x, now, lane, plan.mean, plan.std, plan.bound)
        action = group.action.T
        if plan.kind == GRAPHS:
            graphs(x, wires, nets, walkers, inputs, action)
        else:
            for p in range(-(-count // LANES)):
                base = (number * packs + p) * size
                how = plan.hidden, plan.output, nets, walkers, p * LANES, action
                layers(x, y, plan.sizes, plan.weights, base, *how)
        more = step_group(model, task, group, now)
        if plan.gauge:
            _gauge(beat, stance, group.gain.drive.T, alive, plan.quick, plan.slow)
        for w in range(width):
            total[0, w] += group.gain.figures[REWARD, w] * alive[0, w]
            walked[0, w] += alive[0, w]
        if more:
            beyond = True
            break
        living = 0
        for w in range(width):
            if group.gain.figures[TERMINATED, w] > 0.0:
                alive[0, w] = 0.0
            living += alive[0, w] > 0.0
        if living == 0:
            break
    for c in range(walkers):
        for g in range(count):
            w, i = c * nets + g, plan.who[first + g] * walkers + c
            sums.total[i], sums.walked[i] = total[0, w], np.int64(walked[0, w])
            if plan.gauge:
                for f in range((1 + feet) * feet):
                    sums.stance[i, f // feet, f % feet] = stance[f, w]
    for g in range(count):
        for k in range(2 * inputs):
            sums.seen[plan.who[first + g], k // inputs, k % inputs] = seen_sums[k, g]
    return beyond
