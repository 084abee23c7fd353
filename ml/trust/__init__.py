"""How far an answer can be trusted: calibration, sets of classes, likeness to training images. No torch."""
