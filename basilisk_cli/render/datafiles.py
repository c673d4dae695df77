"""Tables for other programs: CSV, which is built in, and Parquet, whose integers have any size."""

import csv
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from basilisk_cli.errors import CliError
from basilisk_cli.render.whole import whole_file

DATA = (".csv", ".parquet")


class Kind(Enum):
    """What a column holds. Amounts are base units, and parts of prices, in up to 76 digits."""

    TEXT = "text"
    INTEGER = "integer"
    AMOUNT = "amount"
    NUMBER = "number"


class Field(NamedTuple):
    name: str
    kind: Kind


Row = Sequence[str | int | float | None]


def save_data(file: Path, fields: Sequence[Field], rows: Sequence[Row]) -> None:
    """Write a table by the file's suffix. Raises CliError for Parquet without pyarrow."""
    if file.suffix == ".parquet":
        save_parquet(file, fields, rows)
    else:
        save_csv(file, fields, rows)


def save_csv(file: Path, fields: Sequence[Field], rows: Sequence[Row]) -> None:
    """Integers exactly; what is not there is left empty."""
    with whole_file(file) as unfinished, unfinished.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow([field.name for field in fields])
        writer.writerows(rows)


def save_parquet(file: Path, fields: Sequence[Field], rows: Sequence[Row]) -> None:
    """Amounts are decimal256(76, 0). Raises CliError without pyarrow."""
    need_pyarrow()
    from decimal import Decimal

    import pyarrow
    from pyarrow import parquet

    types = {
        Kind.TEXT: pyarrow.string(),
        Kind.INTEGER: pyarrow.int64(),
        Kind.AMOUNT: pyarrow.decimal256(76, 0),
        Kind.NUMBER: pyarrow.float64(),
    }

    def column(place: int, kind: Kind) -> Any:
        values = [row[place] for row in rows]
        if kind is Kind.AMOUNT:
            values = [None if value is None else Decimal(value) for value in values]  # type: ignore[misc]
        return pyarrow.array(values, types[kind])

    columns = [column(place, field.kind) for place, field in enumerate(fields)]
    with whole_file(file) as unfinished:
        parquet.write_table(pyarrow.table(columns, [field.name for field in fields]), unfinished)


def need_pyarrow() -> None:
    """Raises CliError if it is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise CliError("a Parquet file needs pyarrow", "install it: pip install 'basilisk[data]'") from None
