"""The folder of a training run: its files, and the check before a run begins or goes on there.

It holds ``config.json``, ``progress.jsonl`` (a line for each point of the learning curve),
``checkpoints/`` (the policy of each point, and the newest state) and ``policy.safetensors``, the
best policy so far on the validation courses. It is usable at any moment, also after a kill.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.names import POLICY
from agents.outputs import output_folder
from agents.policy import Policy, PolicyError
from agents.training.checkpoint import CheckpointError, load_checkpoint, newest, save_checkpoint
from agents.training.curve import PROGRESS, CurveError, Point, read_points
from agents.training.run_config import CONFIG, check_same
from walker_env.files import atomic_write
from walker_env.plan import NAME_MAX


@dataclass(frozen=True)
class RunState:
    """What a run needs to go on: its checkpoint's content."""

    learner: dict[str, Any]  # from `Learner.state_dict`
    seconds: float  # [s] of wall time spent
    cpu_seconds: float  # [s] of processor time spent in this process, not in workers
    next: float  # when the next point is due, on `clock`: [s] or [control step]
    clock: str | None  # of the budget, see `Budget.clock`; the first versions did not write it
    points: int  # of the learning curve
    best_steps: int | None  # [control step] at the point of the best policy, if there is one
    best_score: float | None  # its targets in 100 s

    @classmethod
    def load(cls, path: Path) -> RunState:
        """Read a checkpoint.

        Raises:
            CheckpointError: The file is missing, damaged, or no run's.
        """
        state = load_checkpoint(path)
        in_steps = state.pop("in_steps", None)  # of versions that timed all other runs by the wall
        clock = None if in_steps is None else "steps" if in_steps else "seconds"
        state = {"clock": clock, **state}
        try:
            return cls(**state)
        except TypeError as error:
            raise CheckpointError(
                f"{path.parent}: the checkpoint does not fit this version: {error!r}"
            ) from error


@dataclass(frozen=True)
class RunFolder:
    """A folder in which a run may begin or go on; made by `open_run`.

    Attributes:
        path: Where it is; it appears with the first file.
        state: What the newest checkpoint holds; None for a run at its beginning.
    """

    path: Path
    state: RunState | None = None

    @property
    def name(self) -> str:
        """The name of the run's policies: the folder's, as far as it may stand in a table."""
        name = self.path.resolve().name[:NAME_MAX]
        return "".join(letter if letter.isprintable() else "?" for letter in name)

    @property
    def checkpoints(self) -> Path:
        """Folder of the states and of each point's policy."""
        return self.path / "checkpoints"

    def policy_at(self, steps: int) -> Path:
        """The policy's file of the point after so many control steps."""
        return self.checkpoints / f"{steps:012d}.safetensors"

    def write_config(self, description: dict[str, Any]) -> None:
        """Write down what the run is, JSON-ready."""
        atomic_write(self.path / CONFIG, json.dumps(description, indent=2) + "\n")

    def save_best(self, policy: Policy) -> None:
        """Put a policy in place of the best one so far."""
        policy.save(self.path / POLICY)

    def save_state(self, steps: int, state: RunState) -> None:
        """Write the checkpoint after so many control steps.

        Raises:
            CheckpointError: The disk is full or the state cannot be written; older ones stay.
        """
        save_checkpoint(self.checkpoints, steps, vars(state))

    def load_policy(self, steps: int) -> Policy:
        """The policy of a point.

        Raises:
            CheckpointError: Its file is missing or damaged.
        """
        try:
            return Policy.load(self.policy_at(steps))
        except PolicyError as error:
            raise CheckpointError(f"the run's best policy so far is damaged: {error}") from error

    def load_points(self, count: int) -> list[Point]:
        """The first points of the learning curve: those that a checkpoint knows of.

        Raises:
            CheckpointError: There are fewer, or the curve is damaged.
        """
        try:
            points = read_points(self.path)[:count]
        except CurveError as error:
            raise CheckpointError(str(error)) from error
        if len(points) < count:
            raise CheckpointError(
                f"{self.path / PROGRESS}: the learning curve is damaged: expected {count} points, "
                f"got {len(points)}"
            )
        return points


def open_run(path: str | Path, description: dict[str, Any], resume: bool = False) -> RunFolder:
    """The folder for a new run, or for one that goes on from its newest checkpoint.

    Args:
        path: Of the folder; a new run's must not hold a run already.
        description: What the run is, from `run_config.describe`.
        resume: Whether it goes on.

    Raises:
        FileExistsError: A new run's folder holds a run already.
        FileNotFoundError: There is no run to resume.
        CheckpointError: The checkpoint is damaged, or a resumed run has lost it.
        ValueError: A resumed run has other settings, or no folder can be there.
    """
    folder = RunFolder(output_folder(path))
    if not resume:
        if (folder.path / CONFIG).exists():
            raise FileExistsError(
                f"{folder.path} holds a run already; --resume goes on with it, or choose "
                "another --out"
            )
        return folder
    check_same(folder.path, json.loads(json.dumps(description)))
    checkpoint = newest(folder.checkpoints)
    if checkpoint is not None:
        return RunFolder(folder.path, RunState.load(checkpoint))
    if len(read_points(folder.path)) > 1:
        raise CheckpointError(
            f"{folder.checkpoints} holds no checkpoint to go on from; the run's policies can be "
            "used as they are"
        )
    return folder
