"""Memory that nobody uses any more goes back to the system."""

import ctypes
import gc
from functools import cache
from typing import Any


def memory_return() -> None:
    """Collect what is unreachable and hand its pages back.

    A model's weights are freed as a few hundred blocks of a few megabytes. glibc keeps such blocks for the
    next allocation (each freed one even raises the size up to which it keeps them), and the next version's
    weights do not fit the gaps exactly: without `malloc_trim` a worker grows with every switch.
    """
    gc.collect()
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


@cache
def _malloc_trim() -> Any:
    """glibc's function; None where the C library is another one."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return None
