"""From a decoded picture to what is stored, and how fields of the form are read."""

import hashlib
import io
import threading
import time

import numpy as np
import pytest
from django.conf import LazySettings
from PIL import Image

from backend.studies.decoding.errors import UnreadableImage
from backend.studies.decoding.picture import Box
from backend.studies.room import PixelRoom
from backend.studies.validation import frame_parse, image_validate, region_parse
from tests.pictures import encoded, picture, png


def code_of(**kwargs: object) -> str:
    with pytest.raises(UnreadableImage) as refusal:
        image_validate(io.BytesIO(png()), modality="2d", **kwargs)
    return refusal.value.code


def test_the_stored_png_holds_the_pixels_and_nothing_else() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Jane Doe"
    validated = image_validate(io.BytesIO(encoded(picture(), "PNG", exif=exif)), modality="2d")
    content = validated.png.read()
    stored = Image.open(io.BytesIO(content))
    assert (stored.format, stored.mode, stored.size) == ("PNG", "RGB", (96, 72))
    assert np.array_equal(np.asarray(stored), np.asarray(picture()))
    assert stored.info == {}
    assert b"Jane" not in content
    assert validated.sha256 == hashlib.sha256(picture().tobytes()).hexdigest()


def test_a_region_inside_the_image_is_kept() -> None:
    assert image_validate(io.BytesIO(png()), modality="2d", region=Box(10, 5, 40, 40)).region == Box(
        10, 5, 40, 40
    )


@pytest.mark.parametrize(
    ("region", "code"),
    [
        (Box(60, 5, 40, 40), "region_outside"),
        (Box(0, 0, 96, 73), "region_outside"),
        (Box(0, 0, 0, 40), "region_outside"),
        (Box(0, 0, 20, 40), "region_too_small"),
    ],
)
def test_a_region_that_does_not_fit_is_refused(region: Box, code: str) -> None:
    assert code_of(region=region) == code


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "-1,2,3,4", "1.5,2,3,4", "1,2,3,9999999", "１,2,3,4"]
)
def test_a_region_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UnreadableImage, match="x,y,w,h"):
        region_parse(text)


def test_a_region_is_read() -> None:
    assert region_parse(" 1, 2,30 ,40") == Box(1, 2, 30, 40)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", "9999999"])
def test_a_frame_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UnreadableImage):
        frame_parse(text)


def test_the_sites_limits_are_kept(settings: LazySettings) -> None:
    settings.MAX_UPLOAD_BYTES = 100
    assert code_of() == "too_large"
    settings.MAX_UPLOAD_BYTES, settings.MAX_PIXELS = 10**6, 100
    assert code_of() == "too_many_pixels"


def test_large_pictures_wait_for_each_other_and_small_ones_do_not() -> None:
    room = PixelRoom(100)
    order: list[str] = []

    def draw(name: str, pixels: int, seconds: float) -> None:
        with room.taken(pixels):
            order.append(f"{name} starts")
            time.sleep(seconds)
            order.append(f"{name} ends")

    threads = [
        threading.Thread(target=draw, args=("first", 500, 0.3)),
        threading.Thread(target=draw, args=("second", 60, 0)),
    ]
    for thread in threads:
        thread.start()
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    assert order == ["first starts", "first ends", "second starts", "second ends"]
