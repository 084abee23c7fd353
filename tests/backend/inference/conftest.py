"""Active model versions, and a worker that is called by hand."""

from pathlib import Path

import pytest
from rest_framework.test import APIClient

from backend.inference import pipeline
from backend.inference.models import Prediction
from backend.registry.models import ModelVersion
from backend.registry.services import model_version_import
from tests.pictures import png, upload
from tests.tiny_models import tiny_checkpoints


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three real checkpoints, made once a session."""
    return tiny_checkpoints(tmp_path_factory.mktemp("checkpoints"))


@pytest.fixture
def versions(db: None, storage: Path, checkpoints: dict[str, Path]) -> dict[str, ModelVersion]:
    """An active version for every modality."""
    return {
        modality: model_version_import(path=path, activate=True) for modality, path in checkpoints.items()
    }


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
