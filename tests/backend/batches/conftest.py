"""A clinician with active versions behind, and batches made over REST."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.registry.models import ModelVersion
from tests.backend.inference.conftest import checkpoints, imported_rows, versions  # noqa: F401 (fixtures)
from tests.factories import browser, user_create
from tests.pictures import png, upload

BATCHES = "/api/v1/batches/"


@pytest.fixture
def clinician(versions: dict[str, ModelVersion]) -> APIClient:  # noqa: F811
    return browser(user_create(username="l.chen"))


def begun(client: APIClient, name: str = "screening") -> str:
    """The address of a new batch."""
    made = client.post(BATCHES, {"name": name}, format="json")
    assert made.status_code == 201, made.json()
    return f"{BATCHES}{made.json()['id']}/"


def send_case(client: APIClient, batch: str, label: str, seed: int = 1, **headers: str) -> Any:
    """One more case with a 2D image."""
    form = {"image_2d": upload(png(seed)), "case_label": label}
    return client.post(f"{batch}cases/", form, format="multipart", **headers)
