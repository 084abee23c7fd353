"""The admin shows analyses and changes none."""

import pytest
from django.test import Client

from backend.inference.models import Analysis, Prediction
from backend.registry.models import ModelVersion
from backend.studies.models import Case
from tests.backend.inference.conftest import post, work_off
from tests.factories import browser, user_create

pytestmark = pytest.mark.django_db


def test_rows_are_shown_and_not_changed(versions: dict[str, ModelVersion]) -> None:
    post(browser())
    work_off()
    client = Client()
    client.force_login(user_create(is_staff=True, is_superuser=True))
    for model in (Analysis, Prediction, Case):
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(base).status_code == 200
        page = client.get(f"{base}{model.objects.first().pk}/change/")
        assert page.status_code == 200
        assert b'name="_save"' not in page.content
        assert client.get(f"{base}add/").status_code == 403
        assert client.post(f"{base}{model.objects.first().pk}/delete/").status_code == 403
