"""One frame of a DICOM file to an array, if its compressed bytes claim what the header claims."""

import copy
from itertools import pairwise
from typing import Any

from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels import pixel_array
from pydicom.uid import RLELossless

from backend.studies.decoding.decoder_process import decoder
from backend.studies.decoding.dicom_header import JPEG_2000, JPEG_FAMILY, NATIVE, frame_count
from backend.studies.decoding.errors import CORRUPT, UnreadableImage

SOF_MARKERS = frozenset({*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC})
STANDALONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})
JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  "
J2K_START = b"\xff\x4f\xff\x51"
RLE_HEADER_BYTES = 64
RLE_SLACK_BYTES = 4096


def decode_frame(dataset: Dataset, frame: int) -> NDArray[Any]:
    """H×W or H×W×3 values of one frame. YBR is already turned into RGB by pydicom: don't do it twice."""
    if dataset.file_meta.TransferSyntaxUID in NATIVE:
        values: NDArray[Any] = pixel_array(dataset, index=frame)
    else:
        values = decoder.decode(_alone(dataset, _checked_codestream(dataset, frame)))
    if values.shape[:2] != (dataset.Rows, dataset.Columns):
        raise UnreadableImage(CORRUPT, "The DICOM frame has another size than its header says.")
    return values


def _alone(dataset: Dataset, encoded: bytes) -> Dataset:
    """The same image with one frame."""
    single = copy.copy(dataset)
    single.PixelData = encapsulate([encoded])
    single["PixelData"].is_undefined_length = True
    for name in ("NumberOfFrames", "ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if name in single:
            delattr(single, name)
    return single


def _checked_codestream(dataset: Dataset, frame: int) -> bytes:
    """A decoder believes the codestream, so the codestream must claim what the header claimed."""
    encoded = _encoded_frame(dataset, frame)
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax == RLELossless:
        _check_rle(encoded, dataset)
        return encoded
    size = jpeg_size(encoded) if syntax in JPEG_FAMILY else j2k_size(encoded) if syntax in JPEG_2000 else None
    if size != (int(dataset.Columns), int(dataset.Rows)):
        raise UnreadableImage(
            CORRUPT,
            f"The header says {dataset.Columns} × {dataset.Rows} pixels, the compressed frame "
            + (f"{size[0]} × {size[1]}." if size else "can't be read."),
        )
    return encoded


def _encoded_frame(dataset: Dataset, frame: int) -> bytes:
    offsets = dataset.get("ExtendedOffsetTable"), dataset.get("ExtendedOffsetTableLengths")
    try:
        return get_frame(
            dataset.PixelData,
            frame,
            number_of_frames=frame_count(dataset),
            extended_offsets=offsets if all(offsets) else None,
        )
    except (ValueError, IndexError) as error:
        raise UnreadableImage(CORRUPT, f"Frame {frame} can't be found in the DICOM file.") from error


def jpeg_size(stream: bytes) -> tuple[int, int] | None:
    """(width, height) that a JPEG or JPEG-LS stream claims in its first frame header."""
    position = 2 if stream[:2] == b"\xff\xd8" else len(stream)
    while position + 9 <= len(stream) and stream[position] == 0xFF:
        marker = stream[position + 1]
        if marker in SOF_MARKERS:
            return _big_endian(stream, position + 7, 2), _big_endian(stream, position + 5, 2)
        if marker == 0xFF:
            position += 1
        elif marker in STANDALONE_MARKERS:
            position += 2
        else:
            position += 2 + _big_endian(stream, position + 2, 2)
    return None


def j2k_size(stream: bytes) -> tuple[int, int] | None:
    """(width, height) that a JPEG 2000 stream claims in its SIZ segment; a JP2 box around it is skipped."""
    start = stream.find(J2K_START, 0, 4096) if stream.startswith(JP2_SIGNATURE) else 0
    if start < 0 or stream[start : start + 4] != J2K_START or len(stream) < start + 24:
        return None
    right, bottom, left, top = (_big_endian(stream, at, 4) for at in range(start + 8, start + 24, 4))
    return right - left, bottom - top


def _big_endian(stream: bytes, at: int, size: int) -> int:
    return int.from_bytes(stream[at : at + size], "big")


def _check_rle(encoded: bytes, dataset: Dataset) -> None:
    """A run of two bytes may unpack to 128: each segment must unpack to about one byte a pixel, no more."""
    pixels = int(dataset.Rows) * int(dataset.Columns)
    count = int.from_bytes(encoded[:4], "little")
    expected = int(dataset.get("SamplesPerPixel") or 1) * int(dataset.BitsAllocated) // 8
    if len(encoded) < RLE_HEADER_BYTES or count != expected:
        raise UnreadableImage(CORRUPT, f"The RLE frame has {count} segments where {expected} are needed.")
    starts = [int.from_bytes(encoded[4 * n : 4 * n + 4], "little") for n in range(1, count + 1)]
    bounds = [*starts, len(encoded)]
    for start, end in pairwise(bounds):
        if not RLE_HEADER_BYTES <= start <= end or end - start > 2 * pixels + RLE_SLACK_BYTES:
            raise UnreadableImage(CORRUPT, "The RLE frame's segments lie outside the frame.")
        _check_rle_segment(encoded[start:end], pixels + RLE_SLACK_BYTES)


def _check_rle_segment(segment: bytes, most: int) -> None:
    """Walks the run lengths without unpacking them."""
    position, unpacked, size = 0, 0, len(segment)
    while position < size and unpacked <= most:
        header = segment[position]
        if header < 128:
            unpacked += header + 1
            position += header + 2
        else:
            unpacked += 257 - header if header > 128 else 0
            position += 2 if header > 128 else 1
    if unpacked > most:
        raise UnreadableImage(CORRUPT, "The RLE frame unpacks to more pixels than the header says.")
