"""The paper's cohort statistics (§2.5, §3.1, Figure 2) from a CSV; tests by scipy and statsmodels."""
