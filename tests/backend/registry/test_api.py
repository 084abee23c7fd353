"""The list, the card, the history, for each kind of reader."""

import uuid
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from backend.registry.services import model_version_activate
from tests.factories import browser, model_version_create, program, user_create

pytestmark = pytest.mark.django_db
MODELS, HISTORY = "/api/v1/models/", "/api/v1/models/history/"


def names(client: APIClient, query: str = "") -> list[str]:
    return [line["name"] for line in client.get(MODELS + query).json()["results"]]


@pytest.fixture
def versions(tmp_path: Path) -> None:
    model_version_create(tmp_path, name="former", activate=True)
    model_version_create(tmp_path, name="present", activate=True)
    model_version_create(tmp_path, name="candidate")
    model_version_create(tmp_path, name="colour", modality="cdfi", activate=True)


def test_readers_see_what_answers_or_answered_and_staff_see_all(versions: None, api: APIClient) -> None:
    assert names(api) == names(program(user_create())) == ["colour", "present", "former"]
    assert names(browser(user_create(role="model_admin"))) == ["colour", "candidate", "present", "former"]


def test_the_list_filters(versions: None, api: APIClient) -> None:
    assert names(api, "?modality=cdfi") == ["colour"]
    assert names(api, "?state=active") == ["colour", "present"]
    answer = api.get(MODELS + "?state=nonsense")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_the_list_pages(versions: None, api: APIClient) -> None:
    first = api.get(MODELS + "?page_size=2").json()
    assert len(first["results"]) == 2
    assert first["previous"] is None
    second = api.get(first["next"]).json()
    assert [line["name"] for line in second["results"]] == ["former"]
    assert second["next"] is None
    answer = api.get(MODELS + "?cursor=nonsense")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_card_tells_the_manifest(tmp_path: Path, api: APIClient) -> None:
    version = model_version_create(tmp_path, activate=True, metrics={"auc": {"macro": 0.81}})
    card = api.get(f"{MODELS}{version.pk}/").json()
    assert card["synthetic"] is True
    assert card["class_names"] == ["benign", "lymphoma", "metastatic"]
    assert card["metrics"] == {"auc": {"macro": 0.81}}
    assert card["limits"] == ["SYNTHETIC", "Random weights."]
    assert card["tensor_sha256"] == version.tensor_sha256
    assert card["input_size"] == 64
    assert "file" not in card


def test_a_candidate_is_hidden_from_readers(tmp_path: Path, api: APIClient) -> None:
    path = f"{MODELS}{model_version_create(tmp_path).pk}/"
    assert api.get(path).status_code == 404
    assert browser(user_create(role="model_admin")).get(path).status_code == 200
    assert api.get(f"{MODELS}{uuid.uuid4()}/").status_code == 404


def test_the_history_names_people_to_staff_alone(tmp_path: Path, api: APIClient) -> None:
    actor = user_create(username="doctor")
    version = model_version_create(tmp_path)
    model_version_activate(version=version, actor=actor, reason="trial")
    line = api.get(HISTORY).json()["results"][0]
    assert line["version"]["id"] == str(version.pk)
    assert (line["from_version"], line["actor"], line["reason"]) == (None, None, "trial")
    assert browser(user_create(role="model_admin")).get(HISTORY).json()["results"][0]["actor"] == "doctor"


@pytest.mark.parametrize(("path", "most"), [(MODELS, 3), (HISTORY, 2)])
def test_lists_ask_the_database_a_fixed_number_of_times(
    versions: None, api: APIClient, path: str, most: int
) -> None:
    """The site's settings; versions and their checks, or the history."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        api.get(path)
    assert len(queries) == most


def test_versions_are_not_edited_or_deleted(api: APIClient) -> None:
    client = browser(user_create(role="model_admin"))
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(MODELS).status_code == 405
