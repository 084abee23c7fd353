"""Image sets: readers, folds, near-duplicates and the decode-once cache."""
