"""From the predictions of a run to numbers with intervals, Markdown, JSON and the paper's figures."""
