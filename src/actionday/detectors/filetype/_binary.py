"""Second looks at programs, fonts and compressed contents whose first bytes prove too little."""

from struct import unpack_from

from actionday.mime.lzw_codes import begins_as_compress

ELF_KINDS = {
    1: "application/x-object",
    2: "application/x-executable",
    3: "application/x-sharedlib",
    4: "application/x-coredump",
}
"""Source: System V ABI, ELF header, ``e_type``. Position-independent programs are type 3, as libraries are."""

JAVA_FIRST_MAJOR = 45
"""Class files began at major version 45 (JDK 1.0.2); a universal binary has fewer architectures than that."""

PDF_WITHIN = 1024
"""Source: PDF 1.7 (Adobe), Appendix H, note 13: readers accept the header anywhere in the first 1,024 bytes."""

PYC_PYTHON2 = range(50823, 62300)
PYC_PYTHON3 = range(3000, 3800)
"""Source: CPython ``importlib/_bootstrap_external.py``, the history of magic numbers."""

EOT_VERSIONS = (0x00010000, 0x00020001, 0x00020002)

RECYCLED_FIXED = 24 + 2 * 260
"""Source: libyal dtformats, "Windows Recycle.Bin file formats": before Windows 10 a path has 260 characters."""
RECYCLED_LONGEST = 28 + 2 * 32768
"""A path of Windows has 32,767 characters at most, and its end."""


def elf_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Return what kind of ELF file it is."""
    if len(head) < 20 or head[5] not in (1, 2):
        return None
    kind = int.from_bytes(head[16:18], "little" if head[5] == 1 else "big")
    return ELF_KINDS.get(kind, "application/x-elf")


def exe_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Return PE where the header it points to is one, else DOS if the header is plausible."""
    if len(head) < 64:
        return None
    at = unpack_from("<I", head, 60)[0]
    if head.startswith(b"PE\0\0", at):
        return "application/vnd.microsoft.portable-executable"
    last_page, pages = unpack_from("<HH", head, 2)
    return "application/x-dosexec" if last_page < 512 and 0 < pages < 2048 and b"\0" in head[:64] else None


def cafebabe_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Tell a Java class from a universal Mach-O: they share their first four bytes."""
    if len(head) < 8:
        return None
    return "application/java-vm" if head[7] >= JAVA_FIRST_MAJOR else "application/x-mach-binary"


def pyc_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Compiled Python: a known magic number before the CR LF."""
    magic = int.from_bytes(head[:2], "little")
    known = magic in PYC_PYTHON3 or magic in PYC_PYTHON2
    return "application/x-bytecode.python" if known and b"\0" in head[4:8] else None


def sfnt_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """TrueType outlines: a table directory whose tags are printable."""
    if len(head) < 16 or not 0 < head[5] < 64 or head[4]:
        return None
    return "font/ttf" if head[12:16].isascii() and head[12:16].decode("ascii").isprintable() else None


def eot_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Embedded OpenType: the declared size is the size, or more of one that breaks off, by a known version."""
    told = int.from_bytes(head[:4], "little")
    known = int.from_bytes(head[8:12], "little") in EOT_VERSIONS
    return "application/vnd.ms-fontobject" if told == size or (told > size and known) else None


def type1_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Type 1 font in binary segments."""
    return "application/x-font-type1" if head.startswith(b"%!", 6) else None


def bzip2_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """bzip2: block size, then the mark of a block or of the end."""
    marked = head[4:10] in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
    return "application/x-bzip2" if marked and head[3:4].isdigit() else None


def compress_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """compress: its first codes are possible ones."""
    return "application/x-compress" if begins_as_compress(head) else None


def lzma_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """LZMA alone: a usual dictionary size, and an unpacked size that is unknown or below 1 TiB."""
    if len(head) < 14:
        return None
    dictionary, unpacked = unpack_from("<IQ", head, 1)
    usual = dictionary.bit_count() in (1, 2) and dictionary >= 4096
    return "application/x-lzma" if usual and (unpacked == 2**64 - 1 or unpacked < 2**40) else None


def lha_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """LHA: ``-lh5-`` and its kin."""
    return "application/x-lzh-compressed" if head[6:7] == b"-" else None


def arj_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """ARJ: a main header of a plausible length and type 2."""
    plausible = len(head) > 34 and 30 <= int.from_bytes(head[2:4], "little") <= 2600 and head[10] == 2
    return "application/x-arj" if plausible else None


def pcapng_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Next-generation capture: the byte-order magic behind the block length."""
    return "application/x-pcapng" if head[8:12] in (b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a") else None


def recycled_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Tell the ``$I`` file of a recycle bin: of the length its version says, its path from a drive or a share on."""
    at, length = (
        (24, RECYCLED_FIXED) if head[0] == 1 else (28, 28 + 2 * int.from_bytes(head[24:28], "little"))
    )
    start = head[at : at + 6]
    rooted = start[2:] == b":\0\\\0" or start[:4] == b"\\\0\\\0"
    return "application/x-ms-recycled" if size == length <= RECYCLED_LONGEST and rooted else None


def late_pdf(head: bytes, tail: bytes, within: int = PDF_WITHIN) -> str | None:
    """Return PDF when its header lies behind other bytes, as mailers and printers leave it."""
    at = head.find(b"%PDF-1.", 1, within)
    return "application/pdf" if at >= 0 and b" obj" in head[at:] and b"startxref" in (tail or head) else None
