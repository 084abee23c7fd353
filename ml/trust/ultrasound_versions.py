"""What can become of a picture on its way to a server: parts, brightness, sizes, sectors. No torch."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.trust.ultrasound_shown import exported, hazed

ULTRASOUND, OTHER = range(2)  # labels
CHANGED_SHARE = 0.4  # of the pictures, for each change
GREY_SHARE = (0.5, 0.6)  # of the coloured ultrasound, of the others
COLOURED = 12  # of 255, between the strongest and the weakest channel
SCALES = (0.5, 1.6)  # of the sides
SIDES = (32, 1024)  # pixels
BENT_SHARE = 0.6  # of the sectors: bent into a fan, as a curved probe shows them; the others are only cut out
SECTOR_PX = 480  # the longer side of what is bent
RESAMPLED = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.BOX)

Levels = NDArray[np.uint8]


def versions(image: Image.Image, label: int, name: str) -> Iterator[Image.Image]:
    """The image, and for some a part of it in another brightness; a part of it in a sector on black, in grey;
    of another picture a grey part; parts as scanners and exports show them, whole and in a sector. All but
    the first in another size.

    Both labels are changed alike, so that neither black surroundings nor grey nor a bent texture alone tells
    them apart. The same name gives the same changes."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    yield image
    if rng.random() < CHANGED_SHARE:
        yield _resized(_relit(_part(image, 0.45, 0.8, rng), rng), rng)
    if rng.random() < CHANGED_SHARE:
        yield _resized(_in_sector(_relit(_part(image, 0.5, 0.95, rng), rng).convert("L"), rng), rng)
    if label == OTHER and rng.random() < CHANGED_SHARE:
        yield _resized(_relit(_part(image, 0.4, 0.95, rng), rng).convert("L"), rng)
    of_scanners = np.random.default_rng([zlib.crc32(name.encode()), 9])
    for in_sector in (False, True):
        if of_scanners.random() < CHANGED_SHARE:
            yield _shown(image, label, of_scanners, in_sector=in_sector)


def _shown(image: Image.Image, label: int, rng: np.random.Generator, *, in_sector: bool) -> Image.Image:
    """A part as scanners and exports show one, in a sector or all of it; some pictures stay in colour."""
    part = _relit(_part(image, 0.45, 1.0, rng), rng)
    if _grey(part, label, rng) or in_sector:
        part = part.convert("L")
    hazy = Image.fromarray(hazed(np.asarray(part), rng))
    resized = _resized(_in_sector(hazy, rng) if in_sector else hazy, rng)
    return Image.fromarray(exported(np.asarray(resized), rng))


def _grey(image: Image.Image, label: int, rng: np.random.Generator) -> bool:
    if label == OTHER:
        return rng.random() < GREY_SHARE[OTHER]
    coloured = np.ptp(np.asarray(image).astype(int), axis=2).mean() > COLOURED
    return rng.random() < GREY_SHARE[ULTRASOUND] if coloured else True


def _part(image: Image.Image, least: float, most: float, rng: np.random.Generator) -> Image.Image:
    share = rng.uniform(least, most)
    width, height = (max(32, int(side * share)) for side in image.size)
    left, top = (int(rng.uniform(0, 1 - share) * side) for side in image.size)
    return image.crop((left, top, left + width, top + height))


def _relit(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    curve = rng.uniform(0.5, 1.0) * 255 * (np.arange(256) / 255) ** rng.uniform(0.6, 1.7)
    return image.point(curve.astype(int).tolist() * len(image.getbands()))


def _resized(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    factor = float(np.exp(rng.uniform(*np.log(SCALES))))
    least, most = SIDES
    width, height = (max(least, min(most, int(side * factor))) for side in image.size)
    return image.resize((width, height), RESAMPLED[int(rng.integers(len(RESAMPLED)))])


def _in_sector(grey: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Mirrored further out (a deeper scan shows more, smaller), bent or cut to a sector, set on black."""
    grey.thumbnail((SECTOR_PX, SECTOR_PX))
    levels = np.asarray(grey)
    levels = np.pad(levels, [(0, int(rng.uniform(0, 1.2) * (side - 1))) for side in levels.shape], "reflect")
    bent = rng.random() < BENT_SHARE
    cut = _bent(levels, rng) if bent else np.where(_sector(levels.shape, rng), levels, 0)
    edges = [(int(rng.uniform(0, 0.4) * side), int(rng.uniform(0, 0.4) * side)) for side in cut.shape]
    return Image.fromarray(np.pad(cut, edges).astype(np.uint8))


def _bent(levels: Levels, rng: np.random.Generator) -> Levels:
    """The rows as arcs about a point above the picture, its columns as rays from there."""
    height, width = levels.shape
    half, inner = rng.uniform(0.35, 0.85), rng.uniform(0.02, 0.8) * height
    outer, top = inner + height, inner * np.cos(half)
    across, down = 2 * outer * np.sin(half), outer - top
    scale = max(1.0, across / SECTOR_PX, down / SECTOR_PX)
    y = (np.arange(int(down / scale), dtype=np.float32) * scale + top)[:, None]
    x = (np.arange(int(across / scale), dtype=np.float32) * scale - across / 2)[None]
    depth = np.asarray(np.hypot(x, y) - inner, np.float32)
    ray = np.asarray((np.arctan2(x, y) / half + 1) / 2 * (width - 1), np.float32)
    smooth = cv2.blur(levels, (round(scale),) * 2) if scale >= 2 else levels
    return np.asarray(cv2.remap(smooth, ray, depth, cv2.INTER_LINEAR, borderValue=0), np.uint8)


def _sector(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.bool_]:
    height, width = shape
    y, x = np.mgrid[0:height, 0:width]
    if rng.random() < 0.5:
        tip_x, tip_y = width * rng.uniform(0.4, 0.6), -height * rng.uniform(0.05, 0.5)
        angle, depth = np.arctan2(x - tip_x, y - tip_y), np.hypot(x - tip_x, y - tip_y) + tip_y
        wide, deep = rng.uniform(0.4, 0.8), height * rng.uniform(0.85, 1)
        return np.asarray((np.abs(angle) < wide) & (depth > height * 0.05) & (depth < deep))
    across, down = width * rng.uniform(0.25, 0.5), height * rng.uniform(0.25, 0.5)
    return np.asarray(((x - width / 2) / across) ** 2 + ((y - height / 2) / down) ** 2 < 1)
