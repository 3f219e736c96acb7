"""The packed disks are those that the recipes make, and what their truths say of them is so."""

from pathlib import Path

import pytest
from machine_samples import PACKED, digest, names, truth, unpack

RECIPES = Path(__file__).parents[3] / "samples/machine/recipes"
LARGEST, ALL = 400_000, 5 << 19


def test_every_recipe_has_its_sample_and_every_sample_its_recipe() -> None:
    recipes = {path.stem for path in RECIPES.glob("*.sh")}
    assert recipes == set(names()) == {path.name.removesuffix(".tar.zst") for path in PACKED.glob("*.zst")}


def test_they_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in PACKED.iterdir()}
    assert max(sizes.values()) <= LARGEST, max(sizes, key=sizes.__getitem__)
    assert sum(sizes.values()) <= ALL


@pytest.mark.parametrize("name", names())
def test_the_disks_are_those_of_the_truth(name: str, tmp_path: Path) -> None:
    told = truth(name)["disks"]
    found = unpack(name, tmp_path)
    assert {each.name: {"size": each.stat().st_size, "sha256": digest(each)} for each in found} == told
    trees = truth(name)["trees"].values()
    assert trees
    assert all(any(row["kind"] == "file" for row in tree) for tree in trees)
