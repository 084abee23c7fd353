"""Ultrasound images and other pictures, and what is measured of them. No torch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.data.samples import DataError
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.taxonomy import MODALITIES
from ml.trust.slot_data import PHANTOMS, PICTURES, SIZES, SIZES_APART, real_files
from ml.trust.ultrasound import FEATURES, ultrasound_features
from ml.trust.ultrasound_versions import OTHER, ULTRASOUND, versions

# Above every seed of a demo recipe, of the checks of a calibration and of the slot classifier.
FITTED_FROM, MEASURED_FROM = 2_110_000_000, 2_130_000_000
CHUNK = 16


@dataclass(frozen=True)
class Picture:
    """One file, what it is, and where it comes from: a data set, or a kind of other pictures and a maker."""

    path: Path
    label: int
    source: str
    maker: str


@dataclass(frozen=True)
class Looked:
    """features N×F, labels N, sources N, makers N, and which rows are images as they came (not changed)."""

    features: NDArray[np.float64]
    labels: NDArray[np.int64]
    sources: NDArray[np.str_]
    makers: NDArray[np.str_]
    as_came: NDArray[np.bool_]

    def take(self, rows: NDArray[np.bool_]) -> Looked:
        return Looked(*(getattr(self, field.name)[rows] for field in fields(self)))

    def and_also(self, other: Looked) -> Looked:
        names = [field.name for field in fields(self)]
        return Looked(*(np.concatenate((getattr(self, name), getattr(other, name))) for name in names))


def ultrasound_pictures(root: Path) -> list[Picture]:
    """Every real ultrasound image below `root`, of whatever organ and modality."""
    return [Picture(path, ULTRASOUND, source, source) for path, source, _ in real_files(root)]


def other_pictures(root: Path) -> list[Picture]:
    """Everything below `root`, whose folders name the kinds, and theirs the makers: charts/octave-doc/…"""
    found = [
        Picture(path, OTHER, kind.name, _maker(path, kind))
        for kind in sorted(root.iterdir())
        if kind.is_dir()
        for path in sorted(kind.rglob("*"))
        if path.suffix.lower() in PICTURES
    ]
    if not found:
        raise DataError(f"'{root}' holds no pictures in folders that name their kinds.")
    return found


def _maker(path: Path, kind: Path) -> str:
    return "/".join((kind.name, *path.relative_to(kind).parts[:-1][:1]))


def kept(file: Path, seen: Sequence[object], look: Callable[[], Looked]) -> Looked:
    """What `file` keeps, or else what `look` finds, kept there for the next time; `seen` is what it looks at.

    A file of other pictures, or of other features, is refused."""
    made_of = sha256(repr((seen, FEATURES)).encode()).hexdigest()
    names = [field.name for field in fields(Looked)]
    if file.exists():
        with np.load(file) as found:
            if str(found["made_of"]) != made_of:
                raise DataError(f"'{file}' was measured of other pictures or features: delete it.")
            return Looked(*(found[name] for name in names))
    looked = look()
    np.savez(file, made_of=np.array(made_of), **{name: getattr(looked, name) for name in names})
    return looked


def looked_at(pictures: Sequence[Picture], *, processes: int = 1) -> Looked:
    """The numbers of each picture, and of what can become of it."""
    if processes == 1:
        return _joined(map(_look, pictures), pictures)
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return _joined(pool.map(_look, pictures, chunksize=CHUNK), pictures)


def _look(picture: Picture) -> list[NDArray[np.float64]]:
    with Image.open(picture.path) as opened:
        image = opened.convert("RGB")
    name = picture.maker + picture.path.name
    return [ultrasound_features(each) for each in versions(image, picture.label, name)]


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
        np.array([picture.maker for _, picture, _ in rows], np.str_),
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
    names = np.array(sources, np.str_)
    return Looked(np.array(numbers), np.full(count, ULTRASOUND), names, names, np.ones(count, np.bool_))
