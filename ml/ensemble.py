"""Several classifiers of one architecture as one: a checkpoint that the server loads like any other.

Architecture name "ensemble:<members>:<architecture>". Features are the members' features side by side, the
tail takes them apart again; the answer is the mean of the members' probabilities, given as logits.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax

from ml.model import SplitClassifier, build_model
from ml.taxonomy import ENSEMBLE_PREFIX as PREFIX
from ml.taxonomy import MAX_MEMBERS


class SideBySide(nn.Module):
    """Image batch to the members' features joined along their channels."""

    def __init__(self, members: Sequence[nn.Module], channels: int) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.channels = channels

    def forward(self, images: Tensor) -> Tensor:
        return torch.cat([member(images) for member in self.members], dim=self.channels)


class MeanProbability(nn.Module):
    """Joined features to log of the members' mean probability N×classes."""

    def __init__(self, tails: Sequence[nn.Module], channels: int) -> None:
        super().__init__()
        self.members = nn.ModuleList(tails)
        self.channels = channels

    def member_logits(self, features: Tensor) -> Tensor:
        """Each member's own logits, members×N×classes: their spread is the ensemble's uncertainty."""
        parts = features.chunk(len(self.members), dim=self.channels)
        return torch.stack([tail(part) for tail, part in zip(self.members, parts, strict=True)])

    def forward(self, features: Tensor) -> Tensor:
        logs = log_softmax(self.member_logits(features), dim=-1)
        return torch.logsumexp(logs, dim=0) - math.log(len(self.members))


class EnsembleClassifier(SplitClassifier):
    """A SplitClassifier made of members; Grad-CAM sees all their channels at once."""

    def __init__(self, members: Sequence[SplitClassifier]) -> None:
        nn.Module.__init__(self)
        first = members[0]
        channels = 1 if first.reshape is None else -1
        self.architecture = f"{PREFIX}{len(members)}:{first.architecture}"
        self.num_classes = first.num_classes
        self.feature_dim = first.feature_dim * len(members)
        self.reshape = first.reshape
        self.features = SideBySide([member.features for member in members], channels)
        tails = [member.tail for member in members]
        self.tail = nn.Sequential(OrderedDict(cam=nn.Identity(), mean=MeanProbability(tails, channels)))


def build_ensemble(architecture: str, num_classes: int, input_size: int) -> EnsembleClassifier:
    """An ensemble with random weights from its name; KeyError where the name is malformed."""
    count, _, member = architecture.removeprefix(PREFIX).partition(":")
    if not count.isdigit() or not 2 <= int(count) <= MAX_MEMBERS or member.startswith(PREFIX):
        raise KeyError(f"{architecture!r} is no ensemble name: expected ensemble:<2..{MAX_MEMBERS}>:<name>.")
    return EnsembleClassifier([build_model(member, num_classes, input_size) for _ in range(int(count))])
