"""The clinician's own read comes first: until it is saved, no address of the server tells the answer."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.comparisons.services import comparison_request
from backend.core.models import ImmutableRowError
from backend.core.problems import Conflict
from backend.inference.models import Prediction
from backend.outcomes.models import ClinicianRead, Verdict
from backend.registry.models import ModelVersion
from backend.site.models import SiteSettings
from tests.backend.outcomes.conftest import answered, post, work_off
from tests.factories import browser, program, user_create

pytestmark = pytest.mark.django_db
READ = {"class": "benign", "confidence": "medium"}
CLASSES = {"benign", "lymphoma", "metastatic"}


def send(client: APIClient, address: str, body: dict[str, Any]) -> Any:
    return client.post(address, body, format="json")


def map_addresses(analysis_address: str) -> list[str]:
    """Of every map that exists, whether or not the API names it."""
    rows = Prediction.objects.filter(analysis_id=analysis_address.split("/")[-2])
    return [
        f"/api/v1/predictions/{row.pk}/cam/{name}.png"
        for row in rows
        for name, key in (row.maps or {}).items()
        if key
    ]


@pytest.mark.usefixtures("first_read")
def test_nobody_is_told_the_answer_before_the_read(clinician: APIClient) -> None:
    address = answered(clinician)
    reader = User.objects.get(username="l.chen")
    everybody = [
        clinician,
        program(reader),
        browser(user_create(role="auditor")),
        browser(user_create(is_superuser=True)),
    ]
    maps = map_addresses(address)
    assert maps
    for client in everybody:
        shown = client.get(address).json()
        assert (shown["withheld"], shown["first_read"], shown["case_answer"]) == (True, "awaited", None)
        listed = client.get("/api/v1/analyses/").json()["results"]
        for row in (shown, *listed):
            for one in row["predictions"]:
                assert (one["state"], one["probabilities"], one["cams"]) == ("succeeded", None, None)
                assert (one["prediction_set"], one["flags"]) == (None, [])
        for path in maps:
            for style in ("heatmap", "overlay"):
                refused = client.get(path, {"style": style})
                assert (refused.status_code, refused.json()["code"]) == (403, "read_first")
        assert client.get(shown["predictions"][0]["image"]).status_code == 200


@pytest.mark.usefixtures("first_read")
def test_neither_report_nor_search_tells_it(clinician: APIClient) -> None:
    address = answered(clinician)
    refused = clinician.get(f"{address}report.pdf")
    assert (refused.status_code, refused.json()["code"]) == (403, "read_first")

    def found() -> int:
        return len(clinician.get("/api/v1/analyses/", {"answer": sorted(CLASSES)}).json()["results"])

    assert found() == 0
    assert send(clinician, f"{address}read/", READ).status_code == 201
    assert found() == 1
    assert clinician.get(f"{address}report.pdf").content.startswith(b"%PDF")


@pytest.mark.usefixtures("first_read")
def test_the_read_reveals_the_answer_and_is_kept_for_good(clinician: APIClient) -> None:
    address = answered(clinician)
    saved = send(clinician, f"{address}read/", READ)
    assert saved.status_code == 201
    assert saved.json()["read"] | {"id": "", "created_at": ""} == {
        "id": "",
        "created_at": "",
        "author": "l.chen",
        **READ,
    }
    shown = clinician.get(address).json()
    assert (shown["withheld"], shown["first_read"]) == (False, "saved")
    assert set(shown["case_answer"]["probabilities"]) == CLASSES
    assert all(one["cams"] is not None for one in shown["predictions"])
    assert {clinician.get(path).status_code for path in map_addresses(address)} == {200}
    again = send(clinician, f"{address}read/", {"class": "metastatic", "confidence": "high"})
    assert (again.status_code, again.json()["code"]) == (409, "read_exists")
    row = ClinicianRead.objects.get()
    row.class_name = "metastatic"
    with pytest.raises(ImmutableRowError):
        row.save()
    with pytest.raises(ImmutableRowError):
        ClinicianRead.objects.update(class_name="metastatic")


@pytest.mark.usefixtures("first_read")
def test_one_may_read_while_the_model_still_works(clinician: APIClient) -> None:
    address = f"/api/v1/analyses/{post(clinician).json()['id']}/"
    assert send(clinician, f"{address}read/", READ).status_code == 201
    work_off()
    assert clinician.get(address).json()["case_answer"] is not None


@pytest.mark.usefixtures("first_read")
def test_only_the_owner_reads(clinician: APIClient) -> None:
    address = answered(clinician)
    for client, status in (
        (browser(user_create()), 404),
        (browser(user_create(is_superuser=True)), 404),
        (browser(user_create(role="auditor")), 403),
    ):
        assert send(client, f"{address}read/", READ).status_code == status
    assert clinician.get(address).json()["withheld"] is True


def test_a_read_has_a_class_and_a_confidence(clinician: APIClient, first_read: None) -> None:
    address = answered(clinician)
    for wrong in ({"class": "benign"}, {"confidence": "low"}, {"class": "cyst", "confidence": "low"}):
        assert send(clinician, f"{address}read/", wrong).status_code == 400
    assert clinician.get(address).json()["withheld"] is True


def test_the_mode_counts_at_the_moment_of_sending(clinician: APIClient) -> None:
    site = SiteSettings.objects.create(first_read="choice")
    open_one = answered(clinician)
    User.objects.filter(username="l.chen").update(first_read=True)
    held = answered(clinician)
    SiteSettings.objects.update(first_read="off")
    assert site.first_read == "choice"
    assert [clinician.get(one).json()["withheld"] for one in (open_one, held)] == [False, True]
    refused = send(clinician, f"{open_one}read/", READ)
    assert (refused.status_code, refused.json()["code"]) == (409, "read_not_asked")


@pytest.mark.usefixtures("first_read")
def test_a_comparison_tells_nothing_that_is_withheld(
    clinician: APIClient, versions: dict[str, ModelVersion]
) -> None:
    answered(clinician)
    candidate = versions["2d"]
    ModelVersion.objects.filter(pk=candidate.pk).update(state="checked")
    candidate.refresh_from_db()
    with pytest.raises(Conflict):
        comparison_request(candidate=candidate, last=5, actor=user_create(role="model_admin"), reason="x")


@pytest.mark.usefixtures("first_read")
def test_the_verdict_waits_for_the_read_then_agrees_or_overrides(clinician: APIClient) -> None:
    address = answered(clinician)
    early = send(clinician, f"{address}verdict/", {"agrees": True})
    assert (early.status_code, early.json()["code"]) == (409, "read_first")
    send(clinician, f"{address}read/", READ)
    probabilities = clinician.get(address).json()["case_answer"]["probabilities"]
    named = max(probabilities, key=probabilities.__getitem__)
    other = sorted(CLASSES - {named})[0]
    agreed = send(clinician, f"{address}verdict/", {"agrees": True}).json()["verdicts"]
    assert [(row["agrees"], row["class"]) for row in agreed] == [(True, named)]
    for body, code in (
        ({"agrees": False, "reason": "x"}, "another_class"),
        ({"agrees": False, "class": named, "reason": "x"}, "another_class"),
        ({"agrees": False, "class": other, "reason": "  "}, "reason_missing"),
    ):
        refused = send(clinician, f"{address}verdict/", body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    body = {"agrees": False, "class": other, "reason": "hilum is preserved"}
    verdicts = send(clinician, f"{address}verdict/", body).json()["verdicts"]
    assert [(row["agrees"], row["class"]) for row in verdicts] == [(False, other), (True, named)]


def test_what_was_said_goes_with_the_case(
    clinician: APIClient, django_capture_on_commit_callbacks: Any
) -> None:
    address = answered(clinician)
    send(clinician, f"{address}verdict/", {"agrees": True})
    assert Verdict.objects.count() == 1
    assert clinician.delete(address).status_code == 204
    assert not Verdict.objects.exists()
