"""A look at a file: shown as an upload would be read, nothing kept, bounded in every direction."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import LazySettings
from PIL import Image
from pydicom import Dataset
from rest_framework.test import APIClient

from backend.studies.decoding import strip
from backend.studies.decoding.dicom_kind import modality_hint
from backend.studies.decoding.strip import coarse_to_fine
from backend.studies.models import Case, UltrasoundImage
from tests.dicom_files import dicom
from tests.factories import browser
from tests.pictures import encoded, picture, png, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_stored(db: None, storage: Path):
    yield
    assert not Case.objects.exists()
    assert not UltrasoundImage.objects.exists()
    assert [path for path in storage.rglob("*") if path.is_file()] == []


def look(content: bytes, client: APIClient | None = None, **fields: Any):
    form = {"image": upload(content), **fields}
    return (client or browser()).post("/api/v1/previews/", form, format="multipart")


def opened(data_uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(data_uri.partition(",")[2])))


def cine(count: int = 5, **elements: Any) -> bytes:
    """Frame n has the value 10 × n everywhere."""
    levels = np.arange(count, dtype=np.uint8)[:, None, None] * 10
    return dicom(np.broadcast_to(levels, (count, 40, 50)), **elements)


def us_region(**changes: int) -> Dataset:
    region = Dataset()
    corners = {"MinX0": 4, "MinY0": 2, "MaxX1": 43, "MaxY1": 37}
    for name, value in corners.items():
        setattr(region, f"RegionLocation{name}", value)
    region.RegionSpatialFormat, region.RegionDataType = 1, 1
    for name, value in changes.items():
        setattr(region, name, value)
    return region


def test_a_cine_shows_its_middle_frame_and_what_the_scanner_marked() -> None:
    answer = look(cine(SequenceOfUltrasoundRegions=[us_region()]))
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    shown = opened(body.pop("picture"))
    assert (shown.format, shown.mode, shown.size) == ("PNG", "L", (50, 40))
    assert np.all(np.asarray(shown) == 20)
    assert body == {
        "format": "dicom",
        "width": 50,
        "height": 40,
        "frame": 2,
        "frame_count": 5,
        "region": [4, 2, 40, 36],
        "suggested_modality": None,
        "stills": [],
    }
    assert b"Doe" not in answer.content


def test_the_wanted_frame_and_stills_of_the_film() -> None:
    body = look(cine(), frame="4", stills="3").json()
    assert body["frame"] == 4
    assert np.all(np.asarray(opened(body["picture"])) == 40)
    assert [still["frame"] for still in body["stills"]] == [0, 1, 3]
    for still in body["stills"]:
        image = opened(still["picture"])
        assert image.format == "JPEG"
        assert abs(float(np.mean(np.asarray(image))) - 10 * still["frame"]) < 2


def test_stills_are_spread_even_when_time_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(100))
    monkeypatch.setattr(strip, "monotonic", lambda: next(clock) * 0.3 * strip.STRIP_MAX_SECONDS)
    frames = [still["frame"] for still in look(cine(20), stills="20").json()["stills"]]
    assert frames == [0, 8, 16]


def test_every_frame_is_named_once() -> None:
    assert sorted(coarse_to_fine(5, 64)) == [0, 1, 2, 3, 4]
    spread = sorted(coarse_to_fine(1000, 10))
    assert spread == list(range(0, 1000, 100))


def test_a_large_picture_is_shown_small_in_its_true_colours_and_measured_whole() -> None:
    body = look(encoded(picture(width=2000, height=500), "TIFF")).json()
    shown = opened(body["picture"])
    assert (body["format"], body["width"], body["height"]) == ("tiff", 2000, 500)
    assert (shown.mode, shown.size) == ("RGB", (1024, 256))
    small = picture(width=2000, height=500).resize((1024, 256), Image.Resampling.LANCZOS)
    assert np.array_equal(np.asarray(shown), np.asarray(small))


@pytest.mark.parametrize(
    ("image_type", "regions", "expected"),
    [
        (None, [], None),
        (["ORIGINAL", "PRIMARY", "SMALL PARTS", "0001"], [us_region()], None),
        (["ORIGINAL", "PRIMARY", "SMALL PARTS", "0011"], [], "cdfi"),
        (["ORIGINAL", "PRIMARY", "SMALL PARTS", "0100"], [], "cdfi"),
        (["ORIGINAL", "PRIMARY", "SMALL PARTS", "0201"], [], "elastography"),
        (["ORIGINAL", "PRIMARY", "SMALL PARTS", "DOE"], [us_region(RegionDataType=2)], "cdfi"),
        (["ORIGINAL"], [], None),
    ],
)
def test_what_the_header_says_of_the_kind(image_type, regions, expected) -> None:
    header = Dataset()
    header.ImageType, header.SequenceOfUltrasoundRegions = image_type, regions
    assert modality_hint(header) == expected


def test_the_hint_reaches_the_page() -> None:
    answer = look(cine(ImageType=["ORIGINAL", "PRIMARY", "NECK", "0010"]))
    assert answer.json()["suggested_modality"] == "cdfi"


@pytest.mark.parametrize(
    ("content", "fields", "status", "errors"),
    [
        (b"", {}, 422, {"image": ["empty_file"]}),
        (b"<svg/>", {}, 415, {"image": ["unsupported_format"]}),
        (png()[:200], {}, 422, {"image": ["truncated"]}),
        (png(width=20), {}, 422, {"image": ["too_small"]}),
        (png(), {"frame": "0"}, 422, {"frame": ["frame_not_offered"]}),
        (cine(), {"frame": "5"}, 422, {"frame": ["frame_out_of_range"]}),
        (cine(), {"frame": "one", "stills": "-1"}, 422, {"frame": ["invalid"], "stills": ["invalid"]}),
        (png(), {"label": "N-17"}, 422, {"label": ["unknown_field"]}),
    ],
)
def test_reasons_by_field(content: bytes, fields: dict[str, str], status: int, errors: dict) -> None:
    answer = look(content, **fields)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    found = {
        name: [one["code"] for one in reasons] for name, reasons in sorted(answer.json()["errors"].items())
    }
    assert (answer.json()["code"], found) == ("preview_refused", errors)


def test_a_form_without_its_file_and_one_with_another() -> None:
    client = browser()
    empty = client.post("/api/v1/previews/", {"frame": "1"}, format="multipart")
    assert (empty.status_code, list(empty.json()["errors"])) == (422, ["image"])
    other = client.post("/api/v1/previews/", {"image_2d": upload(png())}, format="multipart")
    assert other.json()["errors"]["image_2d"][0]["code"] == "unknown_field"


def test_a_file_that_is_too_large_is_not_kept_while_it_comes(settings: LazySettings) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    answer = look(b"\x89PNG" + b"x" * 5000)
    assert (answer.status_code, answer.json()["errors"]["image"][0]["code"]) == (413, "too_large")


def test_so_many_a_minute(settings: LazySettings) -> None:
    settings.PREVIEWS_PER_MINUTE = 2
    client = browser()
    assert [look(png(), client).status_code for _ in range(3)] == [200, 200, 429]
    assert look(png(), client)["Retry-After"] == "60"


def test_only_for_those_who_may_work_here(settings: LazySettings) -> None:
    stranger = APIClient(enforce_csrf_checks=True)
    assert look(png(), stranger).status_code == 403
    client = browser()
    settings.ALLOW_ANONYMOUS = False
    assert look(png(), client).status_code == 401
