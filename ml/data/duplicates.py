"""Near-duplicates by perceptual hash, and the groups that must stay on one side of a split."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ml.data.samples import SampleSet

# Differing bits of 256. On BUSI the number of pairs is flat from 28 (182 pairs) to 56 (213): a clear gap.
NEAR_DUPLICATE_BITS = 40
_BLOCK = 2048


def near_duplicate_pairs(
    hashes: NDArray[np.bool_], limit: int = NEAR_DUPLICATE_BITS
) -> list[tuple[int, int, int]]:
    """(i, j, differing bits) with i < j for every pair within the limit; hashes are N × bits."""
    pairs = []
    for start, distances in _distances(hashes):
        rows, columns = np.nonzero(distances <= limit)
        for row, column in zip(rows + start, columns, strict=True):
            if row < column:
                pairs.append((int(row), int(column), int(distances[row - start, column])))
    return pairs


def _distances(hashes: NDArray[np.bool_]) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Hamming distances, a block of rows at a time; exact in float32 because counts stay below 2^24."""
    bits = hashes.astype(np.float32)
    for start in range(0, len(bits), _BLOCK):
        block = bits[start : start + _BLOCK]
        yield start, (block @ (1 - bits).T + (1 - block) @ bits.T).astype(np.int32)


def groups_of(samples: SampleSet, pairs: list[tuple[int, int, int]]) -> list[str]:
    """One group name per image: its patient, or its near-duplicate cluster where the patient is unknown.

    An image without a patient that nearly equals one with a patient joins that patient.
    """
    count = len(samples)
    edges = [(i, j) for i, j, _ in pairs if None in (samples.samples[i].patient, samples.samples[j].patient)]
    first: dict[str, int] = {}
    for index, sample in enumerate(samples.samples):
        if sample.patient is not None:
            edges.append((first.setdefault(sample.patient, index), index))
    rows, columns = np.array(edges, dtype=int).reshape(-1, 2).T
    graph = coo_array((np.ones(len(rows), dtype=bool), (rows, columns)), shape=(count, count))
    _, component = connected_components(graph, directed=False)
    return [f"group-{index}" for index in component]


def group_kind(samples: SampleSet) -> str:
    """What the groups are, in the words of the report."""
    if samples.has_patients:
        return "patient"
    known = sum(sample.patient is not None for sample in samples.samples)
    return "near-duplicate cluster" if not known else "patient or near-duplicate cluster"
