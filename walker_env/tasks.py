"""What a walker is asked to do: its episode, its course by name, the options of an environment."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from numbers import Real

import numpy as np

from walker_env.body import Body, get_body
from walker_env.courses import COURSES, Draw
from walker_env.observation import get_layout
from walker_env.params import get_world
from walker_env.reward import REWARDS, RewardWeights

TARGET_RADIUS = 20.0
"""A target is reached when the head is closer than this [unit]."""

HORIZON = 2000
"""Length of an episode [control step]: 100 s."""

STALL_PROGRESS = 1.0
"""A walker that comes this much closer than ever to its target is not stalled [unit]."""


def get_course(course: str | Draw) -> Draw:
    """Return a course as it is, or a registered one by name.

    Raises:
        ValueError: No such course.
    """
    if callable(course):
        return course
    if not isinstance(course, str) or course not in COURSES:
        raise ValueError(
            f"course must be a draw function or one of {sorted(COURSES)}, got {course!r}"
        )
    return COURSES[course]


def episode_rng(seed: int, episode: int) -> np.random.Generator:
    """The generator of one episode of a walker with this seed; it depends on nothing else."""
    sequence = np.random.SeedSequence(int(seed), spawn_key=(int(episode),))
    return np.random.Generator(np.random.PCG64(sequence))


@dataclass(frozen=True)
class Options:
    """The options of an environment, checked when made; saved with every run."""

    body: Body | str = "quadruped"
    observation: str = "full"
    course: Draw | str = "disc"
    engine: str = "auto"
    energy_price: float = 0.0  # reward for each unit of energy, subtracted
    stall_limit: float | None = None  # [s] without progress after which an episode ends
    threads: int = 1  # that step the batch with the compiled engine; changes no result
    reward: str = "dense"  # or "sparse": for targets reached only, nothing for the way there
    world: str = "standard"  # a name in `walker_env.params.WORLDS`
    weights: RewardWeights = field(init=False)

    def __post_init__(self) -> None:
        get_body(self.body)
        get_course(self.course)
        get_layout(self.observation)
        get_world(self.world)
        limit = self.stall_limit
        if limit is not None and not (isinstance(limit, Real) and 0 < limit < float("inf")):
            raise ValueError(f"stall_limit must be None or seconds > 0, got {limit!r}")
        if not (isinstance(self.threads, (int, np.integer)) and self.threads >= 1):
            raise ValueError(f"threads must be an int >= 1, got {self.threads!r}")
        if self.reward not in REWARDS:
            raise ValueError(f"reward must be one of {tuple(REWARDS)}, got {self.reward!r}")
        weights = RewardWeights(REWARDS[self.reward], energy_price=self.energy_price)
        object.__setattr__(self, "weights", weights)

    def judged(self) -> Options:
        """The same walk as everybody is judged by: nobody is stopped for stalling."""
        return replace(self, stall_limit=None)

    def as_keywords(self) -> dict:
        """All options as keywords of the vector environment, objects of one's own included."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.init}

    def as_dict(self) -> dict:
        """The options as JSON-ready data; `gym.make` takes them back as keywords.

        Raises:
            ValueError: A body or course that has no name cannot be written down.
        """
        for name in ("body", "course"):
            if not isinstance(getattr(self, name), str):
                raise ValueError(f"{name} is an object of your own; only named ones can be saved")
        data = asdict(self)
        del data["weights"], data["threads"], data["engine"]  # how fast is not what is walked
        return data
