"""Finding the code under test by name, so that code that does not exist yet is told from broken code."""

import importlib
from typing import Any

from cases import Missing


def need(module: str, name: str) -> Any:
    """What `module` calls `name`. Raises Missing if there is no such module or name.

    An import that fails for another reason (the module is there, something it imports is not) is a failure.
    """
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name and (module == error.name or module.startswith(error.name + ".")):
            raise Missing(f"there is no module {module}") from None
        raise
    if not hasattr(found, name):
        raise Missing(f"{module} has no {name}")
    return getattr(found, name)
