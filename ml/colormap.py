"""Maps as pictures, numpy and Pillow only: RGB order everywhere, transparency falls with the value."""

import base64

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.colormap_tables import INFERNO, JET

DEFAULT_COLORMAP = "inferno"  # colour-blind safe; jet is the paper's
DEFAULT_OPACITY = 0.65  # of the strongest attention

COLORMAPS: dict[str, NDArray[np.uint8]] = {
    name: np.frombuffer(base64.b64decode(text), dtype=np.uint8).reshape(256, 3)
    for name, text in (("inferno", INFERNO), ("jet", JET))
}


def map_to_uint8(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """A map H×W in 0..1 as 0..255; a uint8 map passes unchanged."""
    if values.ndim != 2:
        raise ValueError(f"A map has two dimensions, not {values.ndim}.")
    if values.dtype == np.uint8:
        return values.astype(np.uint8, copy=False)
    return np.rint(np.clip(values.astype(np.float32), 0, 1) * 255).astype(np.uint8)


def heatmap(
    values: NDArray[np.generic], colormap: str = DEFAULT_COLORMAP, opacity: float = 1.0
) -> Image.Image:
    """A map H×W (0..1 or uint8) as RGBA; alpha = value × opacity, so that low attention is transparent."""
    levels = map_to_uint8(values)
    rgba = np.empty((*levels.shape, 4), dtype=np.uint8)
    rgba[..., :3] = _table(colormap)[levels]
    rgba[..., 3] = _alpha(opacity)[levels]
    return Image.fromarray(rgba)


def overlay(
    image: Image.Image,
    values: NDArray[np.generic],
    colormap: str = DEFAULT_COLORMAP,
    opacity: float = DEFAULT_OPACITY,
) -> Image.Image:
    """`image` as RGB with the map of its own size over it; where the map is zero the image is untouched."""
    height, width = values.shape
    if image.size != (width, height):
        raise ValueError(f"The map is {width}×{height} pixels, the image {image.width}×{image.height}.")
    base = image.convert("RGB")
    colours = heatmap(values, colormap, opacity)
    base.paste(colours.convert("RGB"), mask=colours.getchannel("A"))
    return base


def legend(colormap: str = DEFAULT_COLORMAP, width: int = 256, height: int = 16) -> Image.Image:
    """The colour scale from low (left) to high (right), as RGB without transparency."""
    levels = np.linspace(0, 255, width).round().astype(np.uint8)
    return Image.fromarray(np.tile(_table(colormap)[levels], (height, 1, 1)))


def _table(colormap: str) -> NDArray[np.uint8]:
    if colormap not in COLORMAPS:
        raise ValueError(f"Unknown colour map {colormap!r}; known are {', '.join(COLORMAPS)}.")
    return COLORMAPS[colormap]


def _alpha(opacity: float) -> NDArray[np.uint8]:
    if not 0 <= opacity <= 1:
        raise ValueError(f"Opacity lies in 0..1, not {opacity}.")
    return np.rint(np.arange(256) * opacity).astype(np.uint8)
