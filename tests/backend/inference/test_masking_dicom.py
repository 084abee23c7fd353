"""A DICOM file with a name in its header and the same name burned into its pixels leaves no trace of it."""

import io
from pathlib import Path

import numpy as np
import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core import serializers
from PIL import Image, ImageDraw
from pydicom import Dataset, examples

from backend.registry.models import ModelVersion
from backend.studies.models import UltrasoundImage
from tests.backend.inference.conftest import post, work_off
from tests.factories import browser, user_create
from tests.pictures import upload
from tests.written_pictures import is_covered, write

pytestmark = pytest.mark.django_db
MARK = "Quendel-Zwetschge"
TEXT_ELEMENTS = {"PN", "LO", "SH", "LT", "ST", "UT", "AE", "UC"}


def marked_dicom() -> bytes:
    """pydicom's own ultrasound example: the mark in every text of the header, and in the pixels."""
    dataset = examples.rgb_color
    picture = Image.fromarray(dataset.pixel_array)
    ImageDraw.Draw(picture).rectangle((0, 0, picture.width, 42), fill="black")  # the example's own lines
    write(picture, MARK, size=14)
    dataset.PixelData = np.asarray(picture).tobytes()
    assert mark_texts(dataset) > 5
    dataset.PatientName = dataset.PatientID = dataset.PatientComments = MARK
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def mark_texts(dataset: Dataset) -> int:
    """How many elements now hold the mark."""
    texts = [element for element in dataset if element.VR in TEXT_ELEMENTS]
    for element in texts:
        element.value = MARK[:16]
    return len(texts)


def traces(text: str) -> list[str]:
    return [part for part in (MARK, MARK[:16], "Quendel", "Zwetschge") if part.lower() in text.lower()]


def test_no_trace_of_the_name_is_left(
    versions: dict[str, ModelVersion],
    settings: LazySettings,
    storage: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.MASK_TEXT = True
    caplog.set_level("DEBUG")
    client = browser(user_create())
    content = marked_dicom()
    assert traces(content.decode("latin-1"))
    sent = post(client, {"image_2d": upload(content, f"{MARK}.dcm", "application/dicom")})
    address = str(sent["Location"])  # type: ignore[index]
    work_off()
    shown = client.get(address).json()["predictions"][0]
    assert (shown["state"], shown["source_format"], shown["masking"]) == ("succeeded", "dicom", "done")

    for path in storage.rglob("*.png"):
        assert traces(path.read_bytes().decode("latin-1")) == []
        assert Image.open(path).info == {}  # no metadata of any kind
        assert traces(str(path)) == []
    assert traces(caplog.text) == []
    for model in apps.get_models(include_auto_created=True):
        assert traces(serializers.serialize("json", model._default_manager.all())) == [], model
    image = UltrasoundImage.objects.get()
    with Image.open(storage / image.key) as stored:
        assert is_covered(stored.convert("RGB"), MARK, size=14)
