"""What an answer says of itself: sets, flags, the case's set; kept with the answer for ever."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from rest_framework.test import APIClient

from backend.inference import engine
from backend.inference.answer import ImageAnswer, case_answer
from backend.inference.models import Prediction
from backend.inference.trust import Evidence, Looks, trust_columns
from backend.registry.models import ModelVersion
from backend.site.models import SiteSettings
from ml.predict import Result
from ml.taxonomy import CLASS_NAMES, Modality
from ml.trust.slot import SlotReading
from ml.trust.ultrasound import UltrasoundReading
from tests.backend.inference.conftest import post, three_images, work_off
from tests.factories import browser, user_create
from tests.pictures import encoded, upload


def of(*values: float) -> dict[str, float]:
    return dict(zip(CLASS_NAMES, values, strict=True))


def looks(modality: Modality, *, sure: float = 0.9) -> Looks:
    return Looks(SlotReading(modality, sure), UltrasoundReading(0.1))


def evidence(**changes: Any) -> Evidence:
    fields = {
        "probabilities": of(0.2, 0.1, 0.7),
        "p_values": None,
        "unlikeness": None,
        "modality": Modality.B_MODE,
        "looks": looks(Modality.B_MODE),
        "manifest": {},
        "synthetic": True,
    }
    return Evidence(**{**fields, **changes})


WEAK = {"metrics": {"recall": of(0.9, 0.48, 0.91)}}


def test_without_calibration_there_is_no_set() -> None:
    columns = trust_columns(evidence(), level=90)
    assert (columns["p_values"], columns["prediction_set"], columns["set_level"]) == (None, None, None)
    assert columns["flags"] == []


@pytest.mark.parametrize(("level", "expected"), [(80, ["metastatic"]), (95, ["benign", "metastatic"])])
def test_the_set_is_the_one_at_the_sites_level(level: int, expected: list[str]) -> None:
    columns = trust_columns(evidence(p_values=of(0.08, 0.01, 0.6)), level=level)
    assert (columns["prediction_set"], columns["set_level"]) == (expected, level)


@pytest.mark.parametrize(("synthetic", "word"), [(True, "phantoms"), (False, "learned from")])
def test_an_image_beyond_the_versions_threshold_is_flagged(synthetic: bool, word: str) -> None:
    near, far = (
        trust_columns(evidence(unlikeness=value, synthetic=synthetic), level=90) for value in (1.0, 1.01)
    )
    assert near["flags"] == []
    [flag] = far["flags"]
    assert flag["code"] == "unlike_training"
    assert word in flag["detail"]


@pytest.mark.parametrize(("probability", "flagged"), [(0.99, True), (0.6, False)])
def test_what_looks_like_another_modality_is_flagged_where_that_is_sure(
    probability: float, flagged: bool
) -> None:
    columns = trust_columns(evidence(looks=looks(Modality.CDFI, sure=probability)), level=90)
    assert [flag["code"] for flag in columns["flags"]] == (["wrong_slot"] if flagged else [])
    if flagged:
        assert columns["flags"][0]["looks_like"] == "cdfi"


@pytest.mark.parametrize(
    ("changes", "flagged"),
    [
        ({}, True),  # lymphoma at 10 %
        ({"probabilities": of(0.25, 0.05, 0.7)}, False),
        ({"p_values": of(0.5, 0.2, 0.5)}, True),
        ({"p_values": of(0.5, 0.05, 0.5)}, False),  # the set leaves it out
    ],
)
def test_a_weakness_is_named_where_the_class_is_in_play(changes: dict[str, Any], flagged: bool) -> None:
    flags = trust_columns(evidence(manifest=WEAK, **changes), level=90)["flags"]
    assert [flag["code"] for flag in flags] == (["known_weakness"] if flagged else [])
    if flagged:
        assert "48 %" in flags[0]["detail"]
        assert (flags[0]["class_name"], flags[0]["recall"]) == ("lymphoma", 0.48)


def calibrated(probabilities: dict[str, float], p_values: dict[str, float]) -> ImageAnswer:
    return ImageAnswer(Modality.B_MODE, probabilities, p_values, 90)


def test_calibrated_images_make_the_case_surer() -> None:
    alone = calibrated(of(0.2, 0.1, 0.7), of(0.3, 0.04, 0.6))
    [one, two] = (case_answer([alone] * count) for count in (1, 2))
    assert (one.method, two.method) == ("product_of_experts",) * 2
    assert one.probabilities == pytest.approx(of(0.2, 0.1, 0.7))
    assert two.probabilities["metastatic"] == pytest.approx(0.49 / (0.49 + 0.04 + 0.01))
    assert one.prediction_set == ["benign", "metastatic"]


def test_several_images_ask_each_more_strictly() -> None:
    """At 90 % with two images, each may be wrong in one of twenty."""
    sure, unsure = of(0.06, 0.04, 0.6), of(0.9, 0.9, 0.9)
    answers = [calibrated(of(0.2, 0.1, 0.7), found) for found in (sure, unsure)]
    assert case_answer(answers[:1]).prediction_set == ["metastatic"]
    assert case_answer(answers).prediction_set == ["benign", "metastatic"]


def test_one_uncalibrated_image_leaves_the_case_uncalibrated() -> None:
    mixed = case_answer(
        [calibrated(of(0.2, 0.1, 0.7), of(1, 1, 1)), ImageAnswer(Modality.CDFI, of(0.2, 0.1, 0.7))]
    )
    assert (mixed.method, mixed.prediction_set, mixed.set_level) == ("log_mean", None, None)


def trusted(result: Result) -> Result:
    """As a version that is calibrated on synthetic images says it, of an image unlike them."""
    return replace(result, calibrated=True, p_values=of(0.5, 0.02, 0.3), unlikeness=3.5)


@pytest.fixture
def client(versions: dict[str, ModelVersion], storage: Path, monkeypatch: pytest.MonkeyPatch) -> APIClient:
    answers = engine.answers
    monkeypatch.setattr(engine, "answers", lambda *given: [trusted(one) for one in answers(*given)])
    return browser(user_create())


@pytest.mark.django_db
def test_the_answer_carries_it_for_ever(client: APIClient) -> None:
    address = post(client, three_images())["Location"]  # type: ignore[index]
    work_off()
    SiteSettings.objects.update_or_create(pk=1, defaults={"set_level": 99})
    shown = client.get(address).json()
    for prediction in shown["predictions"]:
        assert prediction["calibrated"] is True
        assert (prediction["prediction_set"], prediction["set_level"]) == (["benign", "metastatic"], 90)
        assert "unlike_training" in [flag["code"] for flag in prediction["flags"]]
        assert "p_values" not in prediction
    assert shown["case_answer"]["method"] == "product_of_experts"
    assert shown["case_answer"]["set_level"] == 90
    assert Prediction.objects.filter(unlikeness=3.5).count() == 3
    again = post(client, three_images())["Location"]  # type: ignore[index]
    work_off()
    assert client.get(again).json()["predictions"][0]["set_level"] == 99


@pytest.mark.django_db
def test_how_doubt_is_shown_is_the_sites_choice_and_every_page_knows_it(client: APIClient) -> None:
    session = "/api/v1/auth/session/"
    assert client.get(session).json()["gate_policy"] == "ask"
    SiteSettings.objects.update_or_create(pk=1, defaults={"gate_policy": "beside"})
    assert client.get(session).json()["gate_policy"] == "beside"


@pytest.mark.django_db
def test_nothing_of_it_is_told_before_the_first_read(client: APIClient) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"first_read": "all"})
    address = post(client, three_images())["Location"]  # type: ignore[index]
    work_off()
    for prediction in client.get(address).json()["predictions"]:
        assert (prediction["prediction_set"], prediction["set_level"], prediction["flags"]) == (
            None,
            None,
            [],
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "en",
            ["Cannot be ruled out at the 90 % level", "benign or", "computer-made images only", "Product of"],
        ),
        ("zh-hans", ["在 90% 水平不能排除", "良性或转移性", "没有意义", "经校准概率的乘积"]),
    ],
)
def test_the_report_says_it(client: APIClient, lang: str, wanted: list[str]) -> None:
    address = post(client, three_images())["Location"]  # type: ignore[index]
    work_off()
    page = PdfReader(io.BytesIO(client.get(f"{address}report.pdf?lang={lang}").content)).pages[0]
    text = page.extract_text().replace("\n", " " if lang == "en" else "")
    likely = client.get(address).json()["case_answer"]["probabilities"]
    first, second = ("良性", "转移性") if likely["benign"] >= likely["metastatic"] else ("转移性", "良性")
    for sentence in wanted:
        assert sentence.replace("良性或转移性", f"{first}或{second}").replace("benign or", "or") in text
    assert "not calibrated" not in text


def test_the_levels_on_offer_can_all_be_asked_of_several_images() -> None:
    for level in SiteSettings._meta.get_field("set_level").choices:
        answers = [ImageAnswer(Modality.B_MODE, of(0.3, 0.3, 0.4), of(1, 1, 1), level[0])] * 3
        assert case_answer(answers).prediction_set == list(CLASS_NAMES)


@pytest.mark.django_db
def test_a_site_may_refuse_what_is_no_ultrasound(client: APIClient) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"gate_policy": "refuse"})
    files = {**three_images(), "image_2d": upload(encoded(Image.new("RGB", (320, 240), "white")))}
    address = post(client, files)["Location"]  # type: ignore[index]
    work_off()
    shown = client.get(address).json()
    answers = {prediction["modality"]: prediction for prediction in shown["predictions"]}
    assert (answers["2d"]["state"], answers["2d"]["failure"]["code"]) == ("failed", "not_ultrasound")
    assert "scanner" in answers["2d"]["failure"]["detail"]


@pytest.mark.django_db
def test_elsewhere_it_is_answered_and_flagged(client: APIClient) -> None:
    files = {"image_2d": upload(encoded(Image.new("RGB", (320, 240), "white")))}
    address = post(client, files)["Location"]  # type: ignore[index]
    work_off()
    (prediction,) = client.get(address).json()["predictions"]
    assert prediction["state"] == "succeeded"
    assert prediction["flags"][0]["code"] == "not_ultrasound"
