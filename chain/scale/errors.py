"""What can go wrong between values and SCALE bytes. Source: spec/substrate.md §1."""


class ScaleError(ValueError):
    """A value or some bytes do not fit a SCALE type."""


class EncodeError(ScaleError):
    """A Python value is not a value of the type."""


class DecodeError(ScaleError):
    """Bytes are not an encoding of the type; a runtime refuses the same bytes."""


class UnknownType(ScaleError):
    """A notation names no type."""


class Truncated(DecodeError):
    """The bytes end before the value does, or a length prefix promises more than is left."""


class NotCanonical(DecodeError):
    """A compact integer is not in its shortest form."""


class OutOfRange(DecodeError):
    """A compact integer is larger than its type."""


class BadTag(DecodeError):
    """A bool, an option, a result or an enum begins with a byte that stands for nothing."""


class BadText(DecodeError):
    """A string is not UTF-8."""


class BadEra(DecodeError):
    """A mortal era whose period or phase cannot be."""


class TooLong(DecodeError):
    """A collection is longer than its bound."""


class TooDeep(DecodeError):
    """Values nest deeper than a decoder follows."""


class TrailingBytes(DecodeError):
    """Bytes are left over after the outermost value."""


def truncated(what: str, needed: int, data: bytes, at: int) -> Truncated:
    """The error for `needed` more bytes at `at`, where fewer are left."""
    left = max(len(data) - at, 0)
    return Truncated(f"{what} needs {needed} byte{'s' * (needed != 1)} at offset {at}, {left} left")
