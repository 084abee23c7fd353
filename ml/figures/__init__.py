"""The paper's figures, drawn from result dictionaries: matplotlib's Agg and SVG back ends only, no pyplot.

Every SVG is deterministic: the same numbers give the same bytes. Nothing here is imported by the server.
"""
