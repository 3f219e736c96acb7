"""How far a proof is, in words: the check at work, and what of it is gone through."""

from typing import TYPE_CHECKING

from actionday.app.cli._common import counted, grouped, printable, seconds_of, share_of, size_of

if TYPE_CHECKING:
    from actionday.app.cli._progress import Rows
    from actionday.pipeline.proving.pace import Moment


def line(moment: "Moment") -> str:
    """Return a moment of a proof as a line."""
    name = f"verifying: {_stage(moment)}"
    if not moment.total:
        return f"{name}, {seconds_of(moment.seconds)} so far"
    far = f"{_far(moment)}, {share_of(moment.share)} done"
    return f"{name}: {far}, {_rate(moment)}, left of it: {seconds_of(moment.eta)}"


def rows(moment: "Moment") -> "Rows":
    """Return what a terminal shows of a moment of a proof."""
    first = (("verifying", _stage(moment)), ("so far", seconds_of(moment.seconds)))
    if not moment.total:
        return first
    path = (("now", printable(moment.path)[-60:]),) if moment.path else ()
    return (
        *first,
        ("gone through", _far(moment)),
        ("rate", _rate(moment)),
        ("done", share_of(moment.share)),
        ("left of it", seconds_of(moment.eta)),
        *path,
    )


def _stage(moment: "Moment") -> str:
    number = f"{moment.number} of {moment.stages}"
    return f"{moment.stage} ({number})" if moment.stage else "the case is opened"


def _far(moment: "Moment") -> str:
    done = size_of(moment.done) if moment.unit == "bytes" else grouped(moment.done)
    return f"{done} of {_much(moment, moment.total)}"


def _much(moment: "Moment", count: float) -> str:
    if moment.unit == "bytes":
        return size_of(count)
    return counted(round(count), moment.unit.removesuffix("s"))


def _rate(moment: "Moment") -> str:
    return f"{_much(moment, moment.rate)}/s"
