"""What a checkpoint says about its fast mode: pictures to calibrate with, figures, margin. No torch."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from PIL import Image

from ml.manifest import Manifest, ManifestError
from ml.stored_pictures import picture_as_text, picture_of_text

KEY = "fast"  # of the manifest's extras
FORMAT = 1
LEAST_IMAGES = 500
LEAST_CLASS_AGREEMENT = 0.995
LARGEST_AUC_LOSS = 0.003
LEAST_MEDIAN_CORRELATION = 0.97
LEAST_P5_CORRELATION = 0.90
LARGEST_RECOMPUTED_SHARE = 0.05
MOST_PICTURES = 64
MOST_PNG_BYTES = 128 * 1024
MOST_SIDE = 1024  # pixels


@dataclass(frozen=True)
class Figures:
    """Fast mode, its cascade included, against exact mode on the same images."""

    images: int
    class_agreement: float
    auc_loss: float  # of the mean of the classes' AUCs; not below zero
    map_correlation_median: float
    map_correlation_p5: float  # the 5th percentile
    recomputed_share: float  # of the images, by the exact engine


@dataclass(frozen=True)
class FastRecord:
    """What was measured when the checkpoint was exported, and what it takes to do the same again."""

    pictures: tuple[Image.Image, ...]
    margin: float  # of the two highest logits, at or below which the exact engine answers
    figures: Figures
    source: str  # which images were measured, in words
    checksum: str  # of the record

    @property
    def allowed(self) -> bool:
        return not shortfalls(self.figures)


def shortfalls(figures: Figures) -> list[str]:
    """Every goal that was missed, in words; none: fast mode is allowed."""
    missed = {
        f"only {figures.images} images were measured": figures.images < LEAST_IMAGES,
        f"{figures.class_agreement:.2%} of the classes agree": figures.class_agreement
        < LEAST_CLASS_AGREEMENT,
        f"the AUC is {figures.auc_loss:.4f} lower": figures.auc_loss > LARGEST_AUC_LOSS,
        f"the median correlation of the maps is {figures.map_correlation_median:.3f}":
            figures.map_correlation_median < LEAST_MEDIAN_CORRELATION,
        f"the 5th percentile of the maps' correlation is {figures.map_correlation_p5:.3f}":
            figures.map_correlation_p5 < LEAST_P5_CORRELATION,
        f"{figures.recomputed_share:.1%} of the images are computed twice": figures.recomputed_share
        > LARGEST_RECOMPUTED_SHARE,
    }  # fmt: skip
    return [sentence for sentence, failed in missed.items() if failed]


def record_as_json(
    figures: Figures, margin: float, source: str, png: Sequence[bytes], measured_on: Mapping[str, Any]
) -> dict[str, Any]:
    """As the manifest keeps it; `png` are the calibration pictures' files."""
    return {
        "format": FORMAT,
        "allowed": not shortfalls(figures),  # for readers; the server judges the figures itself
        "shortfalls": shortfalls(figures),
        "figures": asdict(figures),
        "margin": margin,
        "source": source,
        "synthetic": True,
        "measured_on": dict(measured_on),
        "calibration": [picture_as_text(data) for data in png],
    }


def read_fast(manifest: Manifest) -> FastRecord | None:
    """The record of a checkpoint, None where it has none; ManifestError where it can't be used."""
    stored = manifest.extras.get(KEY)
    if stored is None:
        return None
    try:
        return _parsed(stored)
    except (KeyError, TypeError, ValueError, SyntaxError, OSError, Image.DecompressionBombError) as error:
        raise ManifestError("fast_invalid", f"The record of fast mode can't be used: {error}.") from None


def _parsed(stored: Any) -> FastRecord:
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise ValueError("it is of another format")
    if stored.get("synthetic") is not True:
        raise ValueError("its pictures are not marked as synthetic")
    margin, pictures = float(stored["margin"]), stored["calibration"]
    if not 0 <= margin < math.inf:
        raise ValueError("the margin is no number from zero up")
    if not isinstance(pictures, list) or not 0 < len(pictures) <= MOST_PICTURES:
        raise ValueError(f"it has not 1 to {MOST_PICTURES} pictures")
    return FastRecord(
        pictures=tuple(_picture(text) for text in pictures),
        margin=margin,
        figures=_figures(stored["figures"]),
        source=str(stored["source"])[:500],
        checksum=hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest(),
    )


def _figures(values: Mapping[str, Any]) -> Figures:
    numbers = {item.name: float(values[item.name]) for item in fields(Figures)}
    if not all(math.isfinite(number) for number in numbers.values()):
        raise ValueError("a figure is not finite")
    return Figures(**(numbers | {"images": int(numbers["images"])}))  # type: ignore[arg-type]


def _picture(text: str) -> Image.Image:
    image = picture_of_text(text, most_bytes=MOST_PNG_BYTES)
    if max(image.size) > MOST_SIDE:
        raise ValueError(f"a picture has a side of more than {MOST_SIDE} pixels")
    image.load()
    return image
