"""The case answer by a fitted version: settled when the analysis ends, and the same ever after."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader
from rest_framework.test import APIClient

from backend.inference import engine
from backend.inference.models import Analysis
from backend.registry.errors import RegistryError
from backend.registry.fusions import fusion_by_id
from backend.registry.imports import model_version_import
from backend.registry.models import ModelVersion
from backend.registry.services import model_version_activate
from ml.fusion.build import Words, build_fusion
from ml.fusion.cases import Cases
from ml.fusion.record import read_fusion
from ml.fusion.stack import joined
from ml.manifest import Manifest, read_manifest
from ml.metrics import softmax
from ml.predict import Result
from ml.taxonomy import CLASS_NAMES, MODALITIES, Modality
from tests.backend.inference.conftest import post, three_images, work_off
from tests.factories import browser, checkpoint_write, user_create

pytestmark = pytest.mark.django_db
WORDS = Words("ward fusion", "300 made-up cases", "made", "Apache-2.0", "tests", ("SYNTHETIC",))
SURE = {name: dict(zip(CLASS_NAMES, np.roll((0.96, 0.02, 0.02), place).tolist(), strict=True))
        for place, name in enumerate(CLASS_NAMES)}  # fmt: skip


def fusion_file(out: Path, manifests: dict[Modality, Manifest], seed: int = 1) -> Path:
    """Fitted on made-up cases that each modality sees through its own noise."""
    rng = np.random.default_rng(seed)
    labels = np.arange(300, dtype=np.int64) % 3
    answers = {
        modality: softmax(2 * (rng.normal(size=(300, 3)) + 2 * np.eye(3)[labels])) for modality in MODALITIES
    }
    cases = Cases(answers, labels, np.array([f"p{row}" for row in range(300)]))
    build_fusion(out, cases, manifests, WORDS, 0)
    return out


@pytest.fixture
def fusion(versions: dict[str, ModelVersion], checkpoints: dict[str, Path], tmp_path: Path) -> ModelVersion:
    """An active fusion of the active versions."""
    manifests = {modality: read_manifest(checkpoints[modality]) for modality in MODALITIES}
    path = fusion_file(tmp_path / "fusion.safetensors", manifests)
    return model_version_import(path=path, reason="fitted", activate=True)


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """By modality the class that its image surely shows, calibrated; metastatic where nothing is written."""
    wanted: dict[str, str] = {}
    answers = engine.answers

    def told(version: ModelVersion, images: list, *args: object, **kwargs: object) -> list[Result]:
        named = SURE[wanted.get(version.modality, "metastatic")]
        found = answers(version, images, *args, **kwargs)
        return [replace(one, probabilities=named, p_values=dict.fromkeys(CLASS_NAMES, 0.5)) for one in found]

    monkeypatch.setattr(engine, "answers", told)
    return wanted


def answered(client: APIClient, form: dict[str, object] | None = None) -> tuple[str, dict]:
    location = post(client, form)["Location"]  # type: ignore[index]
    work_off()
    return location, client.get(location).json()


def test_it_joins_the_case_and_is_named_with_it(fusion: ModelVersion, says: dict[str, str]) -> None:
    client = browser(user_create())
    location, shown = answered(client)
    answer = shown["case_answer"]
    assert (answer["method"], answer["conflict"]) == ("fusion", False)
    assert answer["fusion_version"] == {
        "id": str(fusion.pk), "name": "ward fusion", "architecture": "stacking", "synthetic": True,
    }  # fmt: skip
    assert answer["probabilities"]["metastatic"] > 0.96
    assert Analysis.objects.get().answered_class == "metastatic"
    text = PdfReader(_file(client.get(f"{location}report.pdf"))).pages[0].extract_text()
    assert "ward fusion" in " ".join(text.split())


def _file(response: object) -> io.BytesIO:
    content = getattr(response, "content", None) or b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return io.BytesIO(content)


def test_what_joined_a_case_stays_when_another_becomes_active(
    fusion: ModelVersion, says: dict[str, str], checkpoints: dict[str, Path], tmp_path: Path
) -> None:
    client = browser(user_create())
    location, before = answered(client)
    manifests = {modality: read_manifest(checkpoints[modality]) for modality in MODALITIES}
    path = fusion_file(tmp_path / "other.safetensors", manifests, seed=2)
    other = model_version_import(path=path, reason="more cases", activate=True, name="second")
    fusion.refresh_from_db()
    assert fusion.state == "checked"
    assert client.get(location).json()["case_answer"] == before["case_answer"]
    _, after = answered(client)
    assert after["case_answer"]["fusion_version"]["id"] == str(other.pk)
    model_version_activate(version=fusion, actor=None, reason="back")
    assert answered(client)[1]["case_answer"]["fusion_version"]["name"] == "ward fusion"


def test_two_images_are_joined_and_one_answers_for_itself(fusion: ModelVersion, says: dict[str, str]) -> None:
    client = browser(user_create())
    form = three_images()
    del form["image_cdfi"]
    assert answered(client, form)[1]["case_answer"]["method"] == "fusion"
    alone = {"image_2d": three_images()["image_2d"]}
    answer = answered(client, alone)[1]["case_answer"]
    assert (answer["method"], answer["fusion_version"]) == ("product_of_experts", None)
    assert answer["probabilities"] == pytest.approx(SURE["metastatic"])


def test_images_sure_of_different_classes_contradict(fusion: ModelVersion, says: dict[str, str]) -> None:
    says["cdfi"] = "benign"
    _, shown = answered(browser(user_create()))
    assert shown["case_answer"]["method"] == "fusion"
    assert shown["case_answer"]["conflict"] is True


def test_answers_of_other_versions_are_not_joined(
    fusion: ModelVersion, says: dict[str, str], versions: dict[str, ModelVersion]
) -> None:
    ModelVersion.objects.filter(modality="cdfi").update(tensor_sha256="f" * 64)
    _, shown = answered(browser(user_create()))
    assert (shown["case_answer"]["method"], shown["case_answer"]["fusion_version"]) == (
        "product_of_experts", None,
    )  # fmt: skip


def test_uncalibrated_answers_are_not_joined(fusion: ModelVersion) -> None:
    _, shown = answered(browser(user_create()))
    assert shown["case_answer"]["method"] == "log_mean"


def test_the_row_keeps_what_the_file_says(fusion: ModelVersion) -> None:
    answers = dict.fromkeys(MODALITIES, SURE["lymphoma"])
    assert joined(fusion_by_id(fusion.pk), answers) == joined(read_fusion(Path(fusion.file.path)), answers)
    assert {finding["code"] for finding in fusion.last_check.findings} == {
        "manifest_complete", "weights_hash", "architecture_shapes", "golden_answers", "fusion_gain",
    }  # fmt: skip


def test_a_card_says_what_it_joins_and_gains(fusion: ModelVersion, versions: dict[str, ModelVersion]) -> None:
    client = browser(user_create(is_staff=True))
    card = client.get(f"/api/v1/models/{fusion.pk}/").json()
    assert (card["modality"], card["input_size"]) == ("fusion", None)
    assert [one["is_active"] for one in card["fusion"]["inputs"]] == [True] * 3
    assert len(card["fusion"]["gains"]) == 4
    words = client.get(f"/api/v1/models/{fusion.pk}/card.md").content.decode()
    assert "What joining gains" in words
    assert "Calibration" not in words
    plain = client.get(f"/api/v1/models/{versions['2d'].pk}/").json()
    assert plain["fusion"] is None
    listed = client.get("/api/v1/models/", {"modality": "fusion"}).json()["results"]
    assert [one["name"] for one in listed] == ["ward fusion"]


@pytest.mark.parametrize("change", ["weights", "figures"])
def test_an_unfit_file_is_refused_whole(
    change: str, checkpoints: dict[str, Path], tmp_path: Path, storage: Path
) -> None:
    manifests = {modality: read_manifest(checkpoints[modality]) for modality in MODALITIES}
    path = fusion_file(tmp_path / "fusion.safetensors", manifests)
    content = path.read_bytes()
    old, new = (b"conflict_below", b"conflict_abovx") if change == "figures" else (content[-4:], b"\1\1\1\1")
    path.write_bytes(content.replace(old, new) if change == "figures" else content[:-4] + new)
    with pytest.raises(RegistryError) as caught:
        model_version_import(path=path, reason="test", activate=True)
    assert caught.value.code == ("fusion_invalid" if change == "figures" else "wrong_hash")
    assert not ModelVersion.objects.exists()


def test_a_network_can_not_pass_for_a_fusion(tmp_path: Path, storage: Path) -> None:
    path = checkpoint_write(tmp_path, modality="fusion")
    with pytest.raises(RegistryError) as caught:
        model_version_import(path=path, reason="test")
    assert caught.value.code == "fusion_invalid"
