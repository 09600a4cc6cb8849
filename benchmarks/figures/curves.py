"""Learning curves of run folders as a picture."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's palette: told apart by colour-blind readers too."""


def read_curve(folder: str | Path) -> dict[str, np.ndarray]:
    """The learning curve of a run folder.

    Returns:
        ``seconds`` and ``cpu_seconds`` (T,) of training, ``steps`` (T,), ``scores`` (T, courses).

    Raises:
        ValueError: The folder holds no learning curve.
    """
    path = Path(folder) / "progress.jsonl"
    if not path.exists():
        raise ValueError(f"{folder} holds no progress.jsonl; expected the folder of a training run")
    points = [json.loads(line) for line in path.read_text().splitlines()]
    if not points:
        raise ValueError(f"{path} is empty: the run stopped before its first validation")
    names = ("seconds", "cpu_seconds", "steps", "scores")
    return {name: np.array([point[name] for point in points]) for name in names}


def plot_curves(folders: dict[str, Path], references: dict[str, float], path: str | Path) -> None:
    """Draw score over training time, mean and standard error over the validation courses.

    Args:
        folders: Run folder by label.
        references: Scores of agents that do not learn, drawn as dashed lines.
        path: PNG, SVG or PDF, by its ending.
    """
    from benchmarks.figures.figures import learning_curves, save_figure

    curves = {label: read_curve(folder) for label, folder in folders.items()}
    save_figure(learning_curves(curves, references), path)
