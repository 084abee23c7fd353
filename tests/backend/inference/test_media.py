"""Images and maps: right sizes and colours, cached privately, only for those who may."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.inference import media
from backend.inference.models import Prediction
from backend.registry.models import ModelVersion
from ml.colormap import overlay
from tests.backend.inference.conftest import post, work_off
from tests.factories import browser
from tests.pictures import picture, png, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(versions: dict[str, ModelVersion]):
    """(client, its only prediction as the API shows it)."""
    client = browser()
    address = post(client, {"image_2d": upload(png(4, 120, 90))})["Location"]
    work_off()
    return client, client.get(address).json()["predictions"][0]


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def opened(answer) -> Image.Image:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(content_of(answer)))


def shown_class(prediction: dict) -> str:
    return next(name for name, address in prediction["cams"].items() if address)


def test_the_image_is_the_stored_one(answered) -> None:
    client, prediction = answered
    assert np.array_equal(
        np.asarray(opened(client.get(prediction["image"]))), np.asarray(picture(4, 120, 90))
    )


def test_the_heatmap_is_grey_in_the_images_size(answered) -> None:
    client, prediction = answered
    heatmap = opened(client.get(prediction["cams"][shown_class(prediction)]))
    assert (heatmap.mode, heatmap.size) == ("L", (120, 90))
    assert heatmap.getextrema()[1] == 255


@pytest.mark.parametrize("colormap", ["inferno", "jet"])
def test_the_overlay_is_the_map_over_the_image(answered, colormap: str, monkeypatch) -> None:
    monkeypatch.setattr(media, "ROWS_AT_ONCE", 32)
    client, prediction = answered
    address = prediction["cams"][shown_class(prediction)]
    levels = np.asarray(opened(client.get(address)))
    drawn = opened(client.get(f"{address}?style=overlay&colormap={colormap}"))
    assert np.array_equal(np.asarray(drawn), np.asarray(overlay(picture(4, 120, 90), levels, colormap)))


@pytest.mark.parametrize("query", ["", "?style=overlay", "?style=overlay&colormap=jet"])
def test_pictures_are_cached_privately_and_asked_for_again_cheaply(answered, query: str) -> None:
    client, prediction = answered
    for address in (prediction["image"], prediction["cams"][shown_class(prediction)] + query):
        first = client.get(address)
        assert first["Cache-Control"] == "private, max-age=86400, immutable"
        assert first["Vary"] == "Cookie, Authorization"
        again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again["ETag"]) == (304, first["ETag"])
        stranger = browser().get(address, HTTP_IF_NONE_MATCH=first["ETag"])
        assert stranger.status_code == 404


def test_each_picture_has_its_own_etag(answered) -> None:
    client, prediction = answered
    cam = prediction["cams"][shown_class(prediction)]
    addresses = [prediction["image"], cam, f"{cam}?style=overlay", f"{cam}?style=overlay&colormap=jet"]
    assert len({client.get(address)["ETag"] for address in addresses}) == 4


def test_no_evidence_has_no_map_and_says_so(answered) -> None:
    client, prediction = answered
    row = Prediction.objects.get()
    Prediction.objects.update(maps={**row.maps, "lymphoma": None})
    answer = client.get(f"/api/v1/predictions/{prediction['id']}/cam/lymphoma.png")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_positive_evidence")


def test_odd_questions_have_clear_answers(answered) -> None:
    client, prediction = answered
    base = f"/api/v1/predictions/{prediction['id']}/cam"
    assert client.get(f"{base}/odd.png").json()["code"] == "unknown_class"
    odd = client.get(f"{base}/benign.png?style=odd")
    assert (odd.status_code, list(odd.json()["errors"])) == (422, ["style"])
    assert client.get(f"{base}/benign.png?style=overlay&colormap=odd").status_code == 422


def test_before_the_answer_there_is_an_image_but_no_map(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    prediction = post(client, {"image_2d": upload(png())}).json()["predictions"][0]
    assert client.get(prediction["image"]).status_code == 200
    answer = client.get(f"/api/v1/predictions/{prediction['id']}/cam/benign.png")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_answer")


def test_a_file_that_is_gone_is_not_an_error_of_ours(answered, storage: Path) -> None:
    client, prediction = answered
    for path in storage.rglob("*.png"):
        path.unlink()
    cam = prediction["cams"][shown_class(prediction)]
    for address in (prediction["image"], cam, f"{cam}?style=overlay"):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "file_missing")


def test_media_have_no_public_address(answered, storage: Path) -> None:
    key = next(storage.rglob("images/*.png")).relative_to(storage)
    for prefix in ("/media/", "/", "/static/", "/api/v1/"):
        answer = browser().get(f"{prefix}{key}")
        assert answer.status_code in (404, 503) or answer["Content-Type"].startswith("text/html")
    assert json.dumps(str(key))
