"""Comparisons over REST: who may ask and look, what is refused, what a page gets, in how many queries."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.accounts.scopes import Scope
from backend.comparisons.models import Comparison, ComparisonCase
from backend.outcomes.models import Pathology
from backend.registry.choices import VersionState
from backend.registry.models import ModelVersion, VersionEvent
from backend.registry.services import model_version_activate
from ml.taxonomy import CLASS_NAMES
from tests.backend.comparisons.conftest import answer_some, compare_all
from tests.factories import browser, program, user_create

pytestmark = pytest.mark.django_db
Make = Callable[..., Comparison]
WHY = {"last": 10, "reason": "before July"}


@pytest.fixture
def admin(model_admin: User) -> APIClient:
    return browser(model_admin)


def rerun(client: APIClient, version: ModelVersion, body: dict[str, Any] | None = None) -> Any:
    address = f"/api/v1/models/{version.pk}/rerun/"
    return client.post(address, WHY if body is None else body, format="json")


def address_of(comparison: Comparison, rest: str = "") -> str:
    return f"/api/v1/comparisons/{comparison.pk}/{rest}"


def test_a_candidate_is_compared_from_request_to_figures(
    admin: APIClient, clinician: APIClient, candidate: ModelVersion, versions: dict[str, ModelVersion]
) -> None:
    answer_some(clinician, 4)
    asked = rerun(admin, candidate, {"last": 3, "reason": "  before July "})
    assert asked.status_code == 202, asked.content
    assert asked["Location"].endswith(address_of(Comparison.objects.get()))
    assert asked.json()["state"] == "queued"
    assert asked.json()["counts"] == {"total": 3, "done": 0, "failed": 0, "agree": 0, "changed": 0}
    assert (asked.json()["agreement"], asked.json()["shift"]) == (None, None)
    assert asked.json()["latency_ms"] == {"baseline": None, "candidate": None}
    compare_all()
    shown = admin.get(asked["Location"]).json()
    assert (shown["state"], shown["modality"], shown["reason"]) == ("finished", "2d", "before July")
    assert shown["candidate"]["id"] == str(candidate.pk)
    assert shown["baseline"]["id"] == str(versions["2d"].pk)
    assert shown["requested_by"] == User.objects.get(groups__name="model_admin").username
    assert shown["finished_at"] > shown["created_at"]
    counts = shown["counts"]
    assert (counts["total"], counts["done"], counts["agree"] + counts["changed"]) == (3, 3, 3)
    assert shown["agreement"] == pytest.approx(counts["agree"] / 3)
    assert sum(sum(row.values()) for row in shown["confusion"].values()) == 3
    assert sum(shown["confusion"][name][name] for name in CLASS_NAMES) == counts["agree"]
    assert sum(shift["mean"] for shift in shown["shift"].values()) == pytest.approx(0, abs=1e-6)
    assert shown["latency_ms"]["baseline"]["median"] > 0
    assert shown["latency_ms"]["candidate"]["p95"] >= shown["latency_ms"]["candidate"]["median"]
    assert shown["outcome"] is None


def test_every_comparison_is_in_the_history(comparison: Make, model_admin: User) -> None:
    made = comparison(1)
    event = VersionEvent.objects.get(action="compared")
    assert (event.version, event.actor, event.reason) == (made.candidate, model_admin, "before July")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"last": 0, "reason": "x"}, (400, "invalid")),
        ({"last": 1001, "reason": "x"}, (400, "invalid")),
        ({"last": "many", "reason": "x"}, (400, "invalid")),
        ({"reason": "x"}, (400, "invalid")),
        ({"last": 5, "reason": "x" * 501}, (400, "invalid")),
        ({"last": 5, "reason": "  "}, (422, "reason_missing")),
        ({"last": 5}, (422, "reason_missing")),
    ],
)
def test_a_bad_request_is_refused_and_leaves_nothing(
    admin: APIClient,
    clinician: APIClient,
    candidate: ModelVersion,
    body: dict[str, Any],
    refusal: tuple[int, str],
) -> None:
    answer_some(clinician, 1)
    answer = rerun(admin, candidate, body)
    assert (answer.status_code, answer.json()["code"]) == refusal
    assert not Comparison.objects.exists()
    assert not VersionEvent.objects.filter(action="compared").exists()


@pytest.mark.parametrize(
    ("state", "code"),
    [("active", "active"), *((s, "not_checked") for s in ("uploaded", "checking", "rejected", "retired"))],
)
def test_only_a_checked_version_is_compared(
    admin: APIClient, clinician: APIClient, candidate: ModelVersion, state: str, code: str
) -> None:
    answer_some(clinician, 1)
    if state == VersionState.ACTIVE:
        model_version_activate(version=candidate, actor=None, reason="test")
    else:
        ModelVersion.objects.filter(pk=candidate.pk).update(state=state)
    answer = rerun(admin, candidate)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert not Comparison.objects.exists()


def test_without_an_answered_image_of_the_modality_there_is_nothing_to_compare(
    admin: APIClient, candidate: ModelVersion
) -> None:
    answer = rerun(admin, candidate)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_compare")
    assert not Comparison.objects.exists()


def test_an_unknown_version_or_comparison_is_not_found(admin: APIClient) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    for path in ("", "cases/", f"cases/{nobody}/image.png", f"cases/{nobody}/cam/answered/benign.png"):
        assert admin.get(f"/api/v1/comparisons/{nobody}/{path}").status_code == 404
    assert admin.post(f"/api/v1/comparisons/{nobody}/cancel/").status_code == 404
    assert admin.post(f"/api/v1/models/{nobody}/rerun/", WHY, format="json").status_code == 404


def test_the_list_is_narrowed_to_a_candidate_in_few_queries(
    admin: APIClient, comparison: Make, candidate: ModelVersion, versions: dict[str, ModelVersion]
) -> None:
    made = [comparison(1), comparison(1)]
    compare_all()
    shown = admin.get(f"/api/v1/comparisons/?candidate={candidate.pk}").json()["results"]
    assert [row["id"] for row in shown] == [str(row.pk) for row in reversed(made)]
    assert [row["counts"]["done"] for row in shown] == [2, 1]
    assert all(row["agreement"] is not None for row in shown)
    assert admin.get(f"/api/v1/comparisons/?candidate={versions['2d'].pk}").json()["results"] == []
    assert admin.get("/api/v1/comparisons/?candidate=x").status_code == 400
    few = queries(admin, "/api/v1/comparisons/")
    comparison(1)
    assert queries(admin, "/api/v1/comparisons/") == few


def test_figures_and_cases_take_as_many_queries_for_many_cases_as_for_few(
    admin: APIClient, comparison: Make
) -> None:
    small, large = comparison(2), comparison(6)
    compare_all()
    assert large.cases.count() == 8
    for rest in ("", "cases/"):
        assert queries(admin, address_of(small, rest)) == queries(admin, address_of(large, rest))


def queries(client: APIClient, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_cases_show_both_answers_and_both_maps(admin: APIClient, comparison: Make) -> None:
    made = comparison(3)
    waiting = admin.get(address_of(made, "cases/")).json()["results"][0]
    assert (waiting["state"], waiting["candidate"], waiting["changed"]) == ("queued", None, None)
    assert waiting["cams"]["candidate"] is None
    compare_all()
    rows = admin.get(address_of(made, "cases/")).json()["results"]
    assert [row["case_label"] for row in rows] == ["N-2", "N-1", "N-0"]
    for row in rows:
        assert row["answered"]["version"]["name"]
        for side in ("answered", "candidate"):
            probabilities = row[side]["probabilities"]
            assert row[side]["class"] == max(probabilities, key=probabilities.get)
            addresses = list(filter(None, row["cams"][side].values()))
            assert addresses
            for address in (*addresses, f"{addresses[0]}?style=overlay"):
                assert picture_at(admin, address).size == (row["width"], row["height"])
        assert row["changed"] == (row["answered"]["class"] != row["candidate"]["class"])
        assert picture_at(admin, row["image"]).mode == "RGB"
        assert (row["failure"], row["outcome"]) == (None, None)


def picture_at(client: APIClient, address: str) -> Image.Image:
    answer = client.get(address)
    assert answer.status_code == 200, address
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Image.open(io.BytesIO(content))


def test_the_cases_are_narrowed_to_those_that_changed(admin: APIClient, comparison: Make) -> None:
    made = comparison(3)
    compare_all()
    first = made.cases.first()
    ComparisonCase.objects.filter(pk=first.pk).update(changed=True)
    ComparisonCase.objects.filter(comparison=made).exclude(pk=first.pk).update(changed=False)
    changed = admin.get(address_of(made, "cases/?changed=true")).json()["results"]
    assert [row["id"] for row in changed] == [str(first.pk)]
    assert len(admin.get(address_of(made, "cases/?changed=false")).json()["results"]) == 2


def test_the_cases_come_in_pages(admin: APIClient, comparison: Make) -> None:
    made = comparison(3)
    page = admin.get(address_of(made, "cases/?page_size=2")).json()
    rest = admin.get(page["next"]).json()
    labels = [row["case_label"] for row in (*page["results"], *rest["results"])]
    assert labels == ["N-2", "N-1", "N-0"]
    assert rest["next"] is None


def test_a_failed_case_says_why(admin: APIClient, comparison: Make, storage: Path) -> None:
    made = comparison(1)
    (storage / made.cases.get().prediction.image.key).unlink()
    compare_all()
    [row] = admin.get(address_of(made, "cases/")).json()["results"]
    assert (row["state"], row["failure"]["code"]) == ("failed", "storage_error")
    assert admin.get(row["image"]).json()["code"] == "file_missing"
    assert admin.get(address_of(made)).json()["counts"]["failed"] == 1
    assert admin.get(address_of(made)).json()["agreement"] is None


def test_maps_that_are_not_there_are_said(admin: APIClient, comparison: Make) -> None:
    made = comparison(1)
    cams = address_of(made, f"cases/{made.cases.get().pk}/cam/")
    answers = {
        f"{cams}candidate/benign.png": (404, "no_answer"),
        f"{cams}answered/nonsense.png": (404, "unknown_class"),
        f"{cams}both/benign.png": (404, "unknown_side"),
        f"{cams}answered/benign.png?style=x": (422, "invalid"),
    }
    for address, expected in answers.items():
        answer = admin.get(address)
        assert (answer.status_code, answer.json()["code"]) == expected, address


def test_a_case_is_found_under_its_own_comparison_only(admin: APIClient, comparison: Make) -> None:
    one, other = comparison(1), comparison(1)
    address = address_of(one, f"cases/{other.cases.first().pk}/image.png")
    assert admin.get(address).status_code == 404


def test_cancelling_over_rest(admin: APIClient, comparison: Make) -> None:
    made = comparison(2)
    cancelled = admin.post(address_of(made, "cancel/"))
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    again = admin.post(address_of(made, "cancel/"))
    assert (again.status_code, again.json()["code"]) == (409, "already_finished")


def test_several_baselines_are_named_case_by_case(
    admin: APIClient, clinician: APIClient, comparison: Make, candidate: ModelVersion, versions
) -> None:
    answer_some(clinician, 1)
    model_version_activate(version=candidate, actor=None, reason="for a while")
    answer_some(clinician, 1, first=1)
    ModelVersion.objects.filter(pk=candidate.pk).update(state=VersionState.CHECKED)
    candidate.refresh_from_db()
    made = comparison(0)
    assert admin.get(address_of(made)).json()["baseline"] is None
    rows = admin.get(address_of(made, "cases/")).json()["results"]
    assert [row["answered"]["version"]["id"] for row in rows] == [str(candidate.pk), str(versions["2d"].pk)]


READING = ("", "cases/", "cases/{case}/image.png", "cases/{case}/cam/answered/{shown}.png")


def test_who_may_read_and_who_may_change(comparison: Make, candidate: ModelVersion) -> None:
    made = comparison(1)
    case = made.cases.get()
    shown = next(name for name, key in case.prediction.maps.items() if key)
    reading = ["/api/v1/comparisons/"]
    reading += [address_of(made, path.format(case=case.pk, shown=shown)) for path in READING]
    writing = [address_of(made, "cancel/"), f"/api/v1/models/{candidate.pk}/rerun/"]
    readers = {"auditor": 200, "model_admin": 200, "clinician": 403, None: 403, "nobody": 401}
    for role, status in readers.items():
        client = browser() if role == "nobody" else browser(user_create(**({"role": role} if role else {})))
        assert {client.get(address).status_code for address in reading} == {status}, role
        refused = {client.post(address, WHY, format="json").status_code for address in writing}
        assert refused == ({200, 202} if role == "model_admin" else {401 if role == "nobody" else 403}), role
    site_admin = browser(user_create(is_superuser=True))
    assert {site_admin.get(address).status_code for address in reading} == {200}


def test_a_token_needs_its_scope(comparison: Make, model_admin: User, candidate: ModelVersion) -> None:
    made = comparison(1)
    reader = program(model_admin, name="r", scopes=[Scope.MODELS_READ])
    writer = program(model_admin, name="w", scopes=[Scope.MODELS_WRITE])
    assert reader.get(address_of(made)).status_code == 200
    assert reader.post(address_of(made, "cancel/")).json()["code"] == "scope_missing"
    assert writer.get(address_of(made)).json()["code"] == "scope_missing"
    assert rerun(writer, candidate).status_code == 202
    assert writer.post(address_of(made, "cancel/")).status_code == 200


def test_the_admin_shows_comparisons_and_changes_nothing(comparison: Make, client) -> None:
    made = comparison(1)
    client.force_login(user_create(is_superuser=True, is_staff=True))
    listed = client.get("/admin/comparisons/comparison/")
    assert listed.status_code == 200
    assert made.candidate.name in listed.content.decode()
    shown = client.get(f"/admin/comparisons/comparison/{made.pk}/change/")
    assert shown.status_code == 200
    assert "before July" in shown.content.decode()
    assert client.get("/admin/comparisons/comparison/add/").status_code == 403
    assert client.post(f"/admin/comparisons/comparison/{made.pk}/delete/").status_code == 403


def test_pathology_is_set_beside_both_answers(
    admin: APIClient, comparison: Make, clinician: APIClient
) -> None:
    made = comparison(2)
    compare_all()
    known = made.cases.select_related("prediction__analysis__case").get(position=0)
    case = known.prediction.analysis.case
    Pathology.objects.create(case=case, class_name="benign", reported_on="2026-01-02")
    Pathology.objects.create(case=case, class_name=known.candidate_class, reported_on="2026-01-03")
    rows = admin.get(address_of(made, "cases/")).json()["results"]
    assert [row["outcome"] for row in rows] == [known.candidate_class, None]
    assert admin.get(address_of(made)).json()["outcome"] == {
        "known": 1,
        "answered_right": int(known.answered_class == known.candidate_class),
        "candidate_right": 1,
    }
