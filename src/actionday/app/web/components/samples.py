"""Values for the gallery: some of what evidence brings, harmless here as everywhere."""

NAMES = (
    "index-2026-03.html",
    "invoice\u202egpj.exe",
    "<img src=x onerror=alert(1)>.html",
    "nul\\x00byte-\\xff.bin",
    "tab\there\u200b.txt",
    "خطة العمل 2026-03 (نسخة 2).docx",
    "計画書\u3000最終版.pdf",
    "a" + "\u0301" * 12 + ".txt",
    "var/www/kestrel/ar/" + "x" * 90 + "/index.html",
)
CAPTIONS = (
    "<script>alert(1)</script> stays text",
    "an override \u202e that cannot leak",
    "می\u200cخواهم کتاب\u200cها را ببینم",
    "Z" + "\u0300" * 30 + "algo",
)
DOMAINS = ("kestrel-radio.example", "k\u0435strel-radio.example")
METADATA = {
    "text": "a\u202eb",
    "number": 1204,
    "nothing": None,
    "yes": True,
    "list": [1, "two", {"deep": "<script>alert(1)</script>"}],
}
