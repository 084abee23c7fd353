"""Do the maps show what the model uses? Measured on a checkpoint, and kept in its manifest."""
