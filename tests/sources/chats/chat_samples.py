"""Exports of chats in the layout of the programs that write them, for this room and the registry's contract.

The layout is Telegram Desktop's own (one blank a level, keys in its order, ``text_entities`` beside ``text``).
"""

import json
from collections.abc import Callable
from typing import Any

ARABIC = "مواعيد البث: الأحد الساعة العاشرة"


def stamped(number: int) -> dict[str, Any]:
    minute = number % 60
    return {"date": f"2026-03-04T22:{minute:02d}:09", "date_unixtime": str(1772658009 + 60 * minute)}


def said(number: int, text: Any, *, who: str = "Vera", **more: Any) -> dict[str, Any]:
    pieces = [text] if isinstance(text, str) and text else text or []
    plain = [each if isinstance(each, dict) else {"type": "plain", "text": each} for each in pieces]
    begin = {"id": number, "type": "message", **stamped(number), "from": who, "from_id": f"user{len(who)}"}
    return {**begin, **more, "text": text, "text_entities": plain}


def done(number: int, action: str, **more: Any) -> dict[str, Any]:
    begin = {"id": number, "type": "service", **stamped(number), "actor": "Vera", "actor_id": "user4"}
    return {**begin, "action": action, **more, "text": "", "text_entities": []}


FORWARDED = said(7, "Rota of June", forwarded_from="Kestrel News", forwarded_from_id="channel99")
RICH = ["See ", {"type": "link", "text": "https://kestrel.example/a"}, " and ",
        {"type": "mention", "text": "@kestrel_news"}, ", or ",
        {"type": "text_link", "text": "here", "href": "https://hidden.example/b"}, "."]  # fmt: skip
FILES = [
    said(4, ARABIC, photo="photos/photo_1.jpg", photo_file_size=9, width=8, height=9),
    said(5, "", file="(File not included. Change data exporting settings to download.)", file_name="rota.pdf",
         mime_type="application/pdf"),
    said(6, "gone", file="files/gone.bin", media_type="voice_message", duration_seconds=3),
]  # fmt: skip


def chat(name: str, kind: str, number: int, *messages: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "type": kind, "id": number, "messages": list(messages)}


def written(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1)).encode()


def single() -> dict[str, Any]:
    forum = [
        done(8, "topic_created", title="Shifts"),
        said(9, "in it", reply_to_message_id=8),
        said(10, "also", reply_to_message_id=9, edited="2026-03-04T22:30:00", edited_unixtime="1772659800"),
        said(
            11,
            "elsewhere",
            via_bot="@bot",
            author="V.",
            reactions=[{"type": "emoji", "count": 2, "emoji": "👍"}],
        ),
    ]
    first = done(1, "create_group", title="Crew / night", members=["Vera", "Omar"])
    return chat("Crew / night", "private_supergroup", 42, first, said(2, "Ten o'clock"), said(3, RICH), *FILES,
                FORWARDED, *forum)  # fmt: skip


def whole() -> dict[str, Any]:
    return {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 4, "first_name": "Vera", "phone_number": "+34 600 000 004"},
        "contacts": {"about": "Below are contacts.", "list": [
            {"user_id": 5, "first_name": "Omar", "last_name": "", "phone_number": "+34 600 000 005", **stamped(1)}]},
        "frequent_contacts": {"about": "Often.", "list": [{"id": 6, "category": "people", "type": "user", "name": "Lin",
                                                           "rating": 1.5}]},
        "sessions": {"about": "Sessions.", "list": [{"last_ip": "192.0.2.7", "device_model": "Desk"}]},
        "chats": {"about": "Chats.", "list": [
            chat("Omar", "personal_chat", 5, FORWARDED), chat("Crew", "public_supergroup", 43, FORWARDED)]},
        "left_chats": {"about": "Left.", "list": [chat("News", "public_channel", 99, FORWARDED, said(8, "end"))]},
    }  # fmt: skip


IOS = (
    "[14/10/2021, 3:34:09\u202fPM] Crew: \u200eMessages and calls are end-to-end encrypted.\r\n"
    "[14/10/2021, 3:35:10\u202fPM] Vera Falk: Ten o'clock\r\nand not later:\r\n\r\n12/1 is a day\r\n"
    "\u200e[14/10/2021, 3:36:00\u202fPM] ~\u202fOmar: \u200e<attached: 00000003-PHOTO-2021-10-14-15-36-00.jpg>\r\n"
    "[15/10/2021, 12:00:00\u202fAM] Vera Falk: \u200eimage omitted\r\n"
    "[15/10/2021, 12:00:01\u202fPM] \u202a+34 600 000 004\u202c: نعم: الأحد\r\n"
)
SPANISH = (
    "20/6/2017 8:28 p. m. - Los mensajes y llamadas están cifrados de extremo a extremo.\n"
    "20/6/2017 8:29 p. m. - Vera: IMG-20170620-WA0001.jpg (archivo adjunto)\nla foto\n"
    "21/6/2017 12:05 a. m. - Omar: <Multimedia omitido>\n"
)
GERMAN = "03.08.21, 12:30 - Vera: Guten Tag\n03.08.21, 12:31 - Omar: Tag: auch\n03.08.21, 12:32 - Vera hat Omar entfernt\n"
CANADIAN = "2023-12-20, 5:46 p.m. - Vera: bonjour\n2023-12-20, 5:47 p.m. - Omar: salut\n2023-12-21, 9:00 a.m. - Vera: ok\n"
ARABIC_DIGITS = (
    "\u200f١٤\u200f/١٠\u200f/٢٠٢١، ٣:٣٤ م - الرسائل والمكالمات مشفرة تمامًا بين الطرفين.\n"
    "\u200f١٤\u200f/١٠\u200f/٢٠٢١، ٣:٣٥ م - عمر: مواعيد البث\n"
    "\u200f١٥\u200f/١٠\u200f/٢٠٢١، ١٢:٠١ ص - فيرا: الأحد\n"
)
SIGNAL = "[2019-12-24, 12:23] Vera Falk: Ten\n[2020-01-17, 21:49] Omar: Eleven\nor twelve\n[2020-01-18, 01:02] Vera Falk: no\n"

PAGE = """<!DOCTYPE html>
<html>
 <head>
  <meta charset="utf-8"/>
<title>Exported Data</title>
 </head>
 <body onload="CheckLocation();">
  <div class="page_wrap">
   <div class="page_header">
    <div class="content">
     <div class="text bold">
Crew &amp; night
     </div>
    </div>
   </div>
   <div class="page_body chat_page">
    <div class="history">
     <div class="message service" id="message-1">
      <div class="body details">
4 March 2026
      </div>
     </div>
     <div class="message default clearfix" id="message2">
      <div class="pull_left userpic_wrap">
       <div class="userpic userpic3" style="width: 42px; height: 42px">
        <div class="initials" style="line-height: 42px">
V
        </div>
       </div>
      </div>
      <div class="body">
       <div class="pull_right date details" title="04.03.2026 22:02:09 UTC+01:00">
22:02
       </div>
       <div class="from_name">
Vera
       </div>
       <div class="text">
Ten o&apos;clock &lt;b&gt;<br>see <a href="https://kestrel.example/a">https://kestrel.example/a</a> or \
<a href="https://hidden.example/b">here</a>, <strong>now</strong>
       </div>
       <div class="signature details">
V.
       </div>
      </div>
     </div>
     <div class="message default clearfix joined" id="message3">
      <div class="body">
       <div class="pull_right date details" title="04.03.2026 22:03:09">
22:03
       </div>
       <div class="reply_to details">
In reply to <a href="#go_to_message2" onclick="return GoToMessage(2)">this message</a>
       </div>
       <div class="media_wrap clearfix">
        <a class="photo_wrap clearfix pull_left" href="photos/photo_1.jpg">
         <img class="photo" src="photos/photo_1_thumb.jpg" style="width: 8px; height: 9px"/>
        </a>
       </div>
       <div class="text">
مواعيد
       </div>
      </div>
     </div>
     <div class="message default clearfix" id="message4">
      <div class="body">
       <div class="pull_right date details" title="04.03.2026 22:04:09 UTC+01:00">
22:04
       </div>
       <div class="from_name">
Omar
       </div>
       <div class="forwarded body">
        <div class="from_name">
Kestrel News <span class="date details" title="03.03.2026 10:00:00 UTC+01:00"> 03.03.2026 10:00:00</span>
        </div>
        <div class="text">
Rota of June
        </div>
       </div>
       <div class="media_wrap clearfix">
        <div class="media clearfix pull_left media_file">
         <div class="body">
          <div class="title bold">
rota.pdf
          </div>
          <div class="status details">
Not included, change data exporting settings to download, 12.0 KB
          </div>
         </div>
        </div>
       </div>
      </div>
     </div>
    </div>
   </div>
  </div>
 </body>
</html>
""".replace("\\\n", "")

DISCORD = {
    "guild": {"id": "81", "name": "Kestrel", "iconUrl": "https://cdn.example/i.png"},
    "channel": {"id": "82", "type": "GuildTextChat", "categoryId": "80", "category": "Text", "name": "crew", "topic": None},
    "dateRange": {"after": None, "before": None},
    "exportedAt": "2026-03-05T10:00:00+00:00",
    "messages": [
        {"id": "1001", "type": "Default", "timestamp": "2026-03-04T22:02:09.123+01:00", "timestampEdited": None,
         "callEndedTimestamp": None, "isPinned": True, "content": "Ten o'clock: " + ARABIC,
         "author": {"id": "7", "name": "vera", "discriminator": "0000", "nickname": "Vera", "isBot": False},
         "attachments": [{"id": "9", "url": "crew.json_Files/rota.pdf", "fileName": "rota.pdf", "fileSizeBytes": 12}],
         "embeds": [], "reactions": [{"emoji": {"name": "up"}, "count": 2}], "mentions": []},
        {"id": "1002", "type": "Reply", "timestamp": "2026-03-04T21:03:09+00:00",
         "timestampEdited": "2026-03-04T21:04:09+00:00", "content": "", "author": {"id": "8", "name": "omar"},
         "attachments": [{"id": "9", "url": "https://cdn.example/x.png", "fileName": "x.png", "fileSizeBytes": 3}],
         "embeds": [{"title": "News", "url": "https://kestrel.example/a"}],
         "reference": {"messageId": "1001", "channelId": "82", "guildId": "81"}},
        {"id": "1003", "type": "GuildMemberJoin", "timestamp": "2026-03-04T21:05:09+00:00", "content": "Joined.",
         "author": {"id": "8", "name": "omar"}, "attachments": []},
    ],
    "messageCount": 3,
}  # fmt: skip
PACKAGE = [
    {"ID": 1001, "Timestamp": "2026-03-04 21:02:09", "Contents": "Ten o'clock", "Attachments": ""},
    {
        "ID": 1002,
        "Timestamp": "2026-03-04 21:03:09",
        "Contents": ARABIC,
        "Attachments": "https://cdn.example/x.png",
    },
]
CSV = (
    "\ufeffAuthorID,Author,Date,Content,Attachments,Reactions\r\n"
    '"7","vera","2026-03-04T21:02:09.0000000+00:00","Ten ""o\'clock"",\nor later","https://cdn.example/x.png","up (2)"\r\n'
    '"8","omar","04-Mar-26 09:03 PM","مواعيد","",""\r\n'
)
PACKAGE_CSV = "ID,Timestamp,Contents,Attachments\n1001,2026-03-04 21:02:09.123000+00:00,Ten,\n1002,2026-03-04 21:03:09+00:00,Eleven,\n"

BACKUP = b"\0\0\0\x38\x0a\x36\x0a\x10" + bytes(range(16)) + b"\x12\x20" + bytes(range(64, 96)) + b"\x18\x01"

SAMPLES: dict[str, Callable[[], bytes]] = {
    "result.json": lambda: written(single()),
    "discord.json": lambda: written(DISCORD),
    "messages.json": lambda: written(PACKAGE),
    "discord.csv": CSV.encode,
    "messages.html": PAGE.encode,
    "WhatsApp Chat with Crew.txt": IOS.encode,
    "signal.txt": SIGNAL.encode,
    "signal.backup": lambda: BACKUP + bytes(range(256)) * 8,
}
