"""The chain's clock on screen. It counts from the relay chain's slot 0, which has no date."""

from chain.frame import Environment
from chain.pallets.timestamp import Timestamp


def chain_time(environment: Environment) -> int:
    """Milliseconds since slot 0, as the block tells the time; 0 at genesis."""
    return environment[Timestamp].now.get()


def time_text(milliseconds: int) -> str:
    """`2d 03:04:05` since slot 0; the days are left out while there are none."""
    days, rest = divmod(milliseconds // 1000, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{f'{days}d ' if days else ''}{hours:02}:{minutes:02}:{seconds:02} since genesis"


def duration(milliseconds: int) -> str:
    """`12 s`, `1 h 0 min 6 s`: a span of time on the relay chain."""
    seconds = milliseconds // 1000
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    first = next((place for place, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first:])
