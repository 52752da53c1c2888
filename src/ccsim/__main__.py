"""`python -m ccsim` is the command `ccsim`."""

from ccsim.cli.start import main

if __name__ == "__main__":
    main()
