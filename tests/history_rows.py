"""A long history, as the worker leaves it: rows alone, for what lists and searches cost."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from backend.accounts.models import User
from backend.inference.models import Analysis, Prediction
from backend.registry.models import ModelVersion
from backend.studies.models import Case, UltrasoundImage
from ml.taxonomy import CLASS_NAMES, Modality

ROWS_AT_ONCE = 500
FAILED_EVERY = 200


def history_owner() -> tuple[User, ModelVersion]:
    """A user, and a version that exists as a row only."""
    owner = User.objects.create_user(username="historian", password=None)
    version = ModelVersion.objects.create(
        name="history",
        modality=Modality.B_MODE,
        architecture="resnet18",
        state="active",
        synthetic=True,
        format_version=3,
        manifest={"metrics": {}, "input_size": 64},
        file="models/none.safetensors",
        file_bytes=1,
        file_sha256="0" * 64,
        tensor_sha256="0" * 64,
    )
    return owner, version


def grow_to(owner: User, version: ModelVersion, count: int) -> None:
    """As many analyses of one image each, a minute apart: `N-0` the newest."""
    for start in range(Analysis.objects.count(), count, 10_000):
        places = range(start, min(start + 10_000, count))
        analyses_make(owner, version, places, failed_every=FAILED_EVERY)


def analyses_make(owner: User, version: ModelVersion, places: range, *, failed_every: int = 0) -> None:
    """One analysis a place, so many minutes old; some of them failed."""
    now = timezone.now()
    cases = [Case(owner=owner, label=f"N-{place}") for place in places]
    images = [UltrasoundImage(case=case, modality="2d", file="x.png", width=64, height=64) for case in cases]
    analyses = [
        Analysis(
            case=case,
            created_at=now - timedelta(minutes=place),
            finished_at=now,
            **_ended(place, failed_every),
        )
        for place, case in zip(places, cases, strict=True)
    ]
    predictions = [
        _prediction(analysis, image, version) for analysis, image in zip(analyses, images, strict=True)
    ]
    Case.objects.bulk_create(cases, batch_size=ROWS_AT_ONCE)
    UltrasoundImage.objects.bulk_create(images, batch_size=ROWS_AT_ONCE)
    Analysis.objects.bulk_create(analyses, batch_size=ROWS_AT_ONCE)
    Prediction.objects.bulk_create(predictions, batch_size=ROWS_AT_ONCE)


def _ended(place: int, failed_every: int) -> dict[str, Any]:
    if failed_every and place % failed_every == 1:
        return {"state": "failed"}
    return {"state": "succeeded", "answered_class": CLASS_NAMES[place % 3]}


def _prediction(analysis: Analysis, image: UltrasoundImage, version: ModelVersion) -> Prediction:
    fields: dict[str, Any] = {"analysis": analysis, "image": image, "model_version": version}
    if analysis.state == "failed":
        return Prediction(
            **fields, state="failed", failure_code="timed_out", finished_at=analysis.finished_at
        )
    return Prediction(
        **fields,
        state="succeeded",
        finished_at=analysis.finished_at,
        probabilities=dict.fromkeys(CLASS_NAMES, 1 / 3),
        maps=dict.fromkeys(CLASS_NAMES),
    )
