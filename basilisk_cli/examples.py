"""Command lines to copy, at the end of a command's help."""


def examples(*lines: str) -> str:
    """The epilog of a command: these lines as they are, each a command line without `basilisk`."""
    return "\b\nExamples:\n" + "\n".join(f"  basilisk {line}" for line in lines)
