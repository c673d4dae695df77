"""The tests of the markets share one small runtime, in `markets.py` beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
