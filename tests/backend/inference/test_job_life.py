"""The life of a prediction as a state machine: workers, sweeps and people do what they like, in any order.

Hypothesis chooses. On PostgreSQL up to three of them act at the same moment, each with a connection of its
own; on SQLite, whose test database lives in one connection, one after the other."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PIL import Image

from backend.core.moments import from_now
from backend.core.problems import Conflict
from backend.inference import attempts, endings, engine, recovery
from backend.inference.choices import OPEN_STATES, TERMINAL_STATES, FailureCode
from backend.inference.claims import begin, claim
from backend.inference.models import Analysis, Prediction
from backend.inference.services import analysis_cancel, analysis_delete
from backend.inference.states import analyses_begin, analysis_state_of
from backend.inference.trust import Looks
from backend.registry.models import ModelVersion
from backend.studies.models import Case, UltrasoundImage
from ml.taxonomy import MODALITIES, Modality
from ml.trust.slot import SlotReading
from ml.trust.ultrasound import UltrasoundReading

WORKERS = 3
SIDE = 64
LOOKS_RIGHT = Looks(SlotReading(Modality.B_MODE, 1.0), UltrasoundReading(0.0))
LONG_STEPS = 2000
KEPT = ("state", "probabilities", "finished_at", "failure_code", "attempt", "model_version_id", "maps")
numbers = st.integers(min_value=0, max_value=1000)
workers = st.integers(min_value=0, max_value=WORKERS - 1)


@dataclass
class Worker:
    """What a worker believes that it holds; the rows may have moved on without it."""

    held: list[Prediction] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, number: int) -> Prediction | None:
        """One of what it holds, out of its hands."""
        with self.lock:
            row = self.held.pop(number % len(self.held)) if self.held else None
        if row and not row.starts:  # it was taken along
            begin([row])
        return row


class JobLife(RuleBasedStateMachine):
    """The rows are the system; `seen` is the model: what has ended stays as it ended."""

    result: ClassVar[engine.Result]
    storage: ClassVar[Path]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        Case.objects.all().delete()
        self.workers = [Worker() for _ in range(WORKERS)]
        self.seen: dict[uuid.UUID, dict[str, Any]] = {}

    # --- what may happen ---

    @transaction.atomic
    def submit(self, number: int) -> None:
        case = Case.objects.create(anonymous_id=uuid.uuid4())
        analysis = Analysis.objects.create(case=case)
        for modality in list(MODALITIES)[: 1 + number % 3]:
            image = UltrasoundImage.objects.create(
                case=case, modality=modality.value, file="x", width=SIDE, height=SIDE
            )
            Prediction.objects.create(analysis=analysis, image=image)

    def claim(self, number: int) -> None:
        queued = list(Prediction.objects.filter(state="queued").values_list("pk", flat=True))
        if queued:
            worker = self.workers[number % WORKERS]
            taken = claim(queued[number % len(queued)], batch=1 + number % 3, most=number % 7)
            analyses_begin(row.analysis_id for row in taken)  # as `pipeline.run` does
            with worker.lock:
                worker.held += taken

    def complete(self, number: int) -> None:
        if row := self.workers[number % WORKERS].take(number):
            image = Image.new("RGB", (SIDE, SIDE))
            endings.complete(endings.Job(row, image, LOOKS_RIGHT, perf_counter(), 0.0), self.result)

    def fail(self, number: int) -> None:
        if row := self.workers[number % WORKERS].take(number):
            endings.fail(row, FailureCode.INTERNAL_ERROR)

    def die(self, number: int) -> None:
        """It holds nothing any more, and nobody renews its leases."""
        worker = self.workers[number % WORKERS]
        with worker.lock:
            ids = [row.pk for row in worker.held]
            worker.held = []
        Prediction.objects.filter(pk__in=ids, state="running").update(lease_expires_at=_past())

    def hang(self, number: int) -> None:
        """Its leases run out, and later it comes back with what it holds."""
        ids = [row.pk for row in self.workers[number % WORKERS].held]
        Prediction.objects.filter(pk__in=ids, state="running").update(lease_expires_at=_past())

    def sweep(self, number: int) -> None:
        recovery.sweep()

    def cancel(self, number: int) -> None:
        if analysis := self._analysis(number):
            try:
                analysis_cancel(analysis=analysis)
            except (Conflict, Analysis.DoesNotExist):
                return

    def delete(self, number: int) -> None:
        analysis = self._analysis(number)
        if analysis and number % 5 == 0:
            try:
                analysis_delete(analysis=analysis)
            except (Analysis.DoesNotExist, Case.DoesNotExist):
                return

    def _analysis(self, number: int) -> Analysis | None:
        everything = list(Analysis.objects.select_related("case"))
        return everything[number % len(everything)] if everything else None

    # --- in which order, and what at the same moment ---

    @initialize(number=numbers)
    def begin(self, number: int) -> None:
        self.submit(number)

    @rule(
        acts=st.lists(
            st.tuples(
                st.sampled_from(
                    ["submit", "claim", "claim", "complete", "complete", "fail", "die", "hang", "sweep",
                     "sweep", "cancel", "delete"]
                ),
                numbers,
            ),
            min_size=1,
            max_size=3,
        )
    )  # fmt: skip
    def act(self, acts: list[tuple[str, int]]) -> None:
        type(self).steps += 1
        chosen = [(getattr(self, name), number) for name, number in acts]
        if connection.vendor == "sqlite":
            for do, number in chosen:
                do(number)
            return
        with ThreadPoolExecutor(len(chosen)) as pool:
            list(pool.map(_alone, chosen))

    # --- what holds at every moment ---

    @invariant()
    def what_ended_stays_as_it_ended(self) -> None:
        rows = {row["pk"]: row for row in Prediction.objects.values("pk", *KEPT)}
        for pk, ended in self.seen.items():
            assert pk not in rows or rows[pk] == ended
        self.seen |= {pk: row for pk, row in rows.items() if row["state"] in TERMINAL_STATES}

    @invariant()
    def every_row_makes_sense(self) -> None:
        for row in Prediction.objects.all():
            assert row.starts <= min(row.attempt, attempts.MAX_STARTS)
            assert (row.lease_expires_at is not None) == (row.state == "running"), row.state
            assert (row.state == "failed") == bool(row.failure_code)
            if row.state == "succeeded":
                kept = [
                    path for path in (self.storage / "maps" / str(row.pk)).iterdir() if any(path.iterdir())
                ]
                assert len(kept) == 1, "the maps of one attempt, and of no other"
                assert row.probabilities == self.result.probabilities

    @invariant()
    def an_analysis_is_what_its_predictions_are(self) -> None:
        for analysis in Analysis.objects.prefetch_related("predictions"):
            assert analysis.state == analysis_state_of(row.state for row in analysis.predictions.all())

    def teardown(self) -> None:
        """When nothing disturbs it any more, everything comes to its end."""
        for worker in self.workers:
            worker.held.clear()
        Prediction.objects.filter(state="running").update(lease_expires_at=_past())
        for number in range(200):
            if not Prediction.objects.filter(state__in=OPEN_STATES).exists():
                break
            self.sweep(number)
            self.claim(number * WORKERS)
            while self.workers[0].held:
                self.complete(0)
        assert not Prediction.objects.filter(state__in=OPEN_STATES).exists(), "something is stuck"
        self.an_analysis_is_what_its_predictions_are()


def _past() -> Any:
    return from_now(-timedelta(seconds=1))


def _alone(chosen: tuple[Callable[[int], None], int]) -> None:
    do, number = chosen
    try:
        do(number)
    finally:
        connections.close_all()


@pytest.fixture
def life(versions: dict[str, ModelVersion], storage: Path) -> type[JobLife]:
    JobLife.storage, JobLife.steps = storage, 0
    JobLife.result = engine.answers(versions["2d"], [Image.new("RGB", (SIDE, SIDE), (90, 90, 90))])[0]
    return JobLife


def run(life: type[JobLife], examples: int, steps: int) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        life,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=slow,
            phases=[Phase.generate, Phase.shrink], database=None, derandomize=True,
        ),
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_no_order_of_events_breaks_a_row(life: type[JobLife]) -> None:
    run(life, examples=6, steps=25)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.django_db(transaction=True)
def test_thousands_of_steps_break_no_row(life: type[JobLife]) -> None:
    run(life, examples=80, steps=50)
    print(f"{life.steps} steps on {connection.vendor}")  # noqa: T201
    assert life.steps >= LONG_STEPS
