"""What a foreign network may take, and how its process is held to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What the process of one foreign policy may take."""

    cpu_seconds: int = 600  # [s] of processor time, all answers together
    seconds: float = 1800.0  # [s] by the clock, all answers together
    answer_seconds: float = 60.0  # [s] by the clock, loading it or one answer
    memory: int = 4 << 30  # [byte] of address space, of which libraries take most
    file: int = 64 << 20  # [byte], the largest file it may write


LIMITS = Limits()
"""Some thirty times what the largest champion takes for a whole suite."""


def confine(limits: Limits) -> None:
    """Hold the process that calls this to ``limits``, as far as the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock remains
        return
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file, limits.file))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
