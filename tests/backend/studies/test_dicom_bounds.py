"""DICOM files that lie, or that are bombs: refused by name, before anything large is made."""

import io
import tracemalloc

import numpy as np
import pytest
from pydicom.uid import (
    JPEG2000,
    MPEG4HP41,
    DeflatedExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    RLELossless,
)

from backend.studies.decoding.dicom_colour import MAX_ENTRIES, segmented_length
from backend.studies.decoding.errors import UnreadableImage
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.read import read_picture
from tests.dicom_files import dicom, rle_frame
from tests.pictures import encoded, picture

PIXELS = np.zeros((40, 50), np.uint8)
COLOURS = np.zeros((40, 50, 3), np.uint8)


def code_of(content: bytes, frame: int | None = None) -> str:
    with pytest.raises(UnreadableImage) as refusal:
        read_picture(io.BytesIO(content), limits=Limits(), frame=frame)
    return refusal.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (dicom(), "no_pixel_data"),
        (dicom(PIXELS, Rows=60000, Columns=60000), "too_many_pixels"),
        (dicom(PIXELS, Rows=5000, Columns=5000), "too_many_pixels"),  # half of the bound for rasters
        (dicom(PIXELS, Rows=400), "truncated"),
        (dicom(PIXELS, NumberOfFrames=1000), "truncated"),
        (dicom(PIXELS, NumberOfFrames=-3), "corrupt"),
        (dicom(PIXELS, NumberOfFrames=2_000_000_000), "corrupt"),
        (dicom(PIXELS, Rows=0), "corrupt"),
        (dicom(PIXELS, Rows=None), "corrupt"),
        (dicom(PIXELS, Rows=20), "too_small"),
        (dicom(PIXELS, SamplesPerPixel=3), "corrupt"),
        (dicom(PIXELS, PhotometricInterpretation="CMYK"), "unsupported_format"),
        (dicom(PIXELS, BitsAllocated=32, BitsStored=32), "unsupported_format"),
        (dicom(PIXELS, BitsStored=0), "unsupported_format"),
        (dicom(PIXELS, frames=[b"x" * 64], syntax=MPEG4HP41), "unsupported_format"),
        (dicom(PIXELS).replace(b"1.2.840.10008.1.2.1\x00", b"1.2.840.99999.9.9.9\x00"), "unsupported_format"),
        (dicom(PIXELS, frames=[b"x"], syntax=JPEGExtended12Bit, BitsStored=12), "unsupported_format"),
        (dicom(PIXELS, frames=[b"not a JPEG stream"], syntax=JPEGBaseline8Bit), "corrupt"),
        (dicom(PIXELS, frames=[b"not a JPEG 2000 stream"], syntax=JPEG2000), "corrupt"),
        (dicom(PIXELS, PhotometricInterpretation="PALETTE COLOR"), "corrupt"),
        (dicom(PIXELS)[:-1000], "truncated"),
        (dicom(PIXELS)[:140], "no_pixel_data"),
    ],
)  # fmt: skip
def test_lies_are_refused_by_name(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_frame_outside_the_cine_is_refused() -> None:
    content = dicom(np.zeros((5, 40, 50), np.uint8))
    assert code_of(content, frame=5) == "frame_out_of_range"


def test_a_jpeg_that_claims_more_than_its_header_is_not_decoded() -> None:
    frame = encoded(picture(width=3000, height=3000), "JPEG", quality=1)
    content = dicom(
        COLOURS, frames=[frame], syntax=JPEGBaseline8Bit, PhotometricInterpretation="YBR_FULL_422"
    )
    assert code_of(content) == "corrupt"


def test_a_jpeg_2000_that_claims_more_than_its_header_is_not_decoded() -> None:
    frame = encoded(picture(width=300, height=300), "JPEG2000", no_jp2=True)
    content = dicom(COLOURS, frames=[frame], syntax=JPEG2000, PhotometricInterpretation="YBR_ICT")
    assert code_of(content) == "corrupt"


def test_an_rle_bomb_stays_small() -> None:
    """20 MB that would unpack to 1.3 GB."""
    bomb = rle_frame(b"\x81\x00" * 10_000_000)
    content = dicom(PIXELS, frames=[bomb], syntax=RLELossless)
    tracemalloc.start()
    try:
        assert code_of(content) == "corrupt"
        assert tracemalloc.get_traced_memory()[1] < 150 * 2**20
    finally:
        tracemalloc.stop()


def test_a_modest_rle_bomb_is_found_by_its_run_lengths() -> None:
    content = dicom(PIXELS, frames=[rle_frame(b"\x81\x00" * 2000)], syntax=RLELossless)
    assert code_of(content) == "corrupt"


@pytest.mark.parametrize(
    "frame", [b"\x00" * 8, b"\x01\x00\x00\x00", rle_frame(b"", b""), rle_frame(b"\x00\x00")]
)
def test_an_rle_frame_that_is_none_is_refused(frame: bytes) -> None:
    assert code_of(dicom(PIXELS, frames=[frame], syntax=RLELossless)) == "corrupt"


def test_deflated_files_are_not_inflated() -> None:
    content = dicom(np.zeros((2000, 2000), np.uint8), syntax=DeflatedExplicitVRLittleEndian)
    assert len(content) < 100_000
    tracemalloc.start()
    try:
        assert code_of(content) == "unsupported_format"
        assert tracemalloc.get_traced_memory()[1] < 3 * 2**20
    finally:
        tracemalloc.stop()


def test_a_million_tiny_elements_are_too_complex() -> None:
    head = dicom()
    element = b"\x09\x00\x01\x00LO\x00\x00"
    assert code_of(head + element * 300_000) == "too_complex"


def test_sequences_nested_without_end_do_no_harm() -> None:
    item = b"\x08\x00\x15\x11SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    assert code_of(dicom() + item * 5000) in {"corrupt", "too_complex", "truncated", "no_pixel_data"}


def test_a_segmented_palette_that_unpacks_without_end_is_refused() -> None:
    segments = b"\x01\x00\xff\xff\x00\x00" * 1000  # 1,000 lines of 65,535 entries
    colours = {
        f"Segmented{colour}PaletteColorLookupTableData": segments for colour in ("Red", "Green", "Blue")
    } | {f"{colour}PaletteColorLookupTableDescriptor": [256, 0, 16] for colour in ("Red", "Green", "Blue")}
    content = dicom(PIXELS, PhotometricInterpretation="PALETTE COLOR", **colours)
    assert code_of(content) == "unsupported_format"


def test_the_length_of_a_segmented_palette_is_counted() -> None:
    discrete, linear = b"\x00\x00\x02\x00\x01\x00\x02\x00", b"\x01\x00\x10\x00\xff\x00"
    assert segmented_length(discrete + linear, wide=True) == 18
    assert segmented_length(b"\x02\x00\x05\x00", wide=True) > MAX_ENTRIES  # indirect: can't be told


def test_a_document_in_a_dicom_file_is_no_image() -> None:
    content = dicom(EncapsulatedDocument=b"%PDF-1.7", MIMETypeOfEncapsulatedDocument="application/pdf")
    assert code_of(content) == "no_pixel_data"


def test_a_file_cut_in_its_header_is_refused() -> None:
    """Where the cut falls between two elements, nothing in the file says that more was to come."""
    assert code_of(dicom(PIXELS)[:300]) in {"truncated", "no_pixel_data"}
