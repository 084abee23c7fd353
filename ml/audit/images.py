"""The images that an audit looks at: phantoms that nothing was trained on, or a folder's images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from ml.audit.subject import Pixels
from ml.data.cache import CachedSet
from ml.demo.phantom_seeds import audit_seeds
from ml.manifest import Manifest
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.phantoms.overlays import STATIONS
from ml.phantoms.screen import font_of
from ml.predict import as_pixels
from ml.taxonomy import CLASS_NAMES, Modality

PHANTOM_SIZE = (256, 192)  # pixels, width × height as drawn
STAMP_HEIGHT, LEAST_STAMP_PX = 0.055, 9  # of the image's height: as large as the phantoms' own ward names


@dataclass(frozen=True)
class Stamped:
    """The same images with each class's ward name at one place: pixels K×N×S×S×3; `box` in shares of the
    image (left, top, right, bottom)."""

    pixels: Pixels
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class AuditImages:
    """uint8 N×S×S×3 as the network sees them, who they are of, and where they come from in words."""

    pixels: Pixels
    groups: list[str]  # patients
    source: str
    synthetic: bool
    stamped: Stamped | None = None


def phantom_images(
    modality: Modality, side: int, seeds: PhantomSeeds, size: tuple[int, int] = PHANTOM_SIZE
) -> AuditImages:
    """Fresh phantoms of all classes, and the same ones with planted text."""
    pictures = [case[modality].image for case in render_cases(seeds, size, modalities=[modality])]
    return AuditImages(
        pixels=as_pixels(pictures, side),
        groups=[str(number) for number in range(len(pictures))],
        source=f"{len(pictures)} synthetic phantoms ({seeds.fingerprint}), none trained on",
        synthetic=True,
        stamped=stamped(pictures, side),
    )


def fresh_phantoms_of(manifest: Manifest, per_class: int) -> AuditImages:
    """Phantoms as large as the checkpoint's own were drawn, of seeds that no training uses."""
    width, height = manifest.config.get("phantom_size", PHANTOM_SIZE)
    return phantom_images(
        manifest.image_modality, manifest.input_size, audit_seeds(per_class), (width, height)
    )


def folder_images(
    cached: CachedSet, most: int, *, synthetic: bool, rows: Sequence[int] | None = None
) -> AuditImages:
    """At most `most` of the set's images (of `rows` alone, where given), chosen by a fixed seed."""
    usable = np.arange(len(cached)) if rows is None else np.asarray(rows)
    chosen = np.sort(np.random.default_rng(0).permutation(usable)[:most])
    samples = [cached.samples.samples[row] for row in chosen]
    return AuditImages(
        pixels=np.array(cached.images[chosen]),
        groups=[sample.patient or f"\0{sample.image_id}" for sample in samples],
        source=f"{len(chosen)} images of the set {cached.samples.name} ({cached.fingerprint})",
        synthetic=synthetic,
    )


def stamped(pictures: Sequence[Image.Image], side: int) -> Stamped:
    """Each picture with each class's ward name in a black box of one size at the top, as networks see it."""
    width, height = pictures[0].size
    size = max(LEAST_STAMP_PX, round(height * STAMP_HEIGHT))
    long, tall = _largest_print(size)
    box = ((width - long) // 2 - 1, 0, (width + long) // 2 + 1, tall + 3)
    pixels = [
        as_pixels([_with_text(picture, STATIONS[name], size, box) for picture in pictures], side)
        for name in CLASS_NAMES
    ]
    left, top, right, bottom = box
    return Stamped(np.stack(pixels), (left / width, top / height, right / width, bottom / height))


def _largest_print(size: int) -> tuple[int, int]:
    boxes = [font_of(size).getbbox(words) for words in STATIONS.values()]
    return round(max(box[2] - box[0] for box in boxes)), round(max(box[3] for box in boxes))


def _with_text(picture: Image.Image, words: str, size: int, box: tuple[int, int, int, int]) -> Image.Image:
    copy = picture.convert("RGB")
    draw = ImageDraw.Draw(copy)
    draw.rectangle(box, fill=(0, 0, 0))
    draw.text(((box[0] + box[2]) // 2, 2), words, font=font_of(size), fill=(250, 250, 250), anchor="ma")
    return copy
