"""What a scanner burned into its picture: found, masked, and how far answers rest on it.

========================  ==========================================================================
`ml.overlays.boxes`       a box, and plain geometry on boxes
`ml.overlays.text`        finds text with an offline detector; nothing is read, nothing is sent
`ml.overlays.marks`       finds callipers and colour bars by their colour and shape
`ml.overlays.find`        all kinds at once
`ml.overlays.mask`        takes boxes out of a picture: `erase` for good, `inpaint` for a second look
========================  ==========================================================================
"""
