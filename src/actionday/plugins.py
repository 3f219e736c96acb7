"""The one loader: walks a room for one constant per module, then the entry points of other packages.

A module whose name begins with ``_`` is a helper, not a plug-in. A third party registers a module under the
entry-point group ``actionday.<room>`` (``actionday.sources``, ``actionday.parsers``) and is found the same way.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

from actionday.model import Broken, Note


def modules(room: str) -> Iterator[tuple[str, ModuleType | ImportError]]:
    """Yield the plug-in modules of ``room`` by name; a module whose library is missing yields the error.

    ``room`` is a package such as ``actionday.sources``. A missing optional library costs one format, named.
    """
    package = import_module(room)
    for found in sorted(walk_packages(package.__path__, f"{room}."), key=lambda each: each.name):
        if not found.ispkg and not found.name.rpartition(".")[2].startswith("_"):
            yield found.name, _loaded(found.name)
    for entry in sorted(entry_points(group=room), key=lambda each: each.value):
        yield entry.module, _loaded(entry.module)


def _loaded(name: str) -> ModuleType | ImportError:
    try:
        return import_module(name)
    except (ImportError, OSError) as error:  # OSError: ctypes did not find a system library
        return ImportError(f"{name}: {error}", name=name)


def load(room: str, *constants: str) -> tuple[list[Any], list[Note]]:
    """Return every plug-in of ``room`` under one of ``constants``, by name, and what could not be loaded.

    Raises Broken when two carry the same name or a module of ours holds none: both are defects of the package.
    """
    plugins: dict[str, Any] = {}
    missing: list[Note] = []
    for name, module in modules(room):
        if isinstance(module, ImportError):
            missing.append(Note("plugin_missing", str(module)))
            continue
        for plugin in _constants(module, constants):
            if plugin.name in plugins:
                raise Broken(f"two plug-ins are called {plugin.name!r}: the second in {name}")
            plugins[plugin.name] = plugin
    return [plugins[key] for key in sorted(plugins)], missing


def _constants(module: ModuleType, constants: tuple[str, ...]) -> list[Any]:
    return [getattr(module, constant) for constant in constants if hasattr(module, constant)]
