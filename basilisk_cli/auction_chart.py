"""An auction drawn: its bids over the blocks, and of a Candle auction who wins in which ranges."""

import shutil
import sys

from amm.chain_spec import NATIVE
from amm.pallets.auctions_types import Candle
from basilisk_cli.auction_past import Past
from basilisk_cli.auctions import Sale
from basilisk_cli.names import Names
from basilisk_cli.render.curves import Axes
from basilisk_cli.render.screen import Screen, is_terminal, no_color
from basilisk_cli.session import Session

MARGIN = 4
"""Lines of the terminal that a chart leaves free."""


def draw(screen: Screen, session: Session, sale: Sale, past: Past, names: Names) -> None:
    """Print the charts, if a person reads them and there is a bid to draw."""
    if screen.json or not past.bids or not is_terminal(sys.stdout):
        return
    from basilisk_cli.render.charts import bid_chart, range_chart

    width, height = shutil.get_terminal_size()
    colour, symbol = not no_color(), names.asset(NATIVE)
    unit = 10 ** (session.book.decimals(NATIVE) or 0)
    bids = [(names.account(bid.bidder), bid.block, bid.amount / unit) for bid in past.bids]
    axes = Axes(f"Bids in auction {sale.id}", sale.clock.unit, symbol)
    lines = [sale.data.start, sale.data.end]
    if isinstance(sale.auction, Candle):
        lines.append(sale.auction.specific_data.closing_start)
    sys.stdout.write("\n" + bid_chart(axes, bids, lines, width, height - MARGIN, colour) + "\n")
    if isinstance(sale.auction, Candle):
        spans = [(names.account(each.bidder), each.first, each.last) for each in sale.spans if each.bidder]
        drawn = sale.auction.specific_data.winning_closing_range
        axes = Axes(f"Who wins auction {sale.id}, by the range that is drawn", "closing range", "")
        sys.stdout.write("\n" + range_chart(axes, spans, drawn, sale.candle.ranges - 1, width, colour) + "\n")
