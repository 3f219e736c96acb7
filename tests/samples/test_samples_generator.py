"""The generator: a function of the seed, honest about what it lacks."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sample_forms import LARGE, Form, need
from samples.clock import START
from samples.exhibits import exhibits
from samples.exhibits.job import Job
from samples.generate import generate, main
from samples.made import Kind, everything
from samples.network import COUNTRIES, LATER_ROLES, ROLES, make_network
from samples.searches import AmbiguousError, searches
from samples.truth import places, shown, truth

from samples import tools

SEEDS = (7, 8, 1234567)
# What the tools date or number by themselves: contents are equal, bytes are not.
OWN_TIMES = {"exhibits/S-02.E01", "exhibits/S-03.qcow2", "exhibits/S-04.vmdk", "exhibits/S-06.iso"}


def truth_of(seed: int) -> dict[str, Any]:
    """The truth as a reader of the file gets it, without any tool."""
    job = Job(make_network(seed))
    values: dict[str, Any] = json.loads(json.dumps(truth(job, places(job), {})))
    return values


def without_sources(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "exhibits": [{**one, "sources": []} for one in values["exhibits"]]}


def test_the_committed_truth_is_what_the_generator_says_today(small: Form) -> None:
    assert without_sources(small.truth) == truth_of(small.truth["seed"])


@pytest.mark.tools
def test_made_anew_it_is_the_same_network(anew: Form, small: Form) -> None:
    assert anew.truth == small.truth


@pytest.mark.tools
def test_made_anew_the_same_bytes_come_out_where_the_tools_allow(anew: Form, tmp_path: Path) -> None:
    generate(anew.truth["seed"], tmp_path / "again")
    first, second = (dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
                     for folder in (anew.folder, tmp_path / "again"))  # fmt: skip
    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} <= OWN_TIMES


@pytest.mark.parametrize("seed", SEEDS)
def test_every_seed_gives_a_network_with_the_same_properties(seed: int) -> None:
    network = make_network(seed)
    assert [server.id for server in network.servers] == [f"S-{n:02d}" for n in range(1, 15)]
    assert {server.country for server in network.servers} == set(COUNTRIES)
    assert len({server.role for server in network.servers}) == len(ROLES + LATER_ROLES) == 14
    assert len({operator.handle for operator in network.operators}) == 9
    assert {server.operator for server in network.servers} == {
        operator.handle for operator in network.operators
    }
    assert len({server.ip for server in network.servers}) == 14
    assert len(network.stations) == 2
    assert len(network.sites) == len(network.channels) == 3


@pytest.mark.parametrize("seed", SEEDS)
def test_every_seed_asks_for_schedules_in_at_least_six_scripts(seed: int) -> None:
    found = truth_of(seed)
    assert len({one["script"] for one in found["searches"]}) >= 6
    assert all(one["items"] == len(one["places"]) >= one["contents"] >= 1 for one in found["searches"])
    assert len(found["languages"]) >= 12
    assert min(found["languages"].values()) >= 5


@pytest.mark.parametrize("seed", SEEDS)
def test_every_seed_has_every_honest_trouble(seed: int) -> None:
    items = [item for one in truth_of(seed)["exhibits"] for item in one["items"]]
    statuses = {status for item in items for status in item.get("statuses", ())}
    assert statuses >= {"encrypted", "empty", "unsupported"}
    assert sum(item["kind"] == "deleted" for item in items) == 2
    assert any(item.get("issue") for item in items)
    assert any("raw" in item for item in items)
    assert {item["kind"] for item in items} == {kind.value for kind in Kind}


def test_another_seed_gives_other_names_words_and_counts() -> None:
    one, two = truth_of(7), truth_of(8)
    assert one["network"]["domain"] != two["network"]["domain"]
    assert {who["email"] for who in one["network"]["operators"]}.isdisjoint(
        who["email"] for who in two["network"]["operators"]
    )
    assert one["searches"] != two["searches"]
    assert one["languages"] != two["languages"]
    first, second = (
        {i["sha256"] for e in t["exhibits"] for i in e["items"] if i.get("language")} for t in (one, two)
    )
    assert len(first & second) < len(first) // 20


def test_sizes_and_hashes_are_those_of_the_bytes() -> None:
    found = places(Job(make_network(7)))
    contents = {place.made.sha256: place.made for inside in found.values() for place in everything(inside)}
    assert len(contents) > 200
    assert all(len(content.data) == content.size for content in contents.values())


def test_a_search_whose_words_stand_in_a_deleted_file_is_refused() -> None:
    network = make_network(7)
    job = Job(network)
    flat = [(name, place) for name, inside in places(job).items() for place in everything(inside)]
    name = next(iter(network.stations[0].schedules.values()))[0][1]
    gone = next(place for _, place in flat if place.kind is Kind.DELETED)
    told = type(gone)(gone.path, type(gone.made)(lambda: b"", 0, "0", text=name), gone.kind, gone.need)
    with pytest.raises(AmbiguousError, match=re.escape(gone.path)):
        searches(network, [*flat, ("S-01", told)])


def test_a_path_that_is_no_utf8_is_shown_with_its_bytes() -> None:
    assert shown(b"srv/\xef\xe8.txt".decode("utf-8", "surrogateescape")) == r"srv/\xef\xe8.txt"
    assert shown("srv/café.txt") == "srv/café.txt"


def test_exhibits_are_listed_by_their_folder_and_have_one_file_each() -> None:
    found = exhibits()
    assert [one.id for one in found] == [f"S-{n:02d}" for n in range(1, 15)]
    assert len({one.form for one in found}) == 14


def test_a_folder_with_files_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    if tools.missing():
        pytest.skip("Debian tools missing")
    assert main(["--out", str(tmp_path)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_missing_tool_is_named_with_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tools, "_FOLDERS", str(tmp_path))
    assert main(["--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "mkfs.xfs" in said
    assert "apt-get install 7zip dosfstools e2fsprogs" in said
    assert not (tmp_path / "out").exists()
    with pytest.raises(tools.ToolError, match="apt-get install mtools"):
        tools.run("mcopy", "--version")


def test_the_list_of_packages_is_that_of_the_tools() -> None:
    listed = (Path(tools.__file__).parent / "apt.txt").read_text(encoding="utf-8").split()
    assert listed == sorted(set(tools.PACKAGES.values()))


def test_a_tool_that_fails_says_what_it_said() -> None:
    need("debugfs")
    with pytest.raises(tools.ToolError, match=r"mkfs\.ext4 ended with \d+: [\s\S]*nowhere"):
        tools.run("mkfs.ext4", "/nowhere/at/all")


def test_tools_run_with_the_networks_clock_and_no_locale_of_the_machine() -> None:
    said = tools.run("env").decode()
    assert f"SOURCE_DATE_EPOCH={START}" in said
    assert "TZ=UTC" in said


@pytest.mark.tools
def test_the_large_form_has_the_weight_asked_for_and_the_same_people(large: Form, small: Form) -> None:
    top = {"S-01": 60, "S-02": 30, "S-03": 10}
    for name, percent in top.items():
        weight = sum(item["size"] for item in large.items(name) if item["kind"] == "file")
        assert 0.8 < weight / (percent / 100 * (LARGE << 20)) < 1.4, name
    assert large.truth["network"] == small.truth["network"]
    assert {large.sources(name)[0].suffix for name in ("S-04", "S-08")} == {".vhdx", ".vdi"}
