"""The search for settings: spaces, values, going on, and what it writes."""

import csv
import dataclasses
import os
import signal
import subprocess
import sys

import optuna
import pytest

from agents.search_space import Choice, Range
from agents.training.budget import Cost
from agents.training.train import ALGORITHMS, config_class, make_config
from agents.trial import Walkers
from agents.tuned import FOLDER, read_tuned, tomllib, write_tuned
from agents.tuning import tune as tuning
from agents.tuning.outcome import settle
from agents.tuning.progress import TuneBar
from agents.tuning.trial import Curve, looks_within, reached
from agents.tuning.tune import Search, default_trial, finished, open_study, tune
from walker_env.seeds import held_out_seeds, validation_seeds


def search(tmp_path, **settings):
    given = {"algorithm": "ars", "trials": 3, "seeds": 1, "cpu_seconds": 5.0, "confirm": 1}
    return Search(**given | {"storage": f"sqlite:///{tmp_path}/study.db"} | settings)


@pytest.fixture
def answers(monkeypatch):
    """Training answers at once: the better, the closer ``noise`` is to 1."""
    asked = []

    def reached(algorithm, settings, seed, cpu_seconds):
        asked.append((settings, seed))
        return 10.0 - abs(settings["noise"] - 1.0)

    monkeypatch.setattr("agents.tuning.tune.reached", reached)
    monkeypatch.setattr("agents.tuning.outcome.reached", reached)
    return asked


def quiet(study):
    return None


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_a_search_space_holds_the_defaults_and_valid_settings(algorithm):
    space = config_class(algorithm).search
    assert space
    defaults = make_config(algorithm, {}, tuned=False)
    for name, kind in space.items():
        assert getattr(defaults, name) in kind, name
        values = kind.values if isinstance(kind, Choice) else (kind.low, kind.high)
        for value in values:
            make_config(algorithm, {name: value}, tuned=False)


def test_trials_choose_from_the_space():
    trial = optuna.trial.FixedTrial({"a": 0.123456789, "b": "[16]", "c": "null"})
    assert Range(0.0, 1.0).suggest(trial, "a") == 0.1235
    assert Choice(((8,), (16,))).suggest(trial, "b") == [16]
    assert Choice((None, True)).suggest(trial, "c") is None
    assert 1 not in Choice((True, False))
    assert "fast" not in Range(0, 1)


def test_a_runs_value_is_the_mean_of_its_best_at_each_look():
    curve = Curve(64.0)
    for seconds, score in ((1.1, 7.0), (2.0, 14.0), (4.0, 7.0), (9.0, 21.0), (64.5, 28.0)):
        curve.validated(Cost(1, seconds, seconds), score, None)
    assert curve.value == (7 + 14 + 14 + 21 + 21 + 21 + 28) / 7


def test_a_run_is_looked_at_after_twice_the_time_each_time():
    looks = looks_within(64.0)
    assert looks == (1, 2, 4, 8, 16, 32, 64)
    assert Curve(64.0).value == 0.0


def test_trials_use_courses_and_seeds_of_their_own(tmp_path, monkeypatch):
    seen = {}

    def train(config, budget, folder, **how):
        seen.update(how, seed=config.seed)
        raise ValueError("enough")

    monkeypatch.setattr("agents.tuning.trial.train", train)
    search_ = search(tmp_path, trials=1)
    tune(search_, quiet)
    drawn, others = seen["draw"](64), [*validation_seeds(64), *held_out_seeds(256)]
    assert not {*drawn.tolist()} & {int(seed) for seed in others}
    assert seen["seed"] == 1_000_000


def test_an_atlas_is_rated_by_its_cells_not_by_its_best():
    assert config_class("mapelites").rated_by == "qd_score"
    curve = Curve(10.0, rated_by="qd_score")
    curve.update(Cost(), 0.5, {"qd_score": 40.0})
    curve.validated(Cost(1, 10.0, 10.0), 3.0, None)
    assert curve.value == 40.0 / 7
    blank = Curve(10.0, rated_by="qd_score")
    blank.validated(Cost(), 3.0, None)  # nothing has been said before the first update
    with pytest.raises(RuntimeError, match=r"rated_by must be one of \[\], got 'qd_score'"):
        blank.validated(Cost(1, 1.0, 1.0), 3.0, None)


def test_ctrl_c_stops_the_search_and_not_one_run_of_it(monkeypatch):
    walk = Walkers.run

    def stopped(self, trial):
        signal.raise_signal(signal.SIGINT)
        return walk(self, trial)

    monkeypatch.setattr(Walkers, "run", stopped)
    with pytest.raises(KeyboardInterrupt):
        reached("snes", {"episodes": [[0, 0.1]]}, 0, 5.0)


def test_the_defaults_are_tried_first_and_the_search_goes_on(tmp_path, answers):
    first = search(tmp_path)
    tune(first, quiet)
    assert answers[0][0] == {k: list(v) if k == "hidden" else v for k, v in first.defaults.items()}
    assert default_trial(open_study(first)).number == 0
    more = dataclasses.replace(first, trials=5)
    tune(more, quiet)
    assert len(answers) == 5
    settings = [tuple(map(str, asked.values())) for asked, _ in answers]
    assert len(set(settings)) == 5


def test_a_search_goes_on_from_what_ships(tmp_path, answers, monkeypatch):
    monkeypatch.setattr(
        "agents.tuning.tune.read_tuned", lambda name: {"noise": 0.9, "hidden": [16]}
    )
    tune(search(tmp_path), quiet)
    assert answers[1][0]["noise"] == 0.9
    assert answers[1][0]["hidden"] == [16]
    assert answers[1][0]["rate"] == answers[0][0]["rate"]


def test_a_trial_that_was_interrupted_is_done_again(tmp_path, answers, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("agents.tuning.tune.reached", interrupted)
        with pytest.raises(KeyboardInterrupt):
            tune(search(tmp_path), quiet)
    study = tune(search(tmp_path), quiet)
    assert default_trial(study).number > 0
    assert len(answers) == 3


def test_other_terms_need_another_study(tmp_path, answers):
    tune(search(tmp_path), quiet)
    with pytest.raises(ValueError, match="was begun with"):
        tune(search(tmp_path, cpu_seconds=9.0), quiet)


def test_what_is_written_is_what_training_begins_with(tmp_path, answers):
    asked = search(tmp_path, trials=8)
    path = settle(asked, tune(asked, quiet), tmp_path)
    assert path == tmp_path / "ars.toml"
    best = max(answers[:8], key=lambda a: -abs(a[0]["noise"] - 1.0))[0]
    assert read_tuned("ars", tmp_path) == best
    assert [seed for _, seed in answers[8:]] == [1_000_001] * 2  # seeds that no trial had
    rows = list(csv.DictReader((tmp_path / "ars.trials.csv").read_text().splitlines()))
    assert len(rows) == 8
    assert max(float(row["value"]) for row in rows) == pytest.approx(
        10 - abs(best["noise"] - 1), abs=1e-3
    )


def test_luck_does_not_ship(tmp_path, answers, monkeypatch):
    """Where the defaults do better with new seeds, they are written."""
    asked = search(tmp_path, trials=6)
    study = tune(asked, quiet)
    assert study.best_trial.number != 0
    monkeypatch.setattr(
        "agents.tuning.outcome.reached",
        lambda algorithm, settings, *_: -abs(settings["noise"] - asked.defaults["noise"]),
    )
    settle(asked, study, tmp_path)
    assert read_tuned("ars", tmp_path)["noise"] == asked.defaults["noise"]


def test_settings_survive_the_file(tmp_path):
    settings = {"a": None, "b": [8, 8], "c": 1e-5, "d": True, "e": 3, "f": []}
    write_tuned("mine", settings, {"versions": ["numpy 2"]}, tmp_path)
    assert read_tuned("mine", tmp_path) == settings


def test_an_algorithm_without_a_space_says_what_to_do(tmp_path):
    path = tmp_path / "own.py"
    path.write_text(
        "from agents.algorithms.snes import SNESConfig\n"
        "class Own(SNESConfig):\n    algorithm, search = 'own', {}\n"
    )
    with pytest.raises(ValueError, match="declares nothing to tune"):
        Search(f"{path}:Own")
    with pytest.raises(ValueError, match=r"address of a database.*got 'foo'"):
        open_study(Search("ars", storage="foo"))
    with pytest.raises(ValueError, match="trials must be an int >= 1"):
        Search("ars", trials=0)
    with pytest.raises(ValueError, match="cpu_seconds must be a positive number"):
        Search("ars", cpu_seconds=-1.0)


def test_a_storage_that_cannot_be_used_is_named(tmp_path):
    open_study(Search("ars", storage=f"sqlite:///{tmp_path}/new/study.db"))
    with pytest.raises(ValueError, match=r"study.db is no folder"):
        open_study(Search("ars", storage=f"sqlite:///{tmp_path}/new/study.db/other.db"))
    (tmp_path / "no.db").write_text("no database " * 1000)
    with pytest.raises(ValueError, match=r"database 'sqlite:.*no.db' cannot be used: .*not a data"):
        open_study(Search("ars", storage=f"sqlite:///{tmp_path}/no.db"))


def test_a_trial_that_ends_when_there_are_enough_is_dropped(tmp_path, answers, monkeypatch):
    asked, at_once = search(tmp_path), tuning.reached

    def late(*_):
        monkeypatch.setattr(tuning, "reached", at_once)
        tune(asked, quiet)  # somebody else is faster
        return 99.0

    monkeypatch.setattr(tuning, "reached", late)
    study = tune(asked, quiet)
    assert finished(study) == 3
    assert study.best_value < 99.0


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="needs POSIX file locks")
def test_searches_that_are_started_at_once_share_a_new_database(tmp_path):
    """As three machines' shells would: the file does not exist yet."""
    begin = f"""
import sys
from agents.tuning.tune import Search, tune
import agents.tuning.tune as module
module.reached = lambda *_: 1.0
search = Search("ars", trials=4, seeds=1, storage="sqlite:///{tmp_path}/study.db")
print("ready", flush=True)
sys.stdin.read()
tune(search, lambda study: None)
"""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    several = [subprocess.Popen([sys.executable, "-c", begin], text=True, **pipes) for _ in "abc"]
    for process in several:
        assert process.stdout.readline() == "ready\n"
    for process in several:
        process.stdin.close()
    for process in several:
        process.stdin = None
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    study = open_study(search(tmp_path, trials=4, cpu_seconds=20.0))
    assert finished(study) == 4
    assert default_trial(study) is not None


def test_the_bar_shows_the_best(tmp_path, answers, capsys):
    asked = search(tmp_path)
    with TuneBar(asked) as bar:
        tune(asked, bar)
    assert "3/3" in capsys.readouterr().out


def test_the_command_searches_and_writes(tmp_path, called):
    words = ["tune", "ars", "--trials", "1", "--cpu-seconds", "0.05", "--seeds", "1"]
    more = ["--confirm", "0", "--out", str(tmp_path)]
    code, _, errors = called(*words, *more)
    assert code == 0, errors
    assert (tmp_path / "runs" / "tune" / "ars.db").exists()
    assert "[settings]" in (tmp_path / "ars.toml").read_text()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_settings_are_written_as_they_lie_there(path, tmp_path):
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    settings = read_tuned(path.stem)
    assert write_tuned(path.stem, settings, data["search"], tmp_path).read_bytes() == (
        path.read_bytes()
    )
