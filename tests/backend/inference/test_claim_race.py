"""Many workers at once: each queued row goes to exactly one of them."""

import threading
import uuid

import pytest
from django.db import connection, connections

from backend.inference.claims import claim
from backend.inference.models import Analysis, Prediction
from backend.registry.models import ModelVersion
from backend.studies.models import Case, UltrasoundImage

WORKERS, ROWS = 6, 40


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("batch", [1, 4])
def test_no_row_is_claimed_twice(versions: dict[str, ModelVersion], batch: int) -> None:
    if connection.vendor == "sqlite":
        pytest.skip(
            "SQLite's test database lives in one connection; tests/integration runs this on PostgreSQL"
        )
    rows = _queued(versions["2d"])
    taken: list[list[uuid.UUID]] = [[] for _ in range(WORKERS)]

    def work(mine: list[uuid.UUID]) -> None:
        for row in rows:
            mine.extend(claimed.pk for claimed in claim(row.pk, batch=batch))
        connections.close_all()

    threads = [threading.Thread(target=work, args=(mine,)) for mine in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [pk for mine in taken for pk in mine]
    assert sorted(everything) == sorted(row.pk for row in rows)
    assert set(Prediction.objects.values_list("state", "attempt")) == {("running", 1)}


def _queued(version: ModelVersion) -> list[Prediction]:
    case = Case.objects.create(anonymous_id=uuid.uuid4())
    image = UltrasoundImage.objects.create(case=case, modality="2d", file="x", width=64, height=64)
    analyses = Analysis.objects.bulk_create(Analysis(case=case) for _ in range(ROWS))
    made = (Prediction(analysis=analysis, image=image, model_version=version) for analysis in analyses)
    return Prediction.objects.bulk_create(made)
