"""The site's settings: who changes them, within which bounds, that they act, and what is written down."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone
from rest_framework.test import APIClient

from backend.core.models import ImmutableRowError
from backend.inference.retention import old_cases_purge
from backend.registry.models import ModelVersion
from backend.site.models import SettingsChange
from backend.studies.models import Case
from tests.backend.inference.conftest import (  # noqa: F401 (fixtures)
    checkpoints,
    imported_rows,
    post,
    versions,
    work_off,
)
from tests.factories import browser, program, user_create
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db
SETTINGS, SESSION, OWN = "/api/v1/settings/", "/api/v1/auth/session/", "/api/v1/auth/first-read/"


@pytest.fixture
def chief() -> APIClient:
    """The browser of a site admin."""
    return browser(user_create(username="chief", is_superuser=True))


def change(client: APIClient, **fields: Any) -> Any:
    return client.patch(SETTINGS, fields, format="json")


def test_the_defaults_are_those_of_a_site_that_nobody_has_changed(chief: APIClient) -> None:
    shown = chief.get(SETTINGS).json()
    assert shown["settings"] == {
        "anonymous_use": True,
        "keep_images": True,
        "mask_text": True,
        "retention_days": 0,
        "first_read": "off",
        "set_level": 90,
        "gate_policy": "ask",
        "default_language": "browser",
    }
    assert shown["bounds"] == {
        "anonymous_use": True,
        "mask_text": False,
        "retention_days": 3650,
        "anonymous_hours": 24,
    }
    assert shown["changes"] == []


def test_a_change_is_written_down_and_an_equal_value_is_none(chief: APIClient) -> None:
    assert change(chief, retention_days=90, first_read="off").status_code == 200
    shown = change(chief, retention_days=90, default_language="zh").json()
    record = [(row["actor"], row["field"], row["old"], row["new"]) for row in shown["changes"]]
    assert record == [("chief", "default_language", "browser", "zh"), ("chief", "retention_days", 0, 90)]
    assert browser().get(SESSION).json()["default_language"] == "zh"


def test_the_record_is_never_changed(chief: APIClient) -> None:
    change(chief, retention_days=90)
    line = SettingsChange.objects.get()
    line.new = 3
    for attempt in (line.save, line.delete, SettingsChange.objects.all().delete):
        with pytest.raises(ImmutableRowError):
            attempt()
    with pytest.raises(ImmutableRowError):
        SettingsChange.objects.update(new=3)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("retention_days", -1),
        ("retention_days", 3651),
        ("first_read", "sometimes"),
        ("default_language", "de"),
        ("anonymous_use", "perhaps"),
    ],
)
def test_a_value_out_of_bounds_changes_nothing(chief: APIClient, field: str, value: object) -> None:
    refused = change(chief, **{"default_language": "zh", field: value})
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {field}
    assert not SettingsChange.objects.exists()


@pytest.mark.parametrize("role", ["clinician", "model_admin", "auditor"])
def test_only_a_site_admin_in_a_browser_may(role: str) -> None:
    client = browser(user_create(role=role))
    assert {client.get(SETTINGS).status_code, change(client, retention_days=1).status_code} == {403}
    token = program(user_create(is_superuser=True))
    assert token.get(SETTINGS).json()["code"] == "token_not_enough"


def test_the_row_closes_the_site_at_once_and_the_environment_is_the_upper_bound(
    chief: APIClient, settings: LazySettings
) -> None:
    visitor = browser()
    assert visitor.get("/api/v1/analyses/").status_code == 200
    change(chief, anonymous_use=False)
    assert visitor.get("/api/v1/analyses/").status_code == 401
    assert visitor.get(SESSION).json()["anonymous_allowed"] is False
    settings.ALLOW_ANONYMOUS = False
    shown = change(chief, anonymous_use=True).json()
    assert (shown["settings"]["anonymous_use"], shown["bounds"]["anonymous_use"]) == (True, False)
    assert visitor.get("/api/v1/analyses/").status_code == 401


def test_old_cases_go_with_their_files_and_young_ones_stay(
    chief: APIClient,
    versions: dict[str, ModelVersion],  # noqa: F811
    storage: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    owner = browser(user_create())
    ids = [post(owner, {"image_2d": upload(png(seed))}).json()["id"] for seed in (1, 2)]
    work_off()
    Case.objects.filter(analyses=ids[0]).update(created_at=timezone.now() - timedelta(days=31))
    assert old_cases_purge() == 0  # nothing is deleted before somebody has asked for it
    change(chief, retention_days=30)
    with django_capture_on_commit_callbacks(execute=True):
        assert old_cases_purge() == 1
    assert [owner.get(f"/api/v1/analyses/{pk}/").status_code for pk in ids] == [404, 200]
    assert len(list(storage.rglob("images/*.png"))) == 1
    assert len(list((storage / "maps").iterdir())) == 1


def test_ones_own_first_read_is_ones_own_choice_only_where_the_site_leaves_it(chief: APIClient) -> None:
    user = user_create()
    client = browser(user)
    refused = client.patch(OWN, {"on": True}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "decided_by_site")
    change(chief, first_read="choice")
    assert client.patch(OWN, {"on": True}, format="json").json() == {"mode": "choice", "own": True}
    assert client.get(SESSION).json()["first_read"] == {"mode": "choice", "own": True}
