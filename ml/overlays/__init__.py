"""What a scanner burned into its picture: found, masked, and how far answers rest on it.

========================  ==========================================================================
`ml.overlays.boxes`       a box, and plain geometry on boxes
`ml.overlays.text`        finds text with an offline detector; nothing is read, nothing is sent
`ml.overlays.ink`         finds what it misses by the ink of what it found
`ml.overlays.marks`       finds callipers and colour bars by their colour and shape
`ml.overlays.find`        all kinds at once
`ml.overlays.attention`   how a map's energy is shared out: region, sector, text
`ml.overlays.reliance`    the meter: how far an answer moves without what is burned in
`ml.overlays.mask`        takes boxes out of a picture: `erase` for good, `inpaint` for a second look
`ml.overlays.measure`     how well text is found and masked on phantoms
`ml.overlays.shortcut`    whether the meter catches models that read a planted text (brings torch)
========================  ==========================================================================
"""
