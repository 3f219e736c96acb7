"""Database dumps as the servers' own programs write them.

Source: MySQL 8.0 manual, section 9.1.1 (string literals); PostgreSQL 15 manual, COPY, text format.
"""

from samples.clock import at
from samples.dice import Dice
from samples.languages import languages
from samples.made import Made, made
from samples.network import Network


def rows(draw: Dice, network: Network, count: int) -> list[tuple[int, str, str, str, str]]:
    """Return forum posts: number, author's handle, time, title, words."""
    codes = list(languages())
    out = []
    for number in range(1, count + 1):
        tongue = languages()[codes[number % len(codes)]]
        words = tongue.joiner.join(draw.some(tongue.sentences, 2))
        out.append((number, draw.pick(network.operators).handle, f"{at(17 * number):%Y-%m-%d %H:%M:%S}",
                    draw.pick(tongue.subjects), words))  # fmt: skip
    return out


def mysql(draw: Dice, network: Network, count: int) -> Made:
    """Return a dump of the forum with escaped quotes, a binary literal and ``;`` inside strings."""
    values = ",".join(
        f"({number},'{who}','{when}','{_quoted(title)}','{_quoted(words)}',0x{draw.bytes(6, str(number)).hex()})"
        for number, who, when, title, words in rows(draw, network, count)
    )
    return made(
        f"""-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `posts`;
CREATE TABLE `posts` (
  `id` int NOT NULL,
  `author` varchar(64) DEFAULT NULL,
  `posted` datetime DEFAULT NULL,
  `title` text,
  `words` text,
  `token` varbinary(16) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `posts` VALUES {values};
INSERT INTO `posts` VALUES (0,'it\\'s; a),(b','2026-03-01 08:00:00','O''Wren \\Z\\0','\\n\\\\',_binary 'ab\\'c');
-- Dump completed on 2026-03-01  8:00:00
""".encode(),
        "application/sql",
        entries=(("row", count + 1),),
    )


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")


def postgresql(draw: Dice, network: Network) -> Made:
    """Return a dump of the members' table as COPY blocks."""
    lines = [
        "\t".join(
            (str(number), who.name, who.handle, who.email, who.phone.replace(" ", ""), who.language, r"\N")
        )
        for number, who in enumerate(network.operators, 1)
    ]
    token = draw.uuid("schema")
    return made(("\n".join([
        "--\n-- PostgreSQL database dump\n--\n", "SET client_encoding = 'UTF8';", f"-- schema {token}", "",
        "CREATE TABLE public.members (",
        "    id integer,", "    name text,", "    handle text,", "    email text,", "    phone text,",
        "    language text,", "    left_on date", ");", "",
        "COPY public.members (id, name, handle, email, phone, language, left_on) FROM stdin;", *lines, "\\.", "",
        "--\n-- PostgreSQL database dump complete\n--", "",
    ]) + "\n").encode(), "application/sql", entries=(("row", len(lines)),))  # fmt: skip
