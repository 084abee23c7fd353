"""What a file is, told from its bytes."""

import pytest

from backend.studies.decoding.errors import UnreadableImage
from backend.studies.decoding.sniff import sniff
from tests.pictures import encoded, picture


@pytest.mark.parametrize(
    ("file_format", "name"),
    [("PNG", "png"), ("JPEG", "jpeg"), ("BMP", "bmp"), ("TIFF", "tiff"), ("WEBP", "webp")],
)
def test_offered_formats_are_recognised(file_format: str, name: str) -> None:
    assert sniff(encoded(picture(), file_format)[:4096]) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x00" * 128 + b"DICM" + b"\x02\x00\x00\x00UL", "dicom"),
        (b"II*\x00" + b"\x00" * 124 + b"DICM" + b"\x02\x00", "dicom"),  # a dual-personality file
        (b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100", "dicom"),  # without a preamble
        (b"\x02\x00\x00\x00UL\x04\x00" + b"\x00" * 8, "dicom"),
    ],
)
def test_dicom_is_recognised_with_and_without_a_preamble(head: bytes, name: str) -> None:
    assert sniff(head) == name


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "empty_file"),
        (b"GIF89a" + b"\x00" * 50, "unsupported_format"),
        (b"%PDF-1.7", "unsupported_format"),
        (b"PK\x03\x04", "unsupported_format"),
        (b"\x00\x00\x00\x18ftypheic", "unsupported_format"),
        (b"\x00\x00\x00\x18ftypavif", "unsupported_format"),
        (b"\x00\x00\x00\x18ftypmp42", "unsupported_format"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html>", "unsupported_format"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">', "unsupported_format"),
        (b"BM is how this sentence starts, and it is no bitmap", "not_an_image"),
        (b"RIFF\x00\x00\x00\x00WAVE", "not_an_image"),
        (b"just text", "not_an_image"),
        (b"\x00" * 4096, "not_an_image"),
    ],
)
def test_everything_else_is_refused_by_name(head: bytes, code: str) -> None:
    with pytest.raises(UnreadableImage) as refusal:
        sniff(head)
    assert refusal.value.code == code


def test_the_refusal_says_what_the_file_is() -> None:
    with pytest.raises(UnreadableImage, match="This is an SVG drawing"):
        sniff(b"<svg></svg>")
