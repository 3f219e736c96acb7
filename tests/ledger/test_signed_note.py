"""Signed notes and checkpoints against the examples of the C2SP documents, and what must be refused."""

from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.ledger.checkpoint import Checkpoint, open_checkpoint
from actionday.ledger.errors import BadNote
from actionday.ledger.note import MAX_NOTE, MAX_SIGNATURES, Signer, Verifier, open_note, parse_note, sign
from actionday.testing.ledger import signer

# The example of C2SP signed-note, section Verifier keys.
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ON"
    "ncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# The example of C2SP tlog-checkpoint: its text.
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
OURS = signer(1)


def test_the_documents_example_verifies_under_its_key() -> None:
    verifier = Verifier.parse(VKEY)
    assert str(verifier) == VKEY
    assert (verifier.name, verifier.key_id.hex()) == ("example.com/foo", "530d903a")
    assert open_note(NOTE, [verifier]) == ("This is an example message.\n", [verifier])


def test_the_documents_checkpoint_is_read_and_written_alike() -> None:
    head = Checkpoint.parse(CHECKPOINT)
    assert (head.origin, head.size, head.root[:2]) == ("example.com/behind-the-sofa", 20852163, b"\x0a\xc5")
    assert head.text == CHECKPOINT


def test_what_we_sign_we_open() -> None:
    head = Checkpoint("actionday/case/kestrel", 7, bytes(range(32)))
    note = sign(head.text, OURS)
    assert open_checkpoint(note, [signer(2).verifier, OURS.verifier]) == (head, [OURS.verifier])
    assert parse_note(note).signatures[0].key_id == OURS.verifier.key_id


def test_a_text_with_empty_lines_ends_at_the_last_one() -> None:
    text = "one\n\n\u2014 two three\n\nfour\n"
    assert open_note(sign(text, OURS), [OURS.verifier])[0] == text


def test_signatures_of_strangers_are_ignored_and_never_enough() -> None:
    strangers = "".join(line_of(signer(n), NOTE_TEXT) for n in range(10, 26))
    note = f"{NOTE_TEXT}\n{strangers}{line_of(OURS, NOTE_TEXT)}"
    assert open_note(note, [OURS.verifier])[1] == [OURS.verifier]
    with pytest.raises(BadNote, match="no trusted key"):
        open_note(note, [signer(3).verifier])
    with pytest.raises(BadNote, match="no trusted key"):
        open_note(note, [])


def test_a_known_keys_false_signature_spoils_the_note() -> None:
    false = line_of(OURS, "another text\n")
    with pytest.raises(BadNote, match="does not hold"):
        open_note(f"{NOTE_TEXT}\n{line_of(signer(2), NOTE_TEXT)}{false}", [signer(2).verifier, OURS.verifier])


def test_a_key_under_anothers_name_is_a_stranger() -> None:
    thief = Signer(OURS.name, signer(9).private)
    with pytest.raises(BadNote, match="no trusted key"):
        open_note(sign(NOTE_TEXT, thief), [OURS.verifier])


def test_a_signature_of_another_length_under_a_known_id_does_not_hold() -> None:
    value = b64encode(OURS.verifier.key_id + bytes(63)).decode()
    with pytest.raises(BadNote, match="does not hold"):
        open_note(f"{NOTE_TEXT}\n\u2014 {OURS.name} {value}\n", [OURS.verifier])


NOTE_TEXT = "kestrel\n"


def line_of(who: Signer, text: str) -> str:
    return sign(text, who).removeprefix(text + "\n")


GOOD_LINE = line_of(OURS, NOTE_TEXT)
VALUE = GOOD_LINE.split()[-1]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "kestrel\n",
        "kestrel\n\n",
        f"kestrel\n{GOOD_LINE}",
        f"kestrel\n\n{GOOD_LINE}"[:-1],
        f"kes\ttrel\n\n{GOOD_LINE}",
        f"kes\x00trel\n\n{GOOD_LINE}",
        f"kestrel\r\n\n{GOOD_LINE}",
        f"kestrel\ud800\n\n{GOOD_LINE}",
        f"kestrel\n\n- {OURS.name} {VALUE}\n",
        f"kestrel\n\n\u2014 {VALUE}\n",
        f"kestrel\n\n\u2014  {VALUE}\n",
        f"kestrel\n\n\u2014 a+b {VALUE}\n",
        f"kestrel\n\n\u2014 a\u00a0b {VALUE}\n",
        f"kestrel\n\n\u2014 {OURS.name} {VALUE} more\n",
        f"kestrel\n\n\u2014 {OURS.name} {VALUE[:-1]}\n",
        f"kestrel\n\n\u2014 {OURS.name} {VALUE[:-2]}\u00e9=\n",
        f"kestrel\n\n\u2014 {OURS.name} AAAA\n",
        "x" * MAX_NOTE + f"\n\n{GOOD_LINE}",
        "kestrel\n\n" + GOOD_LINE * (MAX_SIGNATURES + 1),
    ],
    ids=range(21),
)
def test_a_malformed_note_is_refused(note: str) -> None:
    with pytest.raises(BadNote):
        open_note(note, [OURS.verifier])


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n", "\ud800\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(BadNote):
        sign(text, OURS)


@pytest.mark.parametrize("name", ["", "with space", "with+plus", "with\u2003space", "line\nbreak", "\ud800"])
def test_a_key_cannot_have_such_a_name(name: str) -> None:
    with pytest.raises(BadNote):
        Signer(name, OURS.private)


KEY = b64encode(b"\x01" + bytes(32)).decode()


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a",
        "a+b",
        "+530d903a+" + KEY,
        VKEY[:-1],
        VKEY + "=",
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("530d903a", "530D903A"),
        VKEY.replace("example.com", "example.org"),
        "a+00000000+" + KEY,
        "a b+00000000+" + KEY,
        "a+00000000+" + b64encode(b"\x02" + bytes(32)).decode(),
        VKEY.replace("Aek", "Aem"),
    ],
    ids=range(13),
)
def test_a_malformed_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(BadNote):
        Verifier.parse(vkey)


ROOT = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        f"\n1\n{ROOT}\n",
        f"o\n1\n{ROOT}",
        f"o\n01\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n\n{ROOT}\n",
        f"o\n1 \n{ROOT}\n",
        f"o\n\u0661\n{ROOT}\n",
        f"o\n{'9' * 5000}\n{ROOT}\n",
        "o\n1\n\n",
        f"o\n1\n{ROOT[:-4]}\n",
        f"o\n1\n{ROOT[:-2]}B=\n",
        f"o\n1\n{ROOT}\nextension\n",
        f"o\n1\n{ROOT}\n\n",
        f"o\n1\n {ROOT}\n",
    ],
    ids=range(16),
)
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.parse(text)


@settings(max_examples=200)
@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_its_text_and_its_text_the_checkpoint(size: int, root: bytes) -> None:
    head = Checkpoint("actionday/case/kestrel", size, root)
    assert Checkpoint.parse(head.text) == head


@settings(max_examples=400)
@given(st.integers(0, len(NOTE.encode()) * 8 - 1))
def test_no_bit_of_a_signed_note_can_be_flipped(place: int) -> None:
    raw = bytearray(NOTE.encode())
    raw[place // 8] ^= 1 << place % 8
    with pytest.raises(BadNote):
        open_note(raw.decode(errors="surrogateescape"), [Verifier.parse(VKEY)])


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_at_all_is_refused_and_never_breaks_the_reader(text: str) -> None:
    for reader in (parse_note, Verifier.parse, Checkpoint.parse):
        with pytest.raises(BadNote):
            reader(text)
