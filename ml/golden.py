"""Golden images: synthetic pictures in a checkpoint, with the answers that it must give to them. No torch.

They let anybody ask, on any machine and after any change of software: is this still the model that was
exported? A checkpoint never carries a patient's image, so the pictures are phantoms.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.manifest import Manifest, ManifestError
from ml.stored_pictures import picture_as_text, picture_of_text

KEY = "golden"  # of the manifest's extras
TOLERANCE = 1e-3  # of a logit or probability; float32 on another machine differs by less than 1e-4
MAP_TOLERANCE = 0.02  # of a map in 0..1: each map is stretched to 0..1, which magnifies what differs
LARGEST_TOLERANCE = 5e-3  # whatever the file says
MAP_DIGITS = 4
MOST_IMAGES = 12
MOST_PNG_BYTES = 512 * 1024
MOST_PIXELS = 1024 * 1024

FloatMap = NDArray[np.float32]


@dataclass(frozen=True)
class GoldenImage:
    """One picture of `class_name` and its answer; maps on the feature grid, None where all zero.

    Probabilities are softmax of the logits, never calibrated: they speak of the weights alone.
    """

    class_name: str
    image: Image.Image
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]
    maps: Mapping[str, FloatMap | None]


@dataclass(frozen=True)
class Golden:
    """What a checkpoint says it answers, and how far an answer may be off."""

    images: tuple[GoldenImage, ...]
    tolerance: float


def golden_as_json(images: Iterable[GoldenImage], png: Sequence[bytes]) -> dict[str, Any]:
    """As the manifest keeps it; `png` holds the pictures' files in order."""
    return {
        "synthetic": True,
        "tolerance": TOLERANCE,
        "images": [
            {
                "class": item.class_name,
                "png": picture_as_text(data),
                "logits": list(item.logits),
                "probabilities": list(item.probabilities),
                "maps": {name: _rows(grid) for name, grid in item.maps.items()},
            }
            for item, data in zip(images, png, strict=True)
        ],
    }


def _rows(grid: FloatMap | None) -> list[list[float]] | None:
    return None if grid is None else np.round(grid.astype(float), MAP_DIGITS).tolist()


def read_golden(manifest: Manifest) -> Golden:
    """The golden images of a checkpoint, at least one a class; ManifestError where missing or unfit."""
    stored = manifest.extras.get(KEY)
    if stored is None:
        raise ManifestError(
            "golden_missing",
            "The file carries no golden images, so nobody can tell whether it still answers as it did when "
            "it was made: export it again with `python -m ml export`.",
        )
    try:
        golden = _parsed(stored, manifest.class_names)
    except (KeyError, TypeError, ValueError, SyntaxError, OSError, Image.DecompressionBombError) as error:
        raise ManifestError("golden_invalid", f"The golden images can't be used: {error}.") from None
    shown = {item.class_name for item in golden.images}
    lacking = [name for name in manifest.class_names if name not in shown]
    if lacking:
        raise ManifestError("golden_invalid", f"There is no golden image of {', '.join(lacking)}.")
    return golden


def _parsed(stored: Any, classes: Sequence[str]) -> Golden:
    if not isinstance(stored, dict) or stored.get("synthetic") is not True:
        raise ValueError("they are not marked as synthetic, and a checkpoint never carries a patient's image")
    tolerance, images = float(stored["tolerance"]), stored["images"]
    if not 0 < tolerance < math.inf:
        raise ValueError("their tolerance is not above zero")
    if not isinstance(images, list) or len(images) > MOST_IMAGES:
        raise ValueError(f"there are more than {MOST_IMAGES}")
    return Golden(tuple(_image(item, classes) for item in images), min(tolerance, LARGEST_TOLERANCE))


def _image(item: Mapping[str, Any], classes: Sequence[str]) -> GoldenImage:
    if item["class"] not in classes:
        raise ValueError(f"{str(item['class'])[:40]!r} is none of the classes")
    maps = item["maps"]
    if set(maps) != set(classes):
        raise ValueError("their maps are not those of the classes")
    return GoldenImage(
        class_name=item["class"],
        image=_picture(item["png"]),
        logits=_vector(item["logits"], len(classes)),
        probabilities=_vector(item["probabilities"], len(classes)),
        maps={name: _grid(maps[name]) for name in classes},
    )


def _picture(text: str) -> Image.Image:
    image = picture_of_text(text, most_bytes=MOST_PNG_BYTES)
    if image.width * image.height > MOST_PIXELS:
        raise ValueError("a picture has more than a million pixels")
    image.load()
    return image


def _vector(values: Sequence[float], length: int) -> tuple[float, ...]:
    vector = tuple(float(value) for value in values)
    if len(vector) != length or not all(math.isfinite(value) for value in vector):
        raise ValueError(f"an answer is not {length} finite numbers")
    return vector


def _grid(rows: Sequence[Sequence[float]] | None) -> FloatMap | None:
    if rows is None:
        return None
    grid = np.asarray(rows, dtype=np.float32)
    if grid.ndim != 2 or not np.isfinite(grid).all():
        raise ValueError("a map is not a table of finite numbers")
    return grid
