"""Run directories as a training run leaves them, with predictions whose quality is known."""

import csv
import json
from pathlib import Path

import numpy as np

CLASSES = ("benign", "lymphoma", "metastatic")


def write_predictions(
    path: Path,
    *,
    seed: int = 0,
    patients: int = 60,
    images_per_patient: int = 1,
    classes: tuple[str, ...] = CLASSES,
    signal: float = 1.5,
    folds: int = 5,
    modality: str = "2d",
    name_patients: bool = True,
    leak: bool = False,
) -> Path:
    """A CSV of logits = noise + signal on the true class; `leak` spreads a patient's images over folds."""
    rng = np.random.default_rng(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as handle:
        writer = csv.writer(handle)
        logits = [f"logit_{k}" for k in range(len(classes))]
        writer.writerow(["image_id", "patient", "modality", "label", "fold", *logits])
        for patient in range(patients):
            label = patient % len(classes)
            for image in range(images_per_patient):
                values = rng.normal(size=len(classes)) + signal * np.eye(len(classes))[label]
                fold = (patient // len(classes) + (image if leak else 0)) % folds
                who = f"p{patient}" if name_patients else ""
                row = [f"{classes[label]}/p{patient}-{image}.png", who, modality, label, fold]
                writer.writerow([*row, *(f"{v:.6f}" for v in values)])
    return path


def write_run(folder: Path, *, info: dict | None = None, **predictions: object) -> Path:
    """A fine-tuning run: run.json and oof.csv."""
    write_predictions(folder / "oof.csv", **predictions)
    write_info(folder, info or {}, predictions.get("classes", CLASSES))
    return folder


def write_info(folder: Path, info: dict, classes: object = CLASSES) -> None:
    facts = {
        "kind": "finetune",
        "architecture": "resnet18",
        "modality": "2d",
        "classes": list(classes),
        "protocol": "grouped",
        "start": "random",
        "seed": 0,
        "synthetic": True,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(json.dumps(facts | info))


def write_pretraining(
    folder: Path, *, seed: int = 0, signal: float = 1.5, architecture: str = "resnet18"
) -> Path:
    """A pre-training run: run.json and one CSV of validation predictions a task."""
    tasks = {
        "auli": ("benign", "malignant", "normal"),
        "ocau": ("bladder", "bowel", "gallbladder", "kidney", "liver", "spleen"),
        "busi": ("benign", "malignant", "normal"),
        "ddti": ("benign", "malignant"),
        "edcu": ("closed", "open"),
    }
    for number, (task, classes) in enumerate(tasks.items()):
        path = folder / "tasks" / f"{task}.csv"
        write_predictions(path, seed=seed + number, classes=classes, signal=signal, folds=1)
    write_info(
        folder,
        {
            "kind": "pretrain",
            "architecture": architecture,
            "task_classes": {task: list(classes) for task, classes in tasks.items()},
        },
    )
    return folder
