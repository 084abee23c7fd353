"""`python -m ml cohort`: the paper's Figure 2 and its tests, from a CSV of patients."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ml.commands import CommandError

HELP = (
    "Compare patients' age, sex, smoking, location, shape, margin, hilum, blood flow, elasticity score and "
    "axes between benign, lymphoma and metastatic nodes: tests, effect sizes, Holm's correction, the paper's "
    "Figure 2."
)
COLUMNS_HELP = (
    "CSV in UTF-8, one row a patient. Needed: class (benign, lymphoma, metastatic). Any of: age (years), "
    "sex, smoking, location, shape, margin, hilum, flow, elasticity_score (1 to 4), long_axis_mm and "
    "short_axis_mm (mm); axis_ratio is computed. Empty cells are missing values."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("table", metavar="CSV", type=Path, help=COLUMNS_HELP)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="folder for the report (default: beside the CSV)"
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, default=0, help="seed of Fisher's test on large tables"
    )
    parser.add_argument("--no-figures", action="store_true", help="numbers only, no SVG")
    parser.add_argument(
        "--example", action="store_true", help="write a SYNTHETIC example table to CSV first, then analyse it"
    )


def run(args: Namespace) -> int:
    from ml.cohort.comparisons import compare_all
    from ml.cohort.example import write_example
    from ml.cohort.report import cohort_report, write_report
    from ml.cohort.table import read_cohort

    if args.example:
        if args.table.exists():
            raise CommandError(f"'{args.table}' exists; --example does not overwrite a table.")
        write_example(args.table, seed=args.seed)
    cohort = read_cohort(args.table)
    out = args.out or args.table.with_name(f"{args.table.stem}-cohort")
    comparisons = compare_all(cohort, seed=args.seed)
    report = cohort_report(cohort, comparisons)
    paths = write_report(report, out, args.table.stem)
    if not args.no_figures:
        from ml.figures.cohort import figure_2

        paths.append(figure_2(cohort, comparisons, out / "figure-2.svg", "  ".join(report["notes"][:2])))
    different = [c.column for c in comparisons if c.overall.p_holm is not None and c.overall.p_holm < 0.05]
    print("\n".join(report["notes"]))
    print(f"{len(cohort)} patients. Different (Holm, p < 0.05): {', '.join(different) or 'none'}.")
    print("Written: " + ", ".join(str(path) for path in paths))
    return 0
