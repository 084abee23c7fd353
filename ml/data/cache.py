"""Decode once: a set's resized uint8 images, memory-mapped, keyed by content and preprocessing version."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import imagehash
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from ml.atomic import clear_dead_parts, disk_full_message
from ml.data.decode import BrokenImageError, decode
from ml.data.samples import DataError, SampleSet, content_hashes, fingerprint
from ml.manifest import PREPROCESSING_VERSION
from ml.transforms import resize_uint8

HASH_SIDE = 16  # perceptual hash of 16 × 16 = 256 bits
DECODERS = 2  # decoding threads: Pillow and OpenCV release the interpreter lock
_SPARE_BYTES = 64 << 20

Uint8 = NDArray[np.uint8]


@dataclass(frozen=True)
class CachedSet:
    """A set with its pixels: images[i] is samples.samples[i]; N × size × size × 3 uint8 RGB, mapped."""

    samples: SampleSet
    images: Uint8
    perceptual_hashes: NDArray[np.bool_]  # N × 256
    content: tuple[str, ...]  # sha256 of each file
    fingerprint: str
    size: int

    def __len__(self) -> int:
        return len(self.samples)


def open_cache(
    samples: SampleSet, size: int, folder: Path, *, skip_broken: bool = False, progress: bool = False
) -> CachedSet:
    """The cache of this set at `size` pixels, built below `folder` where it does not exist yet."""
    if not len(samples):
        raise DataError(f"The set '{samples.name}' has no images.")
    content = content_hashes(samples)
    if skip_broken:
        samples, content = _without_broken(samples, content)
    target = folder / f"{samples.name}-{size}px-{cache_key(samples, content, size)[:16]}"
    if not (target / "index.json").is_file():
        with disk_full_message(folder):
            _build(samples, size, target, progress)
    images = np.load(target / "images.npy", mmap_mode="r", allow_pickle=False)
    hashes = np.load(target / "hashes.npy", allow_pickle=False)
    return CachedSet(samples, images, hashes, tuple(content), fingerprint(samples, content), size)


def cache_key(samples: SampleSet, content: Sequence[str], size: int) -> str:
    """Equal for the same files in the same order, frames, size and preprocessing. Labels play no part."""
    rows = [[digest, sample.frame] for digest, sample in zip(content, samples.samples, strict=True)]
    return hashlib.sha256(json.dumps([PREPROCESSING_VERSION, HASH_SIDE, size, rows]).encode()).hexdigest()


def _without_broken(samples: SampleSet, content: Sequence[str]) -> tuple[SampleSet, list[str]]:
    readable = []
    for index, sample in enumerate(samples.samples):
        try:
            decode(sample)
        except BrokenImageError:
            continue
        readable.append(index)
    kept = replace(samples, samples=tuple(samples.samples[index] for index in readable))
    return kept, [content[index] for index in readable]


def _build(samples: SampleSet, size: int, target: Path, progress: bool) -> None:
    """Decode everything into a hidden folder, then rename it: a reader never sees half a cache."""
    target.parent.mkdir(parents=True, exist_ok=True)
    need_space(target.parent, len(samples) * size * size * 3)
    clear_dead_parts(target.parent)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.mkdir()
    try:
        shape = (len(samples), size, size, 3)
        images = np.lib.format.open_memmap(part / "images.npy", mode="w+", dtype=np.uint8, shape=shape)
        _reserve(part / "images.npy")
        hashes = np.zeros((len(samples), HASH_SIDE * HASH_SIDE), dtype=bool)
        _fill(samples, size, images, hashes, progress)
        images.flush()
        np.save(part / "hashes.npy", hashes, allow_pickle=False)
        index = {"name": samples.name, "size": size, "images": [s.image_id for s in samples.samples]}
        (part / "index.json").write_text(json.dumps(index), encoding="utf-8")
        _move_into_place(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _reserve(path: Path) -> None:
    """Claim the file's blocks now: a disk that fills up under a memory map kills the process silently."""
    with path.open("r+b") as handle:
        os.posix_fallocate(handle.fileno(), 0, path.stat().st_size)


def _fill(samples: SampleSet, size: int, images: Uint8, hashes: NDArray[np.bool_], progress: bool) -> None:
    """Every image decoded, or one error that names all broken files."""
    broken: list[str] = []

    def one(index: int) -> None:
        try:
            image = decode(samples.samples[index])
        except BrokenImageError as error:
            broken.append(str(error))
            return
        images[index] = resize_uint8(image, size)
        hashes[index] = imagehash.phash(image, hash_size=HASH_SIDE).hash.flatten()

    with ThreadPoolExecutor(DECODERS) as pool:
        work = pool.map(one, range(len(samples)))
        for _ in tqdm(
            work, total=len(samples), desc=f"decode {samples.name}", mininterval=1, disable=not progress
        ):
            pass
    if broken:
        raise BrokenImageError(
            f"{len(broken)} of {len(samples)} images of '{samples.name}' cannot be used: "
            f"{' '.join(sorted(broken)[:5])} Replace or remove them, or pass --skip-broken."
        )


def _move_into_place(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except OSError:
        if not (target / "index.json").is_file():  # else another process was faster: its cache is the same
            raise


def need_space(folder: Path, wanted_bytes: int) -> None:
    """Refuse to start what the disk cannot hold."""
    free = shutil.disk_usage(folder).free
    if free < wanted_bytes + _SPARE_BYTES:
        raise DataError(
            f"The disk that holds '{folder}' has {free / 2**30:.2f} GiB left, but "
            f"{(wanted_bytes + _SPARE_BYTES) / 2**30:.2f} GiB are needed. "
            "Free some space or choose another folder."
        )
