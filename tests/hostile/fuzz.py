"""Bent files by the thousand through the reader of images: `python -m tests.hostile.fuzz --seconds 600`.

A child process reads them, with a bound on its memory; the parent watches the clock.
Case n is the same in every run."""

import argparse
import io
import json
import multiprocessing
import random
import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

import psutil

from backend.studies.decoding.errors import UnreadableImage
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.read import read_picture
from tests.hostile.families import families
from tests.hostile.parts import jpeg
from tests.pictures import png

LONGEST_S = 5.0
LONGEST_WAIT_S = 300.0  # by the clock, on a machine that others use too
START_S = 20.0  # of processor time: imports, and making the originals
MEMORY_BYTES = 2 * 2**30  # address space of the child: the reader itself, its libraries, and one picture
LARGEST_SEED = 200_000
READ = "read"
ODD_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF)


@dataclass
class Outcome:
    """What a run has seen."""

    cases: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    spent_s: float = 0.0


def seeds() -> list[bytes]:
    """Small files of every kind."""
    files = [png(), jpeg(), *(content for _, _, content, _ in families())]
    return [content for content in files if 16 < len(content) <= LARGEST_SEED]


def bent(number: int, originals: list[bytes]) -> bytes:
    """Case `number`: one original with one to eight changes."""
    dice = random.Random(number)  # the same case for the same number
    content = bytearray(dice.choice(originals))
    for _ in range(dice.randint(1, 8)):
        _change(content, dice, originals)
    return bytes(content)


def _change(content: bytearray, dice: random.Random, originals: list[bytes]) -> None:
    at = dice.randrange(len(content)) if content else 0
    size = dice.choice((1, 1, 2, 4, 16))
    kind = dice.randrange(6)
    if kind == 0:
        content[at : at + size] = dice.randbytes(size)
    elif kind == 1:
        content[at : at + size] = bytes([dice.choice(ODD_NUMBERS)]) * size
    elif kind == 2:
        del content[at : at + size]
    elif kind == 3:
        content[at:at] = content[at : at + 64] * dice.choice((1, 3))
    elif kind == 4:
        other = dice.choice(originals)
        start = dice.randrange(len(other))
        content[at : at + 64] = other[start : start + 64]
    elif content:
        content[at] ^= 1 << dice.randrange(8)


def code_of(content: bytes) -> str:
    """`read`, or the code of the refusal; anything else that is raised is a finding."""
    try:
        read_picture(io.BytesIO(content), limits=Limits(), frame=None)
    except UnreadableImage as error:
        return error.code
    return READ


def _reader(pipe: Connection, first: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    originals = seeds()
    number = first
    pipe.send(("ready", number, ""))
    while True:
        content = bent(number, originals)
        pipe.send(("begun", number, ""))
        try:
            pipe.send(("done", number, code_of(content)))
        except Exception as error:  # noqa: BLE001 (whatever is not a typed refusal is what we look for)
            pipe.send(("raised", number, repr(error)[:200]))
        number += 1


def fuzz(seconds: float, first: int = 0) -> Outcome:
    """Cases from `first` on, until reading took so long; a lost reader is replaced behind its case."""
    outcome = Outcome()
    while outcome.spent_s < seconds:
        finding = _until_lost(first + outcome.cases, seconds, outcome)
        if finding:
            outcome.cases += 1
            outcome.findings.append(finding)
    return outcome


def _until_lost(first: int, seconds: float, outcome: Outcome) -> str:
    """One reader, up to the end of the time (empty) or to the case that ended it (what happened)."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    reader = context.Process(target=_reader, args=(theirs, first), daemon=True)
    reader.start()
    theirs.close()
    number, begun, allowed_s = first, time.monotonic(), START_S
    try:
        while outcome.spent_s < seconds:
            if not _speaks_in_time(ours, reader.pid or 0, allowed_s):
                return f"case {number}: no answer after {allowed_s} s of processor time"
            what, number, text = ours.recv()
            if what == "begun":
                begun, allowed_s = time.monotonic(), LONGEST_S
            elif what != "ready":
                _count(outcome, what, number, text, time.monotonic() - begun)
    except EOFError:
        reader.join()
        return f"case {number}: the reader ended with {reader.exitcode}"
    finally:
        reader.kill()
        reader.join()
    return ""


def _speaks_in_time(pipe: Connection, pid: int, allowed_s: float) -> bool:
    """Processor time is what counts: on a busy machine the clock says nothing about a hang."""
    process = psutil.Process(pid)
    used = _processor_s(process)
    deadline = time.monotonic() + LONGEST_WAIT_S
    while not pipe.poll(0.2):
        if time.monotonic() > deadline or _processor_s(process) - used > allowed_s:
            return False
    return True


def _processor_s(process: psutil.Process) -> float:
    try:
        spent = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0  # the pipe will tell
    return float(spent.user + spent.system)


def _count(outcome: Outcome, what: str, number: int, text: str, took_s: float) -> None:
    outcome.cases += 1
    outcome.spent_s += took_s
    outcome.slowest_s = max(outcome.slowest_s, took_s)
    outcome.codes[text if what == "done" else what] += 1
    if what == "raised":
        outcome.findings.append(f"case {number}: {text}")


def main() -> None:
    """Print what was seen, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    outcome = fuzz(given.seconds, given.first)
    print(json.dumps(vars(outcome), indent=1))  # noqa: T201
    raise SystemExit(1 if outcome.findings else 0)


if __name__ == "__main__":
    main()
