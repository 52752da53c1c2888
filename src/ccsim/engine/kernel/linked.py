"""How the functions of the kernel become one piece of machine code.

Left to itself, Numba optimises each function together with all that it calls and makes machine
code of that, before it is linked into its callers and optimised again. Here a function is only
lowered; an entry links all that it reaches, hides it from the outside and is optimised as a whole.
So what has one caller is inlined, unused results vanish, and compilation takes a third.

The classes overridden here are no part of Numba's public interface: `linking` uses this module in
versions of Numba in which it was tried. `docs/about/design.md` says what Numba would have to offer
for it to go.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core import codegen, compiler, compiler_machinery, typed_passes

_numba: Any = numba  # its annotations lack what is used here
_codegen: Any = codegen
_compiler: Any = compiler
_machinery: Any = compiler_machinery
_passes: Any = typed_passes


class _Part(_codegen.JITCodeLibrary):  # type: ignore[misc]
    """The code of one function, which is never run by itself."""

    def finalize(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    @property
    def codegen(self) -> Any:
        return _NoEnvironment


class _NoEnvironment:
    """What Numba tells of a function's constants: the kernel's functions have none."""

    @staticmethod
    def set_env(name: str, environment: object) -> None:
        pass


class _Whole(_codegen.JITCodeLibrary):  # type: ignore[misc]
    """The code of an entry and of all that it reaches."""

    def finalize(self) -> None:
        reached = self._linking_libraries
        for library in reached:  # grows as it is walked
            if isinstance(library, _Part):
                reached += [each for each in library._linking_libraries if each not in reached]
        super().finalize()

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "linkonce_odr":
                function.linkage = "internal"
        super()._optimize_final_module()


def _pipeline(library: type) -> type:
    """A compiler whose code goes into a library of this class."""

    @_machinery.register_pass(mutates_CFG=False, analysis_only=True)
    class Choose(_machinery.AnalysisPass):  # type: ignore[misc]
        _name = f"choose_{library.__name__}"

        def __init__(self) -> None:
            pass

        def run_pass(self, state: Any) -> bool:
            name = state.func_id.func_qualname
            state.library = library(state.targetctx.codegen(), name)
            state.library.enable_object_caching()
            return False

    class Pipeline(_compiler.CompilerBase):  # type: ignore[misc]
        def define_pipelines(self) -> list[Any]:
            passes = _compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
            passes.add_pass_after(Choose, _passes.NopythonTypeInference)
            passes.finalize()
            return [passes]

    return Pipeline


PART, WHOLE = _pipeline(_Part), _pipeline(_Whole)
