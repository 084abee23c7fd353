"""Active model versions, and a worker that is called by hand."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.inference import pipeline
from backend.inference.models import Prediction
from backend.registry.models import ModelVersion
from tests.factories import version_of
from tests.pictures import png, upload
from tests.tiny_models import tiny_checkpoints


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three real checkpoints, made once a session."""
    return tiny_checkpoints(tmp_path_factory.mktemp("checkpoints"))


@pytest.fixture(scope="session")
def imported_rows() -> dict[str, dict[str, Any]]:
    """Columns of the versions that the first test has imported, by modality."""
    return {}


@pytest.fixture
def versions(
    db: None, storage: Path, checkpoints: dict[str, Path], imported_rows: dict[str, dict[str, Any]]
) -> dict[str, ModelVersion]:
    """An active version for every modality: really imported once a session, then the same rows again."""
    if not imported_rows:
        for modality, path in checkpoints.items():
            version = version_of(path, activate=True)
            imported_rows[modality] = ModelVersion.objects.filter(pk=version.pk).values().get()
        return {version.modality: version for version in ModelVersion.objects.all()}
    return {modality: _again(row, checkpoints[modality], storage) for modality, row in imported_rows.items()}


def _again(row: dict[str, Any], checkpoint: Path, storage: Path) -> ModelVersion:
    """The same id, so that the engine need not load it again; the file is a link to the checkpoint."""
    (storage / "models").mkdir(parents=True, exist_ok=True)
    (storage / row["file"]).symlink_to(checkpoint)
    return ModelVersion.objects.create(**row)


def three_images() -> dict[str, object]:
    """A form with an image in every slot."""
    return {
        "image_2d": upload(png(1)),
        "image_cdfi": upload(png(2)),
        "image_elastography": upload(png(3)),
        "case_label": "N-17",
    }


def post(client: APIClient, form: dict[str, object] | None = None, **headers: str) -> object:
    """POST the form as a browser does."""
    return client.post(
        "/api/v1/analyses/", three_images() if form is None else form, format="multipart", **headers
    )


def work_off() -> None:
    """What a worker does with the hints of everything that is queued."""
    for pk in list(Prediction.objects.filter(state="queued").values_list("pk", flat=True)):
        pipeline.work(str(pk))
