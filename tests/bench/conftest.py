"""A small tree and the image that is made of it."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
os.environ["PATH"] += os.pathsep + "/usr/sbin:/sbin"
if str(ROOT) not in sys.path:  # the benches are a package of the repository, not of the product
    sys.path.insert(0, str(ROOT))

from bench.image import make
from bench_tree import Tree


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("mkfs.ext4 is not here: package e2fsprogs")
    folder = tmp_path_factory.mktemp("bench")
    root = folder / "tree"
    (root / "a" / "deep").mkdir(parents=True)
    (root / "a" / "station.txt").write_text("The Kestrel radio station opens at noon.\n" * 200)
    (root / "a" / "deep" / "blob.bin").write_bytes(bytes(range(256)) * 16)
    (root / "a" / "empty").write_bytes(b"")
    Path(os.fsdecode(os.fsencode(root) + b"/a/caf\xe9.txt")).write_text("Le menu du jour.\n" * 300)
    (root / "link").symlink_to("a/empty")
    image = make(folder / "image.raw", 1_000_000, [str(root)])
    return Tree(root, image, json.loads(image.truth.read_text()))
