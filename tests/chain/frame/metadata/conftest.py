"""The tests of the metadata share a reader of values, in `reader.py` beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
