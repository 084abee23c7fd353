"""Images for the proof of fast mode: phantoms to calibrate with, phantoms or a data set to measure on."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.fast.record import LEAST_IMAGES
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.taxonomy import CLASS_NAMES, Modality
from ml.transforms import resize_uint8

if TYPE_CHECKING:
    from ml.data.cache import CachedSet

MEASURED_PER_CLASS = 170
PHANTOM_SIZE = (256, 192)  # pixels, width × height as drawn
# Above every seed of a demo recipe: no phantom here was trained on, and none is in both sets.
CALIBRATION = PhantomSeeds(900_000_000, 13)
MEASURED = PhantomSeeds(910_000_000, MEASURED_PER_CLASS)
STORED_SIDE = 160  # pixels at most
COLOURS = 256  # a palette halves a picture's file and moves no layer's range
MOST_BYTES = 700 * 1024  # of all calibration files

Tick = Callable[[], object]


@dataclass(frozen=True)
class LabelledImages:
    """uint8 N×S×S×3 with class indices, and in words which images they are."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    source: str


def calibration_files(modality: Modality, side: int) -> list[bytes]:
    """PNG files of phantoms, the classes in turn, as many as a manifest may hold."""
    files: list[bytes] = []
    for case in render_cases(CALIBRATION, PHANTOM_SIZE, modalities=[modality]):
        stored = resize_uint8(case[modality].image, min(side, STORED_SIDE))
        buffer = io.BytesIO()
        Image.fromarray(stored).quantize(COLOURS).save(buffer, "PNG", optimize=True)
        files.append(buffer.getvalue())
        if sum(map(len, files)) > MOST_BYTES:
            return files[:-1]
    return files


def fresh_phantoms(
    modality: Modality,
    side: int,
    *,
    seeds: PhantomSeeds = MEASURED,
    size: tuple[int, int] = PHANTOM_SIZE,
    processes: int = 1,
    tick: Tick = int,
) -> LabelledImages:
    """Phantoms that nothing was trained or calibrated on, as a model of `side` pixels sees them."""
    pixels, labels = [], []
    cases = render_cases(seeds, size, modalities=[modality], processes=processes)
    for number, case in enumerate(cases):
        pixels.append(resize_uint8(case[modality].image, side))
        labels.append(number % len(CLASS_NAMES))
        tick()
    return LabelledImages(
        np.stack(pixels), np.array(labels, np.int64), f"{len(labels)} phantoms ({seeds.fingerprint})"
    )


def out_of_fold(cached: CachedSet, run: Path, fold: int) -> LabelledImages | None:
    """What the fold of a fine-tuning run was scored on; None where those images are too few for a proof."""
    with (run / "oof.csv").open(newline="", encoding="utf-8") as handle:
        scored = {row["image_id"] for row in csv.DictReader(handle) if int(row["fold"]) == fold}
    rows = [row for row, sample in enumerate(cached.samples.samples) if sample.image_id in scored]
    if len(rows) < LEAST_IMAGES:
        return None
    labels = np.array(cached.samples.labels, np.int64)[rows]
    source = f"{len(rows)} out-of-fold images of the set {cached.samples.name} ({cached.fingerprint})"
    return LabelledImages(cached.images[rows], labels, source)
