"""Whether the kernel is linked as a whole (`linked`) or compiled as Numba does by itself.

`linked` overrides classes that are no part of Numba's public interface, so that another version may
link the kernel wrongly without saying so. It is used in versions that were tried, in which the
compiled engine gave the same records as the reference. In any other version the functions are
compiled as Numba does by itself, which is slower and gives the same records.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from typing import Any

import numba

# Beginnings of the versions in which `linked` gave the records of the reference engine.
TRIED = ("0.61.", "0.63.", "0.66.", "0.68.")
# An environment variable for tests: anything but empty compiles as in a version not tried.
PLAIN = "CCSIM_PLAIN_NUMBA"
FAST = numba.__version__.startswith(TRIED) and not os.environ.get(PLAIN)
SECONDS = 15 if FAST else 60  # about what compilation takes

if FAST:
    from ccsim.engine.kernel.linked import PART, WHOLE


def options_of_part(inline: bool = False) -> dict[str, Any]:
    """Numba's options for a function that only functions of the kernel call."""
    if not FAST:
        return {}
    # Nothing is allocated in the kernel, so arrays need no counts of references: half of its time.
    no = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return {"pipeline_class": PART, **no, **({"forceinline": True} if inline else {})}


def options_of_entry() -> dict[str, Any]:
    """Numba's options for a function that Python calls."""
    return {"pipeline_class": WHOLE, "_nrt": False} if FAST else {}


@lru_cache(maxsize=1)
def warn_where_slow() -> None:
    """Say once in a process, on standard error, that this version of Numba was not tried."""
    if not FAST and not os.environ.get(PLAIN):
        tried = " or ".join(f"{version}x" for version in TRIED)
        print(
            f"Numba {numba.__version__} was not tried with ccsim: results are the same, but runs "
            f"are slower. For full speed: pip install 'numba=={TRIED[-1]}*' (tried: {tried}).",
            file=sys.stderr,
            flush=True,
        )
