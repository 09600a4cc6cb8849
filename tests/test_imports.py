"""Imports go one way, and `import walker_env` loads nothing heavy."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = [
    {"version", "schema", "seeds", "exponential", "strict_json", "files", "turn", "compiling"},
    {"plan", "hashing"},
    {"courses"},
    {"compiled"},
    {"ground"},
    {"params"},
    {"body"},
    {"state", "skin", "bracing"},
    {"warm_start", "terrain"},
    {"physics_pymunk", "physics_compiled"},
    {"engine", "sensing"},
    {"actuation", "observation"},
    {"reward", "stability"},
    {"progress", "tasks"},
    {"stepper"},
    {"step_numpy", "step_compiled"},
    {"batch", "arena"},
    {"identity", "legacy"},
    {"track"},
    {"space"},
    {"env", "vector_env", "arena_env"},
    {"parallel"},
    {"__init__"},
]
"""The files of walker_env; each may import from the layers above its own only."""

COMPILED = [
    {"jit", "stamp", "atomics", "model", "pack"},
    {"block"},
    {"lookup"},
    {"terrain"},
    {"solver", "observe"},
    {"control"},
    {"passes", "episode"},
    {"entry"},
    {"team"},
]
"""The same for the files of walker_env.compiled."""

BODY = [{"graph"}, {"sketch"}, {"zoo"}, {"ready"}, {"__init__"}, {"picture", "sheet"}, {"__main__"}]
"""The same for the files of walker_env.body; those after ``__init__`` only look at bodies."""

ARENA = [
    {"field"},
    {"game", "physics", "senses"},
    {"rules", "starts"},
    {"sight"},
    {"batch"},
    {"__init__"},
]
"""The same for the files of walker_env.arena."""

WATCHERS = {"render", "replay", "match"}
"""What only watches: imports the batch and what lies above, and is itself imported lazily."""

PACKAGES = ["walker_env", "agents", "benchmarks"]
"""Each package may import from those before it."""

WINGS = {
    "agents": {
        "container": "",
        "ending": "",
        "gaits": "",
        "labels": "",
        "lock": "",
        "missing": "",
        "outputs": "",
        "networks": "",
        "provenance": "",
        "rollout": "",
        "search_space": "",
        "settings": "",
        "tuned": "",
        "work": "",
        "cli": "ending outputs",
        "compiled": "",
        "rollouts": "compiled gaits networks",
        "trial": "gaits networks rollouts",
        "policy_checks": "networks",
        "convert": "networks policy_checks",
        "policy": "container convert networks policy_checks",
        "foreign": "ending missing policy",
        "names": "foreign policy",
        "baselines": "foreign names policy",
        "learner": "policy trial",
        "algorithms": "convert gaits learner networks policy search_space settings trial",
        "crews": "ending learner missing provenance trial",
        "training": (
            "container crews ending learner missing names outputs policy provenance rollout trial "
            "tuned"
        ),
        "evolving": (
            "cli container crews learner names outputs policy provenance settings training trial"
        ),
        "tuning": "ending lock outputs provenance search_space training tuned",
        "atlas": "algorithms container gaits networks policy training trial",
        "figure_style": "",
        "atlas_map": "atlas figure_style gaits",
        "live": "baselines policy training",
        "show": "baselines work",
        "playing": "baselines labels networks",
        "arena": (
            "algorithms baselines cli container convert networks outputs policy policy_checks "
            "provenance settings training work"
        ),
        "__main__": (
            "arena atlas atlas_map baselines cli convert evolving live missing names outputs "
            "playing policy show training tuned tuning"
        ),
    },
    "benchmarks": {
        "evaluation": "",
        "gaits": "evaluation",
        "grounds": "",
        "history": "evaluation",
        "race": "evaluation",
        "study": "evaluation gaits",
        "submission": "evaluation",
        "figures": "gaits",
        "bestiary": "evaluation",
        "leaderboard": "evaluation history study submission",
        "reporting": "evaluation figures leaderboard study",
        "site": "bestiary evaluation gaits leaderboard reporting study submission",
        "speed": "race",
        "commands": (
            "bestiary evaluation figures gaits grounds history leaderboard race reporting site "
            "speed study submission"
        ),
        "__main__": "commands",
    },
}
"""From the ground up: each wing, a folder or a file, with those of its package that it imports."""

HEAVY = (
    "pettingzoo",
    "torch",
    "stable_baselines3",
    "evotorch",
    "ray",
    "pygame",
    "numba",
    "matplotlib",
    "safetensors",
    "imageio",
    "PIL",
)


def _layer(module):
    found = [i for i, layer in enumerate(LAYERS) if module in layer]
    return found[0] if found else None


def _imports(path, top_level_only=False):
    """Full names of the modules that a file imports."""
    tree = ast.parse(path.read_text())
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are absolute here"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if _is_module(whole) else node.module


def _is_module(name):
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def _files(package):
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_one_way(package):
    later = PACKAGES[PACKAGES.index(package) + 1 :]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in _files(package)
        for name in _imports(path)
        if name.split(".")[0] in (*later, "tests")
    ]
    assert not wrong


def _wing(module):
    """The wing of ``package.wing...``; None for the package itself and for other packages."""
    package, _, rest = module.partition(".")
    return rest.split(".")[0] if package in WINGS and rest else None


def _module(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("package", WINGS)
def test_every_file_belongs_to_a_wing(package):
    found = {_wing(_module(path)) for path in _files(package)} - {None}
    assert found == set(WINGS[package])


@pytest.mark.parametrize("package", WINGS)
def test_a_wing_imports_from_those_below_it_only(package):
    order = list(WINGS[package])
    for wing, below in WINGS[package].items():
        for other in below.split():
            assert order.index(other) < order.index(wing), f"{package}: {wing} -> {other} goes up"


@pytest.mark.parametrize("package", WINGS)
def test_wings_import_what_the_table_says(package):
    arrows = {}
    for path in _files(package):
        for name in _imports(path):
            wing, other = _wing(_module(path)), _wing(name)
            if name.startswith(f"{package}.") and other != wing:
                arrows.setdefault((wing, other), f"{path.relative_to(ROOT)} imports {name}")
    allowed = {(wing, other) for wing, below in WINGS[package].items() for other in below.split()}
    new = [why for arrow, why in arrows.items() if arrow not in allowed]
    assert not new, f"not in WINGS: {'; '.join(new)}"
    gone = [f"{wing} -> {other}" for wing, other in allowed if (wing, other) not in arrows]
    assert not gone, f"in WINGS, but nothing imports it any more: {', '.join(sorted(gone))}"


@pytest.mark.parametrize("package", WINGS)
def test_no_files_import_each_other_in_a_circle(package):
    graph = {
        _module(path): {name for name in _imports(path) if _wing(name)} for path in _files(package)
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_every_file_of_the_package_has_its_layer():
    files = {path.stem for path in (ROOT / "walker_env").glob("*.py")}
    files |= {path.parent.name for path in (ROOT / "walker_env").glob("*/__init__.py")}
    assert files - WATCHERS == {name for layer in LAYERS for name in layer}


def test_compiled_code_imports_one_way_and_nothing_that_the_stamp_leaves_out():
    layer = {name: i for i, names in enumerate(COMPILED) for name in names}
    files = [path for path in _files("walker_env/compiled") if path.stem != "__init__"]
    assert {path.stem for path in files} == set(layer)
    for path in files:
        for name in _imports(path):
            if name.startswith("walker_env"):
                package, module = name.rsplit(".", 1)
                if name == "walker_env.schema":
                    continue
                assert package == "walker_env.compiled", f"{path.name} imports {name}"
                assert layer[module] < layer[path.stem], f"{path.name} imports {name}"


def test_the_files_of_bodies_import_one_way_and_engines_are_for_the_command():
    layer = {name: i for i, names in enumerate(BODY) for name in names}
    files = {path.stem: path for path in _files("walker_env/body")}
    assert set(files) == set(layer)
    for stem, path in files.items():
        for name in _imports(path):
            if name.startswith("walker_env.body"):
                other = name.removeprefix("walker_env.body").strip(".") or "__init__"
                assert layer[other] < layer[stem], f"{path.name} imports {name}"
            elif name.startswith("walker_env.") and layer[stem] <= layer["__init__"]:
                assert _layer(name.split(".")[1]) < _layer("body"), f"{path.name} imports {name}"


def test_the_files_of_arenas_import_one_way():
    layer = {name: i for i, names in enumerate(ARENA) for name in names}
    files = {path.stem: path for path in _files("walker_env/arena")}
    assert set(files) == set(layer)
    for stem, path in files.items():
        for name in _imports(path):
            if name.startswith("walker_env.arena."):
                other = name.removeprefix("walker_env.arena.").split(".")[0]
                assert layer[other] < layer[stem], f"{path.name} imports {name}"
            elif name.startswith("walker_env."):
                assert _layer(name.split(".")[1]) < _layer("arena"), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", sorted((ROOT / "walker_env").glob("*.py")), ids=lambda p: p.stem)
def test_inside_the_package_imports_go_up_the_layers(path):
    own = _layer(path.stem) if path.stem not in WATCHERS else _layer("space")
    for name in _imports(path, top_level_only=True):
        if name == "walker_env":
            pytest.fail(f"{path.name} imports the package itself, which imports everything")
        if name.startswith("walker_env."):
            other = name.split(".")[1]
            assert other not in WATCHERS, f"{path.name} imports {name} before anybody looks"
            assert _layer(other) < own, f"{path.name} imports {name}"


def test_drawing_imports_the_batch_and_what_lies_above_it_only():
    for path in _files("walker_env/render"):
        for name in _imports(path):
            if name.startswith("walker_env.") and name.split(".")[1] != "render":
                assert _layer(name.split(".")[1]) <= _layer("batch"), f"{path.name}: {name}"


def test_what_an_engine_needs_is_not_gymnasium():
    for module in (
        "batch",
        "stepper",
        "step_numpy",
        "step_compiled",
        "physics_compiled",
        "physics_pymunk",
        "tasks",
        "sensing",
        "observation",
        "reward",
    ):
        names = {name.split(".")[0] for name in _imports(ROOT / "walker_env" / f"{module}.py")}
        assert "gymnasium" not in names, module


def test_importing_the_environment_loads_nothing_heavy(fresh_python):
    script = f"""
import sys
import walker_env, gymnasium
print(*sorted(set({HEAVY!r}) & set(sys.modules)))
"""
    assert fresh_python(script) == ""


def test_an_environment_loads_nothing_heavy_but_its_engine(fresh_python):
    script = f"""
import sys
import walker_env, gymnasium
for options in ({{"engine": "pymunk"}}, {{}}):
    env = gymnasium.make("walker_env/Walker-v0", **options)
    env.reset(seed=0)
    env.step(env.action_space.sample())
    gymnasium.make_vec("walker_env/Walker-v0", num_envs=2, **options)
    print(*sorted(set({HEAVY!r}) & set(sys.modules)), sep=",", end=";")
"""
    pymunk, auto, _ = fresh_python(script).split(";")
    assert pymunk == ""
    assert auto in ("", "numba")


def test_nothing_draws_from_global_random_state():
    for path in _files("walker_env"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("np.random."):
                allowed = (
                    "np.random.Generator",
                    "np.random.PCG64",
                    "np.random.SeedSequence",
                    "np.random.default_rng",
                )
                assert ast.unparse(node).startswith(allowed), f"{path.name}:{node.lineno}"
        assert "random" not in set(_imports(path)), path.name
