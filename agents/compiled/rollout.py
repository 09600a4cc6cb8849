"""Whole episodes of a group: look, act, step, count."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.compiled.forward import lay_out, layers, normalise
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
    values: np.ndarray  # (P, size) float32, their weights
    places: np.ndarray  # (size,) int64, of the weights in the order of `forward.layers`
    hidden: int
    output: int


class Ledger(NamedTuple):
    """What a group keeps beside its walkers: W lanes, G networks, I inputs, F feet."""

    alive: np.ndarray  # (1, W), 1 until the episode is over
    walked: np.ndarray  # (1, W) [control step]
    total: np.ndarray  # (1, W), reward
    seen: np.ndarray  # (kept * I, W) float32, the last observations in turn
    sums: np.ndarray  # (2 * I, G), of what was seen and its squares
    beat: np.ndarray  # (4 * F, W), see `_gauge`
    stance: np.ndarray  # ((1 + F) * F, W)


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


@inlined
def _open(plan, width, feet):
    """An empty ledger."""
    inputs = plan.mean.shape[0]
    ledger = Ledger(
        *(rows(1, width), rows(1, width), rows(1, width)),
        np.empty(((plan.delay + 1) * inputs, width), np.float32),
        *(rows(2 * inputs, plan.nets), rows(4 * feet, width), rows((1 + feet) * feet, width)),
    )
    for part in (ledger.walked, ledger.total, ledger.sums, ledger.stance):
        for r in range(part.shape[0]):
            for w in range(part.shape[1]):
                part[r, w] = 0.0
    return ledger


@inlined
def _begin(ledger, data, first_seen, w, c, living):
    """Open the account of lane w, which begins as walker c does."""
    inputs, feet = first_seen.shape[1], ledger.beat.shape[0] // 4
    ledger.alive[0, w] = 1.0 if living else 0.0
    for k in range(ledger.seen.shape[0]):
        ledger.seen[k, w] = first_seen[c, k % inputs]
    for k in range(3 * feet):
        ledger.beat[k, w] = data.drive[c, k % feet]


@inlined
def _account(ledger, figures):
    """Take in a step's figures; how many walkers go on."""
    living = 0
    for w in range(figures.shape[1]):
        alive = ledger.alive[0, w]
        ledger.total[0, w] += figures[REWARD, w] * alive
        ledger.walked[0, w] += alive
        if figures[TERMINATED, w] > 0.0:
            alive = 0.0
        ledger.alive[0, w] = alive
        living += alive > 0.0
    return living


@inlined
def _close(ledger, sums, who, nets, walkers):
    """Write what came of the networks ``who``."""
    inputs = ledger.sums.shape[0] // 2
    for g in range(who.shape[0]):
        for k in range(2 * inputs):
            sums.seen[who[g], k // inputs, k % inputs] = ledger.sums[k, g]
        for c in range(walkers):
            w, i = c * nets + g, who[g] * walkers + c
            sums.total[i], sums.walked[i] = ledger.total[0, w], np.int64(ledger.walked[0, w])
            if i < sums.stance.shape[0]:  # else nobody asked for it
                feet = sums.stance.shape[2]
                for f in range((1 + feet) * feet):
                    sums.stance[i, f // feet, f % feet] = ledger.stance[f, w]


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
    width, who = nets * walkers, plan.who[number * nets : (number + 1) * nets]
    group = make_group(model, task, data, width)
    ledger = _open(plan, width, model.feet.shape[0])
    for w in range(width):
        enter(model, group, data, w, w // nets)
        _begin(ledger, data, first_seen, w, w // nets, w % nets < who.shape[0])
    of_graphs = plan.kind == GRAPHS
    wires = wire(packed, who[: who.shape[0] * of_graphs], nets, inputs, task.drive.shape[1], width)
    most = inputs + wires.bias.shape[0] if of_graphs else plan.sizes.max()
    x, y, action = rows(most, width), rows(most, width), group.action.T
    weights, size = lay_out(plan.values, plan.places, who, nets), plan.places.shape[0]
    measure(model, task, group.block, group.senses, width)
    for t in range(plan.steps):
        shown = (t + 1) % (plan.delay + 1) * inputs  # the oldest, which the next will replace
        seen = ledger.seen[shown : shown + inputs]
        _tally(ledger.sums, ledger.seen, shown, ledger.alive, nets, walkers)
        for lane in range(0, width, LANES):
            normalise(x, seen, lane, plan.mean, plan.std, plan.bound)
        if of_graphs:
            graphs(x, wires, nets, walkers, inputs, action)
        else:
            for lane in range(0, who.shape[0], LANES):
                how = plan.hidden, plan.output, nets, walkers, lane, action
                layers(x, y, plan.sizes, weights, lane // LANES * size, *how)
        if step_group(model, task, group, seen):
            return True
        if plan.gauge:
            grips, rates = group.gain.drive.T, (plan.quick, plan.slow)
            _gauge(ledger.beat, ledger.stance, grips, ledger.alive, *rates)
        if _account(ledger, group.gain.figures) == 0:
            break
    _close(ledger, sums, who, nets, walkers)
    return False
