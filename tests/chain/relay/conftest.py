"""What the tests of the relay side share: a real chain with real candidates, and the tools to spoil them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from forgery import Story, tell_story


@pytest.fixture(scope="session")
def story() -> Story:
    """A chain of some blocks, as it was included; nobody changes it."""
    return tell_story()
