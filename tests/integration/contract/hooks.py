"""What schemathesis would not guess: an image that the server takes, and ids of what is really there."""

import json
import os
from typing import Any

import schemathesis
from hypothesis import strategies

from tests.pictures import png

REAL_IDS: dict[str, str] = json.loads(os.environ.get("CONTRACT_IDS", "{}"))  # path up to the id → an id
ODD_DIGITS = "13579bdf"

schemathesis.openapi.format(
    "binary", strategies.one_of(strategies.just(png(1)), strategies.binary(max_size=2000))
)


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """About half of the requests name what is there, unless they would delete it."""
    operation = context.operation
    real = REAL_IDS.get(operation.path.partition("{id}")[0])
    if real is None or not path_parameters or operation.method.upper() == "DELETE":
        return path_parameters
    generated = str(path_parameters.get("id", ""))
    return {**path_parameters, "id": real} if generated[-1:] in ODD_DIGITS else path_parameters
