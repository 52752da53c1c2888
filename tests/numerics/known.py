"""Values of functions to the last bit, from mpmath with 60 digits, which made `known.json`:
`python -m tests.numerics.known` makes it again (mpmath is needed for that only)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

STORED = Path(__file__).parent / "known.json"
SHAPES = (0.01, 0.3, 0.5, 1.0, 2.0, 5.5, 15.9, 16.0, 100.0, 1111.25, 9999.0, 1e4, 40000.0)
Cases = list[tuple[float, ...]]  # arguments, then the value


def stored() -> dict[str, Cases]:
    """By function, the arguments and the value that is nearest to the truth."""
    text = json.loads(STORED.read_text("utf-8"))
    return {
        name: [tuple(map(float.fromhex, case)) for case in cases] for name, cases in text.items()
    }


def made() -> dict[str, Cases]:
    import mpmath as mp  # type: ignore[import-not-found,import-untyped,unused-ignore]

    mp.mp.dps = 60
    rng = random.Random(20261201)

    def cases(f: Callable[..., Any], arguments: Sequence[tuple[float, ...]]) -> Cases:
        return [(*each, float(f(*map(mp.mpf, each)))) for each in arguments]

    def spread(low: float, high: float, count: int) -> list[tuple[float]]:
        return [(rng.uniform(low, high),) for _ in range(count)]

    small = [2.0**-k for k in (1, 3, 10, 20, 30, 45, 53)]
    positive = [(float(mp.exp(x)),) for (x,) in spread(-40.0, 40.0, 60)]
    near_one = [(1.0 + x,) for x in (*small, *(-x for x in small))]
    tails = [rng.uniform(0.0, 1.0) for _ in range(6)] + [2.0**-k for k in (1, 5, 10, 17, 24, 32)]

    def gamma_front(a: Any, x: Any) -> Any:
        return mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))

    def gamma_at_most(a: Any, x: Any) -> Any:
        term = total = mp.mpf(1)
        n = 0
        while term > mp.mpf(10) ** -55 * total or x > a + n:
            n += 1
            term *= x / (a + n)
            total += term
        return gamma_front(a, x) * total

    def gamma_above(a: Any, q: Any) -> Any:
        """By bisection: nothing is assumed of a start."""
        low, high = mp.mpf(10) ** -340, a + 60 * mp.sqrt(a) + 60
        for _ in range(2000):
            middle = mp.sqrt(low * high)
            low, high = (middle, high) if 1 - gamma_at_most(a, middle) > q else (low, middle)
            if high - low < mp.mpf(10) ** -25 * low:
                break
        return low

    quantile_cases = [(a, q) for a in SHAPES for q in (tails if a < 1000 else tails[:3])]
    return {
        "log": cases(mp.log, positive + near_one),
        "exp": cases(mp.exp, spread(-700.0, 700.0, 60) + spread(-1.0, 1.0, 30)),
        "log1p": cases(mp.log1p, spread(-0.99, 3.0, 40) + [(x - 1.0,) for (x,) in near_one]),
        "power": cases(mp.power, [(*x, y) for x in positive[::4] for y in (0.3, 1.7, 9.0, -2.5)]),
        "log_gamma": cases(mp.loggamma, spread(0.05, 60.0, 40)),
        "normal_cdf": cases(mp.ncdf, spread(-9.0, 6.0, 50)),
        "normal_quantile": cases(
            lambda p: -mp.sqrt(2) * mp.erfinv(1 - 2 * p),
            spread(0.0, 1.0, 40) + [(x,) for x in small],
        ),
        "gamma_cdf": cases(
            gamma_at_most,
            [(a, a * factor) for a in SHAPES for factor in (0.2, 0.9, 1.0, 1.1, 1.6) if a < 2000],
        ),
        "gamma_upper_quantile": cases(gamma_above, quantile_cases),
    }


if __name__ == "__main__":
    found = {
        name: [[value.hex() for value in case] for case in cases] for name, cases in made().items()
    }
    lines = [f"{json.dumps(name)}: {json.dumps(cases)}" for name, cases in found.items()]
    STORED.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
