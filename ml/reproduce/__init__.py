"""The paper's whole grid from one file: plan, run (resumable, many GPUs), report beside it."""
