"""Learning curves of run folders as a picture."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from agents.files import atomic_path

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's palette: told apart by colour-blind readers too."""


def read_curve(folder: str | Path) -> dict[str, np.ndarray]:
    """The learning curve of a run folder.

    Returns:
        ``seconds`` (T,) of training, ``steps`` (T,) and ``scores`` (T, courses).

    Raises:
        ValueError: The folder holds no learning curve.
    """
    path = Path(folder) / "progress.jsonl"
    if not path.exists():
        raise ValueError(f"{folder} holds no progress.jsonl; expected the folder of a training run")
    points = [json.loads(line) for line in path.read_text().splitlines()]
    if not points:
        raise ValueError(f"{path} is empty: the run stopped before its first validation")
    return {
        "seconds": np.array([point["seconds"] for point in points]),
        "steps": np.array([point["steps"] for point in points]),
        "scores": np.array([point["scores"] for point in points]),
    }


def plot_curves(folders: dict[str, Path], references: dict[str, float], path: str | Path) -> None:
    """Draw score over training time, mean and standard error over the validation courses.

    Args:
        folders: Run folder by label.
        references: Scores of agents that do not learn, drawn as dashed lines.
        path: PNG, SVG or PDF, by its ending.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    for (label, folder), colour in zip(folders.items(), COLOURS):
        curve = read_curve(folder)
        mean = curve["scores"].mean(axis=1)
        error = curve["scores"].std(axis=1) / np.sqrt(curve["scores"].shape[1])
        axes.plot(curve["seconds"], mean, "o-", ms=3, color=colour, label=label)
        axes.fill_between(
            curve["seconds"], mean - error, mean + error, color=colour, alpha=0.2, lw=0
        )
        steps = f"{curve['steps'][-1] / 1e6:.1f} M steps"
        axes.annotate(steps, (curve["seconds"][-1], mean[-1]), (5, -3), textcoords="offset points")
    for name, score in references.items():
        axes.axhline(score, ls="--", lw=1, color="0.5")
        axes.annotate(
            name,
            (1, score),
            (-4, 3),
            ("axes fraction", "data"),
            "offset points",
            color="0.4",
            ha="right",
        )
    axes.set(xlabel="training time [s]", ylabel="targets in 100 s (validation courses)")
    axes.set_xlim(left=0, right=1.12 * max(axes.get_xlim()[1] / 1.05, 1e-9))
    axes.set_ylim(bottom=0, top=1.15 * axes.get_ylim()[1])
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", ncols=len(folders))
    with atomic_path(path) as part:
        figure.savefig(part, dpi=120)
    plt.close(figure)
