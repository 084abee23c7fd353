"""How many pixels one process may hold at once: a large picture waits for the large one before it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings


class PixelRoom:
    """A counter that several threads share. Nobody waits when the room is empty, however large they are."""

    def __init__(self, pixels: int) -> None:
        self._pixels = pixels
        self._taken = 0
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, pixels: int) -> Iterator[None]:
        """Hold `pixels` of the room, after waiting until they are free."""
        with self._changed:
            self._changed.wait_for(lambda: self._taken == 0 or self._taken + pixels <= self._pixels)
            self._taken += pixels
        try:
            yield
        finally:
            with self._changed:
                self._taken -= pixels
                self._changed.notify_all()


@cache
def pixel_room() -> PixelRoom:
    """The room that decoding and drawing share in this process: one image of the largest size."""
    return PixelRoom(settings.MAX_PIXELS)
