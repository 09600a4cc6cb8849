"""What a body is worth: what a learner makes of it within a budget of steps.

A job trains a body's learner on from where it stopped and lets its policy walk. Learners travel
between processes as bytes, so the next rung of a body may be judged by any worker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agents.container import ContainerError
from agents.evolving.walk import Walk, walk
from agents.learner import Learner
from agents.policy import PolicyError
from agents.training.checkpoint import pack_state, unpack_state
from agents.training.train import make_config
from agents.trial import Walkers
from walker_env import BodyError, Options
from walker_env.tasks import HORIZON


@dataclass(frozen=True)
class Teacher:
    """Which algorithm trains bodies, and how its policies are judged."""

    algorithm: str = "snes"
    settings: tuple[tuple[str, Any], ...] = ()  # of the algorithm, by name
    tuned: bool = True  # whether it begins with its tuned settings
    courses: int = 16  # validation courses that each policy walks
    horizon: int = HORIZON  # [control step] of an episode there

    def config(self, options: Options, seed: int) -> Any:
        """The algorithm's config for one body.

        Raises:
            ValueError: An unknown algorithm or setting.
        """
        config = make_config(self.algorithm, {**dict(self.settings), "seed": seed}, self.tuned)
        return replace(config, options=options)


@dataclass(frozen=True)
class Job:
    """A body that is to be judged after some more training; picklable."""

    teacher: Teacher
    options: Options  # the environment, with the body
    seed: int  # of the learner
    steps: int  # [control step] to train now
    state: bytes | None = None  # of a learner that goes on, see `checkpoint.pack_state`


@dataclass(frozen=True)
class Judged:
    """What came of a job."""

    walk: Walk
    trained: int  # [control step] in this job, of all walkers together
    policy: bytes | None = None  # its file; None where the body held no learner
    state: bytes | None = None  # of the learner
    cpu: float = 0.0  # [s] of processor time in other processes

    @property
    def steps(self) -> int:
        """Control steps of training and of the judged walk."""
        return self.trained + self.walk.steps


class Judge:
    """Trains bodies and lets them walk, one job after the other."""

    def run(self, job: Job) -> Judged:
        """Train a body's learner on, and judge its policy.

        A body that cannot be simulated, or with which learning fails, is worth nothing.
        """
        begun = trained = 0
        try:
            learner = self._learner(job)
            begun = learner.steps
            while trained < job.steps:
                learner.advance()
                trained = learner.steps - begun
            policy, state = learner.policy(), pack_state(learner.state_dict())
        except BodyError as error:
            return _nothing(trained, str(error))
        except (PolicyError, ContainerError, ArithmeticError) as error:
            return _nothing(trained, f"exploded in training: {error}")
        teacher = job.teacher
        walked = walk(policy, teacher.courses, teacher.horizon)
        return Judged(walked, trained, policy.to_bytes(), state)

    def _learner(self, job: Job) -> Learner:
        config = job.teacher.config(job.options, job.seed)
        learner = config.learner(Walkers(config.options))
        if job.state is not None:
            learner.load_state_dict(unpack_state(job.state))
        return learner


def _nothing(trained: int, reason: str) -> Judged:
    return Judged(Walk(0.0, 0.0, 0.0, 0, reason), trained)


def learner_seed(run: int, number: int) -> int:
    """The seed of a body's learner, from the run's seed and the body's number."""
    word = np.random.SeedSequence(run, spawn_key=(number,)).generate_state(1)[0]
    return int(word)
