"""The demo model versions: real checkpoints made from synthetic phantoms, honest about both."""
