"""Each code of the issue log that a page has words for is a loss, something that was not done, or a mere note."""

from actionday.app.web.showing.reasons import LOSSES, REMARKS
from actionday.model.loss import NOT_DONE, READ_WITH, SAME_BYTES, tells_failure, tells_loss

NOTED = frozenset(
    [
        "allocation",
        "backup",
        "same_place",
        "before_first",
        "before_message",
        "behind_end",
        "block_cut",
        "boundary",
        "by_script",
        "bytes_before",
        "chain",
        "charset",
        "content_length",
        "control_character",
        "date",
        "date_order",
        "degraded",
        "dirty",
        "earlier_revisions",
        "embedded_files",
        "embedded_object",
        "encoding_unsure",
        "ends_early",
        "entry",
        "extent_access",
        "extent_beside",
        "extents",
        "false_mark",
        "feature",
        "from_line",
        "from_line_inside",
        "half_pair",
        "header",
        "hidden_member",
        "holds_nothing",
        "html",
        "length",
        "line_ends",
        "local_differs",
        "loop",
        "may_be_cut",
        "member_twice",
        "mixed_units",
        "name",
        "no_content",
        "no_end_mark",
        "no_http_head",
        "no_padding",
        "no_text",
        "not_chunked",
        "not_encoded",
        "not_json",
        "openpgp",
        "other_name",
        "outside_parts",
        "overlap",
        "padding",
        "parent_format",
        "parent_short",
        "part_sizes",
        "read_with",
        "reencryption",
        "relationships_damaged",
        "repeated_field",
        "same_bytes",
        "second_reader",
        "session",
        "snapshot",
        "stale_member",
        "trailer_fields",
        "trailing",
        "transfer_coding",
        "unclaimed",
        "unclaimed_text",
        "unclosed",
        "unknown_part",
        "unlinked_part",
        "unpartitioned",
    ]
)


def test_every_remark_is_either_something_not_done_or_a_note() -> None:
    """A new code is put into one of the two, by who adds it."""
    assert REMARKS.keys() == NOT_DONE | NOTED
    assert not NOT_DONE & NOTED


def test_a_loss_tells_a_failure_and_a_note_none() -> None:
    assert all(map(tells_failure, LOSSES.keys() | NOT_DONE))
    assert not any(map(tells_failure, NOTED | {SAME_BYTES, READ_WITH, "of_a_plug_in"}))
    assert not any(map(tells_loss, NOT_DONE | NOTED))
