"""Starts the page's engine in Node or in Chromium, and walks the same in Python.

``python -m tests.engine`` writes the golden traces anew.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from agents.baselines import load_agent
from agents.networks.network import MLP, Graph, Normaliser
from agents.policy import Policy
from benchmarks.site.engine import FOLDER, exact_network, scripts
from tests.own_bodies import spider, three_nodes
from walker_env import HORIZON, Options, WalkerBatch
from walker_env.observation import ACTION, get_layout, width
from walker_env.track import Track

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "data" / "engine_traces.json"
NODE = shutil.which("node")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((found for name in BROWSERS if (found := shutil.which(name))), None)
ASK = HERE / "engine.js"
FILES = [FOLDER / f"{name}.js" for name in reversed(scripts())]  # any order will do
FILES += [*sorted((FOLDER.parent / "evolve").glob("*.js")), FOLDER.parent / "draw" / "drawing.js"]


def ask(what: str, given: Any) -> Any:
    """The engine's answer in Node."""
    words = [str(NODE), str(ASK), what, *map(str, FILES)]
    told = json.dumps(given)
    done = subprocess.run(words, input=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ask_page(page: Any, what: str, given: Any) -> Any:
    """The engine's answer in a browser's empty page."""
    page.goto("about:blank")
    for file in (*FILES, ASK):
        page.add_script_tag(content=file.read_text(encoding="utf-8"))
    return page.evaluate("([what, given]) => WALKER.ask(what, given)", [what, given])


def random_policy(options: Options, seed: int, graph: bool = False) -> Policy:
    """A network that moves any body somehow."""
    inputs = width(get_layout(options.observation), options.body)
    outputs, rng = width(ACTION, options.body), np.random.default_rng(seed)

    def drawn(*shape: int) -> np.ndarray:
        return (1.5 * rng.normal(size=shape)).astype(np.float32)

    seen = Normaliser(0.1 * drawn(inputs), np.abs(drawn(inputs)) + np.float32(0.5), 5.0)
    if not graph:
        sizes = (inputs, 7, outputs)
        layers = tuple((drawn(a, b), drawn(b)) for a, b in itertools.pairwise(sizes))
        return Policy("drawn", MLP(layers, ("tanh", "relu")[seed % 2]), seen, options)
    nodes = 5 + outputs
    source = [rng.integers(0, inputs + n, 3) for n in range(nodes)]
    network = Graph(
        width=inputs,
        bias=drawn(nodes),
        edges=np.arange(0, 3 * nodes + 1, 3),
        source=np.concatenate(source),
        weight=drawn(3 * nodes),
        outputs=outputs,
    )
    return Policy("drawn", network, seen, options)


def case(policy: Policy, options: Options, seeds: list[int], steps: int = HORIZON) -> dict:
    """What the engine is given to walk."""
    return {
        "options": replace(options, stall_limit=None).as_dict(),
        "network": exact_network(policy),
        "seeds": [str(seed) for seed in seeds],
        "steps": steps,
    }


def trace(policy: Policy, options: Options, seeds: list[int], steps: int = HORIZON) -> list[dict]:
    """What the engine must answer: digests of all states and of all actions, for each seed."""
    batch = WalkerBatch(len(seeds), replace(options, stall_limit=None))
    seen, told = batch.reset(seed=np.array(seeds, dtype=np.uint64)), []
    moments = [_moment(batch, seen)]
    for _ in range(steps):
        told.append(policy.act(seen))
        seen = batch.step(told[-1]).observation
        moments.append(_moment(batch, seen))
    actions = np.stack(told, axis=1)
    columns = [np.stack(column, axis=1) for column in zip(*moments)]
    found = []
    for i in range(batch.n):
        shown = int(batch.state.target_index[i]) + 2
        if count := int(batch.state.target_count[i]):
            shown = min(shown, count)
        track = Track(*(column[i] for column in columns), batch.state.targets[i, :shown])
        digest = hashlib.sha256(np.ascontiguousarray(actions[i]).tobytes()).hexdigest()
        found.append({"states": track.digest(), "actions": digest})
    return found


def _moment(batch: WalkerBatch, seen: np.ndarray) -> tuple[np.ndarray, ...]:
    """As `track.simulate` takes it down, of all walkers."""
    state = batch.state
    moving = state.position.copy(), state.velocity.copy(), state.drive.copy(), seen.copy()
    return (*moving, state.target_index.copy(), batch.score(), state.energy.copy())


def golden_cases() -> list[tuple[Policy, Options, list[int], int]]:
    """A few walks that have everything: worlds, layouts, courses, networks, bodies."""
    trot, grown, limp = map(load_agent, ("trot", "grown", "limp"))
    walks = [
        (trot.options, trot, [1 << 40, 7]),
        (replace(grown.options, world="heavy", course="slalom"), grown, [1]),
        (replace(limp.options, world="delay", course="turn-left"), limp, [3 << 40]),
        (Options(world="weak", course="race"), trot, [0]),
    ]
    for seed, body in enumerate((spider(), three_nodes())):
        options = Options(body=body, observation="original", world=("ice", "heavy")[seed])
        walks.append((options, random_policy(options, seed, graph=seed == 1), [2**64 - 1, 5]))
    return [(policy, options, seeds, 200) for options, policy, seeds in walks]


def main() -> None:
    """Write the golden traces."""
    cases = golden_cases()
    kept = [case(policy, *rest) | {"traces": trace(policy, *rest)} for policy, *rest in cases]
    lines = ",\n".join(json.dumps(one) for one in kept)
    GOLDEN.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
