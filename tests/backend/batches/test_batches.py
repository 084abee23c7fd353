"""Many cases under one name: sent one by one, watched, taken as a table, deleted together."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backend.batches import models
from backend.batches.models import Batch, BatchCase
from backend.batches.services import empty_batches_purge
from backend.inference.models import Analysis
from backend.registry.models import ModelVersion
from backend.site.models import SiteSettings
from backend.studies.models import Case
from tests.backend.batches.conftest import BATCHES, begun, send_case
from tests.backend.inference.conftest import work_off
from tests.factories import browser, user_create
from tests.pictures import png, upload


def rows_of(client: APIClient, batch: str) -> list[dict[str, str]]:
    """The CSV table, read as a spreadsheet reads it."""
    answer = client.get(f"{batch}results.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_a_batch_counts_its_cases_and_shows_them_in_their_order(clinician: APIClient) -> None:
    batch = begun(clinician)
    for number, label in enumerate(("N-3", "N-1", "N-2")):
        assert send_case(clinician, batch, label, seed=number).status_code == 202
    before = clinician.get(batch).json()
    assert (before["name"], before["total"], before["waiting"], before["succeeded"]) == ("screening", 3, 3, 0)
    work_off()
    after = clinician.get(batch).json()
    assert (after["total"], after["waiting"], after["succeeded"]) == (3, 0, 3)
    shown = clinician.get(f"{batch}cases/", {"page_size": 2}).json()
    assert [row["case_label"] for row in shown["results"]] == ["N-3", "N-1"]
    rest = clinician.get(shown["next"]).json()
    assert [row["case_label"] for row in rest["results"]] == ["N-2"]
    assert [row["id"] for row in clinician.get(BATCHES).json()["results"]] == [after["id"]]


def test_csv_and_json_say_the_same(clinician: APIClient) -> None:
    batch = begun(clinician)
    send_case(clinician, batch, "=1+1")
    work_off()
    (row,) = rows_of(clinician, batch)
    (whole,) = clinician.get(f"{batch}results.json").json()["analyses"]
    assert row["case_label"] == "'=1+1", "a spreadsheet must not run a label"
    assert (row["analysis"], row["state"], row["own_read_awaited"]) == (whole["id"], "succeeded", "no")
    probabilities = whole["case_answer"]["probabilities"]
    assert row["named"] == max(probabilities, key=probabilities.__getitem__)
    assert {name: float(row[f"p_{name}"]) for name in probabilities} == pytest.approx(probabilities, abs=1e-6)
    assert row["2d_version_id"] == whole["predictions"][0]["model_version"]["id"]
    assert (row["cdfi_state"], row["note"]) == ("", "research use only, not for diagnosis")
    synthetic = whole["predictions"][0]["model_version"]["synthetic"]
    assert row["synthetic_model"] == ("yes" if synthetic else "no")


def test_the_table_tells_no_answer_before_the_own_read(clinician: APIClient) -> None:
    SiteSettings.objects.create(first_read="all")
    batch = begun(clinician)
    send_case(clinician, batch, "N-1")
    work_off()
    (row,) = rows_of(clinician, batch)
    assert row["own_read_awaited"] == "yes"
    told = {name: row[name] for name in row if "named" in name or "p_" in name or name == "conflict"}
    assert set(told.values()) == {""}, told
    (whole,) = clinician.get(f"{batch}results.json").json()["analyses"]
    assert (whole["case_answer"], whole["predictions"][0]["probabilities"]) == (None, None)


def test_a_refused_case_changes_nothing_and_says_why(clinician: APIClient) -> None:
    batch = begun(clinician)
    send_case(clinician, batch, "N-1")
    form = {"image_2d": upload(b"no image at all", name="a.png"), "case_label": "N-2"}
    refused = clinician.post(f"{batch}cases/", form, format="multipart")
    assert refused.status_code in {415, 422}
    assert refused.json()["errors"]["image_2d"][0]["detail"]
    assert (clinician.get(batch).json()["total"], Case.objects.count()) == (1, 1)


def test_the_same_key_twice_is_one_case(clinician: APIClient) -> None:
    batch = begun(clinician)
    first = send_case(clinician, batch, "N-1", HTTP_IDEMPOTENCY_KEY="k")
    again = send_case(clinician, batch, "N-1", HTTP_IDEMPOTENCY_KEY="k")
    assert (first.json()["id"], again["Idempotent-Replay"]) == (again.json()["id"], "true")
    assert clinician.get(batch).json()["total"] == 1
    other = send_case(clinician, begun(clinician), "N-1", HTTP_IDEMPOTENCY_KEY="k")
    assert (other.status_code, other.json()["code"]) == (409, "other_batch")


def test_a_full_batch_takes_no_more(clinician: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.batches.services.MOST_CASES", 1)
    batch = begun(clinician)
    send_case(clinician, batch, "N-1")
    refused = send_case(clinician, batch, "N-2")
    assert (refused.status_code, refused.json()["code"], Analysis.objects.count()) == (409, "batch_full", 1)
    assert models.MOST_CASES == 1000


@pytest.mark.django_db(transaction=True)
def test_deleting_it_deletes_cases_and_files(clinician: APIClient, storage: Path) -> None:
    kept = begun(clinician, "kept")
    send_case(clinician, kept, "N-0", seed=9)
    work_off()
    files = {path for path in storage.rglob("*") if path.is_file()}
    batch = begun(clinician)
    for number in range(2):
        send_case(clinician, batch, f"N-{number}", seed=number)
    work_off()
    assert {path for path in storage.rglob("*") if path.is_file()} > files
    assert clinician.delete(batch).status_code == 204
    assert {path for path in storage.rglob("*") if path.is_file()} == files
    assert clinician.get(batch).status_code == 404
    assert (Batch.objects.count(), BatchCase.objects.count(), Case.objects.count()) == (1, 1, 1)


def test_an_analysis_that_is_deleted_leaves_the_batch(clinician: APIClient) -> None:
    batch = begun(clinician)
    pk = send_case(clinician, batch, "N-1").json()["id"]
    assert clinician.delete(f"/api/v1/analyses/{pk}/").status_code == 204
    assert clinician.get(batch).json()["total"] == 0
    assert empty_batches_purge() == 0, "it may just have been begun"
    Batch.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert empty_batches_purge() == 1


@pytest.mark.usefixtures("versions")
def test_a_visitors_batch_moves_to_the_account_at_sign_in() -> None:
    visitor = browser()
    batch = begun(visitor)
    send_case(visitor, batch, "N-1")
    assert browser().get(batch).status_code == 404
    user = user_create()
    visitor.force_login(user)
    assert visitor.get(batch).json()["owner"] == user.username


def test_the_table_asks_few_questions_however_long_it_is(
    clinician: APIClient, versions: dict[str, ModelVersion], django_assert_num_queries
) -> None:
    batch = begun(clinician)
    for number in range(4):
        form = {"image_2d": upload(png(number)), "image_cdfi": upload(png(50 + number))}
        assert clinician.post(f"{batch}cases/", form, format="multipart").status_code == 202
    # session, account, groups, the batch, a page of cases, predictions; two of the audit log
    with django_assert_num_queries(9):
        assert len(clinician.get(f"{batch}cases/").json()["results"]) == 4
    with django_assert_num_queries(7):  # one of the audit log
        assert len(rows_of(clinician, batch)) == 4
