"""What is written on collections and items: a text, bytes, or what a file holds."""

import re
from pathlib import Path

from amm.wording import nearest, short
from basilisk_cli.errors import CliError
from chain.crypto.hashing import blake2_256

FILE = "@"
"""Before a path, it says that a file is meant."""

_LIKE_A_FILE = re.compile(r"\.{1,2}/\S*|/\S+|[\w\-.]+\.(png|jpe?g|gif|svg|webp|avif|json|txt|md|bin)", re.IGNORECASE)
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"<svg", "SVG image"),
    (b"<?xml", "XML"),
)


def metadata_of(written: str, most: int) -> tuple[bytes, str]:
    """The bytes that are meant, and if a file holds them, a remark that says so.

    `0x` and hex digits are those bytes; `@PATH`, or the path of a file that is there, is its content; anything else
    is text. Raises CliError for more bytes than `most`, and for what looks like a file and is none.
    """
    path = None
    if written.startswith("0x"):
        data = _from_hex(written)
    else:
        path = _file_of(written)
        data = written.encode() if path is None else path.read_bytes()
    if len(data) > most:
        what = f"{'the metadata' if path is None else path} has {_size(data)}, and {most} are allowed at most"
        hint = f"write where it can be found, such as ipfs://…, or its BLAKE2-256 hash 0x{blake2_256(data).hex()}"
        raise CliError(what, hint)
    return data, "" if path is None else f"The metadata is what {path} holds: {_size(data)}."


def described(data: bytes) -> str:
    """Bytes for people: text as text, an image as what it is, anything else as hex."""
    text = text_of(data)
    if text is not None:
        return text
    kind = next((name for magic, name in _KINDS if data.startswith(magic)), None)
    return f"{kind}, {_size(data)}" if kind else "0x" + data.hex()


def text_of(data: bytes) -> str | None:
    """The text that bytes are, if it can be printed on a line."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def _from_hex(written: str) -> bytes:
    try:
        return bytes.fromhex(written[2:])
    except ValueError:
        raise CliError(f"{short(written)!r} is not hex", "write 0x and an even number of hex digits") from None


def _file_of(written: str) -> Path | None:
    """The file that is meant, if one is. Raises CliError if it is not there."""
    path = Path(written.removeprefix(FILE))
    if _is_file(path):
        return path
    if not written.startswith(FILE) and not _LIKE_A_FILE.fullmatch(written):
        return None
    files = [each.name for each in path.parent.iterdir() if each.is_file()] if path.parent.is_dir() else []
    near = nearest(path.name, files, "")
    hint = near if near.startswith("did you mean") else "name a file that is there;"
    raise CliError(
        f"there is no file {short(written.removeprefix(FILE))!r}", f"{hint} as a text it is 0x{written.encode().hex()}"
    )


def _is_file(path: Path) -> bool:
    """Also of a text that cannot be the name of a file."""
    try:
        return path.is_file()
    except OSError:
        return False


def _size(data: bytes) -> str:
    return f"{len(data):_} byte{'s' * (len(data) != 1)}"
