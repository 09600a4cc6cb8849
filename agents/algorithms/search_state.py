"""What an evotorch search must remember to go on exactly, taken out of it and put back.

evotorch offers pickles only, which run code when they are read. Its searches keep what changes in
plain attributes: tensors, numbers, a population, a distribution, an optimiser. These are collected
by kind; what is made anew from the settings (the problem, operators, hooks) stays. A test holds
every algorithm's resumed run to the uninterrupted one, bit for bit.
"""

from __future__ import annotations

from typing import Any

import torch
from evotorch import SolutionBatch
from evotorch.algorithms.searchalgorithm import SearchAlgorithm
from evotorch.distributions import Distribution
from evotorch.optimizers import ClipUp, TorchOptimizer

_SKIPPED = ("_problem", "_first_step_datetime")


def search_state(search: SearchAlgorithm) -> dict[str, Any]:
    """Everything that changes while ``search`` runs, for a checkpoint."""
    state = {name: _pack(value) for name, value in _attributes(search).items() if _known(value)}
    return {"search": state, "random": search.problem.generator.get_state()}


def load_search_state(search: SearchAlgorithm, state: dict[str, Any]) -> None:
    """Let a freshly made ``search`` of the same settings go on from ``state``."""
    for name, value in state["search"].items():
        setattr(search, name, _unpack(value, getattr(search, name, None), search))
    search.problem.generator.set_state(torch.as_tensor(state["random"], dtype=torch.uint8))


def _attributes(thing: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(thing).items() if name not in _SKIPPED}


def _known(value: Any) -> bool:
    kinds = (torch.Tensor, SolutionBatch, Distribution, TorchOptimizer, ClipUp, bool, int, float)
    return value is None or isinstance(value, kinds)


def _pack(value: Any) -> Any:
    if isinstance(value, torch.Tensor) and value.ndim == 2 and not value.is_contiguous():
        return {"columns": value.T}  # BLAS rounds by the layout, so the layout is kept
    if isinstance(value, SolutionBatch):
        return {"values": value.values.clone(), "evals": value.evals.clone()}
    if isinstance(value, Distribution):
        return {"parameters": dict(value.parameters)}
    if isinstance(value, ClipUp):
        return {"velocity": value._velocity.clone()}
    if isinstance(value, TorchOptimizer):
        return {"optimizer": value.contained_optimizer.state_dict(), "data": value._data.clone()}
    return value


def _unpack(value: Any, fresh: Any, search: SearchAlgorithm) -> Any:
    if not isinstance(value, dict):
        return torch.as_tensor(value) if hasattr(value, "dtype") else value
    if "columns" in value:
        return torch.as_tensor(value["columns"]).T
    if "values" in value:
        batch = SolutionBatch(search.problem, popsize=len(value["values"]), empty=True)
        batch.access_values()[:] = torch.as_tensor(value["values"])
        batch.access_evals()[:] = torch.as_tensor(value["evals"])
        return batch
    if "parameters" in value:
        tensors = {k: _unpack(v, None, search) for k, v in value["parameters"].items()}
        return fresh.modified_copy(**tensors)
    if "velocity" in value:
        fresh._velocity = torch.as_tensor(value["velocity"])
        return fresh
    fresh.contained_optimizer.load_state_dict(tensors_of(value["optimizer"]))
    fresh._data[:] = torch.as_tensor(value["data"])
    return fresh


def tensors_of(state: Any) -> Any:
    """A checkpoint's nested state with torch tensors in place of numpy arrays."""
    if isinstance(state, dict):
        return {key: tensors_of(value) for key, value in state.items()}
    if isinstance(state, list):
        return [tensors_of(value) for value in state]
    return torch.as_tensor(state) if hasattr(state, "dtype") else state
