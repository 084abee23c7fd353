"""Fast mode: what a checkpoint must have shown before int8 may answer for it.

`record` reads it (no torch), `measure` compares fast with exact answers, `prove` does it for a checkpoint,
`check` asks on another machine whether it is still so.
"""
