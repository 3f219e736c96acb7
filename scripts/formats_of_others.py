"""What other tools say that they read, and which plug-in of ours reads the same: the lists behind ``docs/formats.md``.

Each list was taken from the tool itself or from its own documentation, as ``TOOLS`` says; none of them was run against
the same evidence for this. An entry names our plug-ins, none where we have none; ``note`` says how far ours goes.
"""

from typing import NamedTuple


class Tool(NamedTuple):
    """A tool, and where its list comes from."""

    name: str
    source: str


class Theirs(NamedTuple):
    """Formats that a tool names, the plug-ins of ours that read them, and what has to be said of that."""

    formats: str
    ours: tuple[str, ...] = ()
    note: str = ""
    whole: bool = False
    """Whether the note takes nothing away from it."""
    soon: tuple[str, ...] = ()
    """Names under which a plug-in may come: once there is one it counts as one of ours."""


TOOLS = {
    "IPED": Tool(
        "IPED",
        "its `README.md` at commit 009afba0b828 of `sepinf-inc/IPED` (a stored copy, read on 2026-11-28; neither the "
        "release of that day nor the program itself was looked at). It names single parsers by example alone, so "
        "this list is shorter than what it reads",
    ),
    "dissect": Tool(
        "dissect.target 3.25.1",
        "the modules of its `containers`, `volumes`, `filesystems` and `loaders`, as the wheel of PyPI has them "
        "(installed on 2026-11-28; not run). Readers of live systems and of network shares are left out",
    ),
    "plaso": Tool(
        "plaso 20260720 with dfVFS 20260924",
        "the `NAME` and `DATA_FORMAT` of its parsers (59 by that count) and of the plug-ins below them (188), and the "
        "type indicators of dfVFS, as the wheels of PyPI have them (installed on 2026-11-28; not run). Plug-ins are "
        "told by what they belong to",
    ),
}
SQL = "its tables and rows, not what they mean"
TEXT = "as text; no event is made of a line"
STREAMS = "its streams; the properties are not told as events"
LISTS = {
    "IPED": (
        Theirs(
            "RAW, DD, also in parts",
            ("raw-split", "mbr", "gpt"),
            "a raw disk needs no reader of images",
            whole=True,
        ),
        Theirs("E01", ("ewf",)),
        Theirs("Ex01", ("image-unread",)),
        Theirs("AFF", ("image-unread",)),
        Theirs("AD1", ("image-unread",)),
        Theirs("ISO 9660, UDF", ("iso9660", "udf")),
        Theirs("VHD, VHDX", ("vhd", "vhdx")),
        Theirs("VMDK, also differential", ("vmdk",)),
        Theirs("UFDR of Cellebrite", ("zip",), "as a zip and its files; what its XML says of them is text"),
        Theirs("file systems of the sleuthkit: NTFS, FAT, exFAT", ("ntfs", "fat", "exfat")),
        Theirs("file systems of the sleuthkit: ext2 to ext4, HFS+, ISO 9660", ("ext", "hfsplus", "iso9660")),
        Theirs("file systems of the sleuthkit: UFS", ("filesystem-unread",), soon=("ufs", "ffs")),
        Theirs("file systems of the sleuthkit: YAFFS2"),
        Theirs(
            "containers of dozens of formats",
            ("zip", "tar", "7z", "rar", "pst", "mbox"),
            "examples; all of ours stand above",
        ),
        Theirs("history of IE and Edge"),
        Theirs("history of Firefox, Chrome and Safari", ("sqlite",), SQL),
        Theirs(
            "WhatsApp, Skype, ActivitiesCache",
            ("whatsapp", "sqlite"),
            "WhatsApp's exports as messages; of databases " + SQL,
        ),
        Theirs(
            "Telegram",
            ("telegram-json", "telegram-html"),
            "Telegram Desktop's exports; the apps' databases: " + SQL,
        ),
        Theirs("eMule, Shareaza, Ares, BitTorrent"),
        Theirs("hash sets: NSRL, CAID, Project VIC, CSV", ("nsrl-rds-2", "nsrl-rds-3", "vics", "list")),
        Theirs("hash sets: Interpol ICSE"),
    ),
    "dissect": (
        Theirs(
            "containers: raw, split",
            ("raw-split", "mbr", "gpt"),
            "a raw disk needs no reader of images",
            whole=True,
        ),
        Theirs("containers: EWF", ("ewf",), "E01 and s01; Ex01 and L01 are recognised and not read"),
        Theirs("containers: QCOW2, VDI, VHD, VHDX, VMDK", ("qcow2", "vdi", "vhd", "vhdx", "vmdk")),
        Theirs("containers: HDD, HDS (Parallels)", ("image-unread",)),
        Theirs("containers: ASIF (Apple)", ("image-unread",)),
        Theirs("containers: ASDF (dissect's own), FortiFW"),
        Theirs("volumes: disks with MBR and GPT", ("mbr", "gpt")),
        Theirs("volumes: LVM2, md", ("lvm2", "md")),
        Theirs("volumes: LUKS, BitLocker", ("luks", "bitlocker")),
        Theirs("volumes: DDF (hardware RAID)"),
        Theirs("volumes and file systems: VMFS", ("filesystem-unread",)),
        Theirs("file systems: NTFS, FAT, exFAT", ("ntfs", "fat", "exfat")),
        Theirs("file systems: ext, XFS, Btrfs", ("ext", "xfs", "btrfs")),
        Theirs("file systems: APFS", ("apfs",)),
        Theirs("file systems: SquashFS", ("filesystem-unread",), soon=("squashfs",)),
        Theirs("file systems: FFS (UFS)", ("filesystem-unread",), soon=("ufs", "ffs")),
        Theirs("file systems: cramfs, JFFS2, QNX"),
        Theirs("file systems: AD1", ("image-unread",)),
        Theirs("file systems: cpio, tar, zip", ("cpio", "tar", "zip")),
        Theirs("file systems: NTDS.dit, iTunes backups, VBK (Veeam), vmtar"),
        Theirs(
            "loaders: OVA, OVF",
            ("tar", "vmdk"),
            "the disks in them; the machine's description is text",
            soon=("ova",),
        ),
        Theirs(
            "loaders: VMX, VBox, Hyper-V, libvirt, Parallels, UTM",
            ("vmdk", "vdi", "vhdx", "qcow2"),
            "the disks; the machine's description is text",
        ),
        Theirs("loaders: Proxmox VMA", soon=("vma",)),
        Theirs("loaders: XVA, Veeam, Phobos"),
        Theirs(
            "loaders: container images, overlay2",
            ("tar",),
            "layers as archives and folders; no merged view",
            soon=("docker", "docker-save", "oci", "overlay2", "layers"),
        ),
        Theirs("loaders: Android backups (ab), Cellebrite, iTunes"),
        Theirs(
            "loaders: packages of collectors (Acquire, KAPE, UAC, Velociraptor, Tanium)",
            ("zip", "tar"),
            "their files as items, at the paths that the package has",
        ),
    ),
    "plaso": (
        Theirs("dfVFS: EWF, QCOW, VHD, VMDK, raw", ("ewf", "qcow2", "vhd", "vhdx", "vmdk", "raw-split")),
        Theirs("dfVFS: DMG (MODI)", ("image-unread",), soon=("dmg", "udif")),
        Theirs("dfVFS: Parallels (PHDI)", ("image-unread",)),
        Theirs("dfVFS: GPT, MBR, LVM", ("gpt", "mbr", "lvm2")),
        Theirs("dfVFS: Apple partition map (APM)", soon=("apm",)),
        Theirs("dfVFS: BitLocker, LUKS", ("bitlocker", "luks")),
        Theirs("dfVFS: Core Storage (CS)"),
        Theirs("dfVFS: volume shadow copies", soon=("vss", "shadow", "shadows", "ntfs-shadows")),
        Theirs("dfVFS: NTFS, FAT, ext, XFS, HFS", ("ntfs", "fat", "exfat", "ext", "xfs", "hfsplus")),
        Theirs("dfVFS: APFS", ("apfs",)),
        Theirs("dfVFS: bzip2, gzip, xz, cpio, tar, zip", ("bz2", "gz", "xz", "cpio", "tar", "zip")),
        Theirs("SQLite databases (56 plug-ins)", ("sqlite",), SQL),
        Theirs("text logs (46 plug-ins), JSON-L (9), fish history, `.fileinfos`, bodyfile", ("text",), TEXT),
        Theirs(
            "OLE compound files (4), compound ZIP (2)", ("compound", "package", "office", "ooxml"), STREAMS
        ),
        Theirs("Chrome preferences, Android usage history", ("text", "xml"), TEXT),
        Theirs("recycle bin `$I`", ("recycled",)),
        Theirs("recycle bin INFO2"),
        Theirs("times of files (filestat)", ("ntfs", "ext"), "every item has its time of change", whole=True),
        Theirs(
            "Windows: event logs (EVT, EVTX), registry, prefetch, shortcuts, jump lists, jobs, restore points, PCA"
        ),
        Theirs("Windows: ESE databases, `$MFT` as a file, USN journal, MSIE index.dat, Defender history"),
        Theirs("macOS: ASL, unified logging, FSEvents, Spotlight, keychain, utmpx, BSM, plist (23)"),
        Theirs("Linux: systemd journal, utmp, locate database"),
        Theirs("browsers: Chrome and Firefox caches, Safari cookies, Opera history, Java IDX"),
        Theirs(
            "BitTorrent (bencode), programs (PE), CUPS, PL-SQL, Ivanti, OneDrive, McAfee, Symantec, WinCC, S7"
        ),
    ),
}
