"""Hostile and odd files, each built by code, with the status and the code that it must get.

The table CORPUS is the specification: 202 files are read, everything else is refused with that reason."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, PngImagePlugin
from pydicom.uid import JPEG2000, DeflatedExplicitVRLittleEndian, JPEGBaseline8Bit, RLELossless

from tests.dicom_files import dicom, rle_frame
from tests.hostile.families import families
from tests.hostile.parts import chunk, cut, jpeg, png_of, tiff
from tests.pictures import encoded, picture, png

READ = (202, None)
STATUS = {"read": 202, "unsupported_format": 415}  # the code of any other refusal comes with 422
FOREIGN = (415, "unsupported_format")
PIXELS = np.zeros((40, 50), np.uint8)
COLOURS = np.zeros((40, 50, 3), np.uint8)


@dataclass(frozen=True)
class Hostile:
    """One file: what it is, how it is made, and what must happen."""

    name: str
    make: Callable[[], bytes]
    status: int
    code: str | None
    kind: str = ""


def of_kind(kind: str, files: list[Hostile]) -> list[Hostile]:
    """The files, each with the name of its kind."""
    return [replace(file, kind=kind) for file in files]


def family_files() -> list[Hostile]:
    """The files that are made by the dozen (see `families`)."""
    return [
        Hostile(
            name,
            lambda content=content: content,
            STATUS.get(code, 422),
            None if code == "read" else code,
            kind,
        )
        for kind, name, content, code in families()
    ]


def solid_bomb(side: int) -> bytes:
    """A PNG whose side × side RGB pixels are all there, in a thousandth of their size."""
    compressor = zlib.compressobj(9)
    row = bytes(1 + 3 * side)
    data = b"".join(compressor.compress(row) for _ in range(side)) + compressor.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG with a compressed text of 200 MB."""
    text = b"Comment\x00\x00" + zlib.compress(bytes(200 * 2**20), 9)
    return png()[:33] + chunk(b"zTXt", text) + png()[33:]


def profile_bomb() -> bytes:
    """A PNG with a compressed colour profile of 200 MB."""
    profile = b"icc\x00\x00" + zlib.compress(bytes(200 * 2**20), 9)
    return png()[:33] + chunk(b"iCCP", profile) + png()[33:]


def zip_bomb() -> bytes:
    """100 MB of zeros in 100 kB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("image.png", bytes(100 * 2**20))
    return buffer.getvalue()


def polyglot_png_zip() -> bytes:
    """An image with an archive behind it: read as an image, and only its pixels are kept."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>")
    return png() + buffer.getvalue()


def exif_rotated() -> bytes:
    """A JPEG lying on its side, with a name and a place in its EXIF data."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Jane Doe"
    return encoded(picture(), "JPEG", exif=exif)


def broken_exif() -> bytes:
    """A JPEG whose EXIF block points into nowhere."""
    content = encoded(picture(), "JPEG")
    block = b"Exif\x00\x00II*\x00\xff\xff\xff\x7f" + bytes(8)
    return content[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + content[2:]


def sixteen_bit() -> bytes:
    """16-bit grey."""
    return encoded(Image.fromarray(np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) * 16), "PNG")


def animated(file_format: str) -> bytes:
    """Three frames."""
    frames = [picture(seed) for seed in range(3)]
    return encoded(frames[0], file_format, save_all=True, append_images=frames[1:], duration=100)


def named_text() -> bytes:
    """A PNG with a name in a text chunk."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Patient", "Jane Doe")
    return encoded(picture(), "PNG", pnginfo=info)


def flipped_bit() -> bytes:
    """One wrong bit in the pixels of a PNG."""
    content = bytearray(png())
    content[len(content) // 2] ^= 0x10
    return bytes(content)


def endless_scans() -> bytes:
    """A progressive JPEG with 5,000 scans."""
    content = jpeg(progressive=True)
    end = content.rindex(b"\xff\xd9")
    return content[:end] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00" * 5000 + content[end:]


def jpeg_of_another_size() -> bytes:
    """A JPEG header that claims 60,000 × 60,000 pixels over the data of 300 × 200."""
    content = bytearray(jpeg())
    start = content.index(b"\xff\xc0") + 5
    content[start : start + 4] = struct.pack(">HH", 60000, 60000)
    return bytes(content)


def looping_tiff() -> bytes:
    """A TIFF whose directory names itself as the next one."""
    entries = {256: 64, 257: 64, 258: 8, 259: 1, 262: 1, 273: 200, 277: 1, 278: 64, 279: 4096}
    content = bytearray(tiff(entries, bytes(8192)))
    at = 10 + 12 * len(entries)
    content[at : at + 4] = struct.pack("<I", 8)
    return bytes(content)


def rle_bomb() -> bytes:
    """A DICOM frame of 40 MB that would unpack to 2.7 GB."""
    return dicom(PIXELS, frames=[rle_frame(b"\x81\x00" * 20_000_000)], syntax=RLELossless)


def element_bomb() -> bytes:
    """A DICOM header of two million empty elements."""
    return dicom() + b"\x09\x00\x01\x00LO\x00\x00" * 2_000_000


def nested_sequences() -> bytes:
    """DICOM sequences, one inside the other, 20,000 times."""
    item = b"\x08\x00\x15\x11SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    return dicom() + item * 20_000


def palette_bomb() -> bytes:
    """A segmented DICOM palette that unpacks to 650 million entries."""
    segments = b"\x01\x00\xff\xff\x00\x00" * 10_000
    colours = ("Red", "Green", "Blue")
    tables = {f"Segmented{colour}PaletteColorLookupTableData": segments for colour in colours}
    sizes = {f"{colour}PaletteColorLookupTableDescriptor": [256, 0, 16] for colour in colours}
    return dicom(PIXELS, PhotometricInterpretation="PALETTE COLOR", **tables, **sizes)


def lying_j2k() -> bytes:
    """JPEG 2000 data that claims 100,000 × 100,000 pixels under an honest header."""
    frame = bytearray(encoded(picture(width=50, height=40), "JPEG2000", no_jp2=True))
    frame[8:16] = struct.pack(">II", 100_000, 100_000)
    return dicom(COLOURS, frames=[bytes(frame)], syntax=JPEG2000, PhotometricInterpretation="YBR_ICT")


def lying_jpeg() -> bytes:
    """JPEG data that claims 60,000 × 60,000 pixels under an honest header."""
    return dicom(
        COLOURS,
        frames=[jpeg_of_another_size()],
        syntax=JPEGBaseline8Bit,
        PhotometricInterpretation="YBR_FULL_422",
    )


def executable_dicom() -> bytes:
    """A DICOM file whose preamble is the start of a program."""
    content = dicom(COLOURS)
    return b"MZ" + bytes(126) + content[128:]


def huge_length() -> bytes:
    """A DICOM element that claims 4 GB."""
    return dicom() + b"\x28\x00\x10\x30OB\x00\x00\xfe\xff\xff\xff" + bytes(64)


CORPUS = [
    *of_kind("nothing that is an image", [
    Hostile("empty", lambda: b"", 422, "empty_file"),
    Hostile("one byte", lambda: b"\x89", 422, "not_an_image"),
    Hostile("zeros", lambda: bytes(100_000), 422, "not_an_image"),
    Hostile("noise", lambda: np.random.default_rng(1).bytes(100_000), 422, "not_an_image"),
    Hostile("plain text", lambda: b"a report about a lymph node\n" * 40, 422, "not_an_image"),
    Hostile("text that starts like a bitmap", lambda: b"BMI 24, otherwise healthy" * 9, 422, "not_an_image"),
    Hostile("PNG signature alone", lambda: b"\x89PNG\r\n\x1a\n", 422, "truncated"),
    ]),
    *of_kind("other formats", [
    Hostile("SVG", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', *FOREIGN),
    Hostile("XML bomb", lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "&a;">]>', *FOREIGN),
    Hostile("HTML", lambda: b"<!doctype html><script>alert(1)</script>", *FOREIGN),
    Hostile("PHP", lambda: b"<?php system('id');", *FOREIGN),
    Hostile("PDF", lambda: b"%PDF-1.7\n1 0 obj\n", *FOREIGN),
    Hostile("GIF", lambda: encoded(picture().convert("P"), "GIF"), *FOREIGN),
    Hostile("GIF animation", lambda: animated("GIF"), *FOREIGN),
    Hostile("zip", lambda: polyglot_png_zip()[len(png()) :], *FOREIGN),
    Hostile("zip bomb", zip_bomb, *FOREIGN),
    Hostile("gzip", lambda: b"\x1f\x8b\x08" + bytes(50), *FOREIGN),
    Hostile("HEIC", lambda: b"\x00\x00\x00\x18ftypheic" + bytes(50), *FOREIGN),
    Hostile("AVIF", lambda: b"\x00\x00\x00\x18ftypavif" + bytes(50), *FOREIGN),
    Hostile("MP4 video", lambda: b"\x00\x00\x00\x18ftypmp42" + bytes(50), *FOREIGN),
    Hostile("JPEG 2000", lambda: encoded(picture(), "JPEG2000"), *FOREIGN),
    Hostile("icon", lambda: encoded(picture(), "ICO"), *FOREIGN),
    Hostile("PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", *FOREIGN),
    Hostile("Windows program", lambda: b"MZ" + bytes(200), *FOREIGN),
    Hostile("Linux program", lambda: b"\x7fELF" + bytes(200), *FOREIGN),
    ]),
    *of_kind("cut or damaged", [
    Hostile("PNG cut", lambda: cut(png()), 422, "truncated"),
    Hostile("JPEG cut", lambda: cut(jpeg()), 422, "truncated"),
    Hostile("BMP cut", lambda: cut(encoded(picture(), "BMP")), 422, "truncated"),
    Hostile("TIFF cut", lambda: cut(encoded(picture(), "TIFF")), 422, "truncated"),
    Hostile("WebP cut", lambda: cut(encoded(picture(), "WEBP")), 422, "truncated"),
    Hostile("PNG with a flipped bit", flipped_bit, 422, "corrupt"),
    Hostile("PNG whose pixels are missing", lambda: png_of(64, 64), 422, "truncated"),
    Hostile("TIFF of nonsense", lambda: tiff({256: 64, 257: 64, 258: 77, 259: 9999}), 422, "corrupt"),
    Hostile("TIFF that goes round in circles", looping_tiff, *READ),
    ]),
    *of_kind("too much", [
    Hostile("30,000 × 30,000 pixels", lambda: png_of(30_000, 30_000), 422, "too_many_pixels"),
    Hostile("8,000 × 8,000 pixels that are all there", lambda: solid_bomb(8_000), 422, "too_many_pixels"),
    Hostile("2³¹ pixels wide", lambda: png_of(2**31 - 1, 1), 422, "too_many_pixels"),
    Hostile("JPEG of 60,000 × 60,000", jpeg_of_another_size, 422, "too_many_pixels"),
    Hostile("TIFF tiles of 60,000 × 60,000", lambda: tiff(
        {256: 64, 257: 64, 258: 8, 259: 8, 262: 1, 277: 1, 322: 60_000, 323: 60_000, 324: 200, 325: 10}
    ), 422, "too_many_pixels"),
    Hostile("JPEG of 5,000 scans", endless_scans, 422, "too_complex"),
    Hostile("51 MB", lambda: png() + bytes(51 * 2**20), 413, "too_large"),
    Hostile("text bomb in a PNG", text_bomb, 422, "too_complex"),
    Hostile("profile bomb in a PNG", profile_bomb, 422, "too_complex"),
    Hostile("6,000 × 6,000 pixels of one colour", lambda: solid_bomb(6_000), *READ),
    ]),
    *of_kind("too little", [
    Hostile("1 × 1", lambda: encoded(Image.new("RGB", (1, 1))), 422, "too_small"),
    Hostile("31 × 400", lambda: encoded(Image.new("RGB", (31, 400))), 422, "too_small"),
    Hostile("no height", lambda: png_of(64, 0), 422, "corrupt"),
    ]),
    *of_kind("more than one picture", [
    Hostile("PNG animation", lambda: animated("PNG"), 422, "animated"),
    Hostile("WebP animation", lambda: animated("WEBP"), 422, "animated"),
    Hostile("TIFF of three pages", lambda: animated("TIFF"), 422, "animated"),
    ]),
    *of_kind("odd, and right", [
    Hostile("PNG called .jpg", png, *READ),
    Hostile("16-bit grey", sixteen_bit, *READ),
    Hostile("1-bit", lambda: encoded(picture().convert("1")), *READ),
    Hostile("CMYK", lambda: encoded(picture().convert("CMYK"), "JPEG"), *READ),
    Hostile("transparency", lambda: encoded(picture().convert("RGBA")), *READ),
    Hostile("grey with transparency", lambda: encoded(picture().convert("LA")), *READ),
    Hostile("palette", lambda: encoded(picture().convert("P")), *READ),
    Hostile("floating point", lambda: encoded(Image.fromarray(np.eye(64, dtype=np.float32)), "TIFF"), *READ),
    Hostile("floating point without numbers", lambda: encoded(
        Image.fromarray(np.full((64, 64), np.nan, np.float32)), "TIFF"
    ), 422, "corrupt"),
    Hostile("EXIF-rotated JPEG with a name in it", exif_rotated, *READ),
    Hostile("JPEG with a broken EXIF block", broken_exif, *READ),
    Hostile("PNG with a name in it", named_text, *READ),
    Hostile("PNG with an archive behind it", polyglot_png_zip, *READ),
    Hostile("JPEG with a page behind it", lambda: jpeg() + b"<html><script>alert(1)</script>", *READ),
    ]),
    *of_kind("DICOM, honest and not", [
    Hostile("DICOM", lambda: dicom(COLOURS), *READ),
    Hostile("DICOM that begins like a program", executable_dicom, *READ),
    Hostile("DICOM without pixels", dicom, 422, "no_pixel_data"),
    Hostile("PDF in a DICOM file", lambda: dicom(EncapsulatedDocument=b"%PDF-1.7"), 422, "no_pixel_data"),
    Hostile("DICOM cut in its pixels", lambda: cut(dicom(COLOURS), 0.8), 422, "truncated"),
    Hostile("DICOM cut in its header", lambda: dicom(COLOURS)[:300], 422, "truncated"),
    Hostile("DICOM mark over noise", lambda: bytes(128) + b"DICM" + b"\xff" * 4000, 422, "truncated"),
    Hostile("DICOM of 60,000 rows", lambda: dicom(PIXELS, Rows=60_000), 422, "truncated"),
    Hostile("DICOM of 3.6 gigapixels", lambda: dicom(
        PIXELS, Rows=60_000, Columns=60_000
    ), 422, "too_many_pixels"),
    Hostile("DICOM that claims more rows", lambda: dicom(PIXELS, Rows=400), 422, "truncated"),
    Hostile("DICOM that claims more frames", lambda: dicom(PIXELS, NumberOfFrames=900), 422, "truncated"),
    Hostile("DICOM of 2 billion frames", lambda: dicom(PIXELS, NumberOfFrames=2_000_000_000), 422, "corrupt"),
    Hostile("DICOM of 10 × 10", lambda: dicom(PIXELS[:10, :10]), 422, "too_small"),
    Hostile("DICOM run-length bomb", rle_bomb, 422, "corrupt"),
    Hostile("DICOM of two million elements", element_bomb, 422, "too_complex"),
    Hostile("DICOM of nested sequences", nested_sequences, 422, "corrupt"),
    Hostile("DICOM palette bomb", palette_bomb, *FOREIGN),
    Hostile("DICOM deflated", lambda: dicom(
        np.zeros((4000, 4000), np.uint8), syntax=DeflatedExplicitVRLittleEndian
    ), *FOREIGN),
    Hostile("DICOM with a lying JPEG", lying_jpeg, 422, "corrupt"),
    Hostile("DICOM with a lying JPEG 2000", lying_j2k, 422, "corrupt"),
    Hostile("DICOM element of 4 GB", huge_length, 422, "truncated"),
    Hostile("DICOM without a photometric kind", lambda: dicom(
        PIXELS, PhotometricInterpretation=None
    ), *FOREIGN),
    Hostile("DICOM that contradicts itself", lambda: dicom(PIXELS, SamplesPerPixel=3), 422, "corrupt"),
    ]),
    *family_files(),
]  # fmt: skip
