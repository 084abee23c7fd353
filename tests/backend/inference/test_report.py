"""The report: one page, in both languages, with everything on it, for whoever may see the case."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream
from rest_framework.test import APIClient

from backend.inference.models import Prediction
from backend.registry.models import ModelVersion
from tests.backend.inference.conftest import post, three_images, work_off
from tests.factories import browser, user_create
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db
LONG_LABEL = "一例非常长的标识" * 8


def _sent(client: APIClient, form: dict[str, object] | None = None) -> str:
    address = post(client, form).json()["id"]
    return f"/api/v1/analyses/{address}/"


def _read(client: APIClient, address: str, lang: str = "en") -> tuple[PdfReader, str]:
    answer = client.get(f"{address}report.pdf?lang={lang}")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    return reader, reader.pages[0].extract_text()


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("en", ["Research use only: not for diagnosis", "SYNTHETIC", "Case answer", "not calibrated"]),
        ("zh-hans", ["仅供科研使用，不得用于诊断", "合成数据", "病例结果", "概率未经校准", "弹性成像"]),
    ],
)
def test_one_page_says_everything(versions: dict[str, ModelVersion], lang: str, wanted: list[str]) -> None:
    client = browser()
    address = _sent(client)
    work_off()
    reader, text = _read(client, address, lang)
    shown = client.get(address).json()
    for sentence in [*wanted, "N-17", shown["id"]]:
        assert sentence in text
    for prediction in shown["predictions"]:
        assert prediction["model_version"]["name"] in text
        for share in prediction["probabilities"].values():
            assert f"{100 * share:.0f} %" in text
    with_map = sum(1 for one in shown["predictions"] if one["cams"][_named(one["probabilities"])])
    drawn = [one.image for one in reader.pages[0].images if one.image]
    assert len([picture for picture in drawn if picture.height > 8]) == 3 + with_map  # 8: the legend's


def _named(probabilities: dict[str, float]) -> str:
    return max(probabilities, key=lambda name: probabilities[name])


def test_markup_and_long_labels_are_only_text(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    for label in ("<b>&amp;</b> <img src=x>", LONG_LABEL):
        address = _sent(client, three_images() | {"case_label": label})
        work_off()
        text = _read(client, address, "zh-hans")[1].replace("\n", "")
        assert label in text


def test_the_text_stays_on_the_page(versions: dict[str, ModelVersion]) -> None:
    """The fullest page there is: three images, long label, three long flags an image."""
    client = browser()
    address = _sent(client, three_images() | {"case_label": LONG_LABEL})
    work_off()
    flag = {"code": "unlike_training", "detail": "This image is unlike those of the training set. " * 4}
    Prediction.objects.update(flags=[flag] * 3)
    for lang in ("en", "zh-hans"):
        reader, text = _read(client, address, lang)
        assert "UTC" in text
        assert min(_baselines(reader)) >= 18


def _baselines(reader: PdfReader) -> list[float]:
    """Heights of every text matrix on the page, in points from its foot."""
    heights: list[float] = []
    moved = 0.0
    for operands, operator in ContentStream(reader.pages[0].get_contents(), reader).operations:
        if operator == b"cm":
            moved = float(operands[5])
        elif operator == b"Q":
            moved = 0.0
        elif operator == b"Tm":
            heights.append(float(operands[5]) + moved)
    return heights


def test_the_report_waits_for_the_answer(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    answer = client.get(f"{_sent(client)}report.pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_finished")


def test_failed_and_cancelled_cases_have_a_report(versions: dict[str, ModelVersion], storage: Path) -> None:
    client = browser()
    broken = _sent(client, {"image_2d": upload(png(4)), "case_label": "N-18"})
    Prediction.objects.get(state="queued").image.file.delete(save=False)
    work_off()
    assert "could not be read" in _read(client, broken)[1]
    cancelled = _sent(client)
    client.post(f"{cancelled}cancel/")
    assert "Cancelled before there was an answer." in _read(client, cancelled)[1]


def test_strangers_and_wrong_languages_get_nothing(versions: dict[str, ModelVersion]) -> None:
    owner = browser(user_create())
    address = _sent(owner)
    work_off()
    assert browser(user_create()).get(f"{address}report.pdf").status_code == 404
    assert browser().get(f"{address}report.pdf").status_code == 404
    assert owner.get(f"{address}report.pdf?lang=fr").status_code == 422
    assert browser(user_create(role="auditor")).get(f"{address}report.pdf").status_code == 200
