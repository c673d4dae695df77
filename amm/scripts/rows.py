"""The rows of a file of trades, one at a time. Source: spec/trade-scripts.md, "Steps", verb `trades`."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, ClassVar, NamedTuple

from amm.scripts.errors import Fault, Mark, UnknownName
from amm.scripts.names import ERROR
from amm.scripts.source import unreadable
from amm.values import MAX_BALANCE, AccountForm, WrittenError, account_form, check_amount

COLUMNS = ("block", "who", "side", "asset_in", "asset_out", "amount", "limit", "pool")
OPTIONAL_COLUMNS = ("error",)
SIDES = ("sell", "buy")
POOLS = ("xyk", "lbp", "router")
LONGEST_LINE = 2**16
MOST_FAULTS = 50
"""Of one file; after that many the rest is not reported."""

_NUMBER = re.compile(r"[0-9][0-9_]{0,40}")


class UnknownColumn(UnknownName, frozen=True):
    """A column that bulk trades do not have."""

    kind: ClassVar[str] = "column"


class Row(NamedTuple):
    """One trade. `block` is None for the next block; amounts are base units or text as in `1.5 KSM`."""

    line: int
    block: int | None
    who: str
    side: str
    asset_in: str
    asset_out: str
    amount: int | str
    limit: int | str
    pool: str
    error: str | None


def read_rows(path: Path, faults: list[Fault], at: Mark | None = None) -> Iterator[Row]:
    """The good rows of a file; what is wrong with the others goes to `faults`. `at` is where it is named."""
    try:
        with path.open("rb") as file:
            lines = _Lines(file)
            yield from _Rows(path, faults).read(lines)
    except UnicodeDecodeError as error:
        mark = Mark(str(path), lines.number, error.start + 1)
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        faults.append(Fault(mark, message, "save the file as UTF-8"))
    except (OSError, ValueError) as error:
        faults.append(unreadable(path, error, at or Mark(str(path))))


class _Lines:
    """The lines of a file; keeps the last one, to find the columns of a fault."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.last = ""
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        data = self._file.readline(LONGEST_LINE + 1)
        if not data:
            raise StopIteration
        self.number += 1
        if len(data) > LONGEST_LINE:
            raise ValueError(f"line {self.number} has more than {LONGEST_LINE} bytes")
        self.last = data.decode("utf-8-sig" if self.number == 1 else "utf-8")
        return self.last


class _Rows:
    """Turns fields into rows, noting what is wrong."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.file = str(path)
        self.faults = faults
        self._most = len(faults) + MOST_FAULTS
        self._line, self._text = 1, ""
        self._order: dict[str, int] = {}
        self._signers: set[str] = set()

    def read(self, lines: _Lines) -> Iterator[Row]:
        reader = csv.reader(lines, strict=True)
        try:
            for fields in reader:
                self._line, self._text = reader.line_num, lines.last
                if not fields:
                    continue
                if not self._order:
                    if not self._header([field.strip() for field in fields]):
                        return
                    continue
                row = self._row([field.strip() for field in fields])
                if row is not None:
                    yield row
                elif len(self.faults) >= self._most:
                    self._note(0, f"only the first {MOST_FAULTS} faults of the file are shown", "mend these first")
                    return
        except csv.Error as error:
            self._line = reader.line_num
            self._note(0, f"not CSV: {error}", "check the quotes of this line")
            return
        if not self._order:
            self._line = 1
            self._note(0, "the file has no header", ",".join(COLUMNS))

    def _header(self, names: list[str]) -> bool:
        known = (*COLUMNS, *OPTIONAL_COLUMNS)
        self._order = {name: index for index, name in enumerate(names)}
        before = len(self.faults)
        for index, name in enumerate(names):
            if name not in known:
                self.faults.append(UnknownColumn.at(self._mark(index), name, known))
            elif self._order[name] != index:
                self._note(index, f"the column {name!r} is given twice", "keep one of them")
        missing = [name for name in COLUMNS if name not in self._order]
        if missing:
            self._note(0, f"the header lacks {', '.join(missing)}", ",".join(COLUMNS))
        return len(self.faults) == before

    def _row(self, fields: list[str]) -> Row | None:
        order, before = self._order, len(self.faults)
        if len(fields) != len(order):
            self._note(
                0,
                f"the row has {len(fields)} fields, the header {len(order)}",
                "leave none out; empty ones count",
            )
            return None
        side, pool, error = fields[order["side"]], fields[order["pool"]], self._error(fields)
        row = Row(
            self._line,
            self._block(fields),
            self._who(fields),
            side,
            self._asset(fields, "asset_in"),
            self._asset(fields, "asset_out"),
            self._amount(fields, "amount"),
            self._limit(fields, side),
            pool,
            error,
        )
        if side not in SIDES:
            self._note(order["side"], f"a side {side!r}", f"write {' or '.join(SIDES)}")
        if pool not in POOLS:
            self._note(order["pool"], f"a pool {pool!r}", f"write {', '.join(POOLS)}")
        return row if len(self.faults) == before else None

    def _block(self, fields: list[str]) -> int | None:
        text = fields[self._order["block"]]
        if not text:
            return None
        number = int(text.replace("_", "")) if _NUMBER.fullmatch(text) else 0
        if not 0 < number < 2**32:
            self._note(
                self._order["block"],
                f"a block {text!r}",
                "write the block's number, or nothing for the next one",
            )
        return number

    def _who(self, fields: list[str]) -> str:
        who = fields[self._order["who"]]
        if who in self._signers:
            return who
        try:
            if account_form(who) is AccountForm.NAME:
                self._signers.add(who)
            else:
                self._note(
                    self._order["who"],
                    f"{who} cannot sign: its key is not known",
                    "write a name, as in alice",
                )
        except WrittenError as error:
            self._note(self._order["who"], error.what, error.hint)
        return who

    def _asset(self, fields: list[str], column: str) -> str:
        asset = fields[self._order[column]]
        if not asset:
            self._note(self._order[column], f"no {column}", "write an asset: its symbol or its id")
        return asset

    def _limit(self, fields: list[str], side: str) -> int | str:
        if fields[self._order["limit"]]:
            return self._amount(fields, "limit")
        return 0 if side == "sell" else MAX_BALANCE

    def _amount(self, fields: list[str], column: str) -> int | str:
        text = fields[self._order[column]]
        if _NUMBER.fullmatch(text):
            amount = int(text.replace("_", ""))
            if amount > MAX_BALANCE:
                self._note(self._order[column], "the amount is out of range", f"from 0 to {MAX_BALANCE} base units")
            return amount
        try:
            check_amount(text)
        except WrittenError as error:
            self._note(self._order[column], error.what, error.hint)
        return text

    def _error(self, fields: list[str]) -> str | None:
        text = fields[self._order["error"]] if "error" in self._order else ""
        if text and not ERROR.pattern.fullmatch(text):
            self._note(self._order["error"], f"{text!r} is no error", f"write {ERROR.written}")
        return text or None

    def _mark(self, index: int) -> Mark:
        return Mark(self.file, self._line, _column(self._text, index))

    def _note(self, index: int, message: str, hint: str) -> None:
        self.faults.append(Fault(self._mark(index), message, hint))


def _column(line: str, index: int) -> int:
    """Where a field of a line begins, counted from 1."""
    quoted = False
    for position, character in enumerate(line):
        if index == 0:
            return position + 1
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            index -= 1
    return max(len(line.rstrip("\r\n")), 1) if index else len(line) + 1
