"""What it gains to change a policy again and again and to enter the luckiest: measured.

Private courses come from a hash, so whoever changes something that hardly matters draws other ones.
Two ways are tried. Under `suite.FILE`, the rule of suite 1, any word of the file will do: the
walker stays as it is, so its scores are those of courses drawn at random. Under `suite.WALKER`, the
rule of suite 2, its weights must change: here the last bit of one weight after the other.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from agents.policy import Policy, network_from
from benchmarks.evaluation.stats import iqm
from benchmarks.evaluation.suite import Suite
from walker_env import WalkerBatch
from walker_env.params import WORLD

TRUTH = 16_384
"""Courses of nobody's choice that tell a policy's true score."""

FILES = 4000
"""Files of the unchanged walker: each draws its courses among those, as another hash would."""

TOGETHER = 8
"""Changed walkers in one batch."""

TRIES = (1, 10, 100, 1000)
"""Numbers of tries that a table has."""

OnStep = Callable[[], object]


@dataclass(frozen=True, eq=False)
class Catch:
    """The scores of T tries.

    Attributes:
        true: The policy's score on `TRUTH` courses.
        common: Its score on the common courses.
        files: ``(FILES,)``, of the unchanged walker, each on private courses of its own.
        walkers: ``(T,)``, of as many changed walkers, each on private courses of its own.
        commons: ``(T,)``, of the same on the common courses.
    """

    true: float
    common: float
    files: np.ndarray
    walkers: np.ndarray
    commons: np.ndarray

    @property
    def error(self) -> float:
        """Standard error of a score on private courses."""
        return float(np.std(self.files))


def fish(
    policy: Policy,
    suite: Suite,
    tries: int,
    seed: int = 0,
    on_step: OnStep = lambda: None,
    truth: int = TRUTH,
) -> Catch:
    """Let a policy and its changed copies walk the suite's ranking skill.

    Args:
        policy: For the suite's body.
        suite: Whose courses are walked, a condition's.
        tries: How many changed walkers; a smaller number has the first of these.
        seed: Of the choice of weights and files.
        on_step: Called after each control step of a batch.
        truth: Courses that tell the true score.

    Raises:
        ValueError: No tries, or the policy drives another body.
    """
    if tries < 1:
        raise ValueError(f"tries must be at least 1, got {tries}")
    if policy.options.body != suite.body:
        raise ValueError(f"{policy.name} drives {policy.options.body.name!r}, not the suite's body")
    skill, public = suite.ranked, suite.public_seeds(suite.ranked)
    fresh = hashlib.sha256(f"truth {policy.walker}".encode()).hexdigest()
    whole = replace(suite, private=truth).private_seeds(skill, fresh)
    (unchanged,) = _walk([policy], suite, [np.append(whole, public)], on_step)
    pool = unchanged[:truth]
    drawn = np.random.default_rng(seed).choice(pool, size=(FILES, suite.private))
    changed = [*changed_copies(policy, tries, np.random.default_rng(seed))]
    courses = [np.append(suite.private_seeds(skill, one.walker), public) for one in changed]
    walks = _walk(changed, suite, courses, on_step)
    return Catch(
        true=iqm(pool),
        common=iqm(unchanged[truth:]),
        files=np.array([iqm(one) for one in drawn]),
        walkers=np.array([iqm(one[: suite.private]) for one in walks]),
        commons=np.array([iqm(one[suite.private :]) for one in walks]),
    )


def batches(tries: int) -> int:
    """How many batches of walkers `fish` steps through an episode."""
    return 1 + math.ceil(tries / TOGETHER)


def changed_copies(policy: Policy, count: int, rng: np.random.Generator) -> Iterator[Policy]:
    """Copies of a policy, each with the last bit of one more weight turned over.

    Args:
        policy: The first one differs from it in one bit.
        count: How many.
        rng: Chooses the weights.
    """
    tensors = {name: np.array(array, order="C") for name, array in policy.network.tensors().items()}
    weights = [array for array in tensors.values() if array.dtype == np.float32 and array.size]
    words = {"network": policy.network.kind, **policy.network.words()}
    moments = {"mean": policy.normaliser.mean, "std": policy.normaliser.std}
    ends = np.cumsum([array.size for array in weights])
    for _ in range(count):
        place = int(rng.integers(ends[-1]))
        which = int(np.searchsorted(ends, place, side="right"))
        weights[which].view(np.uint32).reshape(-1)[ends[which] - 1 - place] ^= 1
        yield replace(policy, network=network_from(tensors | moments, words))


def luckiest(scores: np.ndarray, number: int, figures: np.ndarray | None = None) -> float:
    """What to expect of the best of so many tries: the mean over all choices among T.

    Args:
        scores: ``(T,)``, by which the best is chosen.
        number: Of tries, 1 to T.
        figures: ``(T,)``, what is asked of the best one; None: its score.
    """
    order = np.argsort(scores, kind="stable")
    asked = (scores if figures is None else figures)[order].tolist()
    every = _log_choices(len(asked), number)
    return math.fsum(
        math.exp(_log_choices(i, number - 1) - every) * asked[i]
        for i in range(number - 1, len(asked))
    )


def _log_choices(n: int, k: int) -> float:
    """The logarithm of how many ways there are to choose k of n."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def table(catch: Catch) -> list[list[str]]:
    """What tries gain, the head first: targets, and in brackets standard errors of a score.

    On private courses that is over the true score, on the common ones over the mean of all tries.
    """

    def gain(found: np.ndarray, number: int, base: float, by: np.ndarray | None = None) -> str:
        if number > len(found):
            return "-"
        most = luckiest(found if by is None else by, number, found) - base
        in_errors = round(most / catch.error, 1) + 0.0  # no -0
        return f"{round(most, 2) + 0.0:+.2f} ({in_errors:+.1f})"

    head = ["tries", "other files", "changed walkers", "the same on the common courses"]
    rows = [[*head, "chosen by the common courses", "the same on its own courses"]]
    own, shared = catch.walkers, catch.commons
    true, common = catch.true, float(np.mean(shared))
    for number in TRIES:
        rows.append(
            [
                f"{number:,}",
                gain(catch.files, number, true),
                gain(own, number, true),
                gain(shared, number, common, by=own),
                gain(shared, number, common),
                gain(own, number, true, by=shared),
            ]
        )
    return rows


def _walk(
    policies: Sequence[Policy], suite: Suite, seeds: Sequence[np.ndarray], on_step: OnStep
) -> list[np.ndarray]:
    """Each policy on its courses: for each its figures, in the ranking skill's unit."""
    found: list[np.ndarray] = []
    for first in range(0, len(policies), TOGETHER):
        chosen = slice(first, first + TOGETHER)
        found += _walk_together(policies[chosen], suite, seeds[chosen], on_step)
    return found


def _walk_together(
    policies: Sequence[Policy], suite: Suite, seeds: Sequence[np.ndarray], on_step: OnStep
) -> list[np.ndarray]:
    skill = suite.skill(suite.ranked)
    options = policies[0].options.for_evaluation()
    options = replace(options, course=skill.course, world=skill.world)
    ends = np.cumsum([len(one) for one in seeds])
    rows = [slice(end - len(one), end) for end, one in zip(ends, seeds)]
    batch = WalkerBatch(int(ends[-1]), options)
    seen = batch.reset(seed=np.concatenate(seeds))
    action = np.empty((batch.n, batch.action_width), np.float32)
    for _ in range(suite.horizon):
        for policy, own in zip(policies, rows):
            action[own] = policy.act(seen[own])
        seen = batch.step(action).observation
        on_step()
    worth = skill.worth * (100.0 / (suite.horizon * WORLD.control_dt))
    return [batch.score()[own] * worth for own in rows]
