"""A form with anything wrong in it is refused as a whole, with a reason per field, and leaves nothing."""

from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from backend.inference import services
from backend.inference.models import Analysis, KeyReservation, Prediction
from backend.studies.models import Case, UltrasoundImage
from tests.backend.inference.conftest import post
from tests.dicom_files import dicom
from tests.factories import browser
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db


def image():
    return upload(png())


def cine():
    return upload(dicom(np.zeros((5, 40, 50), np.uint8)))


@pytest.fixture(autouse=True)
def _nothing_is_left(db: None, storage: Path):
    yield
    assert not any(
        model.objects.exists() for model in (Case, UltrasoundImage, Analysis, Prediction, KeyReservation)
    )
    assert [path for path in storage.rglob("*") if path.is_file()] == []


def codes(answer) -> dict[str, list[str]]:
    assert answer["Content-Type"] == "application/problem+json"
    return {name: [reason["code"] for reason in reasons] for name, reasons in answer.json()["errors"].items()}


@pytest.mark.parametrize(
    ("form", "status", "expected"),
    [
        ({}, 422, {"non_field_errors": ["no_image"]}),
        ({"case_label": "N-17"}, 422, {"non_field_errors": ["no_image"]}),
        ({"image_2d": lambda: upload(b"")}, 422, {"image_2d": ["empty_file"]}),
        ({"image_2d": lambda: upload(b"<svg/>")}, 415, {"image_2d": ["unsupported_format"]}),
        ({"image_2d": image, "image_cdfi": lambda: upload(b"no")}, 422, {"image_cdfi": ["not_an_image"]}),
        (
            {"image_2d": lambda: upload(b"GIF89a"), "image_cdfi": lambda: upload(png()[:200])},
            422,
            {"image_2d": ["unsupported_format"], "image_cdfi": ["truncated"]},
        ),
        ({"image_2d": "not a file"}, 422, {"image_2d": ["not_a_file"]}),
        ({"image_2d": image, "image_mri": image}, 422, {"image_mri": ["unknown_field"]}),
        ({"image_2d": image, "patient": "Jane"}, 422, {"patient": ["unknown_field"]}),
        ({"image_2d": lambda: [upload(png()), upload(png())]}, 422, {"image_2d": ["several_files"]}),
        ({"image_2d": image, "case_label": "x" * 65}, 422, {"case_label": ["too_long"]}),
        ({"image_2d": image, "case_label": "a\x07b"}, 422, {"case_label": ["invalid"]}),
        ({"image_2d": image, "region_2d": "1,2,3"}, 422, {"region_2d": ["invalid_region"]}),
        ({"image_2d": image, "region_2d": "90,2,40,40"}, 422, {"region_2d": ["region_outside"]}),
        ({"image_2d": image, "region_2d": "0,0,4,4"}, 422, {"region_2d": ["region_too_small"]}),
        ({"image_2d": image, "frame_2d": "first"}, 422, {"frame_2d": ["invalid_frame"]}),
        ({"image_2d": image, "frame_2d": "0"}, 422, {"frame_2d": ["frame_not_offered"]}),
        ({"image_cdfi": cine, "frame_cdfi": "5"}, 422, {"frame_cdfi": ["frame_out_of_range"]}),
    ],
)  # fmt: skip
def test_reasons_by_field(form: dict[str, object], status: int, expected: dict[str, list[str]]) -> None:
    made = {name: value() if callable(value) else value for name, value in form.items()}
    answer = post(browser(), made, HTTP_IDEMPOTENCY_KEY="refused")
    assert answer.status_code == status, answer.content
    assert codes(answer) == expected
    assert answer.json()["code"] == ("no_image" if "non_field_errors" in expected else "upload_refused")


def test_a_file_that_is_too_large_is_not_even_kept_while_it_comes(settings: LazySettings) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    answer = post(browser(), {"image_2d": upload(b"\x89PNG" + b"x" * 5000)})
    assert answer.status_code == 413
    assert codes(answer) == {"image_2d": ["too_large"]}


def test_a_body_that_is_too_large_is_refused_unread(settings: LazySettings) -> None:
    settings.MAX_BODY_BYTES = 1000
    answer = post(browser())
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("content_type", ["application/json", "image/png", "text/plain"])
def test_another_body_than_a_form_is_refused(content_type: str) -> None:
    answer = browser().post("/api/v1/analyses/", data=b"{}", content_type=content_type)
    assert answer.status_code == 415


def test_a_broken_form_is_refused() -> None:
    answer = browser().post("/api/v1/analyses/", data=b"--x\r\n", content_type="multipart/form-data")
    assert answer.status_code == 400


@pytest.mark.parametrize("key", ["", "has space", "x" * 129, "tab\t", "ümlaut"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    answer = post(browser(), {"image_2d": upload(png())}, HTTP_IDEMPOTENCY_KEY=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_idempotency_key")


def test_files_are_deleted_when_the_rows_can_not_be_written(
    monkeypatch: pytest.MonkeyPatch, storage: Path
) -> None:
    """The database fails after the files were stored."""

    def broken(*args: object) -> None:
        assert len(list(storage.rglob("*.png"))) == 1
        raise DatabaseError("gone")

    monkeypatch.setattr(services, "predictions_create", broken)
    client = browser()
    client.raise_request_exception = False
    assert post(client, {"image_2d": upload(png())}).status_code == 500


def test_a_file_name_with_tricks_is_ignored() -> None:
    evil = SimpleUploadedFile("../../etc/passwd\x00.png", b"nothing", content_type="text/html")
    assert codes(post(browser(), {"image_2d": evil})) == {"image_2d": ["not_an_image"]}


def test_a_full_queue_takes_nothing_more(settings: LazySettings) -> None:
    settings.MAX_QUEUED_IMAGES = 0
    answer = post(browser(), {"image_2d": upload(png())})
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "queue_full", "10")
