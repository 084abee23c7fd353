"""No clinician's route shows a comparison, or is changed by one."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from backend.comparisons.claims import claim
from backend.comparisons.models import Comparison, ComparisonCase
from backend.core.metrics import exposition
from tests.backend.comparisons.conftest import compare_all

pytestmark = pytest.mark.django_db
OWN_TABLES = {model._meta.db_table for model in (Comparison, ComparisonCase)}


def seen_by(client: APIClient) -> tuple[object, ...]:
    """Everything that a clinician reads: list, each analysis, and the numbers of the service."""
    listed = client.get("/api/v1/analyses/").json()
    each = [client.get(f"/api/v1/analyses/{row['id']}/").json() for row in listed["results"]]
    counts = re.findall(r"^cv4ln_(?:prediction|late|queue_age).*$", exposition(), re.MULTILINE)
    return listed, each, client.get("/readyz").json(), counts


@pytest.mark.parametrize("stage", ["queued", "running", "finished"])
def test_a_comparison_changes_nothing_that_a_clinician_sees(
    clinician: APIClient, comparison: Callable[..., Comparison], candidate, stage: str
) -> None:
    made = comparison(2)
    ComparisonCase.objects.all().delete()
    made.delete()
    before = seen_by(clinician)
    again = comparison(0)
    if stage == "running":
        claim()
    if stage == "finished":
        compare_all()
    assert Comparison.objects.get(pk=again.pk).state == stage
    assert seen_by(clinician) == before
    assert str(candidate.pk) not in str(before)


def test_no_query_of_a_clinician_touches_the_rows(
    clinician: APIClient, comparison: Callable[..., Comparison]
) -> None:
    comparison(2)
    compare_all()
    with CaptureQueriesContext(connection) as captured:
        listed, _, _, _ = seen_by(clinician)
        [first, _] = listed["results"]
        for prediction in first["predictions"]:
            clinician.get(prediction["image"])
            clinician.get(next(filter(None, prediction["cams"].values())))
    touched = {table for query in captured for table in OWN_TABLES if table in query["sql"]}
    assert len(captured) > 10
    assert not touched
