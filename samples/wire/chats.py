"""Chat exports as the programs write them: one as JSON, one as text.

Source: Telegram Desktop's `result.json` (chat `name`, `type`, `id`, `messages`; `text` is a string or a
list of strings and entities); WhatsApp's text export (`[date, time] author: text`).
"""

import json
from datetime import datetime

from samples.clock import at
from samples.dice import Dice
from samples.languages import languages
from samples.made import Made, made
from samples.network import Network


def _said(draw: Dice, code: str) -> str:
    tongue = languages()[code]
    return draw.pick((*tongue.sentences, *tongue.slogans, *tongue.headlines))


def telegram(draw: Dice, network: Network, channel: str, codes: list[str], count: int) -> Made:
    """Return a channel's `result.json`: plain texts, entities, a forwarded and a service message."""
    number = draw.between(1_000_000_000, 1_999_999_999)
    messages: list[dict[str, object]] = [
        {"id": 1, "type": "service", **_dates(0), "actor": channel, "actor_id": f"channel{number}",
         "action": "create_channel", "title": channel, "text": "", "text_entities": []}
    ]  # fmt: skip
    messages += [_post(draw, network, channel, number, codes[n % len(codes)], n) for n in range(1, count)]
    export = {"name": channel, "type": "public_channel", "id": number, "messages": messages}
    return made((json.dumps(export, ensure_ascii=False, indent=1) + "\n").encode(), "application/json",
                entries=(("message", len(messages)),))  # fmt: skip


def _dates(minutes: int) -> dict[str, str]:
    when = at(minutes)
    return {"date": f"{when:%Y-%m-%dT%H:%M:%S}", "date_unixtime": str(int(when.timestamp()))}


def _post(draw: Dice, network: Network, channel: str, number: int, code: str, n: int) -> dict[str, object]:
    words, link = _said(draw, code), f"https://{draw.pick(network.sites)}/{code}/news-{n}.html"
    pieces: list[object] = [words + " ", {"type": "link", "text": link}]
    rich = n % 3 == 1
    post: dict[str, object] = {
        "id": n + 1, "type": "message", **_dates(37 * n), "from": channel, "from_id": f"channel{number}",
        "text": pieces if rich else words,
        "text_entities": [{"type": "plain", "text": words + " "}, pieces[1]] if rich
        else [{"type": "plain", "text": words}],
    }  # fmt: skip
    return {**post, "forwarded_from": network.agency[code]} if n % 7 == 5 else post


def whatsapp(draw: Dice, network: Network, codes: list[str], count: int) -> Made:
    """Return a group chat as text, with a message of two lines and one of the program's own."""
    members = draw.some(network.operators, 4)
    lines = [f"[{_stamp(at(0))}] {members[0].name}: \u200emessages and calls are end-to-end encrypted."]
    for n in range(1, count):
        who, words = draw.pick(members), _said(draw, codes[n % len(codes)])
        extra = "\n" + _said(draw, codes[n % len(codes)]) if n % 5 == 0 else ""
        lines.append(f"[{_stamp(at(23 * n))}] {who.name if n % 4 else who.phone}: {words}{extra}")
    return made(("\r\n".join(lines) + "\r\n").encode(), "text/plain", entries=(("message", len(lines)),))


def _stamp(when: datetime) -> str:
    return f"{when:%d/%m/%Y, %H:%M:%S}"
