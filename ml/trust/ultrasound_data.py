"""Ultrasound images and other pictures, and what can become of either on its way to a server. No torch."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.data.samples import DataError
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.taxonomy import MODALITIES
from ml.trust.slot_data import PHANTOMS, PICTURES, SIZES, SIZES_APART, real_files
from ml.trust.ultrasound import KINDS, ultrasound_features

# Above every seed of a demo recipe, of the checks of a calibration and of the slot classifier.
FITTED_FROM, MEASURED_FROM = 2_110_000_000, 2_130_000_000
ULTRASOUND, OTHER = range(len(KINDS))
CHANGED_SHARE = 0.5  # of the ultrasound images that are looked at changed as well
CHUNK = 16


@dataclass(frozen=True)
class Picture:
    """One file, what it is, and where it comes from (a data set, or a kind of other pictures)."""

    path: Path
    label: int
    source: str


@dataclass(frozen=True)
class Looked:
    """features N×F, labels N, sources N, and which rows are images as they came (not changed)."""

    features: NDArray[np.float64]
    labels: NDArray[np.int64]
    sources: NDArray[np.str_]
    as_came: NDArray[np.bool_]

    def take(self, rows: NDArray[np.bool_]) -> Looked:
        return Looked(self.features[rows], self.labels[rows], self.sources[rows], self.as_came[rows])

    def and_also(self, other: Looked) -> Looked:
        return Looked(
            np.concatenate((self.features, other.features)),
            np.concatenate((self.labels, other.labels)),
            np.concatenate((self.sources, other.sources)),
            np.concatenate((self.as_came, other.as_came)),
        )


def ultrasound_pictures(root: Path) -> list[Picture]:
    """Every real ultrasound image below `root`, of whatever organ and modality."""
    return [Picture(path, ULTRASOUND, source) for path, source, _ in real_files(root)]


def other_pictures(root: Path) -> list[Picture]:
    """Everything below `root`, whose folders name the kinds: photographs/, charts/, …"""
    found = [
        Picture(path, OTHER, kind.name)
        for kind in sorted(root.iterdir())
        if kind.is_dir()
        for path in sorted(kind.rglob("*"))
        if path.suffix.lower() in PICTURES
    ]
    if not found:
        raise DataError(f"'{root}' holds no pictures in folders that name their kinds.")
    return found


def looked_at(pictures: Sequence[Picture], *, processes: int = 1) -> Looked:
    """The numbers of each picture, and of what can become of it."""
    if processes == 1:
        return _joined(map(_look, pictures), pictures)
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return _joined(pool.map(_look, pictures, chunksize=CHUNK), pictures)


def _look(picture: Picture) -> list[NDArray[np.float64]]:
    with Image.open(picture.path) as opened:
        image = opened.convert("RGB")
    return [ultrasound_features(each) for each in versions(image, picture.label, picture.path.name)]


def _joined(found: Iterable[list[NDArray[np.float64]]], pictures: Sequence[Picture]) -> Looked:
    rows = [
        (numbers, picture, place == 0)
        for many, picture in zip(found, pictures, strict=True)
        for place, numbers in enumerate(many)
    ]
    return Looked(
        np.array([numbers for numbers, _, _ in rows]),
        np.array([picture.label for _, picture, _ in rows], np.int64),
        np.array([picture.source for _, picture, _ in rows], np.str_),
        np.array([first for _, _, first in rows], np.bool_),
    )


def looked_at_phantoms(cases: int, *, first: int, processes: int = 1) -> Looked:
    """About `cases` phantoms in every modality, as they come."""
    numbers, sources = [], []
    per_class = max(1, round(cases / len(SIZES) / 3))
    for place, size in enumerate(SIZES):
        seeds = PhantomSeeds(first + place * SIZES_APART, per_class)
        for case in render_cases(seeds, size, processes=processes):
            for modality in MODALITIES:
                numbers.append(ultrasound_features(case[modality].image))
                sources.append(f"{PHANTOMS} {modality}")
    count = len(numbers)
    return Looked(
        np.array(numbers), np.full(count, ULTRASOUND), np.array(sources, np.str_), np.ones(count, np.bool_)
    )


def versions(image: Image.Image, label: int, name: str) -> Iterator[Image.Image]:
    """The image; a part of it in another brightness; a part of it in a sector on black, in grey.

    Both labels are changed alike, so that neither black surroundings nor grey alone tell them apart. The same
    name gives the same changes."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    yield image
    if label == ULTRASOUND and rng.random() >= CHANGED_SHARE:
        return
    yield _relit(_part(image, 0.45, 0.8, rng), rng)
    yield _in_sector(_relit(_part(image, 0.5, 0.95, rng), rng).convert("L"), rng)
    if label == OTHER:
        yield _relit(_part(image, 0.4, 0.95, rng), rng).convert("L")


def _part(image: Image.Image, least: float, most: float, rng: np.random.Generator) -> Image.Image:
    share = rng.uniform(least, most)
    width, height = (max(32, int(side * share)) for side in image.size)
    left, top = (int(rng.uniform(0, 1 - share) * side) for side in image.size)
    return image.crop((left, top, left + width, top + height))


def _relit(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    curve = rng.uniform(0.5, 1.0) * 255 * (np.arange(256) / 255) ** rng.uniform(0.6, 1.7)
    return image.point(curve.astype(int).tolist() * len(image.getbands()))


def _in_sector(grey: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Mirrored further out (a deeper scan shows more, smaller), cut to a fan or an ellipse, set on black."""
    levels = np.asarray(grey)
    levels = np.pad(levels, [(0, int(rng.uniform(0, 1.2) * (side - 1))) for side in levels.shape], "reflect")
    cut = np.where(_sector(levels.shape, rng), levels, 0)
    edges = [(int(rng.uniform(0, 0.4) * side), int(rng.uniform(0, 0.4) * side)) for side in levels.shape]
    return Image.fromarray(np.pad(cut, edges).astype(np.uint8))


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
