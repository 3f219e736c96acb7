"""Run the command and store as Actionday did when a content had one reading. Run as a script, before a case is aged."""

import sys
from collections.abc import Callable
from typing import Any

import msgspec

from actionday.app.cli.main import main
from actionday.pipeline.messages import Content, Row
from actionday.pipeline.writer import Writer


def unnamed(real: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of the writer that is told of no reading."""

    def one(*given: Any) -> Any:
        return real(
            *(
                msgspec.structs.replace(each, reading=b"") if isinstance(each, Content | Row) else each
                for each in given
            )
        )

    return one


if __name__ == "__main__":
    for name in ("content", "row", "_document"):
        setattr(Writer, name, unnamed(getattr(Writer, name)))
    main(sys.argv[1:])
