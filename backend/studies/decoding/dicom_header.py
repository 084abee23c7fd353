"""Reads a DICOM file within bounds: only the tags on the allow-list, and only so many elements.

No tag that names a person, a date or a place is on the list, so none is ever parsed."""

import io
import logging
import warnings
from typing import Any

from pydicom import Dataset, dcmread
from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_dataset, read_preamble
from pydicom.pixels.utils import get_expected_length
from pydicom.tag import BaseTag
from pydicom.uid import (
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from backend.studies.decoding.errors import (
    CORRUPT,
    FRAME_OUT_OF_RANGE,
    NO_PIXEL_DATA,
    TOO_COMPLEX,
    TRUNCATED,
    UNSUPPORTED_FORMAT,
    UnreadableImage,
)
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Box

logging.getLogger("pydicom").setLevel(logging.CRITICAL)  # it quotes values of the file it reads
warnings.filterwarnings("ignore", module=r"pydicom\.")  # so do these

NATIVE = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian)
JPEG_FAMILY = (
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
)
JPEG_2000 = (JPEG2000, JPEG2000Lossless)
READABLE = (*NATIVE, *JPEG_FAMILY, *JPEG_2000, RLELossless)

GREY = ("MONOCHROME1", "MONOCHROME2")
PALETTE = "PALETTE COLOR"
COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")

ALLOWED_TAGS = [
    "ImageType",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "WindowCenter",
    "WindowWidth",
    "VOILUTFunction",
    "VOILUTSequence",
    "RescaleIntercept",
    "RescaleSlope",
    "ModalityLUTSequence",
    "RedPaletteColorLookupTableDescriptor",
    "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor",
    "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData",
    "SegmentedRedPaletteColorLookupTableData",
    "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData",
    "SequenceOfUltrasoundRegions",
    "ExtendedOffsetTable",
    "ExtendedOffsetTableLengths",
    "PixelData",
]
MAX_READS = 200_000  # two or three an element: a cine of 300 frames with all its groups needs 20,000
MAX_FRAMES = 100_000
TWO_DIMENSIONAL = 1
META_GROUP = 0x0002


class BoundedReader(io.BytesIO):
    """A file in memory that may be read in so many pieces only, and that notices when it runs out."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.size = len(content)
        self.reads = 0
        self.ran_out = False

    def read(self, size: int | None = -1, /) -> bytes:
        """As BytesIO, but counted: a million tiny elements are a bomb, not an image."""
        self.reads += 1
        if self.reads > MAX_READS:
            raise UnreadableImage(TOO_COMPLEX, "The DICOM header has far too many elements.")
        content = super().read(size)
        if size is not None and 0 < len(content) < size:
            self.ran_out = True
        return content

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As BytesIO; a step past the end means that the file was cut."""
        position = super().seek(offset, whence)
        self.ran_out = self.ran_out or position > self.size
        return position


def read_header(content: bytes, limits: Limits) -> Dataset:
    """The allowed tags of a DICOM file whose claims about its pixels are consistent and within the limits."""
    reader = BoundedReader(content)
    _refuse_deflated(reader)
    try:
        dataset = dcmread(reader, force=True, specific_tags=ALLOWED_TAGS)
    except InvalidDicomError as error:
        raise UnreadableImage(CORRUPT, "The DICOM file can't be read: its header is damaged.") from error
    if "PixelData" not in dataset:
        raise _without_pixels(reader, content)
    _check_syntax(dataset)
    _check_layout(dataset, limits)
    _check_length(dataset)
    return dataset


def _refuse_deflated(reader: BoundedReader) -> None:
    """A deflated file would be inflated whole, however large, before anything could be checked."""
    read_preamble(reader, force=True)
    meta = read_dataset(reader, False, True, stop_when=_after_meta)
    reader.seek(0)
    if meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        raise UnreadableImage(UNSUPPORTED_FORMAT, "Deflated DICOM files are not read. Export it as JPEG.")


def _after_meta(tag: BaseTag, vr: str | None, length: int) -> bool:
    return tag.group != META_GROUP


def choose_frame(dataset: Dataset, wanted: int | None) -> tuple[int, int]:
    """(frame counted from 0, number of frames): the wanted one, or the middle one."""
    count = frame_count(dataset)
    frame = count // 2 if wanted is None else wanted
    if not 0 <= frame < count:
        raise UnreadableImage(
            FRAME_OUT_OF_RANGE, f"Frame {frame} was asked for; the file has frames 0 to {count - 1}."
        )
    return frame, count


def frame_count(dataset: Dataset) -> int:
    """How many frames the header claims; a missing or empty number means one."""
    return int(dataset.get("NumberOfFrames") or 1)


def ultrasound_region(dataset: Dataset) -> Box | None:
    """The largest two-dimensional region that the scanner itself marked, if any and if it makes sense."""
    boxes = [_region_box(item) for item in dataset.get("SequenceOfUltrasoundRegions") or []]
    width, height = int(dataset.Columns), int(dataset.Rows)
    sound = [box for box in boxes if box is not None and box.fits(width, height)]
    return max(sound, key=lambda box: box.width * box.height, default=None)


def _region_box(item: Dataset) -> Box | None:
    if item.get("RegionSpatialFormat") != TWO_DIMENSIONAL:
        return None
    names = ("RegionLocationMinX0", "RegionLocationMinY0", "RegionLocationMaxX1", "RegionLocationMaxY1")
    corners: list[Any] = [item.get(name) for name in names]
    if any(not isinstance(value, int) for value in corners):
        return None
    left, top, right, bottom = corners
    return Box(left, top, right - left + 1, bottom - top + 1)


def _without_pixels(reader: BoundedReader, content: bytes) -> UnreadableImage:
    pixel_tag_is_there = b"\xe0\x7f\x10\x00" in content or b"\x7f\xe0\x00\x10" in content
    if reader.ran_out or pixel_tag_is_there:
        return UnreadableImage(TRUNCATED, "The DICOM file ends before its pixels do: it was cut.")
    return UnreadableImage(NO_PIXEL_DATA, "The DICOM file holds no image but a report, a document or a list.")


def _check_syntax(dataset: Dataset) -> None:
    """The transfer syntax is on the list. A file without one is native, in the way it was found to read."""
    syntax = dataset.file_meta.get("TransferSyntaxUID") if hasattr(dataset, "file_meta") else None
    if syntax is None:
        implicit, little = dataset.original_encoding
        explicit = ExplicitVRLittleEndian if little else ExplicitVRBigEndian
        syntax = ImplicitVRLittleEndian if implicit else explicit
        dataset.file_meta.TransferSyntaxUID = syntax
    twelve_bit = syntax == JPEGExtended12Bit and dataset.get("BitsStored") != 8
    if syntax not in READABLE or twelve_bit:
        raise UnreadableImage(
            UNSUPPORTED_FORMAT,
            f"DICOM files stored as '{UID(syntax).name[:60]}' are not read. Export it as JPEG.",
        )


def _check_layout(dataset: Dataset, limits: Limits) -> None:
    rows, columns = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
    if not rows * columns:
        raise UnreadableImage(CORRUPT, "The DICOM header does not say how large the image is.")
    limits.check_size(columns, rows)
    if not 1 <= frame_count(dataset) <= MAX_FRAMES:
        raise UnreadableImage(CORRUPT, f"The DICOM header claims {frame_count(dataset)} frames.")
    kind = str(dataset.get("PhotometricInterpretation", ""))
    samples = 3 if kind in COLOUR else 1
    if kind not in (*GREY, PALETTE, *COLOUR):
        raise UnreadableImage(UNSUPPORTED_FORMAT, f"DICOM colours of the kind '{kind[:20]}' are not read.")
    if int(dataset.get("SamplesPerPixel") or 1) != samples:
        raise UnreadableImage(CORRUPT, "The DICOM header contradicts itself: colours and samples per pixel.")
    allocated, stored = int(dataset.get("BitsAllocated") or 0), int(dataset.get("BitsStored") or 0)
    if allocated not in (8, 16) or not 1 <= stored <= allocated:
        raise UnreadableImage(UNSUPPORTED_FORMAT, f"DICOM pixels of {allocated} bits are not read.")


def _check_length(dataset: Dataset) -> None:
    """Native pixels are all there. (Encapsulated ones are checked frame by frame when they are decoded.)"""
    if dataset.file_meta.TransferSyntaxUID not in NATIVE:
        return
    claimed, there = get_expected_length(dataset), len(dataset.PixelData)
    if there < claimed:
        raise UnreadableImage(
            TRUNCATED, f"The DICOM header claims {claimed} bytes of pixels, the file holds {there}."
        )
