"""Records of one replication -> KPIs: what each is called, what it means, how it is counted.

`catalogue` names and defines the measures (light to import), `kpis` and `histogram` hold their
values, `evaluate` computes them. This is the only part of ccsim that knows what is divided by what.
"""

from ccsim.measures.registry import register, unregister

__all__ = ["register", "unregister"]
