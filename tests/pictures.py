"""Small pictures as files, for uploads."""

import io
from typing import Any

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(seed: int = 0, width: int = 96, height: int = 72) -> Image.Image:
    """A smooth random RGB picture, the same for the same seed."""
    noise = np.random.default_rng(seed).integers(0, 256, (9, 13, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, file_format: str = "PNG", **options: Any) -> bytes:
    """The bytes of a file."""
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def png(seed: int = 0, width: int = 96, height: int = 72) -> bytes:
    """A PNG file of `picture`."""
    return encoded(picture(seed, width, height))


def upload(
    content: bytes, name: str = "Jane Doe 1970.png", content_type: str = "image/png"
) -> SimpleUploadedFile:
    """A file of a multipart form; its name says what must never be kept."""
    return SimpleUploadedFile(name, content, content_type=content_type)
