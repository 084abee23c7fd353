"""Real processes on free ports, each with a log, all gone at the end."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(check: Callable[[], bool], *, seconds: float, what: str, every: float = 0.05) -> None:
    """Ask until it holds."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(every)


def port_answers(port: int) -> bool:
    """True when somebody listens."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Running:
    """A process in a group of its own; its output goes to a file."""

    def __init__(
        self, name: str, command: list[str], *, log: Path, env: Mapping[str, str], cwd: Path
    ) -> None:
        self.name, self.log = name, log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command, stdout=output, stderr=output, env=dict(env), cwd=cwd, start_new_session=True
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        """Still running."""
        return self._process.poll() is None

    def children(self) -> list[int]:
        """Its children's ids: the pool processes of a worker, the workers of gunicorn."""
        return [child.pid for child in psutil.Process(self.pid).children()]

    def kill(self) -> None:
        """kill -9 of this process alone, as the out-of-memory killer does it."""
        os.kill(self.pid, signal.SIGKILL)
        self._process.wait()

    def kill_all(self) -> None:
        """kill -9 of the whole group, as when its machine loses power."""
        os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end; then make the whole group end."""
        if self.is_alive():
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
