"""What stands in the code of a page as a single word is found by search."""

import json

from case_tools import Bench

PAGE = """<html lang=tr><head><meta charset=utf-8>
<script>var gate = "https://c2.example/gate.php", box = {pass: 'geheim123'}; // narwhal
var telephone = 34911234567; go("click", "sidebar-toggle", "aria-expanded", "visible")</script><!-- puffin --></head>
<p>Radyo programı bu hafta değişti. Akşam haberleri saat yedide, müzik gece yarısına kadar sürecek.</p></html>"""


def test_single_words_of_code_are_found_and_the_language_stays(bench: Bench) -> None:
    site = bench.folder.parent / "site"
    site.mkdir()
    (site / "index.html").write_text(PAGE)
    bench.ingest(site)
    for word in ("narwhal", "geheim123", '"c2.example"', "34911234567", "puffin", "narwhal lang:tur"):
        answer = bench.run("search", bench.folder, word, "--json")
        assert json.loads(answer.stdout)["total"] == 1, word
    assert json.loads(bench.run("search", bench.folder, "lang:eng", "--json").stdout)["total"] == 0
    (text,) = bench.export("texts")
    assert "narwhal" in str(text["text"])
