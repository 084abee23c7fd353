"""Monitoring: figures by hand, the interval against statsmodels, and the API from real answers."""

import csv
import io
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient
from statsmodels.stats.proportion import proportion_confint

from backend.inference.models import Analysis
from backend.outcomes.figures import Answer, figures_of
from backend.outcomes.intervals import share
from backend.registry.models import ModelVersion
from backend.site.models import SiteSettings
from tests.backend.outcomes.conftest import answered
from tests.factories import browser, user_create

MONITORING = "/api/v1/monitoring/"
NAMES = ("benign", "lymphoma", "metastatic")


@pytest.mark.parametrize(("count", "of"), [(0, 1), (0, 7), (3, 7), (7, 7), (50, 60), (999, 1000)])
def test_the_interval_is_wilsons(count: int, of: int) -> None:
    found = share(count, of)
    assert (found.low, found.high) == pytest.approx(
        proportion_confint(count, of, alpha=0.05, method="wilson"), abs=1e-12
    )


def test_nothing_has_no_share() -> None:
    assert (share(0, 0).value, share(0, 0).low, share(0, 0).high) == (None, None, None)


def answer(named: str, probability: float, **said: str | None) -> Answer:
    rest = (1 - probability) / 2
    return Answer(
        analysis_id=uuid.uuid4(),
        created_at=datetime(2026, 11, 3, tzinfo=UTC),
        modality=None,
        version=None,
        probabilities={name: probability if name == named else rest for name in NAMES},
        **{"read": None, "confidence": None, "verdict": None, "pathology": None, **said},
    )


def test_the_figures_of_a_few_answers_by_hand() -> None:
    found = figures_of(
        [
            answer("metastatic", 0.92, pathology="metastatic", read="metastatic"),
            answer("metastatic", 0.94, pathology="benign", read="benign"),
            answer("lymphoma", 0.55, pathology="metastatic", read="lymphoma"),
            answer("benign", 0.65, verdict="lymphoma"),
            answer("benign", 1.0),
        ],
        verdicts_count=False,
    )
    assert (found.answers, found.with_truth) == (5, 3)
    assert found.confusion["metastatic"] == {"benign": 0, "lymphoma": 1, "metastatic": 1}
    assert found.confusion["benign"] == {"benign": 0, "lymphoma": 0, "metastatic": 1}
    assert (found.accuracy.count, found.accuracy.of) == (1, 3)
    assert (found.recall["metastatic"].value, found.recall["lymphoma"].value) == (0.5, None)
    assert [(one.low, one.right.count, one.right.of) for one in found.bins] == [(0.5, 0, 1), (0.9, 1, 2)]
    assert found.ece == pytest.approx((1 * 0.55 + 2 * abs(0.93 - 0.5)) / 3)
    assert (found.agreement_with_reads.count, found.agreement_with_reads.of) == (2, 3)
    assert (found.reads_right.count, found.reads_right.of) == (2, 3)


def test_a_verdict_counts_only_where_asked_and_never_over_pathology() -> None:
    answers = [
        answer("benign", 0.7, verdict="lymphoma"),
        answer("benign", 0.7, verdict="lymphoma", pathology="benign"),
    ]
    found = figures_of(answers, verdicts_count=True)
    assert found.confusion["lymphoma"]["benign"] == 1
    assert found.confusion["benign"]["benign"] == 1
    assert figures_of(answers, verdicts_count=False).with_truth == 1


@pytest.fixture
def model_admin(db: None) -> APIClient:
    return browser(user_create(role="model_admin"))


def test_an_empty_site_says_so(model_admin: APIClient) -> None:
    shown = model_admin.get(MONITORING).json()
    assert (shown["cases"]["answers"], shown["cases"]["ece"], shown["by_month"]) == (0, None, [])
    assert shown["cases"]["accuracy"]["value"] is None
    lines = b"".join(model_admin.get(f"{MONITORING}answers.csv")).decode().splitlines()
    assert len(lines) == 1


def say(client: APIClient, address: str, **pathology: Any) -> None:
    body = {"class": "lymphoma", "reported_on": "2026-03-02", **pathology}
    assert client.post(f"{address}pathology/", body, format="json").status_code == 201


def test_real_answers_by_month_and_version(
    clinician: APIClient, model_admin: APIClient, versions: dict[str, ModelVersion]
) -> None:
    first, old = answered(clinician), answered(clinician)
    SiteSettings.objects.create(first_read="all")
    held = answered(clinician)
    say(clinician, first, **{"class": "benign"})
    say(clinician, first)  # a correction: this one counts
    say(clinician, old)
    say(clinician, held)
    Analysis.objects.filter(pk=old.split("/")[-2]).update(created_at=datetime(2019, 1, 1, tzinfo=UTC))
    shown = model_admin.get(MONITORING).json()
    assert (shown["awaited"], shown["cases"]["answers"], shown["cases"]["with_truth"]) == (1, 1, 1)
    named = clinician.get(first).json()["case_answer"]["probabilities"]
    assert shown["cases"]["confusion"]["lymphoma"][max(named, key=named.__getitem__)] == 1
    assert [one["figures"]["answers"] for one in shown["by_month"]] == [1]
    assert {one["version"]["id"] for one in shown["by_version"]} == {str(v.pk) for v in versions.values()}
    rows = list(csv.DictReader(io.StringIO(b"".join(model_admin.get(f"{MONITORING}answers.csv")).decode())))
    assert [row["answer_of"] for row in rows] == ["case", "2d", "cdfi", "elastography"]
    assert {row["pathology"] for row in rows} == {"lymphoma"}
    assert {row["analysis"] for row in rows} == {first.split("/")[-2]}
    assert sum(float(rows[0][f"p_{name}"]) for name in NAMES) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("query", [{"months": 0}, {"months": 61}, {"truth": "opinion"}])
def test_what_is_not_offered_is_refused(model_admin: APIClient, query: dict[str, Any]) -> None:
    assert model_admin.get(MONITORING, query).status_code == 400


def test_the_queries_do_not_grow_with_the_answers(
    clinician: APIClient, model_admin: APIClient, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        answered(clinician)
    with django_assert_max_num_queries(6):
        model_admin.get(MONITORING)
