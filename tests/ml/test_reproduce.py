"""`python -m ml reproduce`: the plan, the runner with real processes, the comparison, a small real grid."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from ml import paper
from ml.__main__ import main
from ml.data.readers import read
from ml.data.samples import says_synthetic
from ml.reproduce.collect import collect
from ml.reproduce.commands import command_of, toml_of
from ml.reproduce.comparison import AUC, claims, paper_rows
from ml.reproduce.config import GridError, Phantoms, read_config
from ml.reproduce.differences import differences
from ml.reproduce.phantom_data import write_phantom_sets
from ml.reproduce.plan import Part, choose, drop_weights, plan, status
from ml.reproduce.report import build_report, markdown_report
from ml.reproduce.runner import Slot, run_parts
from tests.ml.run_factory import write_pretraining, write_run

SMOKE = Path("ml/configs/smoke.toml")
SMALL = """
[grid]
backbones = ["resnet18"]
modalities = ["2d"]
folds = 2
chosen_backbone = "resnet18"
chosen_modality = "2d"
resamples = 100
[phantoms]
cases = 18
per_class = 8
size = [80, 64]
[machine]
device = "cpu"
threads = 1
[recipe]
input_size = 32
learning_rate = 5e-4
epochs = 1
patience = 0
[finetuning]
balance = true
"""


def write_config(path: Path, text: str = SMALL) -> Path:
    path.write_text(text)
    return path


# --- configuration and plan ---------------------------------------------------------------------------------


def test_the_papers_grid_is_what_reproduce_toml_says():
    tables = tomllib.loads(Path("ml/configs/reproduce.toml").read_text())
    assert tables["grid"]["backbones"] == list(paper.FULL_BACKBONES.values())
    assert tables["grid"]["folds"] == 5
    assert list(tables["data"]["pretraining"]) == list(paper.TABLE_1)
    recipe = tables["recipe"]
    assert (recipe["input_size"], recipe["learning_rate"]) == (384, 5e-5)
    assert (recipe["batch_size"], recipe["patience"]) == (16, 5)
    assert tables["finetuning"]["balance"] is True


def test_the_smoke_grid_has_every_part_and_needs_come_first(tmp_path):
    parts = plan(read_config(SMOKE), tmp_path)
    assert len(parts) == 4 * (1 + 3 * 2)
    seen: set[str] = set()
    for part in parts:
        assert part.needs is None or part.needs in seen
        assert (part.needs is not None) == (part.variant == "pretrained")
        seen.add(part.name)
    assert len({part.folder for part in parts}) == 28


def test_only_takes_patterns_and_brings_what_they_need(tmp_path):
    parts = plan(read_config(SMOKE), tmp_path)
    names = [part.name for part in choose(parts, ["resnet18/2d/pretrained"])]
    assert names == ["resnet18/pretrain", "resnet18/2d/pretrained"]
    assert len(choose(parts, ["*/cdfi/scratch"])) == 4
    with pytest.raises(GridError, match="No part matches nothing"):
        choose(parts, ["nothing"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (('["resnet18"]', "[]"), "backbones of .* it is empty"),
        (('["2d"]', '["3d"]'), "'3d' is none of"),
        (("folds = 2", "folds = 1"), "folds = 1 must lie between 2 and 20"),
        (("folds = 2", 'folds = "2"'), "folds must be a whole number"),
        (("folds = 2", "fold = 2"), r"\[grid\] has no 'fold'"),
        (("[phantoms]", "[phantom]"), r"has a table \[phantom\]"),
        (("folds = 2", 'protocol = "mine"'), "protocol = 'mine'"),
        (("[grid]", "[grid"), "not valid TOML"),
    ],
)
def test_a_wrong_configuration_is_a_sentence(tmp_path, change, sentence):
    with pytest.raises(GridError, match=sentence):
        read_config(write_config(tmp_path / "c.toml", SMALL.replace(*change)))


def test_missing_data_is_said_before_any_work(tmp_path, capsys):
    text = '[data]\ntarget = "nowhere"\n[data.pretraining]\nbusi = "nowhere"\n'
    assert main(["reproduce", "--config", str(write_config(tmp_path / "c.toml", text))]) == 2
    assert "'nowhere' does not exist" in capsys.readouterr().err
    assert main(["reproduce", "--config", str(tmp_path / "absent.toml")]) == 2


def test_a_part_becomes_the_command_and_recipe_that_train_it(tmp_path):
    config = read_config(SMOKE)
    parts = {part.name: part for part in plan(config, tmp_path)}
    command = command_of(parts["resnet18/cdfi/pretrained"], config, tmp_path, folds="0,1", device="cpu")
    assert command[1:4] == ["-m", "ml", "finetune"]
    start = command[command.index("--start") + 1]
    assert start == str(tmp_path / "runs" / "resnet18" / "pretrain" / "backbone.safetensors")
    assert command[command.index("--only-folds") + 1] == "0,1"
    recipe = tomllib.loads(Path(command[command.index("--config") + 1]).read_text())["recipe"]
    assert recipe["architecture"] == "resnet18"
    assert recipe["balance"] is True
    assert "--start" not in command_of(parts["resnet18/cdfi/scratch"], config, tmp_path)
    command = command_of(parts["resnet18/pretrain"], config, tmp_path)
    tables = tomllib.loads(Path(command[command.index("--config") + 1]).read_text())
    assert list(tables["sets"]) == ["auli", "ocau", "busi", "ddti", "edcu"]  # the paper's order
    assert tables["recipe"]["balance"] is False


def test_recipes_survive_the_way_through_toml():
    recipe = {
        "a": 5e-5,
        "b": True,
        "c": 'say "\\"',
        "d": 3,
        "augment": {"shift": 0.1, "horizontal_flip": False},
    }
    assert tomllib.loads(toml_of({"recipe": recipe}))["recipe"] == recipe


# --- the runner, with real processes ------------------------------------------------------------------------


def part(tmp_path: Path, name: str, needs: str | None = None) -> Part:
    return Part(name, "b", "2d", "scratch", tmp_path / name.replace("/", "-"), needs)


def script(one: Part, body: str = "", code: int = 0) -> list[str]:
    """A process that does `body`, writes what a finished run writes, and exits with `code`."""
    folder = str(one.folder)
    done = f"import json,pathlib;p=pathlib.Path({folder!r});p.mkdir(exist_ok=True,parents=True)\n"
    done += "(p/'run.json').write_text(json.dumps({'status':'done'}))\n" if code == 0 else ""
    return [sys.executable, "-c", f"import os,sys,time\n{body}\n{done}print('last words');sys.exit({code})"]


def test_needs_are_met_failures_stop_nobody_else_and_done_parts_do_not_run_again(tmp_path):
    parts = [
        part(tmp_path, "a"),
        part(tmp_path, "b", needs="a"),
        part(tmp_path, "c"),
        part(tmp_path, "d", needs="c"),
    ]
    said: list[str] = []
    begun: list[str] = []

    def command(one: Part, slot: Slot) -> list[str]:
        begun.append(one.name)
        return script(one, code=3 if one.name == "c" and len(begun) < 5 else 0)

    outcome = run_parts(parts, command, [Slot("cpu")], tmp_path / "logs", say=said.append)
    assert sorted(outcome.done) == ["a", "b"]
    assert outcome.failed == {"c": "last words"}
    assert outcome.skipped == {"d": "c"}
    assert begun.index("a") < begun.index("b")
    assert any("d is skipped: c failed" in line for line in said)
    again = run_parts(parts, command, [Slot("cpu")], tmp_path / "logs", say=said.append)
    assert begun[3:4] == ["c"]  # a and b were not started again
    assert "a" in again.done


def test_each_gpu_gets_one_part_at_a_time_and_sees_only_itself(tmp_path):
    parts = [part(tmp_path, name) for name in "abcdef"]
    running = tmp_path / "running"
    running.mkdir()
    body = (
        f"mine = os.path.join({str(running)!r}, os.environ['CUDA_VISIBLE_DEVICES'])\n"
        "os.mkdir(mine)\n"  # fails if another part is on the same GPU
        "time.sleep(0.2)\n"
        "os.rmdir(mine)"
    )
    slots = [Slot("cuda", "0"), Slot("cuda", "1")]
    outcome = run_parts(parts, lambda one, _: script(one, body), slots, tmp_path / "logs", say=lambda _: None)
    assert sorted(outcome.done) == list("abcdef")


def test_a_second_reproduce_in_the_same_folder_is_refused(tmp_path):
    slow = part(tmp_path, "slow")
    first = threading.Thread(
        target=run_parts,
        args=([slow], lambda one, _: script(one, "time.sleep(2)"), [Slot("cpu")], tmp_path / "logs"),
        kwargs={"say": lambda _: None},
    )
    first.start()
    time.sleep(0.5)
    with pytest.raises(GridError, match="still works in"):
        run_parts(
            [part(tmp_path, "x")],
            lambda one, _: script(one),
            [Slot("cpu")],
            tmp_path / "logs",
            say=lambda _: None,
        )
    first.join()


def test_ctrl_c_stops_the_parts_too(tmp_path):
    pid_file = tmp_path / "pid"
    code = (  # a shell's background job ignores SIGINT, and its children do
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from pathlib import Path\n"
        "from tests.ml.test_reproduce import part, script\n"
        "from ml.reproduce.runner import Slot, run_parts\n"
        f"t = Path({str(tmp_path)!r})\n"
        f"body = \"open({str(pid_file)!r},'w').write(str(os.getpid()));time.sleep(60)\"\n"
        "run_parts([part(t, 'a')], lambda o, s: script(o, body), [Slot('cpu')], t / 'logs', say=print)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.wait(30)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_weights_of_other_models_are_dropped_only_when_asked_and_done(tmp_path):
    text = SMALL.replace("resamples = 100", 'resamples = 100\nkeep_weights = "chosen"').replace(
        'modalities = ["2d"]', 'modalities = ["2d", "cdfi"]'
    )
    config = read_config(write_config(tmp_path / "c.toml", text))
    for one in plan(config, tmp_path):
        (one.folder / "fold-0").mkdir(parents=True)
        (one.folder / "fold-0" / "best.safetensors").write_bytes(b"x" * 10)
        assert drop_weights(one, config) == 0  # not done yet
        (one.folder / "run.json").write_text('{"status": "done"}')
        assert drop_weights(one, config) == (10 if one.modality == "cdfi" else 0)
    assert status(one) == "done"


# --- the comparison with the paper --------------------------------------------------------------------------


def write_grid(root: Path, gain: float, *, skip: tuple[str, ...] = ()) -> tuple:
    """A grid of generated runs on the same patients: signal 0.8 without and 0.8 + gain with pre-training."""
    config = read_config(SMOKE)
    config = replace(config, grid=replace(config.grid, resamples=100))
    parts = plan(config, root)
    for number, one in enumerate(parts):
        if one.name in skip:
            continue
        if one.is_pretraining:
            write_pretraining(one.folder, seed=number, architecture=one.backbone)
        else:
            signal_ = 0.8 + (gain if one.variant == "pretrained" else 0)
            info = {"architecture": one.backbone, "status": "done", "config": {"input_size": 64, "epochs": 2}}
            write_run(one.folder, seed=number, signal=signal_, info=info, modality=str(one.modality))
    return collect(parts, resamples=40), config, parts


def test_every_number_stands_beside_the_papers_with_the_gap(tmp_path):
    found, config, parts = write_grid(tmp_path, gain=1.0)
    rows = paper_rows(found, config.grid)
    assert len(rows) == 6 + 3 + 6 + len(paper.PRETRAIN_AUC)
    by_name = {row["what"]: row for row in rows}
    row = by_name["AUC of resnet18, elastography, pre-trained"]
    ours = found.results["resnet18", "elastography", "pretrained"]["metrics"][AUC]
    assert row["paper"] == 0.925
    assert row["ours"]["value"] == ours["value"]
    assert row["gap"] == pytest.approx(ours["value"] - 0.925, abs=1e-12)
    assert row["paper_inside_interval"] == (ours["low"] <= 0.925 <= ours["high"])
    mean = by_name["mean AUC of the four backbones, 2d, with pre-training"]
    four = [found.results[b, "2d", "pretrained"]["metrics"][AUC]["value"] for b in config.grid.backbones]
    assert mean["ours"]["value"] == pytest.approx(sum(four) / 4, abs=1e-12)
    assert mean["ours"]["low"] < mean["ours"]["value"] < mean["ours"]["high"]
    text = markdown_report(build_report(found, config, len(parts)), found)
    for number in ("0.883", "0.862", "0.920", "0.762", "0.694", "0.736", "0.906", "0.896", "0.925", "0.530"):
        assert number in text
    assert "SYNTHETIC" in text


@pytest.mark.parametrize(("gain", "verdict"), [(1.2, "held"), (-0.7, "reversed")])
def test_the_central_claim_gets_the_verdict_the_numbers_give(tmp_path, gain, verdict):
    found, config, _ = write_grid(tmp_path, gain=gain)
    rows = [row for row in claims(found, config.grid) if row["claim"].startswith("Pre-training raises")]
    assert [row["verdict"] for row in rows] == [verdict] * 3
    assert rows[0]["paper"] == pytest.approx(0.883 - 0.762)


def test_what_was_not_run_is_named_and_nothing_is_made_up(tmp_path):
    skip = ("resnet18/pretrain", "resnet18/2d/pretrained", "resnet18/elastography/pretrained")
    found, config, parts = write_grid(tmp_path, gain=0.5, skip=skip)
    assert set(found.missing) == set(skip)
    rows = {row["what"]: row for row in paper_rows(found, config.grid)}
    assert rows["AUC of resnet18, 2d, pre-trained"]["ours"]["value"] is None
    assert rows["AUC of resnet18, 2d, pre-trained"]["gap"] is None
    assert rows["mean AUC of the four backbones, 2d, with pre-training"]["note"] == "mean of 3 backbones"
    report = build_report(found, config, len(parts))
    assert report["parts"] == {"planned": 28, "with_predictions": 25}
    text = markdown_report(report, found)
    assert "resnet18/2d/pretrained: " in text
    assert "not run" in text


def test_differences_are_read_from_the_runs(tmp_path):
    found, config, _ = write_grid(tmp_path, gain=0.5)
    for run in found.pretraining.values():
        run.info["data"] = {"auli": {"classes": {"benign": 1, "malignant": 2, "normal": 3}}}
    lines = differences(found, config)
    data, protocol = "\n".join(lines["data"]), "\n".join(lines["protocol"])
    assert "SYNTHETIC" in data
    assert (
        "AULI: benign 1, malignant 2, normal 3 here; benign 200, malignant 435, normal 100 in Table 1" in data
    )
    assert "BUSI (breast) was not used; the paper has 780 images" in data
    assert "60 patients of lymph nodes; 586 patients in the paper" in data
    assert "resnet18 stands for the paper's resnet152" in protocol
    assert "timm:vit_tiny_patch16_224 stands for the paper's vit_b_16" in protocol
    assert "Input size 64 pixels; 384 in the paper" in protocol
    assert "adds 0.02" in protocol
    assert any("0.6" in line for line in lines["slips in the paper"])


# --- SYNTHETIC sets and a small real grid -------------------------------------------------------------------


def test_phantom_sets_have_the_published_layouts(tmp_path):
    folders = write_phantom_sets(tmp_path, Phantoms(cases=6, per_class=2, size=[80, 64]))
    counts = {name: read(name, folder).class_counts() for name, folder in folders.items()}
    assert counts["auli"] == counts["busi"] == {"benign": 2, "malignant": 2, "normal": 2}
    assert set(counts["ocau"].values()) == {2}
    assert counts["ddti"] == {"benign": 2, "malignant": 2}
    assert counts["edcu"] == {"closed": 2, "open": 2}
    assert counts["lymph-nodes"] == {"benign": 6, "lymphoma": 6, "metastatic": 6}
    assert says_synthetic(read("auli", folders["auli"]))


def test_a_small_grid_runs_reports_and_resumes(tmp_path, capsys):
    config, out = write_config(tmp_path / "small.toml"), tmp_path / "grid"
    arguments = ["reproduce", "--config", str(config), "--out", str(out)]
    assert main([*arguments, "--list"]) == 0
    assert capsys.readouterr().out.count("open ") == 3
    assert main(arguments) == 0
    report = out / "report"
    assert {path.name for path in report.iterdir()} == {
        *("report.json", "report.md", "table-s1.csv", "reliability.svg"),
        *(f"figure-{name}.svg" for name in ("3", "4", "5", "7", "s1", "s2")),
    }
    numbers = json.loads((report / "report.json").read_text())
    assert numbers["parts"] == {"planned": 3, "with_predictions": 3}
    assert numbers["runs"]["resnet18/2d/pretrained"]["images"] == 18
    assert set(numbers["pretraining"]["resnet18"]) == {"auli", "ocau", "busi", "ddti", "edcu"}
    info = json.loads((out / "runs" / "resnet18" / "2d" / "pretrained" / "run.json").read_text())
    assert info["start"].endswith("backbone.safetensors")
    assert "SYNTHETIC" in (report / "report.md").read_text()
    assert "SYNTHETIC" in (report / "figure-7.svg").read_text()
    capsys.readouterr()
    first = {path.name: path.read_bytes() for path in report.iterdir()}
    assert main(arguments) == 0
    assert " begins on " not in capsys.readouterr().out  # all parts were done
    assert {path.name: path.read_bytes() for path in report.iterdir()} == first
    assert main([*arguments, "--list"]) == 0
    assert capsys.readouterr().out.count("done ") == 3


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_whole_smoke_grid_in_under_twenty_minutes(tmp_path):
    began = time.monotonic()
    assert main(["reproduce", "--config", str(SMOKE), "--out", str(tmp_path / "grid")]) == 0
    assert time.monotonic() - began < 20 * 60
    numbers = json.loads((tmp_path / "grid" / "report" / "report.json").read_text())
    assert numbers["parts"] == {"planned": 28, "with_predictions": 28}
    assert all(results["images"] == 45 for results in numbers["runs"].values())
    assert all(len(results["folds"]) == 5 for results in numbers["runs"].values())
    assert not numbers["differences"]["not run"]
