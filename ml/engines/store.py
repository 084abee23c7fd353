"""Converted models on disk: one folder each, named by what it was made of, whole or not there at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

KEPT = 12  # folders; three versions in both modes, and as many again to roll back to
ABANDONED_S = 3600.0
_LOCK, _PART = ".lock", ".part-"


class EngineStore:
    """A folder that several processes share; what was used longest ago goes first."""

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        self.folder = folder
        self._kept = kept

    def has(self, key: str) -> bool:
        return (self.folder / key).is_dir()

    def use(self, key: str) -> Path | None:
        """The folder, noted as used now; None where it is not there."""
        path = self.folder / key
        with contextlib.suppress(OSError):
            os.utime(path)
        return path if path.is_dir() else None

    def make(self, key: str, build: Callable[[Path], None]) -> Path:
        """The folder, filled by `build` unless it is there already. Call it inside `building`."""
        path = self.folder / key
        if path.is_dir():
            return path
        part = Path(tempfile.mkdtemp(prefix=_PART, dir=self.folder))
        try:
            build(part)
            part.chmod(0o755)
            part.rename(path)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        self._prune()
        return path

    @contextlib.contextmanager
    def building(self) -> Iterator[None]:
        """One process at a time builds, so that the memory of one conversion is all that it takes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._sweep()
            yield

    def _prune(self) -> None:
        """A process that has a removed model open keeps it: the file lives as long as its mapping."""
        found = [path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
        found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[self._kept :]:
            shutil.rmtree(path, ignore_errors=True)

    def _sweep(self) -> None:
        """Whatever a killed process left half made."""
        for path in self.folder.glob(f"{_PART}*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > ABANDONED_S:
                    shutil.rmtree(path, ignore_errors=True)
