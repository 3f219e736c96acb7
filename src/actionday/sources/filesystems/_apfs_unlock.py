"""An encrypted volume of APFS, opened by a secret of the case.

Source: Apple, "Apple File System Reference" (2020-06-22), "Encryption", "Accessing Encrypted Objects".
"""

from actionday.model import Context, Encrypted
from actionday.sources.filesystems._apfs_keys import Keys, VolumeKeys, cipher_of
from actionday.sources.filesystems._apfs_object import Blocks
from actionday.sources.filesystems._apfs_super import Super
from actionday.sources.filesystems._apfs_volume import Volume
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes._secret import fitting
from actionday.sources.volumes._sectors import Deciphered

MOST_TOLD = 16
"""Ways to open a volume that are named in a reason."""


def unlocked(
    blocks: Blocks, head: Super, volume: Volume, around: Context
) -> tuple[Deciphered, dict[str, object]]:
    """Return what deciphers a volume, and which secret opened it. Raises Encrypted, which says how many were tried."""
    what = f"apfs: encrypted volume {volume.shown}"
    keys = _keys(blocks, head, volume, what)
    for why in keys.bad[:MOST_TOLD]:
        around.note("key_slot", f"{what}: {why}")
    more = [f"and {len(keys.ways) - MOST_TOLD} more"] if len(keys.ways) > MOST_TOLD else []
    ways = ", ".join([*keys.ways[:MOST_TOLD], *more]) or "no key that a secret opens"
    hint = f"; hint: {keys.hint}" if keys.hint else ""
    try:
        number, found = fitting(around, f"{what} ({ways}{hint})", lambda secret: keys.opens(secret, around))
    except ValueError as error:
        raise Encrypted(f"{what}: {error}: no secret can be tried") from error
    told: dict[str, object] = {"secret": number, "opened_by": found.by}
    return cipher_of(found.key), told | ({"hint": keys.hint} if keys.hint else {})


def _keys(blocks: Blocks, head: Super, volume: Volume, what: str) -> VolumeKeys:
    try:
        if not any(head.keys):
            raise BadMap("the container has no bag of keys")
        return Keys(blocks, head.keys, head.uuid).volume(volume.uuid)
    except (BadMap, Missing) as error:
        raise Encrypted(f"{what}: its keys cannot be read: {error}") from error
