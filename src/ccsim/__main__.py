"""`python -m ccsim` is the command `ccsim`."""

from ccsim.cli.start import ends_quietly


def main() -> None:
    """The entry point of the installed command."""
    ends_quietly()
    from ccsim.cli.main import main as command  # what takes time comes after it

    command()


if __name__ == "__main__":
    main()
