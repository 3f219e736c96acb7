"""File records of NTFS that are free and named by no directory: which of them ever were a file.

Source: the Linux-NTFS project's "NTFS Documentation", FILE record, $MFT (records 12 to 23 are reserved; whoever
formats a volume writes them, and no system uses them). Standard library only.
"""

from actionday.sources.filesystems import _tsk_ntfs as ntfs
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_facts import Facts
from actionday.sources.filesystems._tsk_ntfs_records import OWN
from actionday.sources.filesystems._tsk_ntfs_scan import UNPLACED, name_of
from actionday.sources.filesystems._tsk_runs import BadMap

SECURITY = 0x50
WRITTEN_AT_FORMAT = frozenset({ntfs.STANDARD, SECURITY})
"""Attributes that a reserved record has before anybody used it, beside an empty content."""


def kept(table: ntfs.Table, one: Facts) -> bool:
    """Say whether the free record of ``one`` was a file, as far as can be known; what cannot be read may have been.

    A reserved record that carries no name and holds something is named as one in use is: ``$Unnamed/record-16``.
    Costs the record, and those in its list of attributes.
    """
    try:
        attributes = table.attributes(table.record(one.inode))
    except (BadMap, Missing):
        return True
    if one.inode >= OWN:
        return bool(attributes)
    if all(each.type in WRITTEN_AT_FORMAT or _empty(each) for each in attributes):
        return False
    if name_of(attributes) is None:
        one.path = UNPLACED + b"/record-%d" % one.inode
    return True


def _empty(attribute: ntfs.Attribute) -> bool:
    return attribute.type == ntfs.DATA and not attribute.name and not attribute.size
