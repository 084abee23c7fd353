"""PNG pictures kept as text in a manifest that somebody else wrote: bounded before decoding. No torch."""

import base64
import binascii
import io

from PIL import Image


def picture_as_text(png: bytes) -> str:
    """A PNG file as a manifest keeps it."""
    return base64.b64encode(png).decode("ascii")


def picture_of_text(text: str, *, most_bytes: int) -> Image.Image:
    """The picture, of which only the header is read: look at its size, then load it. ValueError, OSError."""
    if len(text) > most_bytes * 4 // 3 + 4:
        raise ValueError(f"a picture is larger than {most_bytes // 1024} kB")
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("a picture is not base64") from None
    return Image.open(io.BytesIO(data), formats=["PNG"])
