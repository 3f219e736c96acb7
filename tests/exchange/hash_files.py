"""Files of known hashes as their publishers lay them out, with names and hashes of ours."""

import hashlib
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

HEADER = '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"'


def of(number: int) -> bytes:
    """Content of a known file."""
    return f"known file number {number} of the sample network".encode()


def hexes(data: bytes) -> dict[str, str]:
    return {name: hashlib.new(name, data).hexdigest() for name in ("sha256", "sha1", "md5")}


def rds2(path: Path, contents: Iterable[bytes], more: str = "") -> Path:
    """``NSRLFile.txt`` as RDS 2 has it: capitals, quoted, CRLF."""
    lines = [HEADER]
    for n, data in enumerate(contents):
        found = hexes(data)
        sha1, md5 = found["sha1"].upper(), found["md5"].upper()
        lines.append(f'"{sha1}","{md5}","0A1B2C3D","na""me, {n}.dll",{len(data)},{n},"362",""')
    path.write_bytes(("\r\n".join(lines) + "\r\n" + more).encode())
    return path


def rds3(path: Path, contents: Iterable[bytes], *, whole: bool = False, version: str = "2026.03.1") -> Path:
    """An RDS 3 database, made by the sqlite3 shell: the table FILE of the minimal edition or, whole, METADATA."""
    rows = [hexes(data) for data in contents]
    table = "METADATA" if whole else "FILE"
    sql = [
        "CREATE TABLE VERSION (version VARCHAR UNIQUE NOT NULL, build_set VARCHAR, build_date VARCHAR, "
        "release_date VARCHAR, description VARCHAR);",
        f"INSERT INTO VERSION VALUES ('{version}', 'modern', '2026-02-20', '2026-03-01', 'sample');",
        f"CREATE TABLE {table} (sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, md5 VARCHAR NOT NULL, "
        "file_name VARCHAR NOT NULL, file_size INTEGER NOT NULL, package_id INTEGER NOT NULL);",
        "BEGIN;",
        *(
            f"INSERT INTO {table} VALUES ('{each['sha256'].upper()}', '{each['sha1'].upper()}', "
            f"'{each['md5'].upper()}', 'f{n}.dll', 10, 1);"
            for n, each in enumerate(rows)
        ),
        "COMMIT;",
    ]
    if whole:
        sql.append("CREATE VIEW FILE AS SELECT sha256, sha1, md5, file_name FROM METADATA;")
    path.unlink(missing_ok=True)
    subprocess.run(["sqlite3", str(path)], input="\n".join(sql), text=True, check=True)
    return path


def vics(path: Path, contents: Iterable[tuple[bytes, int]], edition: str = "1.3") -> Path:
    """VICS as 1.3 has it, a list of media, or as 2.0 has it, media within a case."""
    media = [
        {
            "MediaID": n,
            "Category": category,
            "MD5": hexes(data)["md5"].upper(),
            "SHA1": hexes(data)["sha1"].upper(),
            "MediaSize": len(data),
            "Comments": 'a "quoted" {brace] \\ \u0628',
            "MediaFiles": [{"FileName": f"{n}.jpg", "MD5": "not looked at", "Tags": []}],
            "Exifs": [],
        }
        for n, (data, category) in enumerate(contents)
    ]
    model = f"http://github.com/ICMEC/ProjectVic/DataModels/{edition}.xml"
    if edition.startswith("1"):
        value: object = {"odata.metadata": f"{model}#Media", "value": media}
    else:
        value = {"@odata.context": f"{model}/$metadata#Cases", "value": [{"CaseID": "1", "Media": media}]}
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    return path
