"""Functions that give the same bits on every processor (docs/background/portability.md).

The mathematical functions of NumPy, SciPy and the C library pick their code by processor and
release, and differ in the last bit. Whatever a simulation is made of is therefore computed here,
from additions, multiplications, divisions and square roots alone, which IEEE 754 fixes to the bit.
Functions of an array treat each element by itself: a value does not depend on its neighbours.
"""
