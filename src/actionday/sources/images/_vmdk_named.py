"""What is odd about the files that the descriptor of a VMDK names, and files of the disk that it does not name.

Source: VMware, "Virtual Disk Format 5.0", section "The Descriptor" (access, names of extents).
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from actionday.model import Context, Loss
from actionday.model.counted import counted
from actionday.sources.images._parents import last_part
from actionday.sources.images._vmdk_descriptor import Extent
from actionday.sources.images._vmdk_parts import EMPTY, FLAT

ACCESS, BESIDE = "extent_access", "extent_beside"
"""Remarks: an extent that no program may read, and a file called as an extent would be that is none."""
CALLED = re.compile(r"-(?:[fs]\d{3,}|flat|delta)\.vmdk", re.IGNORECASE)
"""What VMware puts behind the name of a disk to call its extents."""
MOST = 20
"""Files that have a line each; the rest are told in one."""


def odd(extents: Iterable[Extent], around: Context) -> None:
    """Note extents without access, files of which two stretches are the same bytes, and extents that nothing names.

    Each name beside the disk is looked at once.
    """
    at, used = 0, defaultdict[str, list[tuple[int, int]]](list)
    for each in extents:
        name, end = last_part(each.file), at + each.length
        if each.access == "NOACCESS":
            what = "read all the same" if name and each.kind not in EMPTY else "its bytes are in no file"
            around.note(
                ACCESS,
                f"vmdk: by its descriptor no program may read bytes {at} to {end - 1} of the disk (NOACCESS): {what}",
            )
        if name and each.kind not in EMPTY:
            flat = each.kind in FLAT
            used[name].append((each.offset, each.offset + each.length) if flat else (0, each.length))
        at = end
    for name, stretches in used.items():
        _twice(name, sorted(stretches), around)
    _beside(used.keys() | {around.name}, around)


def _twice(name: str, stretches: list[tuple[int, int]], around: Context) -> None:
    both = behind = 0
    for start, end in stretches:
        both += max(0, min(end, behind) - start)
        behind = max(behind, end)
    if both:
        around.note(
            Loss.CLAIMED_TWICE,
            f"vmdk: the descriptor names {counted(both, 'byte')} of {name} for more than one stretch of the disk: "
            "what was in the others is not there",
        )


def _beside(used: set[str], around: Context) -> None:
    """Note files that are called as extents of this disk are, and are none of it."""
    stems = {
        name[: found.start()] for name in used if (found := CALLED.search(name)) and found.end() == len(name)
    }
    stems.add(re.sub(r"\.vmdk$", "", around.name, flags=re.IGNORECASE))
    left = [
        name
        for name in around.siblings()
        if name not in used and (found := CALLED.search(name)) and found.end() == len(name)
        and name[: found.start()] in stems
    ]  # fmt: skip
    for name in left[:MOST]:
        around.note(
            BESIDE,
            f"vmdk: {name} lies beside the disk and the descriptor names no byte of it: not read as a part of it",
        )
    if more := left[MOST:]:
        around.note(
            BESIDE, f"vmdk: {counted(len(more), 'further file')} beside the disk that it does not name"
        )
