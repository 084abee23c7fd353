"""Kill it anywhere, start it again: the same final weights, bit for bit."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from ml.__main__ import main
from ml.atomic import clear_dead_parts
from ml.data.samples import DataError
from ml.train.progress import Progress
from ml.train.state import STATE, load_state, save_state
from tests.ml.image_sets import write_folder

KILLS = 3


def arguments(root: Path, out: Path) -> list[str]:
    return [
        "pretrain", "--config", "ml/configs/pretrain.toml",
        "--data", str(root / "data"), "--sets", "auli,busi",
        "--architecture", "timm:test_efficientnet", "--size", "32", "--epochs", "4", "--batch-size", "6",
        "--learning-rate", "0.001", "--device", "cpu", "--threads", "1", "--save-every-s", "0.01",
        "--cache", str(root / "cache"), "--out", str(out),
    ]  # fmt: skip


def wait_for_more(state: Path, before: float, process: subprocess.Popen[bytes]) -> bool:
    """Until a newer state lies there; False where the process ended first."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        if state.is_file() and state.stat().st_mtime > before:
            return True
        time.sleep(0.01)
    raise AssertionError("no state was saved in two minutes")


def kill_at_random(command: Sequence[str], out: Path, moment: random.Random) -> bool:
    """Start the command, SIGKILL it some time after its next saved state; False if it was done before."""
    state = out / STATE
    before = state.stat().st_mtime if state.is_file() else 0.0
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
    with subprocess.Popen(
        [sys.executable, "-m", "ml", *command], env=env, stderr=subprocess.DEVNULL
    ) as process:
        if not wait_for_more(state, before, process):
            return False
        time.sleep(moment.uniform(0.0, 0.6))
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL


def test_killed_at_random_steps_the_weights_are_the_same_bit_for_bit(tmp_path):
    for name in ("auli", "busi"):
        write_folder(tmp_path / "data" / name, classes=("benign", "malignant", "normal"), patients=6, side=32)
    torch.set_num_threads(1)
    assert main(arguments(tmp_path, tmp_path / "whole")) == 0
    moment = random.Random(os.environ.get("RESUME_SEED", "17"))
    broken = tmp_path / "broken"
    kills = [kill_at_random(arguments(tmp_path, broken), broken, moment) for _ in range(KILLS)]
    assert any(kills)
    assert main(arguments(tmp_path, broken)) == 0
    whole, resumed = (load_file(tmp_path / run / "backbone.safetensors") for run in ("whole", "broken"))
    assert whole.keys() == resumed.keys()
    for name, tensor in whole.items():
        assert torch.equal(tensor, resumed[name]), name
    for file in ("epochs.csv", "tasks/auli.csv", "tasks/busi.csv"):
        assert (tmp_path / "whole" / file).read_text() == (tmp_path / "broken" / file).read_text()
    assert not list(
        broken.rglob("*.part")
    )  # the half-written files of killed processes are gone or were never


def test_half_written_files_of_the_dead_go_and_of_the_living_stay(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "pass"]) as ended:
        ended.wait()
    dead, living = (tmp_path / f".state.safetensors.{pid}.part" for pid in (ended.pid, os.getpid()))
    dead.write_text("half")
    living.write_text("half")
    (tmp_path / f".cache.{ended.pid}.part").mkdir()
    clear_dead_parts(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [living.name]


def test_a_finished_run_is_left_alone(tmp_path):
    write_folder(tmp_path / "data" / "auli", classes=("benign", "malignant", "normal"), patients=3, side=32)
    write_folder(tmp_path / "data" / "busi", classes=("benign", "malignant", "normal"), patients=3, side=32)
    assert main(arguments(tmp_path, tmp_path / "run")) == 0
    stamp = (tmp_path / "run" / "backbone.safetensors").stat().st_mtime_ns
    assert main(arguments(tmp_path, tmp_path / "run")) == 0
    assert (tmp_path / "run" / "backbone.safetensors").stat().st_mtime_ns == stamp


def test_state_holds_the_optimiser(tmp_path):
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 2)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(3):
        model(torch.ones(1, 3)).sum().backward()
        optimizer.step()
    save_state(tmp_path, model, optimizer, Progress(epoch=1, task=2, step=3))
    other = torch.nn.Linear(3, 2)
    fresh = torch.optim.Adam(other.parameters(), lr=0.1)
    progress = load_state(tmp_path, other, fresh)
    assert progress is not None
    assert (progress.epoch, progress.task, progress.step) == (1, 2, 3)
    for old, new in zip(model.parameters(), other.parameters(), strict=True):
        assert torch.equal(old, new)
        for key, value in optimizer.state[old].items():
            assert torch.equal(value, fresh.state[new][key])


def test_a_damaged_state_is_a_sentence(tmp_path):
    (tmp_path / STATE).write_bytes(b"half of a file")
    model = torch.nn.Linear(3, 2)
    with pytest.raises(DataError, match="Delete it"):
        load_state(tmp_path, model, torch.optim.Adam(model.parameters()))
