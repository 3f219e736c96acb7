"""An image reader that its own bytes have taken over.

Source: none; a test's.
"""

import hostile_deeds as deeds

from actionday.model import Claim, Context, Damaged, Peek, Stream


class HostileImage:
    name, sample = "hostile-image", "none"

    def claims(self, peek: Peek) -> Claim:
        return Claim.STRUCTURE if peek.head.startswith(b"ADTEST-IMAGE ") else Claim.NO

    def open(self, stream: Stream, around: Context) -> Stream:
        stream.seek(0)
        deeds.commit(deeds.deed(stream.read(4096)))
        raise Damaged("opened, and nothing in it")


IMAGE = HostileImage()
