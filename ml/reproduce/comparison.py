"""Every number the paper prints, ours beside it with its interval, and the gap; then the paper's claims."""

from collections.abc import Sequence
from typing import Any

from ml import paper
from ml.reproduce.collect import Findings, on_shared_images
from ml.reproduce.config import Grid
from ml.statistics import bootstrap_means, compare_means
from ml.taxonomy import CLASS_NAMES

AUC = "auc_ovo"  # what the authors' code computes; the paper does not say
NOTHING: dict[str, Any] = {"value": None, "low": None, "high": None}

Row = dict[str, Any]


def paper_rows(found: Findings, grid: Grid) -> list[Row]:
    """One row a printed number: what, where, paper, ours (value, low, high), gap."""
    return [
        *_mean_auc_rows(found, grid),
        *_resnet_rows(found, grid),
        *_chosen_rows(found, grid),
        *_pretraining_rows(found, grid),
    ]


def claims(found: Findings, grid: Grid) -> list[Row]:
    """The paper's claims in words, and what our numbers say to each."""
    return [
        *gain_rows(found, grid),
        _best_modality(found, grid),
        _best_backbone(found, grid),
        _threshold(
            found, "scratch", "nearly all models have accuracy < 0.7 and AUC < 0.8", (0.0, 0.7, 0.0, 0.8)
        ),
        _threshold(
            found, "pretrained", "almost all have accuracy > 0.7 and AUC > 0.85", (0.7, 1.0, 0.85, 1.0)
        ),
    ]


def gain_rows(found: Findings, grid: Grid) -> list[Row]:
    """Does pre-training help? The mean gain over backbones per modality, and each backbone's own."""
    rows = []
    for modality in grid.modalities:
        both = [
            b
            for b in grid.backbones
            if {(b, modality, "scratch"), (b, modality, "pretrained")} <= set(found.runs)
        ]
        claim = f"Pre-training raises the AUC ({modality}, mean of {_count(len(both))})"
        paper_gain = paper.MEAN_AUC_WITH[modality].value - paper.MEAN_AUC_WITHOUT[modality].value
        rows.append(_gain(found, grid, both, modality, claim) | {"paper": paper_gain})
        if len(both) > 1:
            rows += [_gain(found, grid, [b], modality, f"— {b}, {modality}") | {"paper": None} for b in both]
    return rows


def _gain(found: Findings, grid: Grid, backbones: Sequence[str], modality: str, claim: str) -> Row:
    if not backbones:
        return {"claim": claim, "ours": NOTHING, "p_value": None, "verdict": "not run"}
    before = found.predictions(backbones, modality, "scratch")
    after = found.predictions(backbones, modality, "pretrained")
    every = on_shared_images([*before, *after])
    first, second = every[: len(before)], every[len(before) :]
    gap = compare_means(
        every[0].labels,
        [one.probabilities for one in first],
        [one.probabilities for one in second],
        every[0].patients,
        resamples=grid.resamples,
    )[AUC]
    verdict = _side(gap.interval.low, gap.interval.high)
    return {"claim": claim, "ours": gap.interval.to_json(), "p_value": gap.p_value, "verdict": verdict}


def _side(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "undefined"
    if low > 0:
        return "held"
    return "reversed" if high < 0 else "not shown"


def _best_modality(found: Findings, grid: Grid) -> Row:
    means = {m: _mean(found, grid, m, "pretrained") for m in grid.modalities}
    known = {m: entry["value"] for m, entry in means.items() if entry["value"] is not None}
    claim = "Elastography gives the best AUC of the three modalities (with pre-training)"
    return _ranking(claim, known, "elastography", complete=len(known) == 3)


def _best_backbone(found: Findings, grid: Grid) -> Row:
    scores: dict[str, float] = {}
    for backbone in grid.backbones:
        entries = [found.results.get((backbone, m, "pretrained")) for m in grid.modalities]
        values = [entry["metrics"][AUC]["value"] for entry in entries if entry]
        if len(values) == len(grid.modalities) and None not in values:
            scores[backbone] = sum(values) / len(values)
    resnet = next((b for b in grid.backbones if paper.family_of(b) == "resnet"), "")
    claim = "ResNet is the best of the backbones (mean AUC over the modalities, with pre-training)"
    return _ranking(claim, scores, resnet, complete=len(scores) == len(grid.backbones) > 1)


def _threshold(found: Findings, variant: str, words: str, bounds: tuple[float, float, float, float]) -> Row:
    """How many models lie within (accuracy low, high, AUC low, high), which the paper says of nearly all."""
    group = [entry["metrics"] for key, entry in found.results.items() if key[2] == variant]
    pairs = [(entry["accuracy"]["value"], entry[AUC]["value"]) for entry in group]
    known = [(accuracy, auc) for accuracy, auc in pairs if accuracy is not None and auc is not None]
    low_accuracy, high_accuracy, low_auc, high_auc = bounds
    inside = sum(low_accuracy <= a <= high_accuracy and low_auc <= u <= high_auc for a, u in known)
    claim = f"{'Without' if variant == 'scratch' else 'With'} pre-training {words} (§3.3)"
    row: Row = {"claim": claim, "ours": NOTHING, "p_value": None, "paper": None}
    if not known:
        return row | {"verdict": "not run"}
    return row | {"verdict": f"{inside} of {len(known)} models"}


def _ranking(claim: str, values: dict[str, float], wanted: str, *, complete: bool) -> Row:
    if not complete:
        return {"claim": claim, "ours": NOTHING, "p_value": None, "verdict": "not run", "paper": None}
    order = sorted(values, key=values.__getitem__, reverse=True)
    detail = ", ".join(f"{name} {values[name]:.3f}" for name in order)
    verdict = "held (by the values alone)" if order[0] == wanted else f"not held: {order[0]} is first"
    return {
        "claim": claim,
        "ours": NOTHING,
        "p_value": None,
        "verdict": verdict,
        "detail": detail,
        "paper": None,
    }


def _mean_auc_rows(found: Findings, grid: Grid) -> list[Row]:
    rows = []
    for variant, printed in (("pretrained", paper.MEAN_AUC_WITH), ("scratch", paper.MEAN_AUC_WITHOUT)):
        words = "with" if variant == "pretrained" else "without"
        for modality in grid.modalities:
            number = printed[modality]
            ran = len(found.predictions(grid.backbones, modality, variant))
            what = f"mean AUC of the four backbones, {modality}, {words} pre-training"
            row = _row(what, number, _mean(found, grid, modality, variant))
            rows.append(row | {"note": "" if ran == 4 else f"mean of {_count(ran)}"})
    return rows


def _count(backbones: int) -> str:
    return "1 backbone" if backbones == 1 else f"{backbones} backbones"


def _mean(found: Findings, grid: Grid, modality: str, variant: str) -> dict[str, Any]:
    group = found.predictions(grid.backbones, modality, variant)
    if not group:
        return NOTHING
    group = on_shared_images(group)
    means = bootstrap_means(
        group[0].labels, [one.probabilities for one in group], group[0].patients, resamples=grid.resamples
    )
    return means[AUC].to_json()


def _resnet_rows(found: Findings, grid: Grid) -> list[Row]:
    resnet = next((b for b in grid.backbones if paper.family_of(b) == "resnet"), None)
    rows = []
    for modality in grid.modalities:
        results = found.results.get((str(resnet), modality, "pretrained"))
        ours = results["metrics"][AUC] if results else NOTHING
        what = f"AUC of {resnet or 'ResNet'}, {modality}, pre-trained"
        rows.append(_row(what, paper.RESNET_AUC[modality], ours))
    return rows


def _chosen_rows(found: Findings, grid: Grid) -> list[Row]:
    key = (grid.chosen_backbone, grid.chosen_modality, "pretrained")
    results = found.results.get(key)
    rows = []
    for name in CLASS_NAMES:
        for metric, printed in (("precision", paper.CHOSEN_PRECISION), ("recall", paper.CHOSEN_RECALL)):
            ours = results["per_class"].get(name, {}).get(metric, NOTHING) if results else NOTHING
            rows.append(_row(f"{metric} of {name}, {key[0]}, {key[1]}", printed[name], ours))
    return rows


def _pretraining_rows(found: Findings, grid: Grid) -> list[Row]:
    rows = []
    for (family, task), number in paper.PRETRAIN_AUC.items():
        backbone = next((b for b in grid.backbones if paper.family_of(b) == family), None)
        results = found.tasks.get(str(backbone), {}).get(task)
        what = f"pre-training AUC of {paper.FAMILY_NAMES[family]} on {paper.TASK_NAMES[task]} ({task})"
        rows.append(_row(what, number, results["metrics"][AUC] if results else NOTHING))
    return rows


def _row(what: str, printed: paper.PaperNumber, ours: dict[str, Any]) -> Row:
    value = ours["value"]
    inside = None if ours["low"] is None else bool(ours["low"] <= printed.value <= ours["high"])
    return {
        "what": what,
        "where": printed.where,
        "paper": printed.value,
        "ours": {name: ours[name] for name in ("value", "low", "high")},
        "gap": None if value is None else value - printed.value,
        "paper_inside_interval": inside,
        "note": "",
    }
