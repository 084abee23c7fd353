"""Images whose modality is known: phantoms, and real ones by source. No torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.phantoms.many import PhantomSeeds, render_cases
from ml.taxonomy import CLASS_NAMES, MODALITIES, Modality

PHANTOMS = "phantoms"
SIZES = ((256, 192), (384, 288), (192, 160))  # pixels, width × height as drawn
# Above every seed of a demo recipe and of the checks of a calibration.
FITTED_FROM, MEASURED_FROM = 2_000_000_000, 2_050_000_000
SIZES_APART = 1_000_000
PICTURES = {".jpg", ".jpeg", ".png"}
# Folders of the modality examples; every other folder with images is a set of grey-scale images.
FOLDERS = {
    "2d": Modality.B_MODE,
    "2d_benign": Modality.B_MODE,
    "2d_malignant": Modality.B_MODE,
    "cdfi": Modality.CDFI,
    "ue": Modality.ELASTOGRAPHY,
    "elastography": Modality.ELASTOGRAPHY,
    "swe_velocity": Modality.ELASTOGRAPHY,
    "swe_time": Modality.ELASTOGRAPHY,
}
GREY_SETS = ("auli", "busi", "ddti", "ocau")

Measure = Callable[[Image.Image], NDArray[np.float64]]


@dataclass(frozen=True)
class Measured:
    """features N×F, modality indices N, and the source of each image."""

    features: NDArray[np.float64]
    labels: NDArray[np.int64]
    sources: NDArray[np.str_]

    def take(self, rows: NDArray[np.bool_]) -> Measured:
        return Measured(self.features[rows], self.labels[rows], self.sources[rows])

    def and_also(self, other: Measured) -> Measured:
        pairs = zip(
            (self.features, self.labels, self.sources),
            (other.features, other.labels, other.sources),
            strict=True,
        )
        return Measured(*(np.concatenate(pair) for pair in pairs))


def measured_phantoms(cases: int, measure: Measure, *, first: int, processes: int = 1) -> Measured:
    """`cases` phantoms in every modality, shared out over SIZES and classes."""
    features, labels = [], []
    per_class = max(1, round(cases / len(SIZES) / len(CLASS_NAMES)))
    for number, size in enumerate(SIZES):
        seeds = PhantomSeeds(first + number * SIZES_APART, per_class)
        for case in render_cases(seeds, size, processes=processes):
            for label, modality in enumerate(MODALITIES):
                features.append(measure(case[modality].image))
                labels.append(label)
    return _measured(features, labels, [PHANTOMS] * len(labels))


def measured_real(root: Path, measure: Measure) -> Measured:
    """Every image below `root` whose modality its folder tells; `root` holds the sets and `modalities/`."""
    features, labels, sources = [], [], []
    for path, source, modality in real_files(root):
        with Image.open(path) as image:
            features.append(measure(image.convert("RGB")))
        labels.append(MODALITIES.index(modality))
        sources.append(source)
    return _measured(features, labels, sources)


def real_files(root: Path) -> list[tuple[Path, str, Modality]]:
    """Path, source and modality of each, in order."""
    found = [(path, name, Modality.B_MODE) for name in GREY_SETS for path in _pictures(root / name)]
    for folder in sorted((root / "modalities").glob("*/*")):
        if folder.name in FOLDERS:
            found += [(path, folder.parent.name, FOLDERS[folder.name]) for path in _pictures(folder)]
    return found


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES)


def _measured(
    features: Sequence[NDArray[np.float64]], labels: Sequence[int], sources: Sequence[str]
) -> Measured:
    return Measured(np.array(features), np.array(labels, np.int64), np.array(sources, np.str_))
