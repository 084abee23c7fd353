"""The list as a history: what it can be searched by, and that it stays quick however long it is."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backend.inference.models import Analysis, Prediction
from backend.registry.models import ModelVersion
from ml.taxonomy import CLASS_NAMES
from tests.backend.inference.conftest import post, three_images, work_off
from tests.factories import browser, user_create
from tests.history_rows import analyses_make
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db
LIST = "/api/v1/analyses/"


def _labels(client: APIClient, query: str) -> list[str]:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200, answer.content
    return [row["case_label"] for row in answer.json()["results"]]


def test_the_class_that_the_answer_names_is_searched(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    post(client)
    work_off()
    shares = client.get(LIST).json()["results"][0]["case_answer"]["probabilities"]
    named = max(shares, key=shares.__getitem__)
    for name in CLASS_NAMES:
        assert _labels(client, f"answer={name}") == (["N-17"] if name == named else [])


def test_an_unanswered_analysis_is_of_no_class(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    pk = post(client).json()["id"]
    client.post(f"{LIST}{pk}/cancel/")
    assert _labels(client, "&".join(f"answer={name}" for name in CLASS_NAMES)) == []


def test_version_date_state_and_label_narrow_together(versions: dict[str, ModelVersion]) -> None:
    owner = user_create()
    analyses_make(owner, versions["2d"], range(6))
    client = browser(owner)
    two_minutes_ago = (timezone.now() - timedelta(minutes=2.5)).isoformat().replace("+00:00", "Z")
    assert _labels(client, f"version={versions['2d'].pk}&created_after={two_minutes_ago}") == [
        "N-0",
        "N-1",
        "N-2",
    ]
    assert _labels(client, f"version={versions['cdfi'].pk}") == []
    assert _labels(client, f"version={uuid.uuid4()}") == []
    assert _labels(client, "answer=benign&answer=lymphoma&label=-3") == ["N-3"]
    assert _labels(client, "case_label=N-3&state=succeeded") == ["N-3"]
    assert _labels(client, "case_label=N-") == []
    assert client.get(f"{LIST}?version=none").status_code == 400
    assert client.get(f"{LIST}?answer=none").status_code == 400


@pytest.mark.parametrize("query", ["", "answer=benign&label=N-&state=succeeded", "version={version}"])
def test_a_page_costs_the_same_queries_however_many_there_are(
    versions: dict[str, ModelVersion], django_assert_num_queries, query: str
) -> None:
    owner = user_create()
    client = browser(owner)
    query = query.format(version=versions["2d"].pk)
    analyses_make(owner, versions["2d"], range(3))
    client.get(LIST)  # writes the hour's line of the audit log
    with django_assert_num_queries(6):  # session, account, groups, analyses, predictions, the audit log
        client.get(f"{LIST}?{query}")
    analyses_make(owner, versions["2d"], range(90))
    with django_assert_num_queries(6):
        assert len(client.get(f"{LIST}?{query}&page_size=20").json()["results"]) == 20


def test_deleting_leaves_no_row_and_no_file(
    versions: dict[str, ModelVersion], storage: Path, django_capture_on_commit_callbacks
) -> None:
    client = browser()
    kept, gone = post(client).json()["id"], post(client, three_images() | {"image_2d": upload(png(9))})
    work_off()
    before = _files(storage)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(f"{LIST}{gone.json()['id']}/").status_code == 204
    left = _files(storage)
    keys = {row.image.key for row in Prediction.objects.all()}
    keys |= {key for row in Prediction.objects.all() for key in (row.maps or {}).values() if key}
    assert left == keys
    assert left < before
    assert list(Analysis.objects.values_list("pk", flat=True)) == [uuid.UUID(kept)]


def _files(storage: Path) -> set[str]:
    """Of images and maps; the versions' checkpoints lie beside them."""
    folders = [storage / "images", storage / "maps"]
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(storage)) for path in found}
