"""Active versions, and analyses whose answer is withheld."""

import pytest
from rest_framework.test import APIClient

from backend.registry.models import ModelVersion
from backend.site.models import SiteSettings
from tests.backend.inference.conftest import (  # noqa: F401 (fixtures)
    checkpoints,
    imported_rows,
    post,
    versions,
    work_off,
)
from tests.factories import browser, user_create


@pytest.fixture
def clinician(versions: dict[str, ModelVersion]) -> APIClient:  # noqa: F811
    return browser(user_create(username="l.chen"))


@pytest.fixture
def first_read(db: None) -> None:
    """The site asks everybody for a read of their own."""
    SiteSettings.objects.create(first_read="all")


def answered(client: APIClient) -> str:
    """The address of an analysis that the model has answered."""
    pk = post(client).json()["id"]
    work_off()
    return f"/api/v1/analyses/{pk}/"
