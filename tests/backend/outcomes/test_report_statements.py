"""The report carries what the clinician said: for whoever may read that, and for nobody else."""

import io

import pytest
from pypdf import PdfReader
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.inference.models import Analysis
from backend.inference.shares import share_create
from tests.backend.outcomes.conftest import answered
from tests.factories import browser, user_create


def text_of(client: APIClient, address: str, lang: str) -> str:
    answer = client.get(f"{address}report.pdf", {"lang": lang})
    assert answer.status_code == 200, answer.content
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    return reader.pages[0].extract_text()


@pytest.fixture
def spoken(clinician: APIClient, first_read: None) -> str:
    """An analysis with a read, an override and pathology."""
    address = answered(clinician)
    read = {"class": "lymphoma", "confidence": "medium"}
    assert clinician.post(f"{address}read/", read, format="json").status_code == 201
    probabilities = clinician.get(address).json()["case_answer"]["probabilities"]
    other = min(probabilities, key=probabilities.__getitem__)
    verdict = {"agrees": False, "class": other, "reason": "hilum preserved " * 20}
    assert clinician.post(f"{address}verdict/", verdict, format="json").status_code == 201
    pathology = {"class": "benign", "reported_on": "2026-01-02"}
    assert clinician.post(f"{address}pathology/", pathology, format="json").status_code == 201
    return address


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("en", ["before the answer was shown: lymphoma (fairly sure)", "Overrides the answer", "2026-01-02"]),
        ("zh-hans", ["独立判断：淋巴瘤（较有把握）", "推翻结果", "2026-01-02"]),
    ],
)
def test_it_is_on_the_page(clinician: APIClient, spoken: str, lang: str, wanted: list[str]) -> None:
    text = text_of(clinician, spoken, lang)
    for sentence in [*wanted, "l.chen", "hilum preserved"]:
        assert sentence in text


def test_nothing_said_takes_no_room(clinician: APIClient) -> None:
    assert "What the clinician says" not in text_of(clinician, answered(clinician), "en")


def test_a_colleague_with_a_link_reads_the_answer_only(clinician: APIClient, spoken: str) -> None:
    analysis = Analysis.objects.get(pk=spoken.split("/")[-2])
    _, token = share_create(analysis=analysis, user=User.objects.get(username="l.chen"), days=1)
    colleague = browser(user_create(username="colleague"))
    assert colleague.post("/api/v1/shared/", {"token": token}, format="json").status_code == 200
    text = text_of(colleague, spoken, "en")
    assert "Case answer" in text
    assert "What the clinician says" not in text
