"""An ensemble's answer says how far its members disagree; nobody is told before their own read is saved."""

import io
from pathlib import Path

import pytest
import torch
from pypdf import PdfReader
from rest_framework.test import APIClient

from backend.inference.models import Prediction
from backend.site.models import SiteSettings
from ml.checkpoint import save_checkpoint
from ml.golden_make import with_golden
from ml.model import build_model
from ml.taxonomy import CLASS_NAMES, Modality
from tests.backend.inference.conftest import post, work_off
from tests.factories import browser, manifest_make, user_create, version_of
from tests.pictures import png, upload

ARCHITECTURE = "ensemble:2:resnet18"


@pytest.fixture(scope="session")
def ensemble_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(9)
    path = tmp_path_factory.mktemp("ensemble") / "ensemble.safetensors"
    model = build_model(ARCHITECTURE, 3, 64)
    manifest = manifest_make(modality=Modality.B_MODE, seed=9, architecture=ARCHITECTURE)
    save_checkpoint(path, model, with_golden(manifest, model, "float32"))
    return path


@pytest.fixture
def client(db: None, storage: Path, ensemble_checkpoint: Path) -> APIClient:
    version_of(ensemble_checkpoint, activate=True)
    return browser(user_create())


def answered(client: APIClient) -> str:
    address: str = post(client, {"image_2d": upload(png(1))})["Location"]  # type: ignore[index]
    work_off()
    return address


@pytest.mark.django_db
def test_the_members_range_lies_around_the_answer(client: APIClient) -> None:
    shown = client.get(answered(client)).json()["predictions"][0]
    assert shown["model_version"]["architecture"] == ARCHITECTURE
    assert list(shown["spread"]) == list(CLASS_NAMES)
    for name, share in shown["probabilities"].items():
        assert 0 <= shown["spread"][name]["low"] < share < shown["spread"][name]["high"] <= 1


@pytest.mark.django_db
@pytest.mark.usefixtures("versions")
def test_one_model_alone_has_no_range() -> None:
    client = browser(user_create())
    assert client.get(answered(client)).json()["predictions"][0]["spread"] is None


@pytest.mark.django_db
def test_it_is_withheld_until_the_read_is_saved(client: APIClient) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"first_read": "all"})
    address = answered(client)
    assert Prediction.objects.get().spread is not None
    assert client.get(address).json()["predictions"][0]["spread"] is None
    assert client.get("/api/v1/analyses/").json()["results"][0]["predictions"][0].get("spread") is None
    read = {"class": "benign", "confidence": "medium"}
    assert client.post(f"{address}read/", read, format="json").status_code == 201
    assert client.get(address).json()["predictions"][0]["spread"] is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lang", "words"), [("en", "The 2 members of this model put"), ("zh-hans", "2 个成员")]
)
def test_the_report_says_it(client: APIClient, lang: str, words: str) -> None:
    address = answered(client)
    page = PdfReader(io.BytesIO(client.get(f"{address}report.pdf?lang={lang}").content)).pages[0]
    text = page.extract_text().replace("\n", " " if lang == "en" else "")
    spread = Prediction.objects.get().spread
    assert words in text
    probabilities = Prediction.objects.get().probabilities or {}
    named = max(CLASS_NAMES, key=lambda name: probabilities[name])
    assert f"{100 * spread[named]['high']:.0f}" in text
