"""Runs on a Ray cluster whose machines see this checkout at the same place."""

from __future__ import annotations

import subprocess
from typing import Any

from agents.crews.cluster import import_ray
from agents.ending import ROOT
from benchmarks.study.job import Job


class RayWorkers:
    """Jobs as Ray tasks, one core each.

    Args:
        address: ``host:port`` of the cluster, ``"auto"``, or ``"local"`` for one on this machine.

    Raises:
        ImportError: Ray is not installed.
        ConnectionError: There is no cluster at this address.
    """

    def __init__(self, address: str) -> None:
        ray = import_ray()
        self._ray = ray
        ray.init(address=address, log_to_driver=False, configure_logging=False)
        self.room = max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._task = ray.remote(num_cpus=1, max_retries=0)(_work)
        self._running: list[Any] = []

    def start(self, job: Job) -> Any:
        """Begin a job somewhere."""
        token = self._task.remote(job.command(), str(ROOT), str(job.log.resolve()))
        self._running.append(token)
        return token

    def ended(self, token: Any) -> bool:
        """Whether the task has ended, well or not."""
        return bool(self._ray.wait([token], timeout=0)[0])

    def close(self) -> None:
        """Cancel what runs and leave the cluster."""
        for token in self._running:
            if not self.ended(token):
                self._ray.cancel(token, force=True)
        self._ray.shutdown()


def _work(command: list[str], root: str, log: str) -> int:
    """On the cluster's machine: a process of its own that ends with this one."""
    from pathlib import Path

    Path(log).parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as file:
        job = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=file, stderr=file)
    return job.wait()
