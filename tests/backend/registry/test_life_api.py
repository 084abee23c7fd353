"""What is done with a version over REST, and what the history answers."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backend.registry.card_markdown import card_markdown
from backend.registry.models import ModelVersion, VersionEvent
from backend.registry.services import model_version_activate
from ml.audit.record import KEY, PARTS, VIT_CAVEAT, Audit, Figure, Part, audit_as_json
from ml.taxonomy import CLASS_NAMES
from ml.trust.record import Calibration, ReliabilityBin, calibration_as_json
from tests.factories import browser, model_version_create, program, user_create

pytestmark = pytest.mark.django_db
MODELS = "/api/v1/models/"
HISTORY, ANSWERING = f"{MODELS}history/", f"{MODELS}answering/"
ACTIONS = ("activate", "retire", "check")


def at(version: ModelVersion, what: str = "") -> str:
    return f"{MODELS}{version.pk}/{what}"


@pytest.fixture
def admin() -> APIClient:
    return browser(user_create(username="keeper", role="model_admin"))


@pytest.fixture
def version(tmp_path: Path) -> ModelVersion:
    return model_version_create(tmp_path, name="June")


def test_activation_and_roll_back(admin: APIClient, version: ModelVersion, tmp_path: Path) -> None:
    former = model_version_create(tmp_path, activate=True)
    answer = admin.post(at(version, "activate/"), {"reason": "better"})
    assert (answer.status_code, answer.json()["state"]) == (200, "active")
    assert answer.json()["check_passed"] is True
    back = admin.post(at(former, "activate/"), {"reason": "worse after all"})
    assert (back.status_code, back.json()["state"]) == (200, "active")
    version.refresh_from_db()
    assert version.state == "checked"
    newest = admin.get(f"{HISTORY}?action=activated").json()["results"][0]
    assert (newest["actor"], newest["reason"]) == ("keeper", "worse after all")
    assert (newest["version"]["id"], newest["from_version"]["id"]) == (str(former.pk), str(version.pk))


def test_retiring(admin: APIClient, version: ModelVersion) -> None:
    answer = admin.post(at(version, "retire/"), {"reason": "superseded"})
    assert (answer.status_code, answer.json()["state"]) == (200, "retired")
    assert answer.json()["retired_at"]
    again = admin.post(at(version, "activate/"), {"reason": "sorry"})
    assert (again.status_code, again.json()["code"]) == (409, "not_checked")
    again = admin.post(at(version, "retire/"), {"reason": "sorry"})
    assert (again.status_code, again.json()["code"]) == (409, "retired")


def test_checking_again(admin: APIClient, version: ModelVersion) -> None:
    answer = admin.post(at(version, "check/"), {"reason": "new processor"})
    assert (answer.status_code, answer.json()["state"]) == (202, "checking")
    assert answer["Location"] == f"http://testserver{at(version)}"
    assert answer.json()["check"]["state"] == "waiting"
    assert answer.json()["check_passed"] is None
    refused = admin.post(at(version, "activate/"), {"reason": "now"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_checked")


def test_the_active_one_is_neither_retired_nor_checked(admin: APIClient, version: ModelVersion) -> None:
    model_version_activate(version=version, actor=None, reason="first")
    for action in ("retire", "check"):
        refused = admin.post(at(version, f"{action}/"), {"reason": "try"})
        assert (refused.status_code, refused.json()["code"]) == (409, "active")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, "reason_missing"),
        ({"reason": " "}, "reason_missing"),
        ([], "reason_missing"),
        ({"reason": [None, None]}, "reason_missing"),
        ({"reason": "x" * 501}, "reason_too_long"),
    ],
)
def test_a_reason_is_asked_for(
    admin: APIClient, version: ModelVersion, action: str, form: object, code: str
) -> None:
    answer = admin.post(at(version, f"{action}/"), form, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    version.refresh_from_db()
    assert version.state == "checked"


@pytest.mark.parametrize("action", ACTIONS)
def test_others_may_not(version: ModelVersion, action: str) -> None:
    address, form = at(version, f"{action}/"), {"reason": "let me"}
    nobody = browser().post(address, form)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "not_authenticated")
    for role in ("clinician", "auditor"):
        refused = browser(user_create(role=role)).post(address, form)
        assert (refused.status_code, refused.json()["code"]) == (403, "wrong_role")
    version.refresh_from_db()
    assert version.state == "checked"


def test_a_token_that_may_only_write_names_a_version_and_gets_its_card(version: ModelVersion) -> None:
    token = program(user_create(role="model_admin"), scopes=["models:write"])
    answer = token.post(at(version, "activate/"), {"reason": "by script"})
    assert (answer.status_code, answer.json()["state"]) == (200, "active")


class TestHistory:
    """Who sees which lines."""

    def test_readers_of_the_records_see_everything_others_the_activations(
        self, version: ModelVersion, api: APIClient
    ) -> None:
        doctor = user_create(username="doctor")
        model_version_activate(version=version, actor=doctor, reason="trial")
        lines = browser(user_create(role="auditor")).get(HISTORY).json()["results"]
        assert [(line["action"], line["actor"]) for line in lines] == [
            ("activated", "doctor"), ("checked", None), ("uploaded", None),
        ]  # fmt: skip
        for client in (api, browser(user_create())):
            assert [(line["action"], line["actor"]) for line in client.get(HISTORY).json()["results"]] == [
                ("activated", None)
            ]
            assert client.get(f"{HISTORY}?action=uploaded").json()["results"] == []

    def test_a_version_s_own_lines_are_for_readers_of_the_records(
        self, version: ModelVersion, tmp_path: Path, api: APIClient
    ) -> None:
        model_version_create(tmp_path)
        auditor = browser(user_create(role="auditor"))
        lines = auditor.get(at(version, "events/")).json()["results"]
        assert [line["action"] for line in lines] == ["checked", "uploaded"]
        assert {line["version"]["name"] for line in lines} == {"June"}
        assert api.get(at(version, "events/")).status_code == 401
        assert browser(user_create()).get(at(version, "events/")).status_code == 403

    def test_which_version_answered_when(self, tmp_path: Path, api: APIClient) -> None:
        first = model_version_create(tmp_path, activate=True)
        second = model_version_create(tmp_path, activate=True)
        colour = model_version_create(tmp_path, modality="cdfi", activate=True)
        activations = VersionEvent.objects.filter(action="activated").order_by("created_at")
        moment = [event.created_at for event in activations]

        def answering(when: str) -> dict[str, str | None]:
            answer = api.get(ANSWERING, {"at": when})
            assert answer.status_code == 200, answer.content
            versions = answer.json()["versions"]
            return {name: shown and shown["id"] for name, shown in versions.items()}

        nothing = {"2d": None, "cdfi": None, "elastography": None, "fusion": None}
        assert answering((moment[0] - timedelta(seconds=1)).isoformat()) == nothing
        assert answering(moment[0].isoformat()) == nothing | {"2d": str(first.pk)}
        assert answering(moment[1].isoformat()) == nothing | {"2d": str(second.pk)}
        now = nothing | {"2d": str(second.pk), "cdfi": str(colour.pk)}
        assert answering("") == answering(timezone.now().date().isoformat()) == now
        shown = api.get(ANSWERING).json()["versions"]["2d"]
        assert shown["reason"] == "imported"
        assert shown["since"] == moment[1].isoformat().replace("+00:00", "Z")

    def test_a_time_with_a_zone(self, tmp_path: Path, api: APIClient) -> None:
        """Ten o'clock in Beijing is two o'clock in UTC, however the plus came through the address."""
        for text in ("2026-01-31T10:00:00+08:00", "2026-01-31T10:00:00 08:00"):
            assert api.get(ANSWERING, {"at": text}).json()["at"] == "2026-01-31T02:00:00Z"

    @pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "12"])
    def test_no_time_is_422(self, api: APIClient, text: str) -> None:
        answer = api.get(ANSWERING, {"at": text})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_time")


class TestCard:
    """The card says what the manifest says, in words too."""

    METRICS = {
        "images": 90,
        "out_of_fold": {"auc_ovr": 0.9, "accuracy": 0.8},
        "auc_per_class": {"benign": 0.95, "lymphoma": 0.7, "metastatic": 0.9},
        "recall": {"benign": 0.81, "lymphoma": 0.48, "metastatic": 0.91},
        "precision": {"benign": 0.88, "lymphoma": 0.62, "metastatic": 0.8},
        "intervals": {"lymphoma": {"recall": {"value": 0.48, "low": 0.4, "high": 0.56, "undefined": 0}}},
    }

    def test_figures_per_class_and_weaknesses(self, tmp_path: Path, api: APIClient) -> None:
        version = model_version_create(tmp_path, activate=True, metrics=self.METRICS)
        card = api.get(at(version)).json()
        scores = {row["name"]: row for row in card["class_scores"]}
        assert scores["lymphoma"]["recall"] == {"value": 0.48, "low": 0.4, "high": 0.56}
        assert scores["benign"]["precision"] == {"value": 0.88, "low": None, "high": None}
        assert card["known_weaknesses"] == ["Misses many lymphoma nodes: recall 0.48 (0.40 to 0.56)."]
        assert "bare softmax" in card["calibration"]
        assert card["check"]["state"] == "passed"
        assert len(card["check"]["findings"]) == 13

    def test_calibration_is_shown_with_its_figures(self, tmp_path: Path, api: APIClient) -> None:
        fitted = Calibration(
            temperature=1.7,
            scores={name: np.linspace(0, 0.9, 40, dtype=np.float32) for name in CLASS_NAMES},
            images=120,
            source="fresh *phantoms*",
            synthetic=True,
            before={"ece": 0.12, "brier": 0.3},
            after={"ece": 0.04, "brier": 0.28},
            reliability={
                "before": (),
                "after": (ReliabilityBin(0.8, 0.9, 50, 0.85, 0.8), ReliabilityBin(0.9, 1.0, 0, None, None)),
            },
        )
        extras = {"calibration": calibration_as_json(fitted)}
        version = model_version_create(tmp_path, activate=True, extras=extras)
        assert "scores" not in version.manifest["extras"]["calibration"]  # the engine reads the file
        card = api.get(at(version)).json()
        assert "calibration error is 0.040, before 0.120" in card["calibration"]
        figures = card["calibration_figures"]
        assert (figures["images"], figures["synthetic"], figures["after"]["ece"]) == (120, True, 0.04)
        assert [item["count"] for item in figures["bins"]] == [50, 0]
        markdown = api.get(card["markdown"]).content.decode()
        assert "fresh \\*phantoms\\*" in markdown
        assert "| 0.8 to 0.9 | 0.85 | 0.80 | 50 |" in markdown

    def test_the_audit_of_its_maps_is_shown_in_words(self, tmp_path: Path, api: APIClient) -> None:
        parts = {name: Part(0, {}, "not *asked*") for name in PARTS}
        parts["curves"] = Part(40, {"gain": Figure(0.12, 0.09, 0.15)})
        audit = Audit(40, "fresh *phantoms*", True, (5, 5), parts, VIT_CAVEAT)
        version = model_version_create(tmp_path, activate=True, extras={KEY: audit_as_json(audit)})
        card = api.get(at(version)).json()
        shown = card["map_audit"]
        assert (shown["verdict"], shown["images"], shown["caveat"]) == ("passed", 40, VIT_CAVEAT)
        by_name = {part["name"]: part for part in shown["parts"]}
        assert by_name["curves"]["figures"]["gain"] == {"value": 0.12, "low": 0.09, "high": 0.15}
        assert by_name["occlusion"]["verdict"] == "not_measured"
        markdown = api.get(card["markdown"]).content.decode()
        assert "fresh \\*phantoms\\*" in markdown
        assert "| yes | gain 0.12 \\(0.09 to 0.15\\) |" in markdown

    def test_a_version_nobody_audited_says_so(self, version: ModelVersion, admin: APIClient) -> None:
        card = admin.get(at(version)).json()
        assert card["map_audit"] is None
        assert "Nobody has measured it" in admin.get(card["markdown"]).content.decode()

    def test_a_version_without_figures_has_none(self, version: ModelVersion, admin: APIClient) -> None:
        card = admin.get(at(version)).json()
        assert (card["class_scores"], card["known_weaknesses"]) == ([], [])

    def test_as_markdown(self, tmp_path: Path, api: APIClient) -> None:
        version = model_version_create(
            tmp_path, activate=True, metrics=self.METRICS, intended_use="For <script>alert(1)</script> | *x*"
        )
        card = api.get(at(version)).json()
        answer = api.get(card["markdown"])
        assert answer["Content-Type"] == "text/markdown; charset=utf-8"
        text = answer.content.decode()
        for part in (
            "SYNTHETIC", "## Limits", "- Random weights.", "Misses many lymphoma nodes",
            "| lymphoma | 0.70 | 0.62 | 0.48", "Measured on 90 images", "## Licence", "Apache-2.0",
            "Research use only", "bare softmax", str(version.pk), version.tensor_sha256,
        ):  # fmt: skip
            assert part in text, text
        assert "<script>" not in text
        assert r"\| \*x\*" in text

    def test_a_candidate_s_card_is_hidden_from_readers(self, version: ModelVersion, api: APIClient) -> None:
        assert api.get(at(version, "card.md")).status_code == 404
        assert browser(user_create(role="auditor")).get(at(version, "card.md")).status_code == 200

    def test_a_manifest_of_any_metrics_makes_a_card(self, tmp_path: Path) -> None:
        for metrics in (
            {},
            {"recall": 3, "images": True},
            {"intervals": {"benign": [1]}, "recall": {"benign": "x"}},
        ):
            assert "## Figures" in card_markdown(model_version_create(tmp_path, metrics=metrics))
