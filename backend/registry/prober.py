"""Runs `backend.registry.probe` in a child process: torch leaves with it, and it may die alone."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings

from backend.registry.findings import END, Finding

BEAT_S = 5.0


class ProbeDied(Exception):  # noqa: N818
    """The child ended before it had said everything; `findings` is what it had said by then."""

    def __init__(self, how: str, findings: list[Finding]) -> None:
        super().__init__(how)
        self.findings = findings


def probe(path: Path, *, every: Callable[[], None] = lambda: None, seconds: float) -> list[Finding]:
    """What the child finds in the checkpoint at `path`, or ProbeDied; `every` is called now and then."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        child = subprocess.Popen(  # noqa: S603 (our own program, no shell)
            [sys.executable, "-m", "backend.registry.probe", str(path)],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "CUDA_VISIBLE_DEVICES": "",  # the device belongs to the predictions
                "ENGINE_STORE": str(settings.DATA_DIR / "engines"),  # what is converted serves the workers
            },
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=complained,
        )
        try:
            how = _wait(child, every, seconds)
        finally:
            child.kill()
            child.wait()
        said.seek(0)
        findings, ended = _read(said.read().splitlines())
        if not ended:
            complained.seek(0)
            raise ProbeDied(f"{how}{_last_line(complained.read())}", findings)
    return findings


def _wait(child: "subprocess.Popen[bytes]", every: Callable[[], None], seconds: float) -> str:
    """How the child ended, in words."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            status = child.wait(BEAT_S)
        except subprocess.TimeoutExpired:
            every()
            continue
        return f"killed by signal {-status}, perhaps for want of memory" if status < 0 else "it broke off"
    return f"stopped after {seconds:.0f} s"


def _read(lines: Iterable[bytes]) -> tuple[list[Finding], bool]:
    """The findings, and whether the child said that these are all."""
    findings: list[Finding] = []
    for line in lines:
        values = json.loads(line)
        if values == END:
            return findings, True
        findings.append(Finding(**values))
    return findings, False


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return f": {lines[-1][:200]}" if lines else ""
