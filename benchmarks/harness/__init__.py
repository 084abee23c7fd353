"""What every benchmark shares: fair alternation, medians, facts about the machine."""
