"""A link for colleagues: reads one analysis, changes nothing, ends when it is told to or by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backend.inference.models import AnalysisShare
from backend.registry.models import ModelVersion
from tests.backend.inference.conftest import post, work_off
from tests.factories import browser, user_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(versions: dict[str, ModelVersion]) -> tuple[APIClient, str, dict]:
    """(the owner's browser, the analysis's address, the link as it was made)."""
    owner = browser(user_create())
    address = f"/api/v1/analyses/{post(owner).json()['id']}/"
    work_off()
    made = owner.post(f"{address}share/", {"days": 7})
    assert made.status_code == 201, made.content
    return owner, address, made.json()


def _open(client: APIClient, token: str) -> int:
    return client.post("/api/v1/shared/", {"token": token}).status_code


def _addresses(owner: APIClient, address: str) -> list[str]:
    prediction = owner.get(address).json()["predictions"][0]
    maps = [cam for cam in prediction["cams"].values() if cam]
    return [address, f"{address}report.pdf", prediction["image"], *maps]


def test_a_colleague_reads_everything_and_changes_nothing(shared) -> None:
    owner, address, made = shared
    colleague = browser(user_create())
    addresses = _addresses(owner, address)
    assert [colleague.get(one).status_code for one in addresses] == [404] * len(addresses)
    opened = colleague.post("/api/v1/shared/", {"token": made["token"]})
    assert opened.json() == {"analysis": owner.get(address).json()["id"]}
    assert [colleague.get(one).status_code for one in addresses] == [200] * len(addresses)
    assert colleague.delete(address).status_code == 404
    assert colleague.post(f"{address}cancel/").status_code == 404
    assert colleague.get(f"{address}share/").status_code == 404
    assert colleague.post(f"{address}share/", {}).status_code == 404
    assert colleague.delete(f"{address}share/{made['id']}/").status_code == 404
    assert colleague.get("/api/v1/analyses/").json()["results"] == []


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_an_ended_link_opens_nothing_any_more(shared, end: str) -> None:
    owner, address, made = shared
    colleague = browser(user_create())
    assert _open(colleague, made["token"]) == 200
    if end == "revoked":
        assert owner.delete(f"{address}share/{made['id']}/").status_code == 204
    else:
        AnalysisShare.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    addresses = _addresses(owner, address)
    assert [colleague.get(one).status_code for one in addresses] == [404] * len(addresses)
    assert _open(colleague, made["token"]) == 404
    assert owner.get(f"{address}share/").json() == []


def test_only_the_hash_is_kept_and_only_the_account_that_opened_reads(shared) -> None:
    owner, address, made = shared
    assert made["token"] not in str(AnalysisShare.objects.values().get())
    assert "token" not in owner.get(f"{address}share/").json()[0]
    colleague = user_create(username="dr.wu")
    assert _open(browser(colleague), made["token"]) == 200
    assert _open(browser(colleague), made["token"]) == 200
    assert owner.get(f"{address}share/").json()[0]["opened_by"] == ["dr.wu"]
    assert browser(user_create()).get(address).status_code == 404
    assert _open(browser(), made["token"]) == 401
    assert _open(browser(user_create()), made["token"] + "x") == 404


def test_how_long_and_how_many_is_bounded(shared) -> None:
    owner, address, _ = shared
    assert owner.post(f"{address}share/", {"days": 91}).status_code == 400
    for _ in range(19):
        assert owner.post(f"{address}share/", {}).status_code == 201
    full = owner.post(f"{address}share/", {})
    assert (full.status_code, full.json()["code"]) == (409, "too_many_shares")


def test_a_deleted_analysis_takes_its_links_along(shared) -> None:
    owner, address, _ = shared
    assert owner.delete(address).status_code == 204
    assert not AnalysisShare.objects.exists()
