/** What a card says of a version that joins the modalities. */
export const fusion = {
  title: "What joining gains",
  fitted:
    "Fitted on {{source}}. The figures are cross-validated: no case was answered by weights that knew it.",
  inputs: "Joins the answers of",
  idle: "Not in use for {{modality}}: another version answers there now.",
  column: {
    modalities: "Images",
    cases: "Cases",
    joined: "AUC joined",
    best: "Best alone",
    difference: "Difference",
  },
  not_shown: "not shown to be better",
  conflict: "Contradictions",
  conflict_found:
    "Of {{count}} contradictions made of two clear cases it flags {{recall}}, of ordinary cases {{ordinary}}.",
};
