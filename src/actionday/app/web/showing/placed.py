"""Where an item is in its container, in words: those of ``access.placed``, for translation."""

from actionday.app.web.signs import mark

WORDS = {
    "byte": mark("byte %(n)s"),
    "unpacked byte": mark("byte %(n)s of what it unpacks to"),
    "entry": mark("entry %(n)s, counted from 0"),
    "file": mark("file %(n)s of the exhibit, counted from 0"),
    "part": mark("part %(n)s of the message"),
    "message": mark("the message itself"),
    "name": mark("name %(n)s of the directory with inode %(within)s"),
    "name byte": mark("byte %(n)s of the directory with inode %(within)s"),
    "inode": mark("inode %(n)s"),
    "block": mark("block %(n)s"),
    "partition": mark("partition %(n)s"),
    "path": mark("a path in the folder"),
}
