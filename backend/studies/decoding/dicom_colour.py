"""Values of a DICOM frame to 8-bit RGB: windows, inverted grey, palettes, deep colour."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut

from backend.studies.decoding.dicom_header import GREY, PALETTE
from backend.studies.decoding.errors import UNSUPPORTED_FORMAT, UnreadableImage
from backend.studies.decoding.greyscale import ROWS_AT_ONCE, grey_to_uint8, rescale

MAX_ENTRIES = 65536
DISCRETE, LINEAR = 0, 1  # kinds of segments in a segmented palette (PS3.3 C.7.9.2)
Values = NDArray[Any]
Bytes = NDArray[np.uint8]


def to_rgb(values: Values, dataset: Dataset) -> Bytes:
    """H×W×3 uint8."""
    kind = str(dataset.PhotometricInterpretation)
    if kind == PALETTE:
        return _palette_to_rgb(values, dataset)
    if kind in GREY:
        grey = _grey(values, dataset)
        return np.repeat((255 - grey if kind == "MONOCHROME1" else grey)[..., None], 3, axis=2)
    return values if values.dtype == np.uint8 else _by_rows(values, lambda rows: _deep_colour(rows, dataset))


def _by_rows(values: Values, convert: Callable[[Values], Values]) -> Bytes:
    """Pixel by pixel conversions in blocks of rows: pydicom's own work in float64 of the whole frame."""
    blocks = range(0, values.shape[0], ROWS_AT_ONCE)
    return np.concatenate([convert(values[top : top + ROWS_AT_ONCE]).astype(np.uint8) for top in blocks])


def _grey(values: Values, dataset: Dataset) -> Bytes:
    """Windowed as the header asks; without a window the stored range, or for deep grey the range in use."""
    if _has_window(dataset):
        low, span = _window_output(dataset)
        return _by_rows(values, lambda rows: rescale(_windowed(rows, dataset), low, span))
    bits = int(dataset.BitsStored)
    if bits <= 8 and not dataset.get("PixelRepresentation"):
        return rescale(values, 0.0, float(2**bits - 1))
    return grey_to_uint8(values)


def _has_window(dataset: Dataset) -> bool:
    has_linear = dataset.get("WindowCenter") is not None and dataset.get("WindowWidth") is not None
    return has_linear or bool(dataset.get("VOILUTSequence"))


def _windowed(rows: Values, dataset: Dataset) -> Values:
    windowed: Values = apply_voi_lut(apply_modality_lut(rows, dataset), dataset)
    return windowed


def _window_output(dataset: Dataset) -> tuple[float, float]:
    """(lowest value, span) of what `apply_voi_lut` gives: a LUT's depth, else the stored range, rescaled."""
    if dataset.get("VOILUTSequence"):
        return 0.0, float(2 ** int(dataset.VOILUTSequence[0].LUTDescriptor[2]) - 1)
    if dataset.get("ModalityLUTSequence"):
        return 0.0, float(2 ** int(dataset.ModalityLUTSequence[0].LUTDescriptor[2]) - 1)
    bits, signed = int(dataset.BitsStored), bool(dataset.get("PixelRepresentation"))
    slope = float(dataset.get("RescaleSlope") or 1.0) if "RescaleIntercept" in dataset else 1.0
    intercept = float(dataset.get("RescaleIntercept") or 0.0) if "RescaleSlope" in dataset else 0.0
    lowest = -(2 ** (bits - 1)) if signed else 0
    return lowest * slope + intercept, (2**bits - 1) * slope


def _palette_to_rgb(values: Values, dataset: Dataset) -> Bytes:
    _check_palette(dataset)
    brightest = max(_palette_maximum(dataset, colour) for colour in ("Red", "Green", "Blue"))
    shift = 8 if brightest > 255 else 0  # some writers keep 8-bit colours in a table of 16-bit entries
    return _by_rows(values, lambda rows: apply_color_lut(rows, dataset)[..., :3] >> shift)


def _check_palette(dataset: Dataset) -> None:
    """Tables are at most 65,536 entries long. A segmented one is a little program: its length is counted."""
    for colour in ("Red", "Green", "Blue"):
        plain = dataset.get(f"{colour}PaletteColorLookupTableData") or b""
        segmented = dataset.get(f"Segmented{colour}PaletteColorLookupTableData") or b""
        wide = int(dataset[f"{colour}PaletteColorLookupTableDescriptor"].value[2]) > 8
        if len(plain) > 2 * MAX_ENTRIES or segmented_length(segmented, wide=wide) > MAX_ENTRIES:
            raise UnreadableImage(UNSUPPORTED_FORMAT, "The DICOM palette has too many entries.")


def segmented_length(data: bytes, *, wide: bool) -> int:
    """How many entries a segmented palette unpacks to; more than MAX_ENTRIES for what can't be told."""
    words = np.frombuffer(data[: len(data) // 2 * 2] if wide else data, dtype="<u2" if wide else "u1")
    position, entries = 0, 0
    while position + 1 < len(words) and entries <= MAX_ENTRIES:
        opcode, count = int(words[position]), int(words[position + 1])
        if opcode not in (DISCRETE, LINEAR):
            return MAX_ENTRIES + 1
        entries += count
        position += 2 + (count if opcode == DISCRETE else 1)
    return entries


def _palette_maximum(dataset: Dataset, colour: str) -> int:
    """The brightest entry, from the table applied to every index it has."""
    first = int(dataset[f"{colour}PaletteColorLookupTableDescriptor"].value[1])
    count = int(dataset[f"{colour}PaletteColorLookupTableDescriptor"].value[0]) or 65536
    return int(apply_color_lut(np.arange(first, first + count), dataset).max())


def _deep_colour(rows: Values, dataset: Dataset) -> Values:
    """16-bit RGB to 8 bit by the bits in use."""
    return rescale(rows, 0.0, float(2 ** int(dataset.BitsStored) - 1))
