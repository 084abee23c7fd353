"""Every kind of picture becomes upright 8-bit RGB without a history."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from backend.studies.decoding import raster
from backend.studies.decoding.errors import UnreadableImage
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Picture
from backend.studies.decoding.read import read_picture
from tests.pictures import encoded, picture

LIMITS = Limits()


def read(content: bytes, limits: Limits = LIMITS, frame: int | None = None) -> Picture:
    return read_picture(io.BytesIO(content), limits=limits, frame=frame)


def code_of(content: bytes, limits: Limits = LIMITS, frame: int | None = None) -> str:
    with pytest.raises(UnreadableImage) as refusal:
        read(content, limits, frame)
    return refusal.value.code


@pytest.mark.parametrize("file_format", ["PNG", "BMP", "TIFF"])
def test_lossless_formats_keep_every_pixel(file_format: str) -> None:
    original = picture()
    assert np.array_equal(np.asarray(read(encoded(original, file_format)).image), np.asarray(original))


def test_lossless_webp_keeps_every_pixel() -> None:
    original = picture()
    assert np.array_equal(
        np.asarray(read(encoded(original, "WEBP", lossless=True)).image), np.asarray(original)
    )


def test_jpeg_is_what_pillow_decodes() -> None:
    content = encoded(picture(), "JPEG", quality=90)
    assert np.array_equal(np.asarray(read(content).image), np.asarray(Image.open(io.BytesIO(content))))


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGB"])
def test_grey_and_palette_become_the_same_colours_in_rgb(mode: str) -> None:
    original = picture().convert(mode)
    result = read(encoded(original, "PNG")).image
    assert result.mode == "RGB"
    assert np.array_equal(np.asarray(result), np.asarray(original.convert("RGB")))


def test_transparency_lies_on_black() -> None:
    original = picture().convert("RGBA")
    original.putalpha(Image.linear_gradient("L").resize(original.size))
    expected = np.asarray(original)[..., :3].astype(float) * (np.asarray(original)[..., 3:] / 255)
    result = np.asarray(read(encoded(original, "PNG")).image).astype(float)
    assert np.abs(result - expected).max() <= 1


def test_a_transparent_palette_colour_becomes_black() -> None:
    original = Image.new("P", (40, 40), 1)
    original.putpalette([10, 20, 30, 200, 100, 50])
    original.paste(0, (0, 0, 20, 40))
    result = read(encoded(original, "PNG", transparency=0)).image
    assert result.getpixel((5, 5)) == (0, 0, 0)
    assert result.getpixel((30, 5)) == (200, 100, 50)


def test_cmyk_becomes_rgb() -> None:
    original = picture().convert("CMYK")
    result = np.asarray(read(encoded(original, "TIFF")).image).astype(int)
    assert np.abs(result - np.asarray(original.convert("RGB")).astype(int)).max() == 0


@pytest.mark.parametrize(
    ("top", "levels"),
    [(255, [0, 255]), (1023, [0, 255]), (4095, [0, 255]), (65535, [0, 255])],
)
def test_sixteen_bit_grey_keeps_its_nominal_range(top: int, levels: list[int]) -> None:
    values = np.linspace(0, top, 64 * 64).round().astype(np.uint16).reshape(64, 64)
    result = np.asarray(read(encoded(Image.fromarray(values), "PNG")).image)[..., 0]
    assert [int(result.min()), int(result.max())] == levels
    assert np.abs(result.astype(float) - values / top * 255).max() <= 0.51


def test_sixteen_bit_grey_is_not_stretched() -> None:
    values = np.full((64, 64), 2048, dtype=np.uint16)  # half of twelve bit
    assert read(encoded(Image.fromarray(values), "PNG")).image.getpixel((0, 0)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("low", "high", "grey"), [(0, 1, 128), (0, 255, 128), (-5, 5, 128), (100, 1100, 128)]
)
def test_float_grey_is_scaled_by_its_range(low: float, high: float, grey: int) -> None:
    values = np.linspace(low, high, 64 * 65).astype(np.float32).reshape(64, 65)
    result = np.asarray(read(encoded(Image.fromarray(values), "TIFF")).image)[..., 0]
    assert (int(result.min()), int(result.max())) == (0, 255)
    assert abs(int(result.ravel()[result.size // 2]) - grey) <= 1


def test_values_that_are_no_numbers_are_refused() -> None:
    values = np.ones((64, 64), dtype=np.float32)
    values[3, 3] = np.nan
    assert code_of(encoded(Image.fromarray(values), "TIFF")) == "corrupt"


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_orientation_is_applied(file_format: str) -> None:
    original = picture(width=96, height=64)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° to the right
    options = (
        {"lossless": True} if file_format == "WEBP" else {"quality": 100} if file_format == "JPEG" else {}
    )
    result = read(encoded(original, file_format, exif=exif, **options)).image
    assert result.size == (64, 96)
    turned = np.asarray(original.transpose(Image.Transpose.ROTATE_270)).astype(int)
    assert np.abs(np.asarray(result).astype(int) - turned).mean() < 6


def test_no_metadata_is_left() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Patient", "Jane Doe")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = encoded(picture(), "PNG", pnginfo=text, icc_profile=profile, dpi=(72, 72))
    assert read(content).image.info == {}


def test_an_embedded_name_does_not_make_it_unreadable() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Jane Doe"
    assert read(encoded(picture(), "JPEG", exif=exif)).image.info == {}


def test_too_many_pixels_are_refused_before_decoding() -> None:
    header = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    assert code_of(_png_of(header, b"")) == "too_many_pixels"
    assert code_of(encoded(Image.new("L", (101, 100))), Limits(max_pixels=10_000)) == "too_many_pixels"


def test_too_small_and_too_many_bytes() -> None:
    assert code_of(encoded(Image.new("RGB", (31, 400)))) == "too_small"
    assert code_of(encoded(picture()), Limits(max_bytes=100)) == "too_large"


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "BMP", "TIFF", "WEBP"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_cut_file_is_never_half_an_image(file_format: str, share: float) -> None:
    content = encoded(picture(width=300, height=200), file_format)
    assert code_of(content[: int(len(content) * share)]) in {"truncated", "corrupt"}


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "BMP"])
def test_a_cut_file_is_called_truncated(file_format: str) -> None:
    content = encoded(picture(width=300, height=200), file_format)
    assert code_of(content[: len(content) // 2]) == "truncated"


def test_a_flipped_bit_in_a_png_is_found_by_its_checksum() -> None:
    content = bytearray(encoded(picture(), "PNG"))
    content[len(content) // 2] ^= 0x10
    assert code_of(bytes(content)) == "corrupt"


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF"])
def test_more_than_one_picture_is_refused(file_format: str) -> None:
    pages = [picture(seed) for seed in range(3)]
    assert code_of(encoded(pages[0], file_format, save_all=True, append_images=pages[1:])) == "animated"


def test_a_frame_of_a_still_image_is_refused() -> None:
    assert code_of(encoded(picture()), frame=0) == "frame_not_offered"


def test_a_tiff_with_huge_tiles_is_refused() -> None:
    assert code_of(_tiff_with_tiles(60_000)) == "too_many_pixels"


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    content = encoded(picture(), "JPEG", progressive=True)
    end = content.rindex(b"\xff\xd9")
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00"
    assert code_of(content[:end] + scan * 200 + content[end:]) == "too_complex"


def test_many_scans_of_a_large_jpeg_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = encoded(picture(), "JPEG", progressive=True)
    assert read(content).image.size == (96, 72)
    monkeypatch.setattr(raster, "MAX_SCANNED_PIXELS", 5 * 96 * 72)
    assert code_of(content) == "too_complex"


def test_a_phone_picture_of_several_parts_is_its_first_one() -> None:
    first, second = picture(1), picture(2)
    content = encoded(first, "MPO", save_all=True, append_images=[second], quality=95)
    result = read(content).image
    assert np.abs(np.asarray(result).astype(int) - np.asarray(first).astype(int)).mean() < 4


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png_of(header: bytes, pixels: bytes) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(pixels))
        + _chunk(b"IEND", b"")
    )


def _tiff_with_tiles(side: int) -> bytes:
    entries = {256: 64, 257: 64, 258: 8, 259: 8, 262: 1, 277: 1, 322: side, 323: side, 324: 200, 325: 10}
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(entries.items()))
    return b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", len(entries)) + body + bytes(4) + bytes(100)
