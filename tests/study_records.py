"""Small records of suite 2 with values to work out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.evaluation.conditions import DISC, VERSION, find_condition
from benchmarks.study.record import About, Record, record_path, save_record

COURSES = np.array([-0.5, 0.0, 0.0, 0.5], np.float32)
"""What each of four courses adds to every score; the mean is 0."""

BEST = {"kind": "trot", "rhythm": 3.0, "speed": 200.0, "energy_per_1000": 4.0}


def small(name="disc", steps=2_000_000, **seeds):
    """A condition with so many runs of some algorithms, and without SAC's long ones."""
    lengths = dict.fromkeys(seeds, steps) | {"sac": 500_000}
    whole = find_condition(name) if name != "disc" else DISC
    return replace(
        whole, seeds=seeds, steps={n: lengths[n] for n in seeds}, skills=whole.skills[1:4]
    )


def record(condition, algorithm, seed, means, steps, seconds, **others):
    """A record whose policies have these means on the courses, at these looks."""
    looks, means = len(steps), np.array(means, np.float32)
    about = About(
        suite=VERSION,
        condition=condition.name,
        digest=condition.digest,
        algorithm=algorithm,
        seed=seed,
        config={},
        versions={},
        machine={"processor": "a processor", "system": "an OS"},
        commit="abc",
        resumed=[1] if seed == 1 else [],
        gaits={"last": BEST, "best": BEST | others.pop("gait", {})},
        networks={"last": {}, "best": {}},
    )
    arrays = {
        "validation": np.array(others.pop("validation", means), np.float32)[:, None],
        "left": np.array(others.pop("left", [50] * looks), np.int32),
        "turns": np.full(looks, 100, np.int32),
        "energy": np.array(others.pop("energy", [4.0] * looks), np.float32),
        "way": np.full(looks, 1000, np.float32),
        "closing": np.array([[0.0, 50.0, 100.0] + [90.0] * 21] * 2, np.float32),
        "skills": np.array(others.pop("skills", [[100.0] * 4] * 3), np.float32),
    }
    assert not others
    return Record(
        about,
        steps=np.array(steps, np.int64),
        cpu_seconds=np.array(seconds, float),
        kernel=np.ones(looks),
        seconds=np.array(seconds, float),
        scores=means[:, None] + COURSES,
        policies={},
        **arrays,
    )


def save(records, root):
    """Write records where `collect` finds them."""
    for one in records:
        about = one.about
        path = record_path(root, about.condition, about.algorithm, about.seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        save_record(one, path)


LOOKS = (500_000, 1_000_000, 2_000_000)


def disc_records(condition):
    """Five runs of PPO that begin well, five of SNES that end well, three of SAC's five.

    Run s of PPO and of SNES has s / 10 more than the first. PPO's last run is one whose validation
    takes the look before the last for the best.
    """
    found = []
    for seed in range(5):
        more, ppo, snes = seed / 10, np.array([10.0, 20, 30]), np.array([4.0, 8, 40])
        odd = {"validation": [1, 3, 2]} if seed == 4 else {}
        skills = [[100.0 + seed] * 4, [20.0 + seed] * 4, [22.0 + seed] * 4]
        found += [
            record(condition, "ppo", seed, ppo + more, LOOKS, [10, 20, 40], skills=skills, **odd),
            record(
                condition, "snes", seed, snes + more, LOOKS, [5, 31, 62], left=[50, 50, 95],
                gait={"kind": "walk"} if seed else {}, skills=skills,
            ),
        ]  # fmt: skip
    weak = [[90.0] * 4, [10.0] * 4, [10.0] * 4]
    found += [
        record(condition, "sac", seed, [25 + seed], [500_000], [700], skills=weak)
        for seed in range(3)
    ]
    return found
