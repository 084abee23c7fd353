"""Phantoms as arrays for training and measuring, one set a modality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.phantoms.many import PhantomSeeds, render_cases
from ml.taxonomy import CLASS_NAMES, MODALITIES, Modality
from ml.transforms import resize_uint8


@dataclass(frozen=True)
class PhantomArrays:
    """Images of one modality: pixels uint8 N×S×S×3, node masks bool N×S×S, labels int64 N."""

    pixels: NDArray[np.uint8]
    masks: NDArray[np.bool_]
    labels: NDArray[np.int64]

    def first(self, count: int) -> PhantomArrays:
        """The first `count` images; the classes take turns, so they stay balanced."""
        return PhantomArrays(self.pixels[:count], self.masks[:count], self.labels[:count])


def phantom_arrays(
    seeds: PhantomSeeds,
    size: tuple[int, int],
    side_px: int,
    *,
    shortcut: float | None = None,
    processes: int = 1,
    tick: Callable[[], object] = lambda: None,
) -> dict[Modality, PhantomArrays]:
    """Render the cases at `size` and resize them to `side_px` as the server would; one `tick` a case."""
    shape = (seeds.count, side_px, side_px)
    sets = {
        modality: PhantomArrays(
            np.empty((*shape, 3), np.uint8),
            np.empty(shape, np.bool_),
            np.arange(seeds.count, dtype=np.int64) % len(CLASS_NAMES),
        )
        for modality in MODALITIES
    }
    for row, case in enumerate(render_cases(seeds, size, shortcut=shortcut, processes=processes)):
        for modality, arrays in sets.items():
            arrays.pixels[row] = resize_uint8(case[modality].image, side_px)
            mask = Image.fromarray(case[modality].mask)
            arrays.masks[row] = np.asarray(mask.resize((side_px, side_px), Image.Resampling.NEAREST))
        tick()
    return sets
