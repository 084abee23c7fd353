"""A candidate beside the active versions, answered cases, and a background worker that is called by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.comparisons import pipeline
from backend.comparisons.models import Comparison
from backend.comparisons.services import comparison_request
from backend.registry.models import ModelVersion
from tests.backend.inference.conftest import (  # noqa: F401 (fixtures)
    checkpoints,
    imported_rows,
    post,
    versions,
    work_off,
)
from tests.factories import browser, user_create, version_of
from tests.pictures import png, upload
from tests.tiny_models import tiny_checkpoint


@pytest.fixture(scope="session")
def candidate_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real checkpoint with other weights than the active one."""
    return tiny_checkpoint(tmp_path_factory.mktemp("candidate"), "2d", seed=17)


@pytest.fixture
def candidate(versions: dict[str, ModelVersion], candidate_file: Path) -> ModelVersion:  # noqa: F811
    """A checked version for 2D that is not active."""
    return version_of(candidate_file)


@pytest.fixture
def model_admin(db: None) -> User:
    return user_create(role="model_admin")


@pytest.fixture
def clinician(versions: dict[str, ModelVersion]) -> APIClient:  # noqa: F811
    return browser(user_create())


@pytest.fixture
def comparison(candidate: ModelVersion, clinician: APIClient, model_admin: User) -> Callable[..., Comparison]:
    """Answers so many 2D images, then queues a comparison over them."""

    def make(cases: int = 3, *, last: int = 1000) -> Comparison:
        answer_some(clinician, cases)
        return comparison_request(candidate=candidate, last=last, actor=model_admin, reason="before July")

    return make


def answer_some(client: APIClient, count: int, *, first: int = 0) -> None:
    """Analyses with one 2D image each, and their answers."""
    for seed in range(first, first + count):
        answer = post(client, {"image_2d": upload(png(seed)), "case_label": f"N-{seed}"})
        assert answer.status_code == 202
    work_off()


def compare_all() -> None:
    """What the background worker does with one hint."""
    pipeline.work()
