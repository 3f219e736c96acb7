"""S-09, the machine that posts to the channels: chat exports in 7z."""

from pathlib import Path

from samples.content import pictures
from samples.documents.media import as_wav
from samples.exhibits.job import Exhibit, Job, files
from samples.images.archives import seven
from samples.languages import languages
from samples.made import Kind, Made, Place, lazily
from samples.wire import chats


def contents(job: Job) -> list[Place]:
    """Return an export of each channel with its pictures, two group chats and a voice message."""
    draw, found = job.dice("chat"), dict[str, Made]()
    for number, channel in enumerate(job.network.channels):
        codes = draw.some(sorted(languages()), 5)
        found[f"{channel}/result.json"] = chats.telegram(draw.of(number), job.network, channel, codes, 40)
    for number in range(2):
        codes = draw.some(sorted(languages()), 3)
        found[f"groups/chat-{number}.txt"] = chats.whatsapp(draw.of("group", number), job.network, codes, 30)
    for name, content in pictures(job.network, 2).items():
        found[f"{job.network.channels[0]}/photos/{name}"] = content
    found[f"{job.network.channels[0]}/voice/audio_1.wav"] = lazily(
        lambda: as_wav(job.dice("voice"), 1.5), "audio/x-wav"
    )
    return files(found, kind=Kind.MEMBER)


def pack(_job: Job, places: list[Place], out: Path, work: Path) -> tuple[str, ...]:
    """Write the archive."""
    seven(work / "S-09.7z", places)
    (work / "S-09.7z").rename(out / "S-09.7z")
    return ("S-09.7z",)


EXHIBIT = Exhibit("S-09", "7z of chat exports", True, contents, pack)
