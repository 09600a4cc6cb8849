"""Every algorithm keeps the same promises: settings, training, policy, state, options."""

import dataclasses
import json
import math
import signal

import numpy as np
import pytest

from agents.policy import Policy
from agents.training.budget import Budget
from agents.training.checkpoint import load_checkpoint, newest, save_checkpoint
from agents.training.train import ALGORITHMS, config_class, make_config, train
from agents.trial import Walkers
from walker_env import Options, WalkerBatch

SB3 = {"walkers": 4, "horizon": 16, "batch": 16, "episode": 1.0, "hidden": [8]}
OFF_POLICY = SB3 | {"warm_up": 32, "buffer": 512}
EVOLUTION = {"population": 8, "courses": 1, "episodes": [[0, 1.0]]}
TINY = {
    "ppo": SB3 | {"epochs": 1},
    "sac": OFF_POLICY,
    "tqc": OFF_POLICY | {"quantiles": 5},
    "cosyne": EVOLUTION | {"elites": 1},
    "mapelites": EVOLUTION,
}
"""Settings with which an update takes a moment; those of `EVOLUTION` where none are named."""

VARIANTS = {
    "the original's view": Options(observation="original"),
    "an energy price": Options(energy_price=0.5),
    "a stall limit": Options(stall_limit=0.5),
    "six legs": Options(body="hexapod"),
    "sparse reward": Options(reward="sparse"),
}


def tiny(algorithm, **settings):
    given = TINY.get(algorithm, EVOLUTION) | {"seed": 3} | settings
    return make_config(algorithm, given, tuned=False)


def observations(options, n=5):
    batch = WalkerBatch(n, options)
    batch.reset(seed=np.arange(n))
    rng = np.random.default_rng(0)
    for _ in range(5):
        step = batch.step(rng.uniform(-1, 1, (n, batch.action_width)).astype(np.float32))
    return step.observation


@pytest.fixture(params=sorted(ALGORITHMS))
def algorithm(request):
    return request.param


def test_defaults_are_valid_and_the_name_is_the_commands(algorithm):
    config = make_config(algorithm, {}, tuned=False)
    assert config.algorithm == algorithm
    assert dataclasses.is_dataclass(config)
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.seed = 1
    json.dumps({k: v for k, v in dataclasses.asdict(config).items() if k != "options"})


def test_tuned_settings_are_valid(algorithm):
    make_config(algorithm, {})


@pytest.mark.parametrize("wrong", ["fast", [[1]], {"a": 1}])
def test_a_value_of_the_wrong_kind_is_refused_in_one_line(algorithm, wrong):
    for field in dataclasses.fields(config_class(algorithm)):
        if field.name == "options":
            continue
        with pytest.raises(ValueError, match=f"{field.name}|{algorithm}") as caught:
            make_config(algorithm, {field.name: wrong}, tuned=False)
        assert "\n" not in str(caught.value)


def test_unknown_settings_are_named(algorithm):
    with pytest.raises(ValueError, match=r"expected names among .* got \['learning_rat'\]"):
        make_config(algorithm, {"learning_rat": 1.0})
    with pytest.raises(ValueError, match="training seed"):
        make_config(algorithm, {"seed": -1})
    with pytest.raises(ValueError, match="body must be"):
        make_config(algorithm, {"options.body": "octopus"})


def test_numbers_that_make_no_sense_are_refused(algorithm):
    for field in dataclasses.fields(config_class(algorithm)):
        if field.name == "options":
            continue
        for wrong in (math.nan, math.inf, True):
            if wrong is True and "bool" in str(field.type):
                continue
            with pytest.raises(ValueError, match=algorithm + "|" + field.name):
                make_config(algorithm, {field.name: wrong}, tuned=False)


def test_a_run_leaves_a_policy_that_loads_and_acts(algorithm, tmp_path):
    config = tiny(algorithm)
    run = train(config, Budget(steps=150), tmp_path / "run", courses=1)
    policy = Policy.load(tmp_path / "run" / "policy.safetensors")
    seen = observations(config.options)
    action = policy.act(seen)
    assert action.shape == (5, 6)
    assert np.abs(action).max() <= 1
    np.testing.assert_array_equal(action, run.best.act(seen))
    assert policy.training["algorithm"] == algorithm


def test_a_learner_goes_on_from_its_checkpoint(algorithm, tmp_path):
    config = tiny(algorithm)
    crew = Walkers(config.options)
    learner = config.learner(crew)
    for _ in range(3):
        learner.advance()
    path = save_checkpoint(tmp_path, 1, learner.state_dict())
    again = config.learner(crew)
    again.load_state_dict(load_checkpoint(path))
    assert again.steps == learner.steps > 0
    seen = observations(config.options)
    np.testing.assert_array_equal(again.policy().act(seen), learner.policy().act(seen))
    again.advance()
    assert again.steps > learner.steps


@pytest.mark.parametrize("algorithm", sorted(set(ALGORITHMS) - {"ppo", "sac", "tqc"}))
def test_evolution_goes_on_exactly_after_ctrl_c(algorithm, tmp_path, monkeypatch):
    """It may come in the middle of a generation, while the walkers walk."""
    config, run = tiny(algorithm), Walkers.run
    quick = "agents.training.run.episode_scores"
    monkeypatch.setattr(quick, lambda *_: np.zeros(1))  # takes no part
    whole = train(config, Budget(steps=3000), tmp_path / "whole", courses=1)
    walks = iter(range(100))

    def stopped(self, trial):
        outcome = run(self, trial)
        if next(walks) == 2:
            signal.raise_signal(signal.SIGINT)
        return outcome

    with monkeypatch.context() as patch:
        patch.setattr(Walkers, "run", stopped)
        assert train(config, Budget(steps=3000), tmp_path / "run", courses=1).interrupted
    resumed = train(config, Budget(steps=3000), tmp_path / "run", courses=1, resume=True)
    states = [load_checkpoint(newest(run.checkpoints))["learner"] for run in (whole, resumed)]
    assert repr(without_time(states[0])) == repr(without_time(states[1]))


def without_time(state):
    """A learner's state but for what workers have cost."""
    if isinstance(state, dict):
        return {k: without_time(v) for k, v in state.items() if k != "cpu_seconds"}
    return state.tolist() if isinstance(state, np.ndarray) else state


@pytest.mark.parametrize("algorithm", ["ppo", "sac", "tqc"])
def test_a_resumed_gradient_learner_does_not_repeat_its_first_walk(algorithm):
    config, crew = tiny(algorithm), Walkers(Options())
    learner = config.learner(crew)
    learner.advance()
    again = config.learner(crew)
    seeds = []
    again.model.env.venv.seed = seeds.append
    again.load_state_dict(learner.state_dict())
    assert len(seeds) == 1
    assert seeds != [config.seed]


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_every_kind_of_environment_can_be_learned(algorithm, variant):
    config = dataclasses.replace(tiny(algorithm), options=VARIANTS[variant])
    learner = config.learner(Walkers(config.options))
    learner.advance()
    learner.advance()
    policy = learner.policy()
    assert policy.options == config.options
    assert np.isfinite(policy.act(observations(config.options))).all()


def test_another_seed_is_another_search(algorithm):
    seen = observations(Options())
    actions = []
    for seed in (1, 2):
        config = tiny(algorithm, seed=seed)
        learner = config.learner(Walkers(config.options))
        learner.advance()
        learner.advance()
        actions.append(learner.policy().act(seen))
    assert not np.array_equal(*actions)
