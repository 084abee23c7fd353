"""Tests and effect sizes of a cohort: the paper's §2.5 written out, with Holm's correction.

Categories: chi-square (with Yates' correction for 2 × 2, as R does); Fisher's exact test where more than a
fifth of the expected counts is below 5 or one is below 1. Numbers: Shapiro-Wilk in every class; where none
rejects, one-way ANOVA (t-test for two classes), in Welch's form where Levene's test finds unequal spreads;
else Kruskal-Wallis (Mann-Whitney).
"""

import warnings
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.multitest import multipletests

from ml.cohort.table import COLUMNS, Cohort

ALPHA = 0.05
FISHER_DRAWS = 20_000  # tables larger than 2 × 2; p is then exact to about ± 0.003 at 0.05

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Test:
    """One test: its name, p-value and effect size; p_holm is set where it belongs to a family."""

    name: str
    p_value: float | None
    effect_name: str
    effect: float | None
    p_holm: float | None = None
    reason: str = ""  # why this test, or why none

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Comparison:
    """One feature over the classes: the test over all of them and the one between each pair."""

    column: str
    counts: dict[str, int]  # known values per class
    summary: dict[str, Any]
    overall: Test
    pairs: dict[str, Test]


def compare_column(cohort: Cohort, column: str, *, seed: int = 0) -> Comparison:
    """The tests of one column; pairs are corrected among themselves."""
    groups = {name: values for name, values in cohort.groups(column).items() if len(values)}
    numeric = COLUMNS[column].numeric
    test = _numeric_test if numeric else _categorical_test
    pairs = {f"{a} – {b}": test({a: groups[a], b: groups[b]}, seed) for a, b in combinations(groups, 2)}
    return Comparison(
        column=column,
        counts={name: len(values) for name, values in groups.items()},
        summary=_numeric_summary(groups) if numeric else _categorical_summary(groups, column),
        overall=test(groups, seed),
        pairs=holm(pairs) if len(groups) > 2 else {},
    )


def compare_all(cohort: Cohort, *, seed: int = 0) -> list[Comparison]:
    """Every column, the overall tests corrected over all columns."""
    found = [compare_column(cohort, column, seed=seed) for column in cohort.values]
    corrected = holm({c.column: c.overall for c in found})
    return [Comparison(c.column, c.counts, c.summary, corrected[c.column], c.pairs) for c in found]


def holm(tests: dict[str, Test]) -> dict[str, Test]:
    """The same tests with Holm's p-values; a test without p stays out of the family."""
    known = [name for name, test in tests.items() if test.p_value is not None]
    if not known:
        return tests
    adjusted = multipletests([tests[name].p_value for name in known], method="holm")[1]
    values = dict(zip(known, adjusted.tolist(), strict=True))
    return {
        name: Test(t.name, t.p_value, t.effect_name, t.effect, values.get(name), t.reason)
        for name, t in tests.items()
    }


def contingency(groups: dict[str, Any]) -> tuple[NDArray[np.int64], list[str]]:
    """Counts, classes × categories, and the categories that occur."""
    categories = sorted({str(value) for values in groups.values() for value in values})
    rows = [[int((values == category).sum()) for category in categories] for values in groups.values()]
    return np.array(rows, dtype=np.int64), categories


def _categorical_test(groups: dict[str, Any], seed: int) -> Test:
    table, categories = contingency(groups)
    if len(groups) < 2 or len(categories) < 2:
        return Test("none", None, "Cramér's V", None, reason="only one class or category has values")
    expected = stats.contingency.expected_freq(table)
    effect = float(stats.contingency.association(table, method="cramer"))
    small = (expected < 5).mean()
    if small > 0.2 or expected.min() < 1:
        reason = f"{small:.0%} of expected counts are below 5"
        return Test("Fisher's exact", _fisher(table, seed), "Cramér's V", effect, reason=reason)
    p_value = float(stats.chi2_contingency(table).pvalue)
    return Test("chi-square", p_value, "Cramér's V", effect, reason="expected counts are large enough")


def _fisher(table: NDArray[np.int64], seed: int) -> float:
    if table.shape == (2, 2):
        return float(stats.fisher_exact(table).pvalue)
    method = stats.MonteCarloMethod(n_resamples=FISHER_DRAWS - 1, rng=np.random.default_rng(seed))
    return float(stats.fisher_exact(table, method=method).pvalue)


def _numeric_test(groups: dict[str, Any], seed: int) -> Test:  # noqa: ARG001  same call as the other
    samples = [np.asarray(values, dtype=np.float64) for values in groups.values()]
    if len(samples) < 2 or min(map(len, samples)) < 3:
        return Test("none", None, "", None, reason="a class has fewer than three values")
    if np.ptp(np.concatenate(samples)) == 0:
        return Test("none", None, "", None, reason="all values are equal")
    if all(_normal(sample) for sample in samples):
        return _parametric(samples)
    return _rank_based(samples)


def _normal(sample: Numbers) -> bool:
    if np.ptp(sample) == 0:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # above 5000 values: the statistic stays right, p is approximate
        return bool(stats.shapiro(sample).pvalue >= ALPHA)


def _parametric(samples: list[Numbers]) -> Test:
    equal = bool(stats.levene(*samples).pvalue >= ALPHA)
    reason = "normal in every class" + ("" if equal else ", spreads differ")
    if len(samples) == 2:
        p_value = float(stats.ttest_ind(*samples, equal_var=equal).pvalue)
        name = "t-test" if equal else "Welch's t-test"
        return Test(name, p_value, "Hedges' g", _hedges_g(*samples), reason=reason)
    p_value = float(stats.f_oneway(*samples, equal_var=equal).pvalue)
    name = "ANOVA" if equal else "Welch's ANOVA"
    return Test(name, p_value, "eta²", _eta_squared(samples), reason=reason)


def _rank_based(samples: list[Numbers]) -> Test:
    reason = "not normal in some class"
    if len(samples) == 2:
        result = stats.mannwhitneyu(*samples)
        effect = 2 * float(result.statistic) / (len(samples[0]) * len(samples[1])) - 1
        return Test("Mann-Whitney", float(result.pvalue), "rank-biserial r", effect, reason=reason)
    result = stats.kruskal(*samples)
    effect = float(result.statistic) / (sum(map(len, samples)) - 1)
    return Test("Kruskal-Wallis", float(result.pvalue), "epsilon²", effect, reason=reason)


def _hedges_g(a: Numbers, b: Numbers) -> float:
    freedom = len(a) + len(b) - 2
    pooled = np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / freedom)
    return float((a.mean() - b.mean()) / pooled * (1 - 3 / (4 * freedom - 1)))


def _eta_squared(samples: list[Numbers]) -> float:
    every = np.concatenate(samples)
    between = sum(len(s) * (s.mean() - every.mean()) ** 2 for s in samples)
    return float(between / ((every - every.mean()) ** 2).sum())


def _numeric_summary(groups: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {
            "mean": float(np.mean(v)),
            "sd": float(np.std(v, ddof=1)) if len(v) > 1 else None,
            "median": float(np.median(v)),
            "q1": float(np.quantile(v, 0.25)),
            "q3": float(np.quantile(v, 0.75)),
        }
        for name, v in groups.items()
    }


def _categorical_summary(groups: dict[str, Any], column: str) -> dict[str, Any]:
    _, found = contingency(groups)
    order = [c for c in COLUMNS[column].categories if c in found] or found
    return {name: {category: int((v == category).sum()) for category in order} for name, v in groups.items()}
