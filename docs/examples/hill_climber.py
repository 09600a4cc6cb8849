"""An algorithm of one's own: keep what walks farther, try a change of it next.

python -m agents train docs/examples/hill_climber.py:HillClimberConfig --seconds 30
"""

from dataclasses import dataclass, field

import numpy as np

from agents.crews.trial import Trial
from agents.networks.network import plain_normaliser
from agents.networks.population import MLPs, Shape
from agents.policy import Policy
from walker_env import Options


@dataclass(frozen=True)
class HillClimberConfig:
    """Its settings."""

    algorithm = "hill-climber"
    seed: int = 0
    tries: int = 32  # changes that are walked at once
    size: float = 0.2  # standard deviation of a change
    seconds: int = 20  # [s] of an episode
    options: Options = field(default_factory=Options)

    def learner(self, crew):
        """A climber at the foot of the hill."""
        return HillClimber(self, crew)


class HillClimber:
    """Walks the present best beside its changes, all on the same courses."""

    cpu_seconds = 0.0  # of workers

    def __init__(self, config, crew):
        self.config, self.crew = config, crew
        self.shape = Shape((12, 16, 6))
        self.best, self.steps, self.metrics = np.zeros(self.shape.size), 0, {}
        self.random = np.random.default_rng(config.seed)

    def advance(self):
        """One round."""
        tried = self.best + self.config.size * self.random.normal(
            size=(self.config.tries, self.shape.size)
        )
        tried[0] = self.best
        seeds = self.random.integers(1 << 32, size=4, dtype=np.uint64)
        networks, steps = MLPs(self.shape, tried), 20 * self.config.seconds
        outcome = self.crew.run(Trial(networks, seeds, steps, plain_normaliser(12)))
        self.best = tried[outcome.returns.argmax()]
        self.steps += outcome.count
        self.metrics = {"return_best": float(outcome.returns.max())}

    def policy(self):
        """The best so far."""
        network = self.shape.network(self.best)
        return Policy("hill-climber", network, plain_normaliser(12), self.config.options)

    def state_dict(self):
        """What a killed run needs to go on."""
        random = self.random.bit_generator.state
        return {"best": self.best, "steps": self.steps, "random": random}

    def load_state_dict(self, state):
        """Go on exactly as if it had never stopped."""
        self.best, self.steps = state["best"], state["steps"]
        self.random.bit_generator.state = state["random"]
