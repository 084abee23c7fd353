"""Who runs a prediction, so that a worker of the same machine need not wait for the lease of a dead one.

A holder is named by the boot of the machine, its space of process ids (a container has its own), the process
and the moment it started. Only where all of that can be read is anybody called dead; else leases decide."""

import os
from functools import cache
from pathlib import Path

NAME_LENGTH = 160
_PROC = Path("/proc")


def this_process() -> str:
    """The name of the calling process; empty where it can't be told."""
    started = _started(os.getpid())
    return f"{_machine()}|{os.getpid()}|{started}" if _machine() and started else ""


def is_dead(holder: str) -> bool:
    """True when the holder ran on this very machine and is gone. A stranger may still be alive."""
    machine, _, process = holder.rpartition("|")[0].rpartition("|")
    started = holder.rpartition("|")[2]
    if not machine or machine != _machine():
        return False
    return _started(int(process)) != started


@cache
def _machine() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}|{(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(process: int) -> str:
    """The clock tick at which a process started; empty when there is none with this number, or a zombie."""
    try:
        fields = (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in ("Z", "X") else fields[19]
