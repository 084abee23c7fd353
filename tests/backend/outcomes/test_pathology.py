"""Pathology is entered later, corrected with a history, and known to whoever may see the case."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backend.core.models import ImmutableRowError
from backend.outcomes.models import Pathology
from tests.backend.outcomes.conftest import answered
from tests.factories import browser, user_create

pytestmark = pytest.mark.django_db
FOUND = {"class": "lymphoma", "reported_on": "2026-03-02", "note": "core needle biopsy"}


def enter(client: APIClient, address: str, **change: Any) -> Any:
    return client.post(f"{address}pathology/", {**FOUND, **change}, format="json")


def test_an_entry_is_corrected_by_another_and_both_are_kept(clinician: APIClient) -> None:
    address = answered(clinician)
    assert clinician.get(f"{address}pathology/").json() == {"entries": []}
    assert enter(clinician, address).status_code == 201
    assert enter(clinician, address, **{"class": "benign"}, note="second opinion").status_code == 201
    entries = clinician.get(f"{address}pathology/").json()["entries"]
    assert [(row["class"], row["note"], row["author"]) for row in entries] == [
        ("benign", "second opinion", "l.chen"),
        ("lymphoma", "core needle biopsy", "l.chen"),
    ]
    with pytest.raises(ImmutableRowError):
        Pathology.objects.update(class_name="benign")


def test_a_wrong_entry_is_refused(clinician: APIClient) -> None:
    address = answered(clinician)
    ahead = (timezone.localdate() + timedelta(days=3)).isoformat()
    for change, field, status in (
        ({"class": "cyst"}, "class", 400),
        ({"reported_on": ahead}, "reported_on", 422),
    ):
        refused = enter(clinician, address, **change)
        assert refused.status_code == status
        assert set(refused.json()["errors"]) == {field}
    assert not Pathology.objects.exists()


def test_strangers_see_none_and_auditors_enter_none(clinician: APIClient) -> None:
    address = answered(clinician)
    enter(clinician, address)
    assert browser(user_create()).get(f"{address}pathology/").status_code == 404
    auditor = browser(user_create(role="auditor"))
    assert len(auditor.get(f"{address}pathology/").json()["entries"]) == 1
    assert enter(auditor, address).status_code == 403
