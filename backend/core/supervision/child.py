"""One supervised process in a process group of its own."""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

logger = logging.getLogger(__name__)
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
SETTLED_AFTER_S = 60.0
PR_SET_PDEATHSIG = 1


def _nothing() -> None:
    pass


def _end_with_parent() -> None:
    """Linux: the kernel sends SIGTERM when the supervisor dies, even by kill -9. Elsewhere: nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """Starts a command, restarts it with growing pauses, and never leaves a process of its group behind."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: dict[str, str],
        before: Callable[[], None] = _nothing,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = environment
        self.before = before  # called in the new process, in its own session, before the command runs
        self.process: subprocess.Popen[bytes] | None = None
        self._pause_s = FIRST_PAUSE_S
        self._started_at = 0.0
        self._start_at = 0.0

    def start(self) -> None:
        """Run the command in a new session, out of reach of the terminal's Ctrl-C."""
        self._started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 (our own command)
            self.command,
            env=self.environment,
            start_new_session=True,
            preexec_fn=self._prepare,  # noqa: PLW1509 (the supervisor has one thread)
        )

    def _prepare(self) -> None:
        _end_with_parent()
        self.before()

    def keep_alive(self) -> None:
        """Start the command again when it ended, after a pause that doubles while it keeps ending."""
        if self.process is not None and self.process.poll() is not None:
            self._bury()
        if self.process is None and time.monotonic() >= self._start_at:
            logger.warning("starting the %s again", self.name)
            self.start()

    def _bury(self) -> None:
        status = self.process.returncode if self.process else None
        self.kill_group()
        if time.monotonic() - self._started_at > SETTLED_AFTER_S:
            self._pause_s = FIRST_PAUSE_S
        logger.warning("the %s ended (status %s), again in %.1f s", self.name, status, self._pause_s)
        self._start_at = time.monotonic() + self._pause_s
        self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2)
        self.process = None

    def ask_to_stop(self) -> None:
        """SIGTERM to the first process alone: it ends its own children in good order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def has_ended(self) -> bool:
        """True when the first process is gone."""
        return self.process is None or self.process.poll() is not None

    def kill_group(self) -> None:
        """SIGKILL to whatever is left of the group, pool processes of a dead worker included."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
