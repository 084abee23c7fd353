/** How the answers did, for those who read the records of models. */
export const monitoring = {
  title: "Monitoring",
  lead: "The model's answers against what pathology found and what clinicians decided. Figures of this site's own cases, not of a study.",
  export: "Export as CSV",
  period: "Period",
  months_one: "{{count}} month",
  months_other: "{{count}} months",
  truth: {
    label: "Held against",
    pathology: "pathology alone",
    verdict: "else the clinician's verdict",
  },
  no_truth_title: "Nothing to hold the answers against yet",
  no_truth_text:
    "Recall and calibration appear once pathology is entered on the page of a case. Verdicts count only when you choose so: they are opinions formed with the answer in sight.",
  answers: "Answers",
  with_truth_one: "{{count}} with known truth",
  with_truth_other: "{{count}} with known truth",
  known: "Known truth",
  accuracy: "Right",
  interval_explained:
    "Counts and the 95 % interval by Wilson's score. With few cases the interval is wide: read it before the percentage.",
  ece: "ECE",
  ece_note: "0 is perfectly calibrated",
  ece_explained:
    "Expected calibration error: how far, on average, the stated probability is from the share of right answers, over ten bins.",
  agreement: "Agrees with own reads",
  agreement_explained:
    "Share of reads saved before the answer was shown that name the same class as the model.",
  reads_right: "Own reads right",
  awaited: "Waiting for a read",
  awaited_note: "withheld, in no figure",
  confusion: "What the model names",
  confusion_text:
    "Rows: what is true. Columns: what the model names. Underlined where both are the same.",
  true_class: "True",
  recall: "Recall",
  calibration: "Calibration",
  calibration_text:
    "On the dashed line the stated probability is as often right as it says. Bars are 95 % intervals.",
  said: "Stated",
  mean: "Mean",
  was_right: "Was right",
  by_version: "By model version",
  by_version_text: "Single images by the version that answered.",
  version: "Version",
  by_month: "By month",
  by_month_text: "Whole cases by the month in which they were sent.",
  month: "Month",
};
