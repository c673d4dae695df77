"""The tests of the runtime share what stands beside them, and the reader of the metadata's own tests."""

import sys
from pathlib import Path

HERE = Path(__file__).parent

sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "chain" / "frame" / "metadata"))
