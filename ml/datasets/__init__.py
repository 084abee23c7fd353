"""The published data sets: their sources, their download, and the check against the paper's Table 1."""
