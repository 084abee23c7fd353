"""Grey values of any depth to 8 bit, the same way every time, stretching only what fits no range."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.studies.decoding.errors import CORRUPT, UnreadableImage

NOMINAL_BITS = (8, 10, 12, 14, 16)
ROWS_AT_ONCE = 512


def grey_to_uint8(values: NDArray[Any]) -> NDArray[np.uint8]:
    """H×W grey values to uint8. Positive integers keep their nominal range: the smallest of 8, 10, 12, 14
    or 16 bit that holds the brightest value. Floats in 0..1 or 0..255 keep it too; the rest is stretched."""
    offset, span = _nominal_range(values)
    return rescale(values, offset, span)


def rescale(values: NDArray[Any], offset: float, span: float) -> NDArray[np.uint8]:
    """offset..offset+span to 0..255, clipped; row block by row block, so that memory stays small."""
    result = np.empty(values.shape, dtype=np.uint8)
    start, factor = np.float32(offset), np.float32(255.0 / span if span > 0 else 0.0)
    for top in range(0, values.shape[0], ROWS_AT_ONCE):
        block = (values[top : top + ROWS_AT_ONCE].astype(np.float32) - start) * factor
        result[top : top + ROWS_AT_ONCE] = np.rint(block).clip(0, 255).astype(np.uint8)
    return result


def _nominal_range(values: NDArray[Any]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise UnreadableImage(CORRUPT, "The image holds values that are no numbers (NaN or infinity).")
    if low < 0:
        return low, high - low
    if np.issubdtype(values.dtype, np.floating):
        return _nominal_float_range(low, high)
    bits = next((bits for bits in NOMINAL_BITS if high < 2**bits), None)
    return (0.0, float(2**bits - 1)) if bits else (low, high - low)


def _nominal_float_range(low: float, high: float) -> tuple[float, float]:
    if high <= 1.0:
        return 0.0, 1.0
    return (0.0, 255.0) if high <= 255.0 else (low, high - low)
