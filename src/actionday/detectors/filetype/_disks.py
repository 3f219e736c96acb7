"""Second looks at disk images, boot sectors and file systems."""

from struct import unpack_from

RAW = "application/x-raw-disk-image"


def vdi_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """VirtualBox image: the signature behind the banner. Source: ``VDICore.h``, pre-header."""
    return "application/x-vdi-disk" if head.startswith(b"\x7f\x10\xda\xbe", 64) else None


def ext_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """ext2 to ext4: state, error behaviour and block size of the superblock within their ranges."""
    if len(head) < 2048:
        return None
    log_block = unpack_from("<I", head, 1024 + 24)[0]
    state, errors = unpack_from("<HH", head, 1024 + 58)
    return RAW if log_block <= 6 and state <= 7 and errors <= 3 else None


def boot_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """A boot sector: a FAT or NTFS parameter block, or a partition table with sane entries."""
    if head[82:87] == b"FAT32" or head[54:58] in (b"FAT1", b"FAT ") or head[3:7] == b"NTFS":
        return RAW
    flags = {head[446 + 16 * entry] for entry in range(4)}
    types = [head[446 + 16 * entry + 4] for entry in range(4)]
    return RAW if flags <= {0, 0x80} and any(types) else None
