"""A progress bar on standard error, where a person looks at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from basilisk_cli.render.screen import Screen

Step = Callable[[int], None]


@contextmanager
def bar(screen: Screen, what: str, total: int | None) -> Iterator[Step]:
    """A bar that counts to `total`, if that is known; what it gives is called with how many more are done.

    It goes when all are.
    """
    if not screen.shows_progress or (total is not None and total < 2):
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(what), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task, start, done = progress.add_task(what, total=total, rate=""), monotonic(), 0

        def step(count: int) -> None:
            nonlocal done
            done += count
            progress.update(task, completed=done, rate=f"{done / (monotonic() - start):.0f}/s")

        yield step
