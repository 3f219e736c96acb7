"""Which extended attributes a system keeps for itself: access lists and labels, the same on thousands of files.

Source: xattr(7); attr(5); Linux, ``include/uapi/linux/xattr.h``; XFS, ``xfs_acl.h``; overlayfs, Samba, GlusterFS and
Lustre name their own. What carries any other name was put there by somebody, in whatever namespace.
"""

SYSTEMS = (
    b"security.selinux", b"security.capability", b"security.ima", b"security.evm", b"security.apparmor",
    b"security.SMACK64", b"security.NTACL",
    b"system.posix_acl_", b"system.nfs4_acl", b"system.richacl", b"system.cifs_", b"system.data", b"system.encryption",
    b"trusted.overlay.", b"trusted.SGI_ACL_", b"trusted.glusterfs.", b"trusted.gfid", b"trusted.afr.",
    b"trusted.lov", b"trusted.lma", b"trusted.link", b"trusted.hsm", b"trusted.som",
)  # fmt: skip
"""Beginnings of names."""


def is_systems(name: bytes) -> bool:
    """Say whether an attribute is one the system keeps for itself.

    >>> is_systems(b"security.selinux"), is_systems(b"security.note"), is_systems(b"user.note")
    (True, False, False)
    """
    return name.startswith(SYSTEMS)
