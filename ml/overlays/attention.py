"""Where a class's map has its energy: in the region that was chosen, outside of the scan, on print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.overlays.boxes import Box, covered

LIT = 12  # of 0..255: brighter is seen, darker is the screen around it
WORKED_AT_PX = 256  # the longer side of the picture in which the scan is looked for
CLOSED_PX = 9  # gaps up to so many pixels of it, as of vessels and shadows, belong to the scan


class Shares(NamedTuple):
    """Of the map's energy, 0..1; `region` is None where none was chosen."""

    region: float | None
    outside_sector: float
    text: float


def attention_shares(
    levels: NDArray[np.uint8], pixels: NDArray[np.uint8], text: Sequence[Box], region: Box | None
) -> Shares | None:
    """Shares of a map (rows × columns) over its picture (rows × columns × RGB); None for an empty map."""
    energy = levels.astype(np.float64)
    total = float(energy.sum())
    if total == 0.0:
        return None
    height, width = levels.shape
    inside = None if region is None else float(energy[region.slices].sum()) / total
    return Shares(
        region=inside,
        outside_sector=float(energy[~sector(pixels)].sum()) / total,
        text=float(energy[covered(text, width, height)].sum()) / total,
    )


def sector(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which pixels belong to the scan: the largest lit area with its holes. Where there is none, all."""
    height, width = pixels.shape[:2]
    by = WORKED_AT_PX / max(height, width)
    size = max(1, round(width * by)), max(1, round(height * by))
    lit = (cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).max(axis=2) > LIT).astype(np.uint8)
    lit = cv2.morphologyEx(lit, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))  # print is thin
    lit = cv2.morphologyEx(lit, cv2.MORPH_CLOSE, np.ones((CLOSED_PX, CLOSED_PX), np.uint8))
    outlines, _ = cv2.findContours(lit, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return np.ones((height, width), dtype=np.bool_)
    filled = np.zeros_like(lit)
    cv2.drawContours(filled, [max(outlines, key=cv2.contourArea)], -1, 1, thickness=cv2.FILLED)
    return np.asarray(cv2.resize(filled, (width, height), interpolation=cv2.INTER_NEAREST) > 0)
