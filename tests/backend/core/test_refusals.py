"""Refusals in /metrics."""

import pytest
from rest_framework.test import APIClient

from backend.core.metrics import exposition
from tests.factories import browser

pytestmark = pytest.mark.django_db


def test_refusals_are_counted_by_code(api: APIClient) -> None:
    assert "cv4ln_refusals{" not in exposition()
    client = browser()
    for _ in range(2):
        assert client.post("/api/v1/analyses/", {}, format="multipart").status_code == 422
    assert client.get("/api/v1/analyses/00000000-0000-0000-0000-000000000000/").status_code == 404
    counted = [line for line in exposition().splitlines() if line.startswith("cv4ln_refusals{")]
    assert [line.rsplit(" ", 1)[1] for line in counted] == ["2"]
