"""Many cases at once, rendered by several processes where that is worth their start."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from ml.phantoms.render import DEFAULT_SIZE, PHANTOM_VERSION, Phantom, render_case
from ml.taxonomy import CLASS_NAMES, MODALITIES

CASES_WORTH_PROCESSES = 200  # a process takes about a second to start
CHUNK = 8


@dataclass(frozen=True)
class PhantomSeeds:
    """`per_class` cases of each class, with seeds from `first` on; the classes take turns."""

    first: int
    per_class: int

    @property
    def count(self) -> int:
        return self.per_class * len(CLASS_NAMES)

    @property
    def fingerprint(self) -> str:
        """Names the very same pixels: phantom version, seeds, order of the classes."""
        last = self.first + self.count - 1
        return f"phantoms-v{PHANTOM_VERSION}:seeds-{self.first}-{last}:classes-in-turn"


def render_cases(
    seeds: PhantomSeeds,
    size: tuple[int, int] = DEFAULT_SIZE,
    *,
    modalities: Sequence[str] = MODALITIES,
    shortcut: float | None = None,
    processes: int = 1,
) -> Iterator[dict[str, Phantom]]:
    """The cases one after another, in order, the same pixels however many processes render them.

    More than one process needs the caller's main module to be importable (`if __name__ == "__main__"`).
    """
    render = partial(_render_numbered, seeds.first, size, modalities, shortcut)
    if seeds.count < CASES_WORTH_PROCESSES or processes == 1:
        yield from map(render, range(seeds.count))
        return
    # Spawned, not forked: a forked copy of a process that has used torch can hang.
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_leave_ctrl_c_to_parent) as pool:
        yield from pool.map(render, range(seeds.count), chunksize=CHUNK)


def _render_numbered(
    first: int, size: tuple[int, int], modalities: Sequence[str], shortcut: float | None, number: int
) -> dict[str, Phantom]:
    class_name = CLASS_NAMES[number % len(CLASS_NAMES)]
    return render_case(first + number, class_name, size=size, modalities=modalities, shortcut=shortcut)


def _leave_ctrl_c_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
