"""Processes that tests watch from outside, and events that they wait for."""

from __future__ import annotations

import os
import subprocess
import time


def children(word, parent=None):
    """Ids of running processes that another one has started, found by their command lines.

    Args:
        word: Part of the command line.
        parent: Id of the process that started them, by default this one.
    """
    listed = subprocess.run(
        ["ps", "-ww", "-A", "-o", "pid=,ppid=,stat=,args="],
        capture_output=True,
        text=True,
        check=True,
    )
    found = set()
    for line in listed.stdout.splitlines():
        pid, starter, state, args = [*line.split(maxsplit=3), ""][:4]
        mine = int(starter) == (os.getpid() if parent is None else parent)
        if mine and word in args and not state.startswith("Z"):
            found.add(int(pid))
    return found


def alive(pid):
    """Whether a process runs; one that has ended and was not yet collected does not."""
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")


def wait_for(seen, what, seconds=60):
    """Wait until ``seen()`` says yes, and return what it says.

    Args:
        seen: Asked again and again.
        what: What is waited for, for the message of the failure.
        seconds: Longest wait [s]; far more than it takes on a busy machine.
    """
    end = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.02)
    return found


def seconds_used(pid):
    """Processor time of a process so far [s], from Linux's /proc."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
