"""Runs parts as processes of their own, several at once on several GPUs; a failure stops nobody else."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ml.reproduce.config import GridError
from ml.reproduce.plan import Part, is_done

POLL_S = 0.1
GRACE_S = 20.0  # for a part to save its state after Ctrl-C

Say = Callable[[str], None]
Command = Callable[[Part, "Slot"], list[str]]


@dataclass(frozen=True)
class Slot:
    """A place where one part runs at a time: a device name and what the process may see."""

    device: str
    visible: str | None = None  # CUDA_VISIBLE_DEVICES


@dataclass
class _Running:
    part: Part
    slot: Slot
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    began: float


@dataclass
class Outcome:
    """What became of the parts that were asked for."""

    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # name -> last line of its log
    skipped: dict[str, str] = field(default_factory=dict)  # name -> the part it needed


def slots_of(device: str, jobs: int) -> list[Slot]:
    """One slot a GPU (or `jobs` of them in turn); on a processor `jobs`, one unless asked for more."""
    gpus = gpu_count() if device in ("auto", "cuda") else 0
    if gpus == 0:
        return [Slot("cpu" if device == "cpu" else "auto")] * max(1, jobs)
    return [Slot("cuda", str(index % gpus)) for index in range(jobs or gpus)]


def gpu_count() -> int:
    """GPUs that torch sees, without loading torch here."""
    try:
        listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return 0
    return sum(line.startswith("GPU ") for line in listed.stdout.splitlines())


def run_parts(
    parts: Sequence[Part],
    command: Command,
    slots: Sequence[Slot],
    logs: Path,
    *,
    say: Say,
    after: Callable[[Part], object] = lambda _: None,
) -> Outcome:
    """Every part that is not done yet; the log of each lies in `logs`; `after` is called on success."""
    logs.mkdir(parents=True, exist_ok=True)
    with _only_one(logs / ".lock") as lock:
        return _run_parts(parts, command, slots, logs, say=say, after=after, lock=lock)


@contextmanager
def _only_one(path: Path) -> Iterator[int]:
    """A lock that parts inherit: it lasts until the last of them has ended, even after kill -9 up here."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    except BlockingIOError:
        raise GridError(
            f"Another reproduce, or a part that one left behind, still works in '{path.parent.parent}'. "
            "Wait for it or stop it."
        ) from None
    finally:
        os.close(descriptor)


def _run_parts(
    parts: Sequence[Part],
    command: Command,
    slots: Sequence[Slot],
    logs: Path,
    *,
    say: Say,
    after: Callable[[Part], object],
    lock: int,
) -> Outcome:
    waiting = [part for part in parts if not is_done(part)]
    outcome = Outcome(done=[part.name for part in parts if is_done(part)])
    free, clock = list(slots), _Clock(len(waiting), len(slots))
    running: list[_Running] = []
    try:
        while waiting or running:
            while free and (part := _next(waiting, running, outcome)) is not None:
                slot = free.pop(0)
                running.append(_start(part, slot, command(part, slot), logs, lock))
                say(f"[{clock.begun()}/{clock.total}] {part.name} begins on {slot.visible or slot.device}")
            running = [
                entry for entry in running if not _ended(entry, outcome, free, clock, say=say, after=after)
            ]
            time.sleep(POLL_S if running else 0)
            _skip_orphans(waiting, outcome, say)
    except BaseException:
        _stop(running)
        raise
    return outcome


class _Clock:
    """Counts parts and guesses the time left from those that ended."""

    def __init__(self, total: int, slots: int) -> None:
        self.total, self.slots = total, slots
        self.started, self.ended, self.seconds = 0, 0, 0.0

    def begun(self) -> int:
        self.started += 1
        return self.started

    def left(self, seconds: float) -> str:
        self.ended += 1
        self.seconds += seconds
        guess = self.seconds / self.ended * (self.total - self.ended) / self.slots
        return f"about {guess / 60:.0f} min left" if guess >= 90 else f"about {guess:.0f} s left"


def _next(waiting: list[Part], running: list[_Running], outcome: Outcome) -> Part | None:
    """The first waiting part whose need is met; parts whose need is neither planned nor done may run now."""
    pending = {part.name for part in waiting} | {entry.part.name for entry in running}
    for part in waiting:
        if part.needs is None or (part.needs not in pending and part.needs not in _lost(outcome)):
            waiting.remove(part)
            return part
    return None


def _lost(outcome: Outcome) -> set[str]:
    return set(outcome.failed) | set(outcome.skipped)


def _skip_orphans(waiting: list[Part], outcome: Outcome, say: Say) -> None:
    for part in [part for part in waiting if part.needs in _lost(outcome)]:
        waiting.remove(part)
        outcome.skipped[part.name] = str(part.needs)
        say(f"{part.name} is skipped: {part.needs} failed")


def _start(part: Part, slot: Slot, command: list[str], logs: Path, lock: int) -> _Running:
    environment = dict(os.environ)
    if slot.visible is not None:
        environment["CUDA_VISIBLE_DEVICES"] = slot.visible
    log = (logs / f"{part.name.replace('/', '-')}.log").open("ab")
    process = subprocess.Popen(  # noqa: S603  our own command line
        command,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
        pass_fds=(lock,),
    )
    return _Running(part, slot, process, log, time.monotonic())


def _ended(
    entry: _Running,
    outcome: Outcome,
    free: list[Slot],
    clock: _Clock,
    *,
    say: Say,
    after: Callable[[Part], object],
) -> bool:
    code = entry.process.poll()
    if code is None:
        return False
    entry.log.close()
    free.append(entry.slot)
    seconds = time.monotonic() - entry.began
    left = clock.left(seconds)
    if code == 0:
        outcome.done.append(entry.part.name)
        after(entry.part)
        say(f"{entry.part.name} ended after {seconds:.0f} s, {left}")
    else:
        outcome.failed[entry.part.name] = last_line(Path(entry.log.name)) or f"exit code {code}"
        say(f"{entry.part.name} FAILED after {seconds:.0f} s: {outcome.failed[entry.part.name]}")
    return True


def last_line(log: Path) -> str:
    """The last thing a part said."""
    lines = [line.strip() for line in log.read_text(errors="replace").replace("\r", "\n").splitlines()]
    return next((line for line in reversed(lines) if line), "")


def _stop(running: list[_Running]) -> None:
    """Ask every part to stop (each saves its state), and end those that do not."""
    for entry in running:
        if entry.process.poll() is None:
            os.killpg(entry.process.pid, signal.SIGINT)
    deadline = time.monotonic() + GRACE_S
    for entry in running:
        try:
            entry.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(entry.process.pid, signal.SIGKILL)
            entry.process.wait()
        entry.log.close()
