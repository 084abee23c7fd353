"""Families of files: what each is answered with, the usual answer of the family first, then what differs."""

from collections.abc import Callable, Iterator

from tests.hostile import bent_dicom, damaged, foreign

Maker = Callable[[], dict[str, bytes]]

FAMILIES: list[tuple[str, Maker, str, dict[str, str]]] = [
    ("cut after a share", damaged.cut_files, "truncated", {}),
    (
        "noise behind a mark",
        damaged.noise_behind_signatures,
        "corrupt",
        {
            "noise behind the mark of PNG": "truncated",
            "noise behind the mark of JPEG": "truncated",
        },
    ),
    (
        "PNG chunks",
        damaged.png_chunks,
        "corrupt",
        {
            "PNG without its end": "truncated",
            "PNG with an unknown critical chunk": "read",
            "PNG with an unknown harmless chunk": "read",
            "PNG with too few pixels": "truncated",
            "PNG with too many pixels": "read",
            "two PNG files in one": "read",
        },
    ),
    (
        "JPEG segments",
        damaged.jpeg_segments,
        "corrupt",
        {
            "JPEG without Huffman tables": "read",
            "JPEG that only begins": "not_an_image",
            "JPEG of comments": "truncated",
            "two JPEG files in one": "read",
        },
    ),
    (
        "BMP headers",
        damaged.bmp_headers,
        "corrupt",
        {
            "BMP whose pixels begin behind its end": "truncated",
            "BMP with a header of 4 GB": "not_an_image",
            "BMP of 2³¹ columns": "too_many_pixels",
            "BMP of negative width": "too_many_pixels",
            "BMP upside down": "read",
        },
    ),
    (
        "WebP chunks",
        damaged.webp_chunks,
        "read",
        {
            "WebP of 4 GB": "truncated",
            "WebP that claims 16,383 × 16,383": "too_many_pixels",
            "WebP of nothing": "corrupt",
        },
    ),
    (
        "odd shapes",
        damaged.long_and_thin,
        "read",
        {
            "31 × 31": "too_small",
            "1 × 40000": "too_small",
        },
    ),
    (
        "TIFF directories",
        damaged.tiff_directories,
        "read",
        {
            "TIFF of no width": "corrupt",
            "TIFF whose strip is not there": "truncated",
            "TIFF whose directory is behind its end": "corrupt",
            "TIFF without entries": "corrupt",
            "BigTIFF of nothing": "corrupt",
        },
    ),
    (
        "archives",
        foreign.archives,
        "unsupported_format",
        {
            "tar": "not_an_image",
        },
    ),
    (
        "films and sounds",
        foreign.films_and_sounds,
        "not_an_image",
        {
            "Matroska": "unsupported_format",
            "QuickTime": "unsupported_format",
            "HEIC sequence": "unsupported_format",
            "AVIF sequence": "unsupported_format",
        },
    ),
    (
        "data files",
        foreign.data_files,
        "not_an_image",
        {
            "NumPy array": "unsupported_format",
            "Office document": "unsupported_format",
            "RTF": "unsupported_format",
        },
    ),
    (
        "other pictures",
        foreign.other_pictures,
        "not_an_image",
        {
            "Photoshop": "unsupported_format",
            "JPEG XL": "unsupported_format",
            "JPEG XL box": "unsupported_format",
            "JPEG 2000 codestream": "unsupported_format",
            "GIF of version 87": "unsupported_format",
        },
    ),
    (
        "wrapped images",
        foreign.wrapped,
        "not_an_image",
        {
            "PDF behind a JPEG": "read",
            "JPEG behind a GIF mark": "unsupported_format",
            "XML behind a byte order mark": "unsupported_format",
            "HTML behind blanks": "unsupported_format",
            "SVG in capitals": "unsupported_format",
        },
    ),
    ("modes and ways up", foreign.modes_and_turns, "read", {}),
    (
        "DICOM that lies",
        bent_dicom.lies,
        "corrupt",
        {
            "DICOM with 7 bits allocated": "unsupported_format",
            "DICOM with 64 bits allocated": "unsupported_format",
            "DICOM with no bits stored": "unsupported_format",
            "DICOM with more bits stored than allocated": "unsupported_format",
            "DICOM with no frames": "read",
            "DICOM with an unknown photometric kind": "unsupported_format",
            "DICOM with a slope of nothing": "read",
        },
    ),
    (
        "DICOM as scanners write it",
        bent_dicom.honest,
        "read",
        {
            "DICOM without its preamble": "not_an_image",
        },
    ),
    (
        "DICOM whose frame lies",
        bent_dicom.compressed_lies,
        "corrupt",
        {
            "DICOM with an MPEG film": "unsupported_format",
        },
    ),
]


def families() -> Iterator[tuple[str, str, bytes, str]]:
    """(kind, name, content, code of the answer or `read`) of every file."""
    for kind, make, usual, others in FAMILIES:
        files = make()
        unknown = others.keys() - files.keys()
        if unknown:
            raise ValueError(f"{kind} has no {sorted(unknown)}")
        for name, content in files.items():
            yield kind, name, content, others.get(name, usual)
