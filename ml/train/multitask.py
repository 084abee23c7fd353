"""One shared backbone, one MLP head a task (paper §2.3, §2.4). Fine-tuning is the case of one task."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from ml.model import SplitClassifier, mlp_head


class Statistics(nn.Module):
    """One task's copy of the running statistics of every batch norm; saved with the weights."""

    def __init__(self, running: list[Tensor]) -> None:
        super().__init__()
        for number, tensor in enumerate(running):
            self.register_buffer(str(number), tensor.clone())


class MultiTaskClassifier(nn.Module):
    """logits of one task = heads[task](neck(features(images N×3×H×W))).

    Tasks are trained one after another, so the running statistics of shared batch norms would be those of
    the last task, and every other task would be validated with a stranger's (OCAU: accuracy 0.10 while its
    training loss fell). Each task therefore keeps its own. Training steps use batch statistics, so no weight
    changes by it.
    """

    def __init__(self, backbone: SplitClassifier, classes: Mapping[str, int], *, own: bool = True) -> None:
        super().__init__()
        self.features = backbone.features
        self.neck: nn.Module = backbone.tail.get_submodule("neck")
        self.heads = nn.ModuleDict({task: mlp_head(backbone.feature_dim, n) for task, n in classes.items()})
        kept = classes if own and len(classes) > 1 else ()
        self.statistics = nn.ModuleDict({task: Statistics(self._running()) for task in kept})

    def forward(self, images: Tensor, task: str) -> Tensor:
        return self.heads[task](self.neck(self.features(images)))

    def recall(self, task: str) -> None:
        """Put the task's statistics into the batch norms."""
        if task in self.statistics:
            for running, kept in zip(self._running(), self.statistics[task].buffers(), strict=True):
                running.copy_(kept)

    def keep(self, task: str) -> None:
        """Note the batch norms' statistics as the task's."""
        if task in self.statistics:
            for running, kept in zip(self._running(), self.statistics[task].buffers(), strict=True):
                kept.copy_(running)

    def _running(self) -> list[Tensor]:
        names = ("running_mean", "running_var")
        shared = [*self.features.named_buffers(), *self.neck.named_buffers()]
        return [tensor for name, tensor in shared if name.rpartition(".")[2] in names]
