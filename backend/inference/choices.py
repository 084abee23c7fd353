"""The words of inference: states, and why a prediction fails."""

from django.db import models


class PredictionState(models.TextChoices):
    """queued → running → succeeded | failed | cancelled; the last three never change."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class AnalysisState(models.TextChoices):
    """Derived from the predictions; `partial` means that some succeeded and some failed."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    PARTIAL = "partial", "Partial"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class FirstReadState(models.TextChoices):
    """not_asked, or awaited → saved. While it is awaited, the server shows nobody the model's answer."""

    NOT_ASKED = "not_asked", "Not asked for"
    AWAITED = "awaited", "Awaited"
    SAVED = "saved", "Saved"


OPEN_STATES = (PredictionState.QUEUED, PredictionState.RUNNING)
TERMINAL_STATES = (PredictionState.SUCCEEDED, PredictionState.FAILED, PredictionState.CANCELLED)


class FailureCode(models.TextChoices):
    """Stable codes; FAILURE_DETAILS says what a person can do about each."""

    MODEL_UNAVAILABLE = "model_unavailable", "Model unavailable"
    WORKER_LOST = "worker_lost", "Worker lost"
    TIMED_OUT = "timed_out", "Timed out"
    STORAGE_ERROR = "storage_error", "Storage error"
    NOT_ULTRASOUND = "not_ultrasound", "Not an ultrasound image"
    MASKING_FAILED = "masking_failed", "Text could not be covered"
    INTERNAL_ERROR = "internal_error", "Internal error"


class FlagCode(models.TextChoices):
    """What speaks against an answer. A flag is never a state: the prediction has run."""

    NOT_ULTRASOUND = "not_ultrasound", "Not an ultrasound image"
    WRONG_SLOT = "wrong_slot", "Another modality's field"
    UNLIKE_TRAINING = "unlike_training", "Unlike the training images"
    KNOWN_WEAKNESS = "known_weakness", "Known weakness"
    TEXT_RELIANCE = "text_reliance", "Rests on burned-in text"


class TextCheckState(models.TextChoices):
    """Of the look for burned-in text, which comes after the answer."""

    PENDING = "pending", "Pending"
    DONE = "done", "Done"
    FAILED = "failed", "Could not be done"


FAILURE_DETAILS: dict[str, str] = {
    FailureCode.MODEL_UNAVAILABLE: (
        "No model version can answer for this modality. Ask the administrator to make one active, "
        "then submit the image again."
    ),
    FailureCode.WORKER_LOST: (
        "The worker stopped twice while it ran this image. Submit it again; if that fails too, "
        "export the image anew and tell the administrator."
    ),
    FailureCode.TIMED_OUT: (
        "The computation took longer than allowed. Submit the image again when the server is less busy, "
        "or export it smaller."
    ),
    FailureCode.STORAGE_ERROR: (
        "The stored image could not be read, or the maps could not be written. Submit the image again; "
        "tell the administrator if it happens again."
    ),
    FailureCode.NOT_ULTRASOUND: (
        "This does not look like an ultrasound image, and this site answers nothing else. Send the image of "
        "the scanner."
    ),
    FailureCode.MASKING_FAILED: (
        "Text in the image could not be covered for certain: the image is deleted, unseen. Cut the text off, "
        "and submit it again."
    ),
    FailureCode.INTERNAL_ERROR: (
        "The computation failed for an unknown reason, which the server's log has. Tell the administrator."
    ),
}
