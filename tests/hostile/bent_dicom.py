"""DICOM files whose header lies, and honest ones of each common kind."""

from typing import Any

import numpy as np
from pydicom.uid import (
    JPEG2000,
    MPEG2MPML,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
)

from tests.dicom_files import dicom, rle_frame
from tests.pictures import encoded, picture

GREY = np.arange(40 * 50, dtype=np.uint16).reshape(40, 50)
BYTES = (GREY % 256).astype(np.uint8)
COLOURS = np.stack([BYTES, BYTES // 2, 255 - BYTES], axis=-1)


def lies() -> dict[str, bytes]:
    """One element of the header is wrong."""
    wrong: dict[str, dict[str, Any]] = {
        "no rows": {"Rows": 0},
        "no columns": {"Columns": None},
        "no samples": {"SamplesPerPixel": 0},
        "two samples": {"SamplesPerPixel": 2},
        "7 bits allocated": {"BitsAllocated": 7},
        "64 bits allocated": {"BitsAllocated": 64},
        "no bits stored": {"BitsStored": 0},
        "more bits stored than allocated": {"BitsStored": 12},
        "no frames": {"NumberOfFrames": 0},
        "minus one frames": {"NumberOfFrames": -1},
        "an unknown photometric kind": {"PhotometricInterpretation": "PURPLE"},
        "a sign that is no sign": {"PixelRepresentation": 5},
        "a palette that is not there": {"PhotometricInterpretation": "PALETTE COLOR"},
        "colours under a grey header": {"PhotometricInterpretation": "RGB"},
        "a window of no width": {"WindowCenter": 100, "WindowWidth": 0},
        "a window of negative width": {"WindowCenter": 100, "WindowWidth": -5},
        "a slope of nothing": {"RescaleSlope": 0, "RescaleIntercept": 0, "WindowCenter": 1, "WindowWidth": 9},
    }
    return {f"DICOM with {what}": dicom(BYTES, **elements) for what, elements in wrong.items()}


def honest() -> dict[str, bytes]:
    """What scanners write."""
    frame = picture(width=50, height=40)
    rows = [BYTES[row].tobytes() for row in range(len(BYTES))]
    rle = rle_frame(b"".join(bytes([len(row) - 1]) + row for row in rows))
    return {
        "DICOM in grey": dicom(BYTES),
        "DICOM in 16-bit grey": dicom(GREY),
        "DICOM in signed grey": dicom(GREY.astype(np.int16) - 900),
        "DICOM in inverted grey": dicom(BYTES, PhotometricInterpretation="MONOCHROME1"),
        "DICOM in implicit notation": dicom(COLOURS, syntax=ImplicitVRLittleEndian),
        "DICOM in big-endian notation": dicom(GREY.astype(">u2"), syntax=ExplicitVRBigEndian),
        "DICOM of eight frames": dicom(np.stack([COLOURS] * 8)),
        "DICOM with a window": dicom(BYTES, WindowCenter=128, WindowWidth=64),
        "DICOM in JPEG": dicom(
            COLOURS,
            frames=[encoded(frame, "JPEG")],
            syntax=JPEGBaseline8Bit,
            PhotometricInterpretation="YBR_FULL_422",
        ),
        "DICOM in JPEG 2000": dicom(
            COLOURS,
            frames=[encoded(frame, "JPEG2000", no_jp2=True)],
            syntax=JPEG2000,
            PhotometricInterpretation="RGB",
        ),
        "DICOM in run lengths": dicom(BYTES, frames=[rle], syntax=RLELossless),
        "DICOM without its preamble": dicom(COLOURS)[128:],
    }


def compressed_lies() -> dict[str, bytes]:
    """The compressed frame is not what the header says."""
    jpeg = encoded(picture(width=50, height=40), "JPEG")
    syntax: dict[str, Any] = {"syntax": JPEGBaseline8Bit, "PhotometricInterpretation": "YBR_FULL_422"}
    return {
        "DICOM whose JPEG frame has two bytes": dicom(COLOURS, frames=[b"\xff\xd8"], **syntax),
        "DICOM whose JPEG frame is cut": dicom(COLOURS, frames=[jpeg[: len(jpeg) // 2]], **syntax),
        "DICOM whose JPEG frame is noise": dicom(COLOURS, frames=[bytes(range(256)) * 4], **syntax),
        "DICOM whose JPEG frame is grey": dicom(
            COLOURS, frames=[encoded(picture(width=50, height=40).convert("L"), "JPEG")], **syntax
        ),
        "DICOM of two frames with one": dicom(COLOURS, frames=[jpeg], NumberOfFrames=2, **syntax),
        "DICOM with an MPEG film": dicom(COLOURS, frames=[b"\x00\x00\x01\xba" * 50], syntax=MPEG2MPML),
        "DICOM with run lengths of nothing": dicom(BYTES, frames=[rle_frame(b"")], syntax=RLELossless),
        "DICOM with run lengths of three parts": dicom(
            BYTES, frames=[rle_frame(b"\x00\x01", b"\x00\x01", b"\x00\x01")], syntax=RLELossless
        ),
    }
