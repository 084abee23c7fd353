"""An image file from disk as an RGB picture, upright and of bounded size."""

import warnings
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

MAX_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP")


class UnreadableImageError(ValueError):
    """Why a file is not usable as an image, in one sentence."""


def open_image(path: Path | str) -> Image.Image:
    """The first frame of the image at `path` as RGB, EXIF rotation applied, or UnreadableImageError."""
    if not Path(path).is_file():
        raise UnreadableImageError(f"{path}: no such file.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # own, lower limit below
            with Image.open(path, formats=FORMATS) as file:
                _check_size(file, path)
                return ImageOps.exif_transpose(file).convert("RGB")
    except UnidentifiedImageError:
        raise UnreadableImageError(f"{path}: not an image in one of {', '.join(FORMATS)}.") from None
    except Image.DecompressionBombError:
        raise UnreadableImageError(f"{path}: more than {MAX_PIXELS / 1e6:.0f} million pixels.") from None
    except (OSError, ValueError, SyntaxError) as error:
        if isinstance(error, UnreadableImageError):
            raise
        raise UnreadableImageError(f"{path}: the image is damaged ({error}).") from None


def _check_size(image: Image.Image, path: Path | str) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise UnreadableImageError(
            f"{path}: {image.width}×{image.height} pixels are more than {MAX_PIXELS / 1e6:.0f} million."
        )


def save_png(image: Image.Image, path: Path, texts: Mapping[str, str]) -> None:
    """Write `image` with `texts` in its metadata, in one atomic step; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    info = PngInfo()
    for key, text in texts.items():
        info.add_itxt(key, text)
    part = path.with_name(f".{path.name}.part")
    try:
        image.save(part, format="PNG", pnginfo=info)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
