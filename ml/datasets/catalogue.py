"""The catalogue of published sets (catalogue.toml), as objects."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from ml.data.samples import DataError
from ml.paper import PATIENTS, TABLE_1, PaperDataset

CATALOGUE = Path(__file__).with_name("catalogue.toml")
ACCESS = ("open", "manual", "form")


class DatasetError(DataError):
    """What is wrong with a data set or its download, in a sentence with the remedy."""


@dataclass(frozen=True)
class Dataset:
    """One published set; `record` or `url` say where an open one is fetched."""

    name: str
    title: str
    body_part: str
    reader: str
    access: str
    page: str
    licence: str
    citation: str
    record: str = ""
    url: str = ""
    file_name: str = ""
    instructions: str = ""
    known: list[str] = field(default_factory=list)

    @property
    def paper(self) -> PaperDataset | None:
        """The set's row in Table 1; None for the lymph nodes, whose image counts the paper does not print."""
        return TABLE_1.get(self.name)

    @property
    def paper_patients(self) -> dict[str, int] | None:
        """Patients per class that the paper reports (§3.1), for the lymph nodes only."""
        return PATIENTS if self.name == "lymph-nodes" else None


def load_catalogue(path: Path = CATALOGUE) -> dict[str, Dataset]:
    """Every set of the catalogue, in its order."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DatasetError(f"The catalogue '{path}' does not exist.") from None
    except tomllib.TOMLDecodeError as error:
        raise DatasetError(f"The catalogue '{path}' is not valid TOML: {error}.") from None
    found = {}
    for name, entry in entries.items():
        try:
            found[name] = Dataset(name=name, **entry)
        except TypeError as error:
            raise DatasetError(
                f"The entry '{name}' of '{path}' is incomplete or misspelt: {error}."
            ) from None
        if found[name].access not in ACCESS:
            raise DatasetError(f"The entry '{name}' has access '{found[name].access}', not one of {ACCESS}.")
    return found


def choose(catalogue: dict[str, Dataset], name: str) -> Dataset:
    """The set of that name, or a sentence with the names there are."""
    if name not in catalogue:
        raise DatasetError(f"'{name}' is no known set. Known: {', '.join(catalogue)}.")
    return catalogue[name]
