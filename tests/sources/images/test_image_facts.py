"""What the headers of an image tell is among its facts: makers, names, comments, and words where there should be none."""

import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from disk_tools import needs, run
from ewf_writer import with_header, written

from actionday.model import Damaged, Image
from actionday.model.loss import is_loss
from actionday.sources.images import ewf, qcow2, vdi, vhd, vhdx, vmdk
from actionday.testing.context import Alone, Bytes

pytestmark = [pytest.mark.tools, needs("qemu-img")]
MIB = 1 << 20
HIDDEN = b"meet at the quay"


def image(tmp_path: Path, kind: str, *options: str) -> bytearray:
    (tmp_path / "raw").write_bytes(os.urandom(MIB) + bytes(2 * MIB))
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *options, tmp_path / "raw", tmp_path / "made")
    return bytearray((tmp_path / "made").read_bytes())


def told(reader: Image, data: bytes, name: str = "disk") -> tuple[dict[str, Any], Alone]:
    context = Alone(name)
    reader.open(Bytes(bytes(data)), context)
    (facts,) = context.facts.values()
    assert isinstance(facts, dict)
    return facts, context


def resummed(raw: bytearray, at: int, length: int, place: int) -> None:
    """Write the checksum of the ``length`` bytes at ``at`` anew: their sum, inverted."""
    raw[at + place : at + place + 4] = bytes(4)
    struct.pack_into(">I", raw, at + place, ~sum(raw[at : at + length]) & 0xFFFFFFFF)


def slack_is_told(reader: Image, data: bytes, at: int) -> None:
    facts, context = told(reader, data)
    assert facts["slack"] == {str(at): HIDDEN.decode()}
    (note,) = [each for each in context.notes if each.code == "unclaimed"]
    assert f"{len(HIDDEN)} bytes from byte {at} " in note.reason
    assert not is_loss(note.code)


def test_a_vhd_tells_who_made_it_and_when(tmp_path: Path) -> None:
    whole = image(tmp_path, "vpc", "-o", "force_size=on")
    facts, context = told(vhd.IMAGE, whole)
    assert (facts["creator"], facts["system"], context.notes) == ("qem2", "Wi2k", [])
    assert facts["created"].startswith("20")
    last = len(whole) - 512
    for at in (0, last):
        whole[at + 100 : at + 100 + len(HIDDEN)] = HIDDEN
        resummed(whole, at, 512, 64)
    facts, context = told(vhd.IMAGE, whole)
    assert facts["slack"] == {"100": HIDDEN.decode(), str(last + 100): HIDDEN.decode()}
    assert [each.code for each in context.notes] == ["unclaimed"] * 2


def test_a_fixed_vhd_tells_what_stands_in_its_footer(tmp_path: Path) -> None:
    whole = image(tmp_path, "vpc", "-o", "subformat=fixed,force_size=on")
    at = len(whole) - 512
    whole[at + 200 : at + 200 + len(HIDDEN)] = HIDDEN
    resummed(whole, at, 512, 64)
    slack_is_told(vhd.IMAGE, whole, at + 200)


def test_a_vhdx_tells_who_made_it(tmp_path: Path) -> None:
    whole = image(tmp_path, "vhdx")
    facts, context = told(vhdx.IMAGE, whole)
    assert (facts["creator"].startswith("QEMU"), context.notes) == (True, [])
    whole[40000 : 40000 + len(HIDDEN)] = HIDDEN
    slack_is_told(vhdx.IMAGE, whole, 40000)


def test_a_vdi_tells_its_comment(tmp_path: Path) -> None:
    whole = image(tmp_path, "vdi")
    facts, context = told(vdi.IMAGE, whole)
    assert ("QEMU" in facts["creator"], "comment" in facts, context.notes) == (True, False, [])
    comment = b"copy of the server, 2 May"
    whole[0x54 : 0x54 + len(comment)] = comment
    assert told(vdi.IMAGE, whole)[0]["comment"] == comment.decode()
    at = 0x54 + len(comment) + 9
    whole[at : at + len(HIDDEN)] = HIDDEN
    slack_is_told(vdi.IMAGE, whole, at)


@pytest.mark.parametrize("options", ["", "subformat=streamOptimized"])
def test_a_vmdk_tells_its_descriptor_word_for_word_and_what_stands_behind_it(
    tmp_path: Path, options: str
) -> None:
    whole = image(tmp_path, "vmdk", *(["-o", options] if options else []))
    facts, context = told(vmdk.IMAGE, whole)
    assert "ddb.adapterType" in facts["descriptor"]
    assert context.notes == []
    end = whole.index(b"\0", whole.index(b"# Disk DescriptorFile"))
    whole[end + 30 : end + 30 + len(HIDDEN)] = HIDDEN
    slack_is_told(vmdk.IMAGE, whole, end + 30)


def test_a_descriptor_longer_than_facts_are_kept_says_so() -> None:
    text = (
        b'# Disk DescriptorFile\nCID=1\nparentCID=ffffffff\ncreateType="custom"\nRW 2048 ZERO\n'
        + b"# x\n" * 20_000
    )
    facts, context = told(vmdk.IMAGE, text)
    assert len(facts["descriptor"]) == 1 << 16
    assert [(each.code, is_loss(each.code)) for each in context.notes] == [("text_cut", True)]


def test_a_qcow2_tells_the_names_in_its_header(tmp_path: Path) -> None:
    whole = image(tmp_path, "qcow2")
    facts, context = told(qcow2.IMAGE, whole)
    assert ("features" in facts, "slack" in facts, context.notes) == (False, False, [])
    at = whole.index(b"lazy refcounts")
    whole[at : at + len(HIDDEN)] = HIDDEN
    assert told(qcow2.IMAGE, whole)[0]["features"] == [HIDDEN.decode()]
    whole[50_000 : 50_000 + len(HIDDEN)] = HIDDEN
    slack_is_told(qcow2.IMAGE, whole, 50_000)


def test_an_encrypted_qcow2_keeps_its_facts(tmp_path: Path) -> None:
    whole = image(tmp_path, "qcow2")
    struct.pack_into(">I", whole, 32, 1)
    context = Alone("disk")
    with pytest.raises(Exception, match="encrypted with AES"):
        qcow2.IMAGE.open(Bytes(bytes(whole)), context)
    assert "qcow2" in context.facts


def test_what_an_imager_wrote_under_keys_of_its_own_is_kept_and_is_no_hash() -> None:
    text = "1\nmain\nc\tmd5\tzz\nK-7\tno hash\tby the quay\n\n"
    whole = with_header(text)
    facts, _ = told(ewf.IMAGE, whole, "case.E01")
    assert facts["case_number"] == "K-7"
    assert facts["further"] == {"md5": "no hash", "zz": "by the quay"}
    assert len(facts["md5"]) == 32


def test_a_disk_larger_than_there_can_be_is_damaged() -> None:
    whole = bytearray(written(bytes(MIB), 1)["case.E01"])
    at = whole.index(b"volume\0\0") + 76
    struct.pack_into("<Q", whole, at + 16, 1 << 60)
    struct.pack_into("<I", whole, at + 1048, zlib.adler32(whole[at : at + 1048]))
    with pytest.raises(Damaged, match="a volume of 1152921504606846976 sectors"):
        ewf.IMAGE.open(Bytes(bytes(whole)), Alone("case.E01"))
