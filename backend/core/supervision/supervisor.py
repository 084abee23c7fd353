"""Watches the children until told to stop."""

import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType

from backend.core.supervision.child import Child

LOOK_EVERY_S = 0.2
GRACE_S = 8.0  # the worker may finish the prediction at hand; what it can't finish is queued again later


class Supervisor:
    """Runs children together: all start, each is restarted when it ends, all stop."""

    def __init__(self, children: Sequence[Child], look: Callable[[], None]) -> None:
        self.children = children
        self.look = look  # called at every look, to report that the page is ready
        self._signals = 0

    def run(self) -> None:
        """Blocks until SIGINT or SIGTERM; then everything is stopped within seconds."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._on_signal)
        try:
            for child in self.children:
                child.start()
            while not self._signals:
                time.sleep(LOOK_EVERY_S)
                self._look_after()
        finally:
            self._stop()

    def _look_after(self) -> None:
        if self._signals:
            return
        for child in self.children:
            child.keep_alive()
        self.look()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _stop(self) -> None:
        """Ask, wait, then kill; a second signal ends the waiting."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + GRACE_S
        while not all(child.has_ended() for child in self.children):
            if time.monotonic() > deadline or self._signals > 1:
                break
            time.sleep(LOOK_EVERY_S / 4)
        for child in self.children:
            child.kill_group()
