"""CV4LymphNode's `ml` package: train, check and run the classifiers; it has never heard of a server.

Rooms, in the order an image passes them:

========================  ==========================================================================
`ml.taxonomy`             modalities and classes, the only place where their order is written down
`ml.images`               an image file from disk as an RGB picture, or one sentence why not
`ml.transforms`           the only preprocessing there is: training, evaluation, serving, Grad-CAM
`ml.backbones`            known architectures, each split at its Grad-CAM layer
`ml.model`                `build_model(architecture, num_classes)` = features + tail, random weights
`ml.manifest`             what a checkpoint says about itself; read and checked without torch
`ml.golden`               synthetic images in a checkpoint with the answers it must give; no torch
`ml.checkpoint`           one safetensors file = weights + manifest; nothing is ever unpickled
`ml.gradcam`              Grad-CAM of every class through the grad-cam library, on the tail only
`ml.predict`              image + loaded checkpoint -> probabilities, maps, timings
`ml.colormap`             maps as pictures (inferno, jet); numpy and Pillow only
`ml.commands`             one file a command of `python -m ml`
========================  ==========================================================================

`ml.taxonomy`, `ml.manifest`, `ml.golden` and `ml.colormap` never import torch, so a web process may use them.
Research use only; not a medical device.
"""
