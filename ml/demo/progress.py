"""One progress bar for the whole demo, in seconds of work so that the time left is about right."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from tqdm import tqdm

from ml.demo.build import work_seconds
from ml.demo.recipe import DemoRecipe


class WorkBar:
    """A bar over all the work of a recipe; `tick` moves it on."""

    def __init__(self, recipe: DemoRecipe, checkpoints: int, title: str = "") -> None:
        self._title = f"{title} " if title else ""
        self._started = time.monotonic()
        self._bar = tqdm(
            total=work_seconds(recipe, checkpoints),
            bar_format="{desc:<28}{percentage:3.0f}% |{bar:30}| {elapsed} gone, {remaining} left",
            smoothing=0.02,
            mininterval=0.5 if sys.stderr.isatty() else 30.0,
        )

    def tick(self, what: str, seconds: float) -> None:
        """`seconds` of work done, on `what`."""
        self._bar.set_description_str(self._title + what, refresh=False)
        self._bar.update(min(seconds, self._bar.total - self._bar.n))  # rounding must not pass 100 %

    @property
    def seconds(self) -> float:
        """Wall time since the start."""
        return time.monotonic() - self._started

    def __enter__(self) -> WorkBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
