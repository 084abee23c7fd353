"""Files of other programs, by their first bytes, and images wrapped in something else."""

import io
import json
import pickle
import struct
import tarfile

import numpy as np
from PIL import Image

from tests.hostile.parts import jpeg
from tests.pictures import encoded, picture, png

FTYP = b"\x00\x00\x00\x18ftyp"


def archives() -> dict[str, bytes]:
    """Whatever packs files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("image.png")
        entry.size = len(png())
        archive.addfile(entry, io.BytesIO(png()))
    return {
        "tar": buffer.getvalue(),
        "RAR": b"Rar!\x1a\x07\x01\x00" + bytes(100),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
        "xz": b"\xfd7zXZ\x00" + bytes(100),
        "bzip2": b"BZh91AY&SY" + bytes(100),
        "empty zip": b"PK\x05\x06" + bytes(18),
    }


def films_and_sounds() -> dict[str, bytes]:
    """Recordings, which are no single image."""
    return {
        "AVI": b"RIFF" + struct.pack("<I", 1000) + b"AVI LIST" + bytes(1000),
        "WAV": b"RIFF" + struct.pack("<I", 1000) + b"WAVEfmt " + bytes(1000),
        "Matroska": b"\x1a\x45\xdf\xa3" + bytes(1000),
        "QuickTime": b"\x00\x00\x00\x14ftypqt  " + bytes(1000),
        "MPEG": b"\x00\x00\x01\xba" + bytes(1000),
        "MP3": b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(1000),
        "HEIC sequence": FTYP + b"hevc" + bytes(50),
        "AVIF sequence": FTYP + b"avis" + bytes(50),
    }


def data_files() -> dict[str, bytes]:
    """What researchers also keep beside their images."""
    array = io.BytesIO()
    np.save(array, np.zeros((64, 64, 3), np.uint8))
    header = json.dumps({"x": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}).encode()
    return {
        "NumPy array": array.getvalue(),
        "pickle": pickle.dumps({"image": list(range(100))}),
        "safetensors": struct.pack("<Q", len(header)) + header + bytes(4),
        "NIfTI": struct.pack("<I", 348) + bytes(340) + b"n+1\x00" + bytes(500),
        "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(500),
        "SQLite": b"SQLite format 3\x00" + bytes(500),
        "JSON": b'{"image": "data:image/png;base64,AAAA"}',
        "CSV": b"case,answer\nN-17,benign\n" * 20,
        "Office document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
        "RTF": b"{\\rtf1\\ansi report}",
    }


def other_pictures() -> dict[str, bytes]:
    """Pictures that other programs write and that are not offered here."""
    small = picture(width=64, height=64)
    return {
        "Photoshop": b"8BPS\x00\x01" + bytes(100),
        "JPEG XL": b"\xff\x0a" + bytes(100),
        "JPEG XL box": b"\x00\x00\x00\x0cJXL \r\n\x87\n" + bytes(100),
        "JPEG 2000 codestream": encoded(small, "JPEG2000", no_jp2=True),
        "PPM": encoded(small, "PPM"),
        "TGA": encoded(small, "TGA"),
        "PCX": encoded(small, "PCX"),
        "DDS": encoded(small, "DDS"),
        "SGI": encoded(small, "SGI"),
        "ICNS": encoded(small.resize((32, 32)), "ICNS"),
        "XBM": encoded(small.convert("1"), "XBM"),
        "GIF of version 87": b"GIF87a" + encoded(small.convert("P"), "GIF")[6:],
    }


def wrapped() -> dict[str, bytes]:
    """A good image with something before it."""
    good = png()
    return {
        "PNG behind a byte order mark": b"\xef\xbb\xbf" + good,
        "PNG behind a line break": b"\n" + good,
        "PNG as base64": b"iVBORw0KGgoAAAANSUhEUgAA",
        "PNG as a data address": b"data:image/png;base64,iVBORw0KGgo=",
        "PNG in an HTTP body": b"Content-Type: image/png\r\n\r\n" + good,
        "PNG with line breaks of text mode": good.replace(b"\r\n", b"\n"),
        "JPEG behind zeros": bytes(16) + jpeg(),
        "PDF behind a JPEG": jpeg() + b"%PDF-1.7\n",
        "JPEG behind a GIF mark": b"GIF89a" + jpeg(),
        "XML behind a byte order mark": b"\xef\xbb\xbf<?xml version='1.0'?>",
        "HTML behind blanks": b"   \n\t<HTML><body>",
        "SVG in capitals": b"<SVG xmlns='http://www.w3.org/2000/svg'/>",
    }


def modes_and_turns() -> dict[str, bytes]:
    """Every mode that a format can hold, and every way up."""
    made = picture(width=64, height=48)
    modes = ("1", "L", "LA", "P", "RGB", "RGBA")
    found = {f"PNG of mode {mode}": encoded(made.convert(mode), "PNG") for mode in modes}
    for way in range(9):
        exif = Image.Exif()
        exif[0x0112] = way
        found[f"JPEG with orientation {way}"] = encoded(made, "JPEG", exif=exif)
    return found
