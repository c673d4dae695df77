"""`basilisk` on the command line, and `python -m basilisk_cli`."""

from basilisk_cli.app import command


def main() -> None:
    """Runs the command line and exits with its status."""
    command.main()


if __name__ == "__main__":
    main()
