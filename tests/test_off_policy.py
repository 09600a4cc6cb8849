"""SAC and TQC: a policy that acts as the model does, and what a checkpoint brings back."""

import numpy as np
import pytest

from agents.algorithms.sac import SACConfig
from agents.algorithms.tqc import TQCConfig
from agents.training.checkpoint import load_checkpoint, save_checkpoint
from agents.trial import Walkers

TINY = {"walkers": 4, "horizon": 16, "batch": 16, "episode": 1.0, "hidden": 8, "warm_up": 64}


@pytest.fixture(params=[SACConfig, TQCConfig], ids=["sac", "tqc"])
def config(request):
    return request.param(**TINY)


def trained(config, updates=4):
    learner = config.learner(Walkers(config.options))
    for _ in range(updates):
        learner.advance()
    return learner


def updates(learner):
    """Gradient updates so far."""
    return learner.state_dict()["updates"]


def test_the_policy_acts_as_the_model_with_its_normalisation(config, assert_acts_as_its_model):
    assert_acts_as_its_model(trained(config))


def test_nothing_is_learned_before_the_buffer_is_warm(config):
    learner = trained(config, updates=1)
    assert updates(learner) == 0
    learner.advance()
    assert updates(learner) > 0


def test_a_checkpoint_brings_back_everything_but_the_buffer(config, tmp_path):
    learner, again = trained(config), trained(config, updates=0)
    again.load_state_dict(load_checkpoint(save_checkpoint(tmp_path, 1, learner.state_dict())))
    ours, theirs = again.model, learner.model
    entropy = theirs.log_ent_coef.detach()
    assert ours.log_ent_coef.detach() == entropy != float(np.log(config.entropy))
    for name in ("actor.optimizer", "critic.optimizer", "ent_coef_optimizer"):
        one, two = (model.get_parameters()[name]["state"] for model in (ours, theirs))
        assert one.keys() == two.keys() != set()
        for key in one:
            np.testing.assert_array_equal(one[key]["exp_avg"], two[key]["exp_avg"])
    for name, weight in theirs.policy.state_dict().items():  # target critics too
        np.testing.assert_array_equal(ours.policy.state_dict()[name], weight)
    assert (again.steps, updates(again)) == (learner.steps, updates(learner))


def test_a_resumed_learner_fills_its_buffer_before_it_goes_on(config):
    learner, again = trained(config), trained(config, updates=0)
    again.load_state_dict(learner.state_dict())
    before = updates(again)
    again.advance()
    assert again.model.replay_buffer.size() > 0
    assert updates(again) == before
    again.advance()
    assert updates(again) > before


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"warm_up": 400_000}, "warm_up must fit into the buffer"),
        ({"buffer": 8}, "buffer must be an int >= 256"),
        ({"entropy": 0}, "entropy must be positive"),
        ({"scale_reward": "yes"}, "scale_reward must be true or false"),
    ],
)
def test_wrong_settings_are_named(settings, words):
    with pytest.raises(ValueError, match=words):
        SACConfig(**settings)


def test_tqc_keeps_some_quantiles():
    with pytest.raises(ValueError, match="dropped must be fewer than the quantiles"):
        TQCConfig(dropped=15)
