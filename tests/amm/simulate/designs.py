"""Small designs for the tests of the simulation."""

from pathlib import Path

from amm.simulate.design import Design, read_design


def design(sale: str, *demand: str, name: str = "trial", more: str = "") -> Design:
    """A design of one scenario, unless `more` adds some; what `sale` leaves out is ten million tokens in 72 hours."""
    keys = {"sell": "10_000_000 TKN", "duration": "72h", "fee": "0.2%"}
    rest = ", ".join(f"{key}: {value}" for key, value in keys.items() if f"{key}:" not in sale)
    lines = ["name: test", f"sale: {{{sale}, {rest}}}", "scenarios:", f"  - name: {name}"]
    if demand:
        lines += ["    demand:", *(f"      - {each}" for each in demand)]
    return read_design(Path("test.yaml"), "\n".join([*lines, more]))
