"""Cases that call one function: `{"fn", "args", "ok"}`, or `"err": true` where the reference refuses."""

from collections.abc import Callable
from typing import Any

from cases import Case
from convert import arguments, plain, same


def check_call(case: Case, function: Callable[..., Any], refusal: type[Exception]) -> Any:
    """Call `function` with the case's arguments and compare; it raises `refusal` just where the case says so.

    Returns the function's result, None where it refused.
    """
    name, args = case.data["fn"], case.data["args"]
    try:
        result = function(**arguments(function, args))
    except refusal as error:
        if case.refused:
            return None
        raise AssertionError(f"{name}({_shown(args)}) refused ({error}), not {case.data['ok']}") from None
    found = plain(result)
    if case.refused:
        raise AssertionError(f"{name}({_shown(args)}) is {found}, and should be refused")
    if not same(found, case.data["ok"]):
        raise AssertionError(f"{name}({_shown(args)}) is {found}, not {case.data['ok']}")
    return result


def _shown(args: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in args.items())
