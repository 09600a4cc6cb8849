"""What a policy may be called on a command line."""

import pytest

from agents.baselines import load_agent, policy_file
from agents.names import ENTRIES, entry_names, find_policy
from agents.policy import PolicyError
from benchmarks.evaluation.published import champions


def test_an_entrys_name_is_a_policy():
    assert find_policy("trot") == ENTRIES / "trot"
    assert load_agent("trot").name == "trot"
    published = [file.parent.name for file in champions()]
    assert entry_names()[: len(published)] == published
    assert {load_agent(name).name for name in entry_names()} == set(entry_names())
    assert load_agent("star").options.body.name == "star", "those of the open boards too"


def test_what_is_there_wins_over_an_entry_and_a_baseline_over_both(tmp_path, monkeypatch, saved):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trot").mkdir()
    (tmp_path / "trot" / "policy.safetensors").write_bytes(saved.read_bytes())
    assert find_policy("trot").resolve() == tmp_path / "trot" / "policy.safetensors"
    assert load_agent("trot").name == "small", "a run's folder stands for its best policy"
    assert policy_file("gait") is None
    assert policy_file("limp") == ENTRIES / "limp"
    assert policy_file(saved) == saved


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("trott", r"trott: no such file, and no policy of that name; .*trot"),
        ("../entries", "no such file"),
        ("", r"expected the folder of an entry, with card.toml, or of a run"),
        ("README.md", r"README.md: expected a policy file .safetensors or .onnx"),
    ],
)
def test_what_is_no_policy_says_what_it_should_be(tmp_path, monkeypatch, name, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("# No policy")
    with pytest.raises(PolicyError, match=message):
        load_agent(name)
