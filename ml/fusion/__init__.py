"""One answer for the case: what the modalities say, joined by a version of its own."""
