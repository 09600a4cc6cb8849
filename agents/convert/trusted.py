"""`VecNormalize` from its file, which is a pickle: only for whoever trusts it."""

from __future__ import annotations

import pickle
from pathlib import Path

from stable_baselines3.common.vec_env import VecNormalize

from agents.policy_checks import PolicyError
from walker_env.files import read_plain

MAX_BYTES = 50_000_000
"""Size of the largest file that is read."""


def load_vec_normalize(path: str | Path, trust: bool) -> VecNormalize:
    """What ``VecNormalize.save`` wrote.

    Args:
        path: The file.
        trust: Whether it may run code, as every pickle can when it is read.

    Raises:
        PolicyError: It is not trusted, or holds something else; the message names the file.
    """
    if not trust:
        raise PolicyError(
            f"{path}: VecNormalize's file is a pickle, which can run any code when it is read; add "
            "--trust if it is yours or you trust whoever wrote it. Leaving --vec-normalize out "
            "instead would give a policy with a wrong score"
        )
    try:
        found = pickle.loads(read_plain(path, MAX_BYTES))
    except Exception as error:  # whatever a pickle raises
        told = " ".join(str(error).split()) or type(error).__name__
        raise PolicyError(f"{path}: expected what VecNormalize.save writes: {told:.200}") from error
    if not isinstance(found, VecNormalize):
        raise PolicyError(f"{path}: expected a VecNormalize, got {type(found).__name__}")
    return found
