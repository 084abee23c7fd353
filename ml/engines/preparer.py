"""What a worker does about missing conversions: ask for them once, and notice when they have come."""

from __future__ import annotations

import subprocess
from collections.abc import Hashable
from pathlib import Path

import torch

from ml.engines.choose import Wishes, lacking, start_preparing
from ml.engines.store import EngineStore


class Preparer:
    """Starts at most one process a model; torch answers until it is done, and if it fails."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._store = EngineStore(wishes.store)
        self._lacking: dict[Hashable, frozenset[str]] = {}
        self._asked: set[Hashable] = set()
        self._children: list[subprocess.Popen[bytes]] = []

    def opened(self, name: Hashable, path: Path, device: torch.device) -> None:
        """Call it after `open_model`: whatever was not there then is on its way from now on."""
        self._lacking[name] = lacking(path, device, self._wishes)
        if self._lacking[name] and name not in self._asked:
            self._asked.add(name)
            self._children.append(start_preparing(path, self._wishes))

    def has_news(self, name: Hashable) -> bool:
        """Open the model again: something that was missing is there. Asked at each answer: a child that is
        done does not linger."""
        self._children = [child for child in self._children if child.poll() is None]
        return any(self._store.has(key) for key in self._lacking.get(name, ()))

    def wait(self) -> None:
        """Until every child is done."""
        for child in self._children:
            child.wait()
