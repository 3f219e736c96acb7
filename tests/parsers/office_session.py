"""Runs under the system's Python beside LibreOffice: stores documents in many formats in one session.

``python3 office_session.py FOLDER < plan.json``; the plan is a list of ``[source, import filter, [[name, export
filter], …]]``. One start of the office instead of one a file: forty conversions take ten seconds, not eighty.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]  # of the system, not of this project

WAITS, PAUSE = 120, 0.5


def properties(**values: object) -> tuple[Any, ...]:
    made = []
    for name, value in values.items():
        one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def desktop(pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(WAITS):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # NoConnectException: it is still starting
            time.sleep(PAUSE)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    sys.exit("the office did not answer")


def named(name: str, value: str) -> Any:
    one = uno.createUnoStruct("com.sun.star.beans.NamedValue")
    one.Name, one.Value = name, value
    return one


def stored(kind: str, more: dict[str, str]) -> tuple[Any, ...]:
    """The export's properties; a password of a PDF goes into its filter data, one of OOXML beside the filter."""
    if "Password" in more and kind == "writer_pdf_Export":
        data = properties(EncryptFile=True, DocumentOpenPassword=more["Password"])
        return properties(FilterName=kind, FilterData=uno.Any("[]com.sun.star.beans.PropertyValue", data))
    if "Password" in more and "2007" in kind:
        given = [named("OOXPassword", more["Password"]), named("CryptoType", "Standard")]
        return properties(
            FilterName=kind, EncryptionData=uno.Any("[]com.sun.star.beans.NamedValue", tuple(given))
        )
    return properties(FilterName=kind, **more)


def main(folder: Path) -> None:
    pipe = f"actionday{folder.stat().st_ino}"
    office = subprocess.Popen(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore",
         f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        top = desktop(pipe)
        for source, infilter, outputs in json.load(sys.stdin):
            given = properties(Hidden=True, **infilter)
            document = top.loadComponentFromURL((folder / source).as_uri(), "_blank", 0, given)
            for name, kind, more in outputs:
                document.storeToURL((folder / name).as_uri(), stored(kind, more))
            document.close(True)
        top.terminate()
        office.wait(30)
    finally:
        office.kill()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
