"""Long arrays kept as text in a manifest that somebody else wrote: bounded before decoding. No torch."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["float16", "float32"]
LITTLE_ENDIAN: dict[Kind, str] = {"float16": "<f2", "float32": "<f4"}


def packed(values: NDArray[np.floating[Any]], kind: Kind) -> str:
    """The numbers, row after row, as base64 of little-endian floats."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=LITTLE_ENDIAN[kind]).tobytes()).decode("ascii")


def unpacked(text: Any, kind: Kind, *, most: int) -> NDArray[np.float32]:
    """At most `most` finite numbers, one after another; ValueError for anything else."""
    dtype = np.dtype(LITTLE_ENDIAN[kind])
    if not isinstance(text, str):
        raise ValueError("an array is no text")
    if len(text) > (most * dtype.itemsize + 2) // 3 * 4:
        raise ValueError(f"an array has more than {most} numbers")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("an array is not base64") from None
    if len(data) % dtype.itemsize:
        raise ValueError("an array ends in the middle of a number")
    values = np.frombuffer(data, dtype).astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError("an array has numbers that are not finite")
    return values
