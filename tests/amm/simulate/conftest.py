"""The tests of the simulation share a maker of designs, in `designs.py` beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
