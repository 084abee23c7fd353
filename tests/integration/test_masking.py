"""A real worker masks what a real web process takes; nobody reads it before, whoever dies meanwhile."""

import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scripts.api_client import Api
from tests.integration.conftest import started
from tests.integration.processes import wait_until
from tests.integration.stack import Stack, embedded_settings, installed
from tests.pictures import encoded
from tests.written_pictures import is_covered, written_picture

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
WRITTEN = {"image_2d": ("a.png", encoded(written_picture()))}


@pytest.fixture(scope="module")
def masking_stack(tmp_path_factory: pytest.TempPathFactory, checkpoints: dict[str, Path]) -> Iterator[Stack]:
    settings = {**embedded_settings(), "MASK_TEXT": "true", "TEXT_CHECK": "true"}
    folder = tmp_path_factory.mktemp("masking")
    with installed(folder, settings, {"2d": checkpoints["2d"]}) as stack:
        yield started(stack)


def files(stack: Stack, folder: str) -> list[str]:
    """Names in a folder of the storage."""
    return sorted(path.name for path in (stack.folder / "media" / folder).glob("*.png"))


def sent(api: Api) -> tuple[str, str]:
    """The addresses of an analysis and of its image."""
    made = api.post("/api/v1/analyses/", files=WRITTEN).json()
    return f"/api/v1/analyses/{made['id']}/", f"/api/v1/predictions/{made['predictions'][0]['id']}/image.png"


def answered_and_covered(stack: Stack, api: Api, address: str) -> dict[str, Any]:
    """The prediction; its image is masked, and no unmasked one is left."""
    answer = api.wait(address, seconds=120)
    prediction: dict[str, Any] = answer["predictions"][0]
    assert (answer["state"], prediction["masking"]) == ("succeeded", "done")
    picture = Image.open(io.BytesIO(api.get(prediction["image"]).body))
    assert picture.size == written_picture().size
    assert is_covered(picture)
    wait_until(lambda: files(stack, "spool") == [], seconds=30, what="no unmasked image is left")
    return prediction


def test_nobody_reads_it_before_it_is_masked(masking_stack: Stack) -> None:
    api = Api(masking_stack.base)
    masking_stack.worker.stop()
    address, image = sent(api)
    assert len(files(masking_stack, "spool")) == 1
    assert files(masking_stack, "images") == []
    refused = api.get(image)
    assert (refused.status, refused.json()["code"]) == (404, "image_not_ready")
    assert api.get(address).json()["predictions"][0]["image"] is None
    masking_stack.worker = masking_stack.start_worker()
    prediction = answered_and_covered(masking_stack, api, address)
    print("first of a worker, ms:", prediction["timings_ms"])  # noqa: T201
    again, _ = sent(api)
    print("the next, ms:", answered_and_covered(masking_stack, api, again)["timings_ms"])  # noqa: T201


def test_a_worker_killed_while_it_masks_lets_nothing_out(masking_stack: Stack) -> None:
    """kill -9 as soon as the image is running, which begins with the masking."""
    api = Api(masking_stack.base)
    before = files(masking_stack, "images")
    address, image = sent(api)
    wait_until(lambda: api.get(address).json()["state"] == "running", seconds=60, what="it runs", every=0.02)
    children = masking_stack.worker.children()
    for child in children:
        os.kill(child, signal.SIGKILL)
    assert api.get(image).json()["code"] == "image_not_ready"
    answered_and_covered(masking_stack, api, address)
    assert len(set(files(masking_stack, "images")) - set(before)) == 1
