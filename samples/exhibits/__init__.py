"""The exhibits: one file each with one constant `EXHIBIT`; what lies in it, and how it is packed.

Contents are pure (no tool is needed to know the truth); packing calls the tools. Start at `job.py`.
"""

from importlib import import_module
from pkgutil import iter_modules

from samples.exhibits.job import Exhibit


def exhibits() -> list[Exhibit]:
    """Return all exhibits in the order of their ids."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return sorted(
        (module.EXHIBIT for module in modules if hasattr(module, "EXHIBIT")), key=lambda one: one.id
    )
