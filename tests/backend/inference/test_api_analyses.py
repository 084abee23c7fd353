"""The whole job over the API, the worker called by hand."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from backend.inference.models import Analysis, Prediction
from tests.backend.inference.conftest import post, three_images, work_off
from tests.factories import browser, program, user_create
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db


def test_an_upload_is_answered_with_maps(versions) -> None:
    client = browser()
    accepted = post(client)
    assert accepted.status_code == 202, accepted.content
    assert accepted["Location"].endswith(f"/api/v1/analyses/{accepted.json()['id']}/")
    assert int(accepted["Retry-After"]) >= 1
    assert accepted.json()["state"] == "queued"
    assert accepted.json()["queue_position"] == 1
    work_off()
    answer = client.get(accepted["Location"]).json()
    assert answer["state"] == "succeeded"
    assert answer["finished_at"] is not None
    assert answer["queue_position"] is None
    assert [row["modality"] for row in answer["predictions"]] == ["2d", "cdfi", "elastography"]
    for row in answer["predictions"]:
        assert row["state"] == "succeeded"
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-6)
        assert list(row["probabilities"]) == ["benign", "lymphoma", "metastatic"]
        assert row["model_version"]["id"] == str(versions[row["modality"]].pk)
        assert row["model_version"]["synthetic"] is True
        assert row["engine"] == {"name": "torch", "mode": "exact"}
        assert set(row["timings_ms"]) == {"queued", "decode", "features", "cam", "total"}
        assert any(row["cams"].values())
    assert answer["case_answer"]["method"] == "log_mean"
    assert answer["research_use_only"] is True
