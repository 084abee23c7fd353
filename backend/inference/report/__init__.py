"""One page of paper about one case: what was seen, what was answered, by which version, and its limits."""
