"""Any name is an account: saying so where it is probably a slip."""

import typer

from amm.wording import nearest
from basilisk_cli.names import Names
from basilisk_cli.output import screen
from basilisk_cli.session import Session
from chain.pallets.system import System


def note_stranger(ctx: typer.Context, session: Session, written: str, who: bytes, names: Names) -> None:
    """Say on standard error that an account does not exist, with the nearest name that is known."""
    if names.name(who) is None and session.read()[System].account.get(who).providers == 0:
        hint = nearest(written, [name for name in names.known if not name.startswith("@")], "")
        hint = f"; {hint}" if hint.startswith("did you mean") else ""
        screen(ctx).note(f"{written} does not exist yet: nobody has paid to it{hint}")
