"""What a file is, told from its first bytes alone; the name and the declared type are never believed."""

from backend.studies.decoding.errors import EMPTY_FILE, NOT_AN_IMAGE, UNSUPPORTED_FORMAT, UnreadableImage

HEAD_BYTES = 4096
OFFERED = ("png", "jpeg", "bmp", "tiff", "webp", "dicom")
OFFERED_TEXT = "Send PNG, JPEG, BMP, TIFF, WebP or DICOM."

_OFFERED_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)
_REFUSED_MAGIC = (
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"8BPS", "a Photoshop file"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 image"),
    (b"\xff\x0a", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"%!PS", "a PostScript document"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x1a\x45\xdf\xa3", "a video"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (b"{\\rtf", "an RTF document"),
)
_FTYP_BRANDS = (
    (b"heic", "a HEIC image"),
    (b"heix", "a HEIC image"),
    (b"hevc", "a HEIC image"),
    (b"mif1", "a HEIC image"),
    (b"msf1", "a HEIC image"),
    (b"avif", "an AVIF image"),
    (b"avis", "an AVIF image"),
)
_MARKUP = (
    (b"<svg", "an SVG drawing"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<head", "an HTML page"),
    (b"<body", "an HTML page"),
    (b"<script", "an HTML page"),
    (b"<?php", "a PHP script"),
    (b"<?xml", "an XML file"),
)
_BMP_HEADER_SIZES = frozenset({12, 40, 52, 56, 64, 108, 124})
_DICOM_FIRST_GROUPS = frozenset({0x0002, 0x0008})


def sniff(head: bytes) -> str:
    """One of OFFERED, from the first HEAD_BYTES of a file; anything else is refused with its name."""
    if not head:
        raise UnreadableImage(EMPTY_FILE, "The file is empty. Choose it again, or export it again.")
    offered = _offered_format(head)
    if offered is not None:
        return offered
    foreign = _foreign_format(head)
    if foreign is not None:
        raise UnreadableImage(UNSUPPORTED_FORMAT, f"This is {foreign}. {OFFERED_TEXT}")
    raise UnreadableImage(NOT_AN_IMAGE, f"These bytes are no image that is known here. {OFFERED_TEXT}")


def _offered_format(head: bytes) -> str | None:
    """DICOM's mark at byte 128 outranks a TIFF preamble (dual-personality files are DICOM)."""
    for magic, name in _OFFERED_MAGIC:
        if head.startswith(magic) and not (name == "tiff" and head[128:132] == b"DICM"):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return "bmp"
    return "dicom" if _looks_like_dicom(head) else None


def _looks_like_dicom(head: bytes) -> bool:
    """With a preamble: the mark. Without: a first element of group 0002 or 0008 that reads sensibly."""
    if head[128:132] == b"DICM":
        return True
    if len(head) < 12:
        return False
    group = int.from_bytes(head[:2], "little")
    if group not in _DICOM_FIRST_GROUPS or int.from_bytes(head[2:4], "little") > 0x1200:
        return False
    explicit_vr = head[4:6] in (b"UL", b"OB", b"UI", b"CS", b"SH", b"LO", b"DA", b"SQ")
    return explicit_vr or 0 < int.from_bytes(head[4:8], "little") <= 256


def _foreign_format(head: bytes) -> str | None:
    for magic, name in _REFUSED_MAGIC:
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return next((name for brand, name in _FTYP_BRANDS if head[8:12] == brand), "a video")
    return _markup(head)


def _markup(head: bytes) -> str | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text.startswith(b"<"):
        return None
    return next((name for mark, name in _MARKUP if mark in text), None)
