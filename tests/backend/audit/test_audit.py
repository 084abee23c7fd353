"""The audit log: what leaves a line, what the line holds, who reads it, and that nobody changes it."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone
from rest_framework.test import APIClient

from backend.audit.caller import Caller
from backend.audit.choices import ActorKind, AuditAction
from backend.audit.models import AuditEvent
from backend.audit.services import audit_purge, audit_record
from backend.core.models import ImmutableRowError
from backend.inference.models import Prediction
from backend.registry.models import ModelVersion
from backend.registry.services import model_version_activate
from tests.backend.inference.conftest import (  # noqa: F401 (fixtures)
    checkpoints,
    imported_rows,
    post,
    versions,
    work_off,
)
from tests.factories import PASSWORD, browser, model_version_create, program, user_create

pytestmark = pytest.mark.django_db
AUDIT, LOGIN = "/api/v1/audit/", "/api/v1/auth/login/"


def lines(*actions: str) -> list[dict[str, Any]]:
    """What was written, the oldest first; only these actions when some are named."""
    found = AuditEvent.objects.filter(action__in=actions) if actions else AuditEvent.objects.all()
    return list(found.order_by("created_at").values())


def actions_of(client: APIClient, query: str = "") -> list[str]:
    """What the page is shown."""
    answer = client.get(f"{AUDIT}?{query}")
    assert answer.status_code == 200, answer.content
    return [line["action"] for line in answer.json()["results"]]


def test_sign_in_failure_and_sign_out() -> None:
    user = user_create(username="l.chen")
    client = browser()
    client.post(LOGIN, {"username": "l.chen", "password": "hunter2-typed-wrong"})
    client.post(LOGIN, {"username": "my-password-by-mistake", "password": "x"})
    signed_in = browser(user)
    signed_in.post("/api/v1/auth/logout/", HTTP_X_REQUEST_ID="from-the-browser")
    found = lines()
    assert [line["action"] for line in found] == [
        "sign_in_failed", "sign_in_failed", "signed_in", "signed_out",
    ]  # fmt: skip
    wrong, unknown, inside, outside = found
    assert (wrong["actor_kind"], wrong["object_id"], wrong["detail"]) == (
        "anonymous", user.pk, "wrong_credentials: l.chen",
    )  # fmt: skip
    assert (unknown["object_id"], unknown["detail"]) == (None, "wrong_credentials: no such account")
    assert (inside["actor_kind"], inside["actor_id"], inside["actor_name"]) == ("account", user.pk, "l.chen")
    assert (outside["actor_name"], outside["request_id"]) == ("l.chen", "from-the-browser")
    assert {line["address"] for line in found} == {"127.0.0.1"}
    written = str(found)
    assert not any(word in written for word in ("hunter2", "by-mistake", PASSWORD))


def test_a_result_leaves_one_line_an_hour_however_often_it_is_read(
    versions: dict[str, ModelVersion],  # noqa: F811
    django_assert_num_queries: Any,
) -> None:
    owner = browser(user_create(username="owner"))
    address = f"/api/v1/analyses/{post(owner).json()['id']}/"
    owner.get(address)  # nothing to see yet
    assert lines("result_viewed") == []
    work_off()
    shown = owner.get(address).json()
    (line,) = lines("result_viewed")
    assert (line["object_kind"], str(line["object_id"]), line["actor_name"]) == (
        "analysis", shown["id"], "owner",
    )  # fmt: skip
    for _ in range(3):
        owner.get(address)
        owner.get(shown["predictions"][0]["image"])
    assert len(lines("result_viewed")) == 1
    with django_assert_num_queries(6):  # session, account, groups, analysis, predictions, this log
        owner.get(address)
    later = timezone.now() + timedelta(hours=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("backend.audit.services.timezone.now", lambda: later)
        owner.get(address)
    assert len(lines("result_viewed")) == 2
    assert "N-17" not in str(lines())


def test_the_line_names_a_token_owner_and_an_anonymous_one(
    versions: dict[str, ModelVersion],  # noqa: F811
) -> None:
    user = user_create(username="pacs")
    machine, visitor = program(user), browser()
    for client in (machine, visitor):
        address = f"/api/v1/analyses/{post(client).json()['id']}/"
        work_off()
        client.get(address)
    by_machine, by_visitor = lines("result_viewed")
    assert (by_machine["actor_kind"], by_machine["actor_id"]) == ("account", user.pk)
    assert (by_visitor["actor_kind"], by_visitor["actor_name"]) == ("anonymous", "")
    assert by_visitor["actor_id"] == Prediction.objects.latest("created_at").image.case.anonymous_id


def test_exports_links_and_deletion_outlive_the_analysis(
    versions: dict[str, ModelVersion],  # noqa: F811
) -> None:
    owner, colleague = browser(user_create(username="owner")), browser(user_create(username="colleague"))
    pk = post(owner).json()["id"]
    work_off()
    address = f"/api/v1/analyses/{pk}/"
    owner.get(f"{address}report.pdf?lang=en")
    made = owner.post(f"{address}share/", {"days": 7}).json()
    colleague.post("/api/v1/shared/", {"token": made["token"]})
    owner.delete(f"{address}share/{made['id']}/")
    assert owner.delete(address).status_code == 204
    found = [(line["action"], line["actor_name"]) for line in lines() if str(line["object_id"]) == pk]
    assert found == [
        ("report_exported", "owner"),
        ("share_created", "owner"),
        ("share_opened", "colleague"),
        ("share_revoked", "owner"),
        ("analysis_deleted", "owner"),
    ]
    assert made["token"] not in str(lines())


def test_models_accounts_and_settings(
    versions: dict[str, ModelVersion],  # noqa: F811
    tmp_path: Path,
) -> None:
    chief = user_create(username="chief", is_superuser=True)
    AuditEvent.objects.all()._raw_delete("default")
    model_version_activate(version=versions["2d"], actor=chief, reason="is active already")
    assert lines() == []  # nothing changed, so nothing is told
    model_version_activate(version=model_version_create(tmp_path), actor=chief, reason="better")
    assert [line["action"] for line in lines()] == ["model_uploaded", "model_checked", "model_activated"]
    AuditEvent.objects.all()._raw_delete("default")
    client = browser(chief)
    made = client.post("/api/v1/users/", {"username": "new", "roles": ["model_admin"]}).json()
    client.patch(f"/api/v1/users/{made['id']}/", {"roles": ["auditor"], "is_active": False}, format="json")
    client.patch("/api/v1/settings/", {"retention_days": 30}, format="json")
    client.post(f"/api/v1/models/{versions['2d'].pk}/check/", {"reason": "again"}, format="json")
    told = [(line["action"], line["detail"]) for line in lines()]
    assert told == [
        ("signed_in", ""),
        ("account_created", "model_admin; active"),
        ("account_changed", "auditor; not active"),
        ("settings_changed", "retention_days"),
        ("model_check_requested", ""),
    ]


def test_auditors_page_filter_and_export() -> None:
    for number in range(30):
        reader = Caller(ActorKind.ACCOUNT, name=f"reader{number}")
        audit_record(AuditAction.SIGNED_IN, caller=reader)
    auditor = browser(user_create(username="=cmd|auditor", role="auditor"))
    first = auditor.get(AUDIT).json()
    assert len(first["results"]) == 20
    assert first["next"]
    assert actions_of(auditor, "action=signed_out") == []
    assert actions_of(auditor, "actor=reader7&action=signed_in&action=signed_out") == ["signed_in"]
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert actions_of(auditor, f"created_after={tomorrow}") == []
    assert auditor.get(f"{AUDIT}?action=none").status_code == 400
    answer = auditor.get(f"{AUDIT}events.csv?action=signed_in")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    assert len(rows) == 31
    assert rows[0]["actor_name"] == "'=cmd|auditor"  # text, not a formula
    assert answer["Cache-Control"] == "no-store"
    assert actions_of(auditor, "action=audit_exported") == ["audit_exported"]


def test_a_page_costs_the_same_queries_however_long_the_log_is(django_assert_num_queries: Any) -> None:
    auditor = browser(user_create(role="auditor"))
    with django_assert_num_queries(4):  # session, account, groups, a page
        auditor.get(AUDIT)
    for _ in range(50):
        audit_record(AuditAction.SIGNED_OUT)
    with django_assert_num_queries(4):
        assert len(auditor.get(f"{AUDIT}?page_size=50").json()["results"]) == 50


def test_lines_are_neither_changed_nor_removed() -> None:
    audit_record(AuditAction.SIGNED_OUT)
    line = AuditEvent.objects.get()
    assert (line.actor_kind, line.actor_id, line.address) == ("server", None, "")
    with pytest.raises(ImmutableRowError):
        line.save()
    with pytest.raises(ImmutableRowError):
        line.delete()
    with pytest.raises(ImmutableRowError):
        AuditEvent.objects.update(detail="another")
    with pytest.raises(ImmutableRowError):
        AuditEvent.objects.all().delete()


def test_retention_removes_what_is_too_old_and_says_so(settings: LazySettings) -> None:
    now = timezone.now()
    old = [AuditEvent(action="signed_in", actor_kind="server", created_at=now - timedelta(days=40))]
    AuditEvent.objects.bulk_create([*old, AuditEvent(action="signed_out", actor_kind="server")])
    assert audit_purge() == 0  # AUDIT_DAYS is 0: kept
    settings.AUDIT_DAYS = 30
    assert audit_purge() == 1
    assert [(line["action"], line["detail"]) for line in lines()] == [
        ("signed_out", ""), ("lines_expired", "1"),
    ]  # fmt: skip


def test_the_admin_shows_lines_and_leaves_them_for_answers(
    versions: dict[str, ModelVersion],  # noqa: F811
) -> None:
    owner = browser()
    pk = post(owner).json()["id"]
    work_off()
    auditor = browser(user_create(username="auditor", role="auditor"))
    assert auditor.get(f"/admin/inference/analysis/{pk}/change/").status_code == 200
    prediction = Prediction.objects.filter(analysis=pk).first()
    assert prediction is not None
    assert auditor.get(f"/admin/inference/prediction/{prediction.pk}/change/").status_code == 200
    assert auditor.get("/admin/inference/prediction/").status_code == 200
    assert auditor.get("/admin/inference/prediction/nonsense/change/").status_code == 302
    told = [(line["action"], str(line["object_id"])) for line in lines("result_viewed", "results_listed")]
    assert told == [("result_viewed", pk), ("results_listed", "None")]
    page = auditor.get("/admin/audit/auditevent/")
    assert page.status_code == 200
    assert "Result viewed" in page.content.decode()
