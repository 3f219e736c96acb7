"""S-02, the radio server: ext4 without a partition table, in several E01 segments."""

from pathlib import Path

from samples.content import schedule_document
from samples.documents.media import as_wav
from samples.documents.writing import as_text
from samples.exhibits.job import Exhibit, Job, files, room
from samples.images.containers import e01
from samples.images.ext4 import ext4
from samples.made import Made, Place, lazily, plain
from samples.wire import logs, settings

_SEGMENT = 1 << 20  # bytes: the least that ewfacquire makes
_NOISE = 2300 << 10  # bytes of sound that does not compress, so that there are three segments


def contents(job: Job) -> list[Place]:
    """Return schedules, sound, playlists, settings and listeners' logs of both stations."""
    out = []
    for number, station in enumerate(job.network.stations):
        home = f"srv/{station.domain}"
        texts = {
            f"schedule-{code}.txt": as_text(schedule_document(job.network, code)) for code in station.names
        }
        sound = {f"jingle-{n}.wav": _sound(job, f"{number} {n}", 0.4, 0) for n in range(3)}
        config = settings.icecast(station, job.network, job.dice("source password", number).bytes(6).hex())
        mounts = [f"/{code}.ogg" for code in station.names]
        rest = {"playlist.m3u": settings.playlist(list(sound)), "icecast.xml": config,
                "access.log": logs.icecast(job.dice("icecast", number), mounts, 90)}  # fmt: skip
        out += files(texts, f"{home}/schedules") + files(sound, f"{home}/audio") + files(rest, home)
    return [*out, *_programmes(job), Place("etc/hostname", plain(job.network.server("radio").host + "\n"))]


def _sound(job: Job, label: str, seconds: float, noise: int) -> Made:
    return lazily(lambda: as_wav(job.dice("wav", label), seconds, noise), "audio/x-wav")


def _programmes(job: Job) -> list[Place]:
    """Return long recordings; in the large form as many as its weight asks for."""
    size = max(_NOISE, job.share(30))
    pieces = -(-size // (8 << 20))
    seconds = size / pieces / 8000
    return [
        Place(f"srv/archive/hour-{n:04d}.wav", _sound(job, f"hour {n}", seconds, 100)) for n in range(pieces)
    ]


def pack(job: Job, places: list[Place], out: Path, work: Path) -> tuple[str, ...]:
    """Write the segments."""
    raw = work / "S-02.raw"
    ext4(raw, room(places, 1 << 20), places, job.dice("S-02").uuid())
    return e01(raw, out / "S-02.E01", "S-02", max(_SEGMENT, job.share(4)))


EXHIBIT = Exhibit("S-02", "ext4 in E01 segments", True, contents, pack)
