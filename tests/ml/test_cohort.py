"""`python -m ml cohort`: right test, right p (R's and textbook values), right reading of the table."""

import json

import numpy as np
import pytest
from scipy import stats

from ml.__main__ import main
from ml.cohort.comparisons import Test as Outcome
from ml.cohort.comparisons import compare_all, compare_column, holm
from ml.cohort.example import write_example
from ml.cohort.report import cohort_report
from ml.cohort.table import CohortError, read_cohort


def write(path, rows, header="class,age,sex"):
    path.write_text(header + "\n" + "\n".join(rows) + "\n")
    return path


def cohort_of(tmp_path, column, groups):
    rows = [f"{name},{value}" for name, values in groups.items() for value in values]
    return read_cohort(write(tmp_path / "c.csv", rows, f"class,{column}"))


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return read_cohort(write_example(tmp_path_factory.mktemp("cohort") / "patients.csv"))


def test_planted_differences_are_found_and_equal_features_are_not(example):
    found = {c.column: c for c in compare_all(example)}
    for name in ("elasticity_score", "flow", "hilum", "axis_ratio", "long_axis_mm", "shape", "margin"):
        assert found[name].overall.p_holm < 0.001, name
    for name in ("age", "sex", "smoking", "short_axis_mm", "location"):
        assert found[name].overall.p_holm > 0.05, name
    assert example.synthetic


def test_chi_square_equals_scipy_and_cramers_v_its_formula(example):
    table = np.array([[(v == c).sum() for c in ("female", "male")] for v in example.groups("sex").values()])
    outcome = compare_column(example, "sex").overall
    chi2 = stats.chi2_contingency(table)
    assert outcome.name == "chi-square"
    assert outcome.p_value == pytest.approx(chi2.pvalue, abs=1e-12)
    assert outcome.effect == pytest.approx(np.sqrt(chi2.statistic / table.sum() / 1), abs=1e-12)


def test_fishers_test_where_expected_counts_are_small(tmp_path):
    # Fisher's tea-tasting table: two-sided p = 0.4857 (R: fisher.test)
    groups = {"benign": ["m", "m", "m", "f"], "metastatic": ["m", "f", "f", "f"]}
    outcome = compare_column(cohort_of(tmp_path, "sex", groups), "sex").overall
    assert outcome.name == "Fisher's exact"
    assert outcome.p_value == pytest.approx(0.485714, abs=1e-6)
    assert "below 5" in outcome.reason


def test_fishers_test_on_a_larger_table_agrees_with_r(tmp_path):
    # R's example Job (Agresti 2002): fisher.test(Job) gives p = 0.7827; first three rows used as classes
    job = [[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9]]
    names = ("benign", "lymphoma", "metastatic")
    groups = {
        n: [f"c{j}" for j, k in enumerate(row) for _ in range(k)] for n, row in zip(names, job, strict=True)
    }
    outcome = compare_column(cohort_of(tmp_path, "location", groups), "location").overall
    assert outcome.name == "Fisher's exact"
    assert 0.5 < outcome.p_value < 1
    again = compare_column(cohort_of(tmp_path, "location", groups), "location").overall
    assert again.p_value == outcome.p_value  # seeded


def test_normal_values_get_anova_and_t_tests(tmp_path):
    rng = np.random.default_rng(1)
    groups = {
        n: rng.normal(50 + shift, 5, 40) for n, shift in (("benign", 0), ("lymphoma", 3), ("metastatic", 6))
    }
    found = compare_column(cohort_of(tmp_path, "age", groups), "age")
    assert found.overall.name == "ANOVA"
    assert found.overall.p_value == pytest.approx(stats.f_oneway(*groups.values()).pvalue, rel=1e-9)
    pair = found.pairs["benign – metastatic"]
    assert pair.name == "t-test"
    assert pair.p_value == pytest.approx(
        stats.ttest_ind(groups["benign"], groups["metastatic"]).pvalue, rel=1e-9
    )
    assert pair.effect < 0  # benign values are the smaller ones
    assert 0 < found.overall.effect < 1


def test_unequal_spreads_get_welchs_form(tmp_path):
    rng = np.random.default_rng(2)
    groups = {"benign": rng.normal(50, 2, 60), "metastatic": rng.normal(50, 12, 60)}
    outcome = compare_column(cohort_of(tmp_path, "age", groups), "age").overall
    assert outcome.name == "Welch's t-test"
    expected = stats.ttest_ind(*groups.values(), equal_var=False).pvalue
    assert outcome.p_value == pytest.approx(expected, rel=1e-9)


def test_skewed_values_get_rank_tests(tmp_path):
    rng = np.random.default_rng(3)
    groups = {n: 5 + rng.exponential(k + 5, 60) for k, n in enumerate(("benign", "lymphoma", "metastatic"))}
    found = compare_column(cohort_of(tmp_path, "short_axis_mm", groups), "short_axis_mm")
    assert found.overall.name == "Kruskal-Wallis"
    assert found.overall.p_value == pytest.approx(stats.kruskal(*groups.values()).pvalue, rel=1e-9)
    pair = found.pairs["benign – lymphoma"]
    assert pair.name == "Mann-Whitney"
    above = np.mean(groups["benign"][:, None] > groups["lymphoma"][None, :])
    assert pair.effect == pytest.approx(2 * above - 1, abs=1e-9)


def test_holm_on_a_worked_example():
    # Holm 1979: sorted p × (m, m-1, …), made monotone: 0.01×4, 0.02×3, 0.03×2, 0.04×1
    tests = {str(k): Outcome("t", p, "", None) for k, p in enumerate((0.04, 0.01, 0.03, 0.02))}
    tests["none"] = Outcome("none", None, "", None)
    adjusted = holm(tests)
    assert [adjusted[str(k)].p_holm for k in range(4)] == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert adjusted["none"].p_holm is None


def test_with_nothing_planted_holm_rarely_cries_wolf(tmp_path):
    alarms = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        classes, sexes = ["benign", "lymphoma", "metastatic"], ["m", "f"]
        rows = [f"{rng.choice(classes)},{rng.normal(50, 10):.1f},{rng.choice(sexes)}" for _ in range(150)]
        found = compare_all(read_cohort(write(tmp_path / "c.csv", rows)))
        alarms += any(c.overall.p_holm < 0.05 for c in found)
    assert alarms <= 3


def test_missing_values_are_left_out_and_counted(tmp_path):
    path = write(
        tmp_path / "c.csv",
        ["benign,50,m,none", "benign,,f,hilar", "MLN,60,,mixed", "mln,NA,m,none", "2,44,m,none"],
        "class,age,sex,flow",
    )
    cohort = read_cohort(path)
    assert cohort.class_counts() == {"benign": 2, "lymphoma": 0, "metastatic": 3}
    assert {k: len(v) for k, v in cohort.groups("age").items()} == {"benign": 1, "metastatic": 2}
    assert {k: len(v) for k, v in cohort.groups("sex").items()} == {"benign": 2, "metastatic": 2}
    assert sorted(cohort.groups("flow")["metastatic"]) == [
        "mixed",
        "none",
        "none",
    ]  # "none" is a kind of flow
    assert compare_column(cohort, "age").overall.p_value is None


def test_spelling_of_categories_and_axis_ratio(tmp_path):
    rows = ["benign,Male,20,10", "lymphoma,male,9,9", "benign,MALE,15,10"]
    cohort = read_cohort(write(tmp_path / "c.csv", rows, "class,sex,long_axis_mm,short_axis_mm"))
    assert set(cohort.values["sex"]) == {"Male"}
    assert cohort.values["axis_ratio"].tolist() == [2.0, 1.0, 1.5]


@pytest.mark.parametrize(
    ("rows", "header", "sentence"),
    [
        (["benign,50,m", "tumour,40,f"], "class,age,sex", "Line 3: the class 'tumour'"),
        (["benign,fifty,m", "MLN,40,f"], "class,age,sex", "Line 2: age 'fifty' is no number"),
        (["benign,500,m", "MLN,40,f"], "class,age,sex", "Line 2: age 500 lies outside"),
        (["benign,5", "MLN,1"], "class,elasticity_score", "Line 2: elasticity_score '5'"),
        (
            ["benign,10,9", "MLN,10,11"],
            "class,long_axis_mm,short_axis_mm",
            "Line 3: the short axis is longer",
        ),
        (["benign,10", "benign,11"], "class,age", "one class only"),
        (["10,m"], "age,sex", "lacks the column class"),
        ([], "class,age", "no patients"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path, rows, header, sentence):
    with pytest.raises(CohortError, match=sentence):
        read_cohort(write(tmp_path / "c.csv", rows, header))


def test_the_report_sets_our_tests_beside_the_papers(example):
    report = cohort_report(example, compare_all(example))
    assert report["features"]["age"]["paper"].startswith("no difference")
    assert report["features"]["age"]["agrees_with_paper"] is True
    assert report["features"]["short_axis_mm"]["agrees_with_paper"] is False  # equal by design in the example
    ratio = next(row for row in report["paper_numbers"] if "benign" in row["what"])
    assert ratio["paper"] == 1.2
    assert ratio["here"] == pytest.approx(2.4, abs=0.1)


def test_the_command_writes_everything_and_says_synthetic(tmp_path, capsys):
    table = tmp_path / "patients.csv"
    assert main(["cohort", str(table), "--example"]) == 0
    folder = tmp_path / "patients-cohort"
    assert {p.name for p in folder.iterdir()} == {"cohort.json", "cohort.md", "figure-2.svg"}
    assert "SYNTHETIC" in (folder / "cohort.md").read_text()
    assert "SYNTHETIC" in (folder / "figure-2.svg").read_text()
    assert json.loads((folder / "cohort.json").read_text())["patients"] == 586
    first = (folder / "figure-2.svg").read_bytes()
    assert main(["cohort", str(table)]) == 0
    assert (folder / "figure-2.svg").read_bytes() == first
    assert main(["cohort", str(table), "--example"]) == 2  # never overwrites a table
    assert main(["cohort", str(tmp_path / "missing.csv")]) == 2
    assert "does not exist" in capsys.readouterr().err
