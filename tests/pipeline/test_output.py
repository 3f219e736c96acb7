"""When a worker sends what it has: what was read first does not wait for the end of a batch that takes long."""

import msgspec

from actionday.model import Kind, Limits, Status
from actionday.pipeline.marker import Marker
from actionday.pipeline.messages import Results, Row
from actionday.pipeline.output import SEND_SECONDS, Output
from actionday.pipeline.text import Reader

ROW = Row(
    id=b"a" * 16, parent=None, place="", path="a", raw=None, kind=Kind.FILE, size=None, sha256=None, mtime=None,
    status=Status.PARSED, reason="", opened=False, runs=None, meta=b"",
)  # fmt: skip


def test_the_first_row_waits_for_a_second_and_no_longer() -> None:
    now, sent = [100.0], list[Results]()
    output = Output(sent.append, Reader(), Marker(), Limits(), lambda: now[0])
    assert not output.full()
    now[0] += 50  # nothing came in meanwhile: there is nothing to send
    assert not output.full()
    output.row(ROW)
    assert not output.full()
    now[0] += SEND_SECONDS - 0.01
    output.row(msgspec.structs.replace(ROW, id=b"b" * 16))
    assert not output.full()
    now[0] += 0.02
    assert output.full()
    output.flush(1)
    assert [len(each.rows) for each in sent] == [2]
    assert not output.full()
