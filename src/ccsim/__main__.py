"""`python -m ccsim` is the command `ccsim`."""

from ccsim.cli.main import main

if __name__ == "__main__":
    main()
