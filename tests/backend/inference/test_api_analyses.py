"""The whole job over the API, the worker called by hand."""

import io

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from rest_framework.test import APIClient

from backend.inference.models import Analysis, Prediction
from backend.registry.models import ModelVersion
from backend.studies.models import Case, UltrasoundImage
from tests.backend.inference.conftest import post, three_images, work_off
from tests.factories import PASSWORD, browser, program, user_create
from tests.pictures import picture, png, upload

pytestmark = pytest.mark.django_db


def test_an_upload_is_answered_with_maps(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    accepted = post(client)
    assert accepted.status_code == 202, accepted.content
    assert accepted["Location"].endswith(f"/api/v1/analyses/{accepted.json()['id']}/")
    assert int(accepted["Retry-After"]) >= 1
    assert accepted.json()["state"] == "queued"
    assert accepted.json()["queue_position"] == 1
    work_off()
    answer = client.get(accepted["Location"]).json()
    assert answer["state"] == "succeeded"
    assert answer["finished_at"] is not None
    assert answer["queue_position"] is None
    assert answer["case_label"] == "N-17"
    assert [row["modality"] for row in answer["predictions"]] == ["2d", "cdfi", "elastography"]
    for row in answer["predictions"]:
        assert row["state"] == "succeeded"
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-6)
        assert set(row["probabilities"]) == {"benign", "lymphoma", "metastatic"}
        assert row["model_version"]["id"] == str(versions[row["modality"]].pk)
        assert row["model_version"]["synthetic"] is True
        assert row["engine"] == {"name": "torch", "mode": "exact"}
        assert set(row["timings_ms"]) == {"queued", "masking", "decode", "features", "cam", "total"}
        assert any(row["cams"].values())
        assert (row["width"], row["height"], row["source_format"]) == (96, 72, "png")
    assert answer["case_answer"]["method"] == "log_mean"
    assert answer["research_use_only"] is True


def test_nothing_of_the_uploaded_file_but_its_pixels_is_kept(versions: dict[str, ModelVersion]) -> None:
    post(browser(), {"image_2d": upload(png(1))})
    image = UltrasoundImage.objects.get()
    assert "Jane" not in image.key
    with default_storage.open(image.key) as file:
        stored = Image.open(file)
        assert stored.info == {}
        assert np.array_equal(np.asarray(stored), np.asarray(picture(1)))


def test_without_a_model_that_image_alone_fails(versions: dict[str, ModelVersion]) -> None:
    ModelVersion.objects.filter(modality="cdfi").update(state="checked")
    client = browser()
    accepted = post(client).json()
    work_off()
    answer = client.get(f"/api/v1/analyses/{accepted['id']}/").json()
    assert answer["state"] == "partial"
    failed = next(row for row in answer["predictions"] if row["modality"] == "cdfi")
    assert failed["state"] == "failed"
    assert failed["failure"]["code"] == "model_unavailable"
    assert failed["failure"]["detail"]
    assert (failed["model_version"], failed["probabilities"], failed["cams"]) == (None, None, None)
    assert client.get(failed["image"]).status_code == 200
    assert answer["case_answer"] is not None


def test_without_any_model_the_analysis_has_failed_at_once(db: None) -> None:
    answer = post(browser()).json()
    assert answer["state"] == "failed"
    assert answer["finished_at"] is not None
    assert answer["case_answer"] is None


def test_one_image_is_enough(versions: dict[str, ModelVersion]) -> None:
    answer = post(browser(), {"image_elastography": upload(png())})
    assert answer.status_code == 202
    assert [row["modality"] for row in answer.json()["predictions"]] == ["elastography"]


def test_a_region_is_what_the_model_sees_and_the_map_lies_there(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    crop = picture(5, 200, 160).crop((40, 30, 140, 130))
    whole = post(client, {"image_2d": upload(png(5, 200, 160)), "region_2d": "40,30,100,100"}).json()
    alone = post(client, {"image_2d": upload(_png_of(crop))}).json()
    work_off()
    whole, alone = (
        client.get(f"/api/v1/analyses/{row['id']}/").json()["predictions"][0] for row in (whole, alone)
    )
    assert whole["region"] == [40, 30, 100, 100]
    assert whole["probabilities"] == pytest.approx(alone["probabilities"], abs=1e-6)
    name = next(name for name, address in whole["cams"].items() if address)
    in_whole = np.asarray(_open(client, whole["cams"][name]))
    assert in_whole.shape == (160, 200)
    assert np.array_equal(in_whole[30:130, 40:140], np.asarray(_open(client, alone["cams"][name])))
    in_whole = in_whole.copy()
    in_whole[30:130, 40:140] = 0
    assert not in_whole.any()


def test_cancelling_stops_what_waits(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    address = post(client)["Location"]
    cancelled = client.post(f"{address}cancel/")
    assert cancelled.status_code == 200
    assert cancelled.json()["state"] == "cancelled"
    assert {row["state"] for row in cancelled.json()["predictions"]} == {"cancelled"}
    work_off()
    assert client.get(address).json()["state"] == "cancelled"
    again = client.post(f"{address}cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "already_finished")


def test_deleting_leaves_no_row_and_no_file(
    versions: dict[str, ModelVersion], django_capture_on_commit_callbacks, storage
) -> None:
    client = browser()
    address = post(client)["Location"]
    work_off()
    assert len(list(storage.rglob("*.png"))) > 3
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert not any(model.objects.exists() for model in (Case, UltrasoundImage, Analysis, Prediction))
    assert list(storage.rglob("*.png")) == []
    assert list((storage / "maps").iterdir()) == []


def test_strangers_see_nothing(versions: dict[str, ModelVersion]) -> None:
    owner = user_create()
    mine = browser(owner)
    answer = post(mine).json()
    work_off()
    addresses = [f"/api/v1/analyses/{answer['id']}/"]
    prediction = mine.get(addresses[0]).json()["predictions"][0]
    addresses += [prediction["image"], *filter(None, prediction["cams"].values())]
    strangers = [
        browser(),
        browser(user_create()),
        browser(user_create(is_staff=True)),
        program(user_create()),
    ]
    for address in addresses:
        assert mine.get(address).status_code == 200
        assert program(owner).get(address).status_code == 200
        for stranger in strangers:
            refused = stranger.get(address)
            assert refused.status_code == 404
            assert refused["Content-Type"] == "application/problem+json"
    for stranger in strangers:
        assert stranger.delete(addresses[0]).status_code == 404
        assert stranger.post(f"{addresses[0]}cancel/").status_code == 404
        assert stranger.get("/api/v1/analyses/").json()["results"] == []


def test_auditors_see_everything_and_change_nothing(versions: dict[str, ModelVersion]) -> None:
    owner = user_create()
    theirs = [post(client).json() for client in (browser(owner), browser())]
    work_off()
    auditor = browser(user_create(role="auditor"))
    listed = auditor.get("/api/v1/analyses/").json()["results"]
    assert {row["id"]: row["owner"] for row in listed} == {
        theirs[0]["id"]: owner.username,
        theirs[1]["id"]: None,
    }
    assert len(auditor.get(f"/api/v1/analyses/?owner={owner.username}").json()["results"]) == 1
    for row in listed:
        assert auditor.get(row["predictions"][0]["image"]).status_code == 200
        refusals = [
            auditor.delete(f"/api/v1/analyses/{row['id']}/"),
            auditor.post(f"/api/v1/analyses/{row['id']}/cancel/"),
            post(auditor),
        ]
        assert [(r.status_code, r.json()["code"]) for r in refusals] == [(403, "wrong_role")] * 3
    assert Analysis.objects.count() == 2


def test_a_site_admin_may_delete_what_others_made(versions: dict[str, ModelVersion]) -> None:
    address = post(browser(user_create()))["Location"]
    admin = browser(user_create(is_superuser=True))
    assert admin.get(address).status_code == 200
    assert admin.delete(address).status_code == 204


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [("analyses:read", 200, 403), ("analyses:write", 403, 204), ("models:read", 403, 403)],
)
def test_a_token_does_what_its_scopes_name(
    versions: dict[str, ModelVersion], scope: str, reads: int, writes: int
) -> None:
    user = user_create(is_superuser=scope.startswith("models"))  # whose role allows the scope
    address = post(program(user))["Location"]
    client = program(user, scopes=[scope])
    answer = client.get(address)
    assert answer.status_code == reads
    if reads == 403:
        assert answer.json()["code"] == "scope_missing"
    assert client.delete(address).status_code == writes


def test_without_permission_for_anonymous_work_one_must_sign_in(settings, db: None) -> None:
    settings.ALLOW_ANONYMOUS = False
    refused = post(browser())
    assert refused.status_code == 401
    assert not Case.objects.exists()


def test_a_post_without_csrf_token_is_refused(api: APIClient, db: None) -> None:
    refused = post(api)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")


def test_work_of_the_browser_session_moves_to_the_account(versions: dict[str, ModelVersion]) -> None:
    client, user = browser(), user_create()
    answer = post(client, HTTP_IDEMPOTENCY_KEY="my-key").json()
    signed_in = client.post("/api/v1/auth/login/", {"username": user.username, "password": PASSWORD})
    client.credentials(HTTP_X_CSRFTOKEN=signed_in.json()["csrf_token"])
    assert client.get(f"/api/v1/analyses/{answer['id']}/").status_code == 200
    assert program(user).get(f"/api/v1/analyses/{answer['id']}/").status_code == 200
    replay = post(client, HTTP_IDEMPOTENCY_KEY="my-key")
    assert (replay.json()["id"], replay["Idempotent-Replay"]) == (answer["id"], "true")


def test_the_list_is_paged_filtered_and_cheap(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    for number in range(5):
        post(client, {"image_2d": upload(png(number)), "case_label": f"Node {number}"})
    work_off()
    post(client, {**three_images(), "case_label": "still waiting"})
    first = client.get("/api/v1/analyses/?page_size=4").json()
    assert [row["case_label"] for row in first["results"]] == ["still waiting", "Node 4", "Node 3", "Node 2"]
    assert first["results"][0]["queue_position"] == 1
    second = client.get(first["next"]).json()
    assert [row["case_label"] for row in second["results"]] == ["Node 1", "Node 0"]
    assert second["next"] is None
    assert _labels(client, "state=queued") == ["still waiting"]
    assert _labels(client, "state=succeeded&state=queued&label=NODE 3") == ["Node 3"]
    created = first["results"][1]["created_at"].replace("+", "%2B")
    assert _labels(client, f"created_after={created}") == ["still waiting", "Node 4"]
    assert _labels(client, f"created_before={created}")[0] == "Node 3"
    assert client.get("/api/v1/analyses/?state=odd").status_code == 400
    assert _queries(client, "page_size=1") == _queries(client, "page_size=6")


def test_the_queue_position_counts_the_images_ahead(versions: dict[str, ModelVersion]) -> None:
    first, second = browser(), browser()
    post(first)
    address = post(second)["Location"]
    assert second.get(address).json()["queue_position"] == 4
    assert post(second)["Retry-After"] == "7"
    listed = second.get("/api/v1/analyses/").json()["results"]
    assert [row["queue_position"] for row in listed] == [7, 4]  # as each says when it is asked for alone
    work_off()
    assert second.get(address).json()["queue_position"] is None


def _labels(client: APIClient, query: str) -> list[str]:
    return [row["case_label"] for row in client.get(f"/api/v1/analyses/?{query}").json()["results"]]


def _queries(client: APIClient, query: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(f"/api/v1/analyses/?{query}")
    return len(captured)


def _png_of(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _open(client: APIClient, address: str) -> Image.Image:
    answer = client.get(address)
    assert answer.status_code == 200
    return Image.open(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
