"""Celery's file-based transport, made safe for several processes (kombu 5.7).

Kombu writes a message into the file that readers already see, so a reader may take it half-written and the
worker stops with a JSON error; it also keeps its routing tables in files that two processes starting together
may truncate under one another. Here a message appears whole by renaming, and is taken by renaming; the tables
stay in memory, for every process of ours declares the queue it uses.
"""

import json
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual

READY, TAKEN, DRAFT = ".msg", ".taken", ".draft"


class Channel(filesystem.Channel):
    """One file a message, in one folder; the oldest first."""

    get_table = virtual.Channel.get_table  # type: ignore[assignment]

    def _queue_bind(self, *args: Any) -> None:
        """Nothing to write down: see above."""

    @property
    def folder(self) -> Path:
        """Where messages lie."""
        return Path(self.data_folder_in)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}"
        draft = self.folder / f"{name}{DRAFT}"
        draft.write_text(json.dumps(payload))
        draft.rename(self.folder / f"{name}{READY}")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in self._waiting(queue):
            taken = self.folder / f"{name}{TAKEN}"
            try:
                (self.folder / name).rename(taken)
            except FileNotFoundError:
                continue  # another worker was quicker
            text = taken.read_text()
            taken.unlink()
            return json.loads(text)
        raise Empty

    def _waiting(self, queue: str) -> list[str]:
        return sorted(name for name in os.listdir(self.folder) if name.endswith(f".{queue}{READY}"))

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        names = self._waiting(queue)
        for name in names:
            (self.folder / name).unlink(missing_ok=True)
        return len(names)


class Transport(filesystem.Transport):
    """What `filesystem://` means once `use_safe_file_broker` was called."""

    Channel = Channel


def use_safe_file_broker() -> None:
    """Let the URL scheme `filesystem` mean this transport in this process."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
