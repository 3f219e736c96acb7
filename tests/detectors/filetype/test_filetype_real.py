"""Types of real disk images, archives, mail and web archives, where the evaluation data is present."""

import os
from pathlib import Path

import pytest

from actionday.detectors.filetype import identify_type

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data"))
RAW, OUTLOOK = "application/x-raw-disk-image", "application/vnd.ms-outlook"
KNOWN = {
    "images/ext2.E01": "application/x-ewf",
    "images/ext2.qcow2": "application/x-qemu-disk",
    "images/ext2.vhd": "application/x-vhd-disk",
    "images/ext2.vmdk": "application/x-vmdk-disk",
    "images/hfsplus.raw": RAW,
    "images/apfs.raw": RAW,
    "images/syslog_image.dd": RAW,
    "images/tsk_volume_system.raw": RAW,
    "images/hfsplus_zlib.dmg": "application/x-apple-diskimage",
    "images/iso9660.raw": "application/x-iso9660-image",
    "images/dissect/gpt.bin": RAW,
    "images/dissect/mbr.bin": RAW,
    "images/dissect/gzip.sqfs": "application/vnd.squashfs",
    "archives/dfvfs-absolute_paths.tar": "application/x-tar",
    "archives/test-documents.7z": "application/x-7z-compressed",
    "archives/test-documents.rar": "application/vnd.rar",
    "archives/test-documents.zip": "application/zip",
    "archives/test-documents.tgz": "application/gzip",
    "archives/testLZ4-framed.lz4": "application/x-lz4",
    "archives/testZSTD.zst": "application/zstd",
    "archives/syslog.newc.cpio": "application/x-cpio",
    "mail/complex.mbox": "application/mbox",
    "mail/testMSG.msg": OUTLOOK,
    "mail/testMSG_Appointment.msg": OUTLOOK,
    "mail/testMSG_att_msg.msg": OUTLOOK,
    "mail/testMSG_chinese.msg": OUTLOOK,
    "mail/testPST.pst": "application/vnd.ms-outlook-pst",
    "mail/testRFC822_multipart_attachments.eml": "message/rfc822",
    "mail/testThunderbirdEml.eml": "message/rfc822",
    "mail/testWINMAIL.dat": "application/vnd.ms-tnef",
    "warc/example-trunc.warc": "application/warc",
    "warc/example.warc.gz": "application/gzip",
    "logs/apache_access.log": "text/plain",
    "logs/audit_enriched.log": "text/plain",
}


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no evaluation data at {DATA}")
@pytest.mark.parametrize("name", KNOWN)
def test_real_files(name: str) -> None:
    content = (DATA / name).read_bytes()
    assert identify_type(content[: 128 * 1024], content[-64 * 1024 :], len(content)) == KNOWN[name]
