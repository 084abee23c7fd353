"""How far fast answers agree with exact ones on a trained model, the cascade included."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ml.checkpoint import LoadedModel, load_checkpoint
from ml.engines.base import FeatureEngine
from ml.fast.images import MEASURED, LabelledImages, fresh_phantoms
from ml.fast.measure import cascade, compare
from ml.fast.prove import answers_of, both_engines, measured
from ml.images import UnreadableImageError, open_image
from ml.transforms import resize_uint8

SUFFIXES = (".png", ".jpg", ".jpeg")


def fast_figures(checkpoint: Path, data: Path, every: int) -> dict[str, Any]:
    """Figures on fresh phantoms; and on every so many of the real images below `data`, where there are."""
    loaded = load_checkpoint(checkpoint)
    size = loaded.manifest.input_size
    with tempfile.TemporaryDirectory() as folder:
        exact, fast, files = both_engines(Path(folder), loaded)
        with tqdm(total=MEASURED.count * 2, desc="phantoms", unit="image") as bar:
            phantoms = fresh_phantoms(loaded.manifest.modality, size)
            record = measured(loaded, (exact, fast), phantoms, files, bar.update)
        figures: dict[str, Any] = {
            "checkpoint": f"{checkpoint.name}, {loaded.manifest.architecture}, {size} px",
            "margin": record["margin"],
            "calibration_pictures": len(files),
            "allowed": record["allowed"],
            "shortfalls": record["shortfalls"],
            "phantoms": record["figures"] | {"source": phantoms.source},
        }
        images = real_images(data, every, size)
        if len(images):
            figures["real"] = on_real_images(loaded, exact, fast, record["margin"], images)
    return figures


def real_images(data: Path, every: int, size: int) -> np.ndarray:
    """uint8 N×S×S×3, in the order of the paths."""
    paths = sorted(path for path in data.rglob("*") if path.suffix.lower() in SUFFIXES)[::every]
    pixels = []
    for path in paths:
        try:
            pixels.append(resize_uint8(open_image(path), size))
        except UnreadableImageError:
            continue
    return np.stack(pixels) if pixels else np.empty((0, size, size, 3), np.uint8)


def on_real_images(
    loaded: LoadedModel, exact: FeatureEngine, fast: FeatureEngine, margin: float, pixels: np.ndarray
) -> dict[str, Any]:
    """None of these images is of the demo's kind or has its labels: how far both agree is all one can ask."""
    source = f"{len(pixels)} real ultrasound images, most of other organs"
    images = LabelledImages(pixels, np.zeros(len(pixels), np.int64), source)
    with tqdm(total=len(pixels) * 2, desc="real images", unit="image") as bar:
        plain, quick = (answers_of(engine, loaded, images, bar.update) for engine in (exact, fast))
    given, again = cascade(plain, quick, margin)
    share = round(float(again.mean()), 5)
    return {"images": len(pixels), **compare(plain, given), "recomputed_share": share, "source": source}
