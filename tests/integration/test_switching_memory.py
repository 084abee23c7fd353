"""Fifty switches between versions of the real size in one worker: its memory comes back to where it began."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import torch

from ml.checkpoint import save_checkpoint
from ml.golden_make import with_golden
from ml.model import build_model
from scripts.api_client import Api
from tests.factories import manifest_make
from tests.integration.conftest import started
from tests.integration.stack import Stack, embedded_settings, installed
from tests.pictures import png

pytestmark = [pytest.mark.integration, pytest.mark.long, pytest.mark.timeout(3600)]
SWITCHES = 50
MAY_GROW = 1.10


def resnet152(folder: Path, seed: int) -> Path:
    """Random weights in the size of a real version, stored in half precision as those are."""
    torch.manual_seed(seed)
    path = folder / f"large-{seed}.safetensors"
    manifest = manifest_make(architecture="resnet152", input_size=384, seed=seed)
    model = build_model("resnet152", 3)
    save_checkpoint(path, model, with_golden(manifest, model, "float16"), "float16")
    return path


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One worker process, two ResNet152 versions for 2D."""
    folder = tmp_path_factory.mktemp("memory")
    (folder / "data").mkdir()
    versions = {str(seed): resnet152(folder, seed) for seed in (1, 2)}
    with installed(folder / "data", embedded_settings(), versions) as stack:
        yield started(stack)


def test_fifty_switches_leave_the_worker_as_large_as_it_was(stack: Stack) -> None:
    admin = Api(stack.base, token=stack.token("model_admin", "models:read", "models:write"))
    second, first = (row["id"] for row in admin.get("/api/v1/models/?modality=2d").json()["results"])
    visitor = Api(stack.base)
    sizes = [_switched(stack, admin, visitor, version) for version in (first, second)][1:]
    for number in range(SWITCHES):
        sizes.append(_switched(stack, admin, visitor, (first, second)[number % 2]))
    shown = ", ".join(f"{unique:.0f}/{resident:.0f}" for unique, resident in sizes[::5])
    print(f"worker MiB, unique/resident, every fifth switch: {shown}")  # noqa: T201
    for kind in (0, 1):
        assert sizes[-1][kind] <= sizes[0][kind] * MAY_GROW
        assert max(size[kind] for size in sizes) <= sizes[0][kind] * MAY_GROW


def _switched(stack: Stack, admin: Api, visitor: Api, version: str) -> tuple[float, float]:
    """Make the version active, have it answer an image; the worker process in MiB, unique and resident."""
    done = admin.post_json(f"/api/v1/models/{version}/activate/", {"reason": "in turn"})
    assert done.status == 200, done.body
    sent = visitor.post("/api/v1/analyses/", files={"image_2d": ("a.png", png(1))})
    answer = visitor.wait(sent.headers["Location"], seconds=300)
    assert answer["state"] == "succeeded"
    assert answer["predictions"][0]["model_version"]["id"] == version
    [child] = stack.worker.children()
    memory = psutil.Process(child).memory_full_info()
    return memory.uss / 2**20, memory.rss / 2**20
