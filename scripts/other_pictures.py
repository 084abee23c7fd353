"""Fill a folder with pictures that are no ultrasound, for `python -m ml ultrasound --other FOLDER`.

    .venv/bin/python scripts/other_pictures.py FOLDER

Its folders are kinds, theirs are makers: FOLDER/photographs/mate-backgrounds/0001.png. Photographs,
wallpapers, textures, charts, figures, screenshots, drawings and maps come from Debian packages (`apt-get
download`, nothing is installed) and from installed Python packages, CT and MR slices from other packages
(other_slices.py); noise and blank pictures are drawn. All keep the licences of their packages, and are not
part of this project.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.other_drawn import BLANKS, NOISES, blank, noise
from scripts.other_packages import unpacked
from scripts.other_slices import slices

SLICES = "CT and MR slices"
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
        "lomiri-wallpapers-16.04": (40, 1),
        "sway-backgrounds": (20, 1),
    },
    "textures": {
        "gimp-data": (80, 0),
        "colobot-common-textures": (80, 0),
        "extremetuxracer-data": (80, 0),
        "openarena-081-textures": (80, 0),
        "openuniverse-common": (40, 0),
    },
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
ULTRASOUND = "registration/tests/data"  # of scikit-image: frames of a heart, from an ultrasound scanner


def main() -> int:
    parser = argparse.ArgumentParser(description="Collect pictures that are no ultrasound, by kind.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for kind, makers in KINDS.items():
        for maker, (most, parts) in makers.items():
            source = PYTHON / maker if "/" in maker else unpacked(maker)
            choice = random.Random(maker)  # noqa: S311
            _keep(folder / kind / maker.split("/")[0], _from_files(source, choice, most, parts))
    for maker, cut in slices():
        _keep(folder / SLICES / maker, map(Image.fromarray, cut))
    for place, maker in enumerate(NOISES):
        _keep(folder / "noise" / maker, map(Image.fromarray, noise(place, np.random.default_rng(place))))
    for place, maker in enumerate(BLANKS):
        drawn = blank(place, np.random.default_rng(place))
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


if __name__ == "__main__":
    raise SystemExit(main())
