"""Reads the multipart form of an upload: every field is known, every wrong one has its reason."""

import unicodedata
from collections.abc import Mapping

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from backend.core.problems import Unprocessable
from backend.inference.services import AnalysisRequest
from backend.studies.models import LABEL_LENGTH
from backend.studies.uploads import (
    IMAGE_FIELDS,
    NO_IMAGE,
    UNKNOWN_FIELD,
    Refusals,
    skipped_files,
    skipped_refusals,
    uploaded_images,
)
from ml.taxonomy import MODALITIES

TEXT_FIELDS = frozenset(
    {
        "case_label",
        "csrfmiddlewaretoken",
        *(f"frame_{modality.value}" for modality in MODALITIES),
        *(f"region_{modality.value}" for modality in MODALITIES),
    }
)


def analysis_form_read(request: HttpRequest, fields: QueryDict, files: MultiValueDict) -> AnalysisRequest:
    """The request that the form makes. 422 at once when there is no image in it at all."""
    refusals = skipped_refusals(skipped_files(request))
    _check_names(fields, files, refusals)
    label = fields.get("case_label", "").strip()
    _check_label(label, refusals)
    uploads = uploaded_images(files, _plain(fields))
    if not uploads and not refusals.reasons:
        refusals.add("non_field_errors", NO_IMAGE, f"Send at least one of {', '.join(IMAGE_FIELDS)}.")
        raise Unprocessable("The form holds no image.", code=NO_IMAGE, errors=refusals.reasons)
    return AnalysisRequest(label=label, uploads=uploads, refusals=refusals)


def _plain(fields: QueryDict) -> Mapping[str, str]:
    return {name: str(fields[name]) for name in fields}


def _check_names(fields: QueryDict, files: MultiValueDict, refusals: Refusals) -> None:
    for name in fields:
        if name in IMAGE_FIELDS:
            refusals.add(name, "not_a_file", "Send this field as a file, with a file name.")
        elif name not in TEXT_FIELDS:
            refusals.add(name, UNKNOWN_FIELD, "This field is not known here.")
    for name in files:
        if name not in IMAGE_FIELDS:  # an empty one; others were skipped as they came
            refusals.add(name, UNKNOWN_FIELD, f"Files are taken in {', '.join(IMAGE_FIELDS)} only.")
        elif len(files.getlist(name)) > 1:
            refusals.add(name, "several_files", "Send one file in this field.")


def _check_label(label: str, refusals: Refusals) -> None:
    if len(label) > LABEL_LENGTH:
        refusals.add("case_label", "too_long", f"At most {LABEL_LENGTH} characters.")
    if any(unicodedata.category(character).startswith("C") for character in label):
        refusals.add("case_label", "invalid", "The label holds characters that can't be shown.")
