"""Files that are cut, bent or contradict themselves, by the parts that formats are made of."""

import struct

from PIL import Image

from tests.hostile.parts import chunk, cut, jpeg, png_of, tiff
from tests.pictures import encoded, picture, png

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CUTS = (0.02, 0.3, 0.7, 0.97)
FORMATS = {"PNG": "PNG", "JPEG": "JPEG", "BMP": "BMP", "TIFF": "TIFF", "WebP": "WEBP"}
JPEG_SIZE = 5  # bytes from the marker of a frame header to its height


def cut_files() -> dict[str, bytes]:
    """Each format, cut after a share of its bytes."""
    whole = {name: encoded(picture(width=300, height=200), kind) for name, kind in FORMATS.items()}
    return {
        f"{name} cut after {share:.0%}": cut(content, share)
        for name, content in whole.items()
        for share in CUTS
    }


def noise_behind_signatures() -> dict[str, bytes]:
    """The first bytes of a format and then none of it."""
    heads = {
        "PNG": SIGNATURE,
        "JPEG": b"\xff\xd8\xff\xe0",
        "BMP": b"BM" + struct.pack("<IHHI", 1000, 0, 0, 54) + struct.pack("<I", 40),
        "TIFF": b"II*\x00",
        "TIFF, big-endian": b"MM\x00*",
        "WebP": b"RIFF" + struct.pack("<I", 992) + b"WEBPVP8 ",
    }
    noise = bytes((index * 89 + 41) % 256 for index in range(1000))
    return {f"noise behind the mark of {name}": head + noise for name, head in heads.items()}


def png_chunks() -> dict[str, bytes]:
    """PNG files with a chunk too many, too few or wrong."""
    good = png()
    header, rest = good[:33], good[33:]
    bent = bytearray(good)
    bent[20] ^= 1  # a bit of the width, so that the checksum is wrong
    long = bytearray(good)
    long[33:37] = b"\x7f\xff\xff\xff"
    return {
        "PNG whose header has a wrong checksum": bytes(bent),
        "PNG with a chunk of 2 GB": bytes(long),
        "PNG without its end": good[:-12],
        "PNG with an unknown critical chunk": header + chunk(b"EVIL", b"x") + rest,
        "PNG with an unknown harmless chunk": header + chunk(b"evIl", b"x") + rest,
        "PNG without its header": SIGNATURE + rest,
        "PNG of colours without a palette": png_of(64, 64, colour=3, pixels=bytes(65 * 64)),
        "PNG of depth 5": png_of(64, 64, depth=5, pixels=bytes(65 * 64 * 3)),
        "PNG of colour type 7": png_of(64, 64, colour=7, pixels=bytes(65 * 64 * 3)),
        "PNG with too few pixels": png_of(64, 64, pixels=bytes(193 * 10)),
        "PNG with too many pixels": png_of(64, 64, pixels=bytes(193 * 500)),
        "PNG with an unknown row filter": png_of(64, 64, pixels=(b"\x09" + bytes(192)) * 64),
        "PNG of no width": png_of(0, 64),
        "two PNG files in one": good + good,
    }


def jpeg_segments() -> dict[str, bytes]:
    """JPEG files with a segment too many, too few or wrong."""
    good = jpeg()
    frame, scan = good.index(b"\xff\xc0"), good.index(b"\xff\xda")
    tables, codes = good.index(b"\xff\xdb"), good.index(b"\xff\xc4")
    flat = bytearray(good)
    flat[frame + JPEG_SIZE : frame + JPEG_SIZE + 4] = bytes(4)
    short = bytearray(good)
    short[tables + 2 : tables + 4] = b"\x00\x00"
    deep = bytearray(good)
    deep[frame + 4] = 99
    many = bytearray(good)
    many[frame + 9] = 200
    return {
        "JPEG of no size": bytes(flat),
        "JPEG whose segment has no length": bytes(short),
        "JPEG of 99 bits": bytes(deep),
        "JPEG of 200 components": bytes(many),
        "JPEG without its frame header": good[:frame] + good[scan:],
        "JPEG without quantisation tables": good[:tables] + good[frame:],
        "JPEG without Huffman tables": good[:codes] + good[scan:],
        "JPEG without a scan": good[:scan] + b"\xff\xd9",
        "JPEG with two frame headers": good[:scan] + good[frame:scan] + good[scan:],
        "JPEG that only begins": good[:2],
        "JPEG of comments": b"\xff\xd8" + (b"\xff\xfe\x00\x10" + bytes(14)) * 5000,
        "two JPEG files in one": good + good,
    }


def bmp_headers() -> dict[str, bytes]:
    """BMP files whose header does not fit what follows."""
    good = encoded(picture(width=64, height=64), "BMP")

    def bent(at: int, form: str, value: int) -> bytes:
        content = bytearray(good)
        struct.pack_into(form, content, at, value)
        return bytes(content)

    return {
        "BMP whose pixels begin behind its end": bent(10, "<I", 10**9),
        "BMP with a header of 4 GB": bent(14, "<I", 2**32 - 1),
        "BMP of no width": bent(18, "<i", 0),
        "BMP of 2³¹ columns": bent(18, "<i", 2**31 - 1),
        "BMP of negative width": bent(18, "<i", -64),
        "BMP upside down": bent(22, "<i", -64),
        "BMP of 3 bits": bent(28, "<H", 3),
        "BMP of an unknown compression": bent(30, "<I", 77),
    }


def webp_chunks() -> dict[str, bytes]:
    """WebP files that lie about what is in them."""
    good = encoded(picture(width=64, height=64), "WEBP")
    long, wide = bytearray(good), bytearray(good)
    struct.pack_into("<I", long, 4, 2**32 - 10)
    struct.pack_into("<HH", wide, 26, 16383, 16383)
    nothing = b"RIFF" + struct.pack("<I", 4) + b"WEBP"
    return {
        "WebP of 4 GB": bytes(long),
        "WebP that claims 16,383 × 16,383": bytes(wide),
        "WebP of nothing": nothing,
        "WebP lossless": encoded(picture(width=64, height=64), "WEBP", lossless=True),
        "WebP with transparency": encoded(picture(width=64, height=64).convert("RGBA"), "WEBP"),
    }


def long_and_thin() -> dict[str, bytes]:
    """Allowed areas of odd shapes."""
    sizes = ((32, 32), (32, 20_000), (20_000, 32), (33, 4097), (31, 31), (1, 40_000))
    return {f"{wide} × {high}": encoded(Image.new("L", (wide, high), 90)) for wide, high in sizes}


def tiff_directories() -> dict[str, bytes]:
    """TIFF files in every usual compression, and with a directory that leads nowhere."""
    made = picture(width=64, height=48)
    ways = ("raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "jpeg")
    found = {f"TIFF in {way}": encoded(made, "TIFF", compression=way) for way in ways}
    found["TIFF in fax lines"] = encoded(made.convert("1"), "TIFF", compression="group4")
    found["TIFF of no width"] = tiff({256: 0, 257: 64, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 279: 4096})
    found["TIFF whose strip is not there"] = tiff(
        {256: 64, 257: 64, 258: 8, 259: 1, 262: 1, 273: 10**9, 277: 1, 278: 64, 279: 4096}
    )
    found["TIFF whose directory is behind its end"] = b"II*\x00\xff\xff\xff\x7f" + bytes(200)
    found["TIFF without entries"] = tiff({})
    found["BigTIFF of nothing"] = b"II+\x00\x08\x00\x00\x00" + bytes(200)
    return found
