"""A simulation has the same bits on every processor.

What is made before an engine runs is hashed in programs whose NumPy and C library may not use the
vector and fused instructions of this machine, and compared with hashes that are stored. A law over
the sources says which functions may be used there at all.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent.parent
STORED = Path(__file__).parent / "hashes.json"
FEATURES = np._core._multiarray_umath.__cpu_features__  # type: ignore[attr-defined]
DISPATCHED = np._core._multiarray_umath.__cpu_dispatch__  # type: ignore[attr-defined]
# Other processors: one whose NumPy has the baseline only, one whose C library fuses nothing.
OLD_NUMPY = {"NPY_DISABLE_CPU_FEATURES": " ".join(f for f in DISPATCHED if FEATURES.get(f))}
OLD_LIBM = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F,-AVX2_Usable,-FMA_Usable"}
HAS_GLIBC = platform.libc_ver()[0] == "glibc" and platform.machine() == "x86_64"


def hashes() -> dict[str, str]:
    """What a simulation is made of, and the records of a small run."""
    from ccsim.network import quantiles
    from ccsim.network.compile import compile_network
    from ccsim.scenario.resolve import load
    from ccsim.workload import make_workload
    from tests import law_hashes

    waits = np.random.Philox(key=7).random_raw(400) >> np.uint64(40)
    tables = {
        "exponential": quantiles.exponential(1.0),
        "lognormal": quantiles.lognormal(1.0, 1.2),
        "gamma": quantiles.gamma(1.0, cv=0.7),
        "gamma, narrow": quantiles.gamma(1.0, cv=0.005),
        "gamma, wide": quantiles.gamma(1.0, cv=4.0),
        "weibull": quantiles.weibull(1.0, shape=1.7),
        "weibull by its cv": quantiles.weibull(1.0, cv=0.6),
        "hyperexponential": quantiles.hyperexponential([(0.3, 1.0), (0.7, 5.0)]),
        "censored sample": quantiles.kaplan_meier(waits, waits % np.uint64(3) == 0),
    }
    found = {name: digest(table.nodes) for name, table in tables.items()}
    for name, path in (
        ("telecom", "scenarios/telecom.yaml"),  # busy days and half hours
        ("surges", "tests/workload/surges.yaml"),  # growth, seasons, campaigns, incidents
    ):
        design = load(ROOT / path)
        workload = make_workload(design, compile_network(design), 1, 0)
        found[f"arrivals of {name}"] = digest(workload.at, workload.queue, workload.key)
    records = law_hashes.hashes_of_records()
    return found | {"records": hashlib.sha256(json.dumps(records).encode()).hexdigest()[:16]}


def digest(*arrays: Any) -> str:
    return hashlib.sha256(b"".join(np.ascontiguousarray(a).tobytes() for a in arrays)).hexdigest()[
        :16
    ]


def naive() -> str:
    """A table as it would be made of NumPy's and the C library's functions."""
    import math

    s = (np.arange(3000) + 0.5) / 3000
    return digest(np.array([math.exp(math.log(x) * 0.7) for x in s.tolist()]), np.exp(np.log(s)))


def elsewhere(function: str, **environment: str) -> Any:
    """What the function of this file returns in a program of its own."""
    code = (
        "import json; from tests.numerics import test_every_processor as here; "
        f"print(json.dumps(here.{function}()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_this_processor_has_the_stored_bits() -> None:
    assert hashes() == json.loads(STORED.read_text("utf-8"))


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param(OLD_NUMPY, id="NumPy without vector instructions"),
        pytest.param(
            OLD_NUMPY | OLD_LIBM,
            id="C library without fused ones",
            marks=pytest.mark.skipif(not HAS_GLIBC, reason="a switch of glibc on x86-64"),
        ),
    ],
)
def test_other_processors_have_the_same_bits(environment: dict[str, str]) -> None:
    assert elsewhere("hashes", **environment) == json.loads(STORED.read_text("utf-8"))


@pytest.mark.slow
def test_the_kernel_compiled_for_any_processor_has_the_same_bits(tmp_path: Path) -> None:
    generic = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    found = elsewhere("hashes", NUMBA_CACHE_DIR=str(tmp_path), **generic)
    assert found == json.loads(STORED.read_text("utf-8"))


@pytest.mark.skipif(
    not (HAS_GLIBC and FEATURES.get("FMA3")), reason="this processor has nothing to switch off"
)
def test_the_functions_of_the_c_library_would_be_seen_to_differ() -> None:
    assert elsewhere("naive", **OLD_NUMPY, **OLD_LIBM) != elsewhere("naive")


# --- the law over the sources ---------------------------------------------------------------------

ROOMS = ("numerics", "network", "workload", "roster", "engine", "records.py")
BEFORE = ("scenario",)  # what is read and checked; its numbers are written ones
CHOSEN_BY_PROCESSOR = {
    *("log", "log2", "log10", "log1p", "exp", "exp2", "expm1", "power", "float_power", "pow"),
    *("sin", "cos", "tan", "arcsin", "arccos", "arctan", "arctan2", "asin", "acos", "atan"),
    *("sinh", "cosh", "tanh", "cbrt", "hypot", "erf", "erfc", "gamma", "lgamma"),
    *("dot", "vdot", "inner", "matmul", "einsum", "tensordot", "convolve", "interp", "linalg"),
}
# What may be used all the same, and why no result depends on its last bit.
ALLOWED = {
    ("workload/poisson.py", "scipy"): "close calls are decided in decimal arithmetic",
    ("scenario/rules/demand.py", "math"): "whether a volume is refused as too large to be meant",
    ("scenario/rules/distributions.py", "math"): "whether a spread is refused as impossible",
}


def forbidden(text: str) -> set[str]:
    """The modules of functions whose code depends on the processor, or '@' and '**'."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {alias.name for alias in node.names}
            if node.module.startswith("scipy"):
                found.add("scipy")
            elif node.module in ("math", "numpy") and names & CHOSEN_BY_PROCESSOR:
                found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[0] for a in node.names if a.name.startswith("scipy")}
        elif isinstance(node, ast.Attribute) and node.attr in CHOSEN_BY_PROCESSOR:
            if isinstance(node.value, ast.Name) and node.value.id in ("np", "math", "numpy"):
                found.add(node.value.id)
        elif isinstance(node, ast.BinOp | ast.AugAssign):
            if isinstance(node.op, ast.MatMult):
                found.add("@")
            elif isinstance(node.op, ast.Pow) and isinstance(node, ast.BinOp):
                # powers of 2 are exact; an exponent that is a whole number takes products
                if not _power_of_two(node.left):
                    found.add("**")
            elif isinstance(node.op, ast.Pow):
                found.add("**")
    return found


def _power_of_two(base: ast.expr) -> bool:
    if isinstance(base, ast.Name):
        return base.id == "BINS"
    return isinstance(base, ast.Constant) and base.value in (2, 2.0)


def test_before_and_in_the_engines_nothing_depends_on_the_processor() -> None:
    source = ROOT / "src" / "ccsim"
    found = set()
    for file in sorted(source.rglob("*.py")):
        path = file.relative_to(source).as_posix()
        used = forbidden(file.read_text("utf-8"))
        if path.startswith(BEFORE):
            used -= {"**"}  # squares of ends of ranges, in statements about assumptions
        if path.startswith((*ROOMS, *BEFORE)):
            found |= {(path, what) for what in used}
    assert found == ALLOWED.keys()


@pytest.mark.parametrize(
    "text",
    [
        "np.log(x)",
        "math.exp(x)",
        "from math import lgamma",
        "from scipy.special import ndtri",
        "import scipy.special",
        "a @ b",
        "cv**-2",
        "x **= 0.5",
        "np.interp(x, at, values)",
    ],
)
def test_the_law_catches(text: str) -> None:
    assert forbidden(text)


def test_the_law_lets_exact_functions_pass() -> None:
    assert not forbidden("2.0**-53 + math.sqrt(x) + np.rint(y) + math.frexp(z)[0] + BINS**2")


if __name__ == "__main__":
    STORED.write_text(json.dumps(hashes(), indent=1) + "\n", "utf-8")
