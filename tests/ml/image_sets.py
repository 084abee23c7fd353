"""Small image sets on disk for the tests of data and training: noise with a planted brightness per class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from ml.data.cache import CachedSet, open_cache
from ml.data.class_folders import read_folder
from ml.data.samples import SampleSet

LYMPH = ("benign", "lymphoma", "metastatic")


def picture(seed: int, level: int = 100, side: int = 40) -> Image.Image:
    """A blotchy grey picture around `level`; different seeds give pictures that look different."""
    rng = np.random.default_rng(seed)
    coarse = rng.normal(level, 40, (8, 8)).clip(0, 255).astype(np.uint8)
    large = Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC)
    return large.convert("RGB")


def write_folder(
    root: Path,
    *,
    classes: tuple[str, ...] = LYMPH,
    patients: int = 6,
    views: int = 2,
    side: int = 40,
    modality: str | None = None,
) -> Path:
    """<root>/[<modality>/]<class>/<patient>-<n>.png; the brightness gives the class away."""
    for label, name in enumerate(classes):
        folder = root / modality / name if modality else root / name
        folder.mkdir(parents=True, exist_ok=True)
        for patient in range(patients):
            for view in range(views):
                number = label * 1000 + patient * 10 + view
                picture(number, 60 + 60 * label, side).save(folder / f"p{label}{patient}-{view}.png")
    return root


def samples_in(root: Path, **how: object) -> SampleSet:
    """A written folder, read."""
    return read_folder(write_folder(root / "images", **how))  # type: ignore[arg-type]


def cached_in(root: Path, size: int = 32, **how: object) -> CachedSet:
    """A written folder, read and cached."""
    return open_cache(samples_in(root, **how), size, root / "cache")
