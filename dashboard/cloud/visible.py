"""Text from the cloud as people can see it: invisible characters and those that reorder text are shown by their codes.

Cinder, Keystone and Nova accept nearly any character in a name, so a name can look like another one, or like nothing.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import takewhile

# Control, format and other characters without a shape (Unicode: Cc, Cf, Zl, Zp, Default_Ignorable_Code_Point)
WITHOUT_SHAPE = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Lone surrogates can't be encoded.
INVISIBLE = re.compile(f"[{WITHOUT_SHAPE}\ud800-\udfff]")
JOINERS = "\u200c\u200d"
VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
MARKS = frozenset({"Mn", "Me"})
SYMBOLS = frozenset({"So", "Sk", "Sm"})
VIRAMA = 9
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
# The number of an id's characters that tell it from others
SHORT = 8


def visible(text: str) -> str:
    """Return the text with invisible characters as codes such as ``[U+202E]``.

    Marks without a letter to stand on are shown so too. Joiners and variation selectors stay where they shape what is
    beside them: in Arabic and Indic words and in emoji.
    """
    marks = _marks_before(text)
    codes = "".join(f"[U+{ord(mark):04X}]" for mark in marks)
    rest = text[len(marks) :]
    return codes + INVISIBLE.sub(lambda found: found[0] if _shapes(found) else f"[U+{ord(found[0]):04X}]", rest)


def shown_name(name: str, stand_in: str) -> str:
    """Return a name with its invisible characters as codes; `stand_in` if nothing of the name is visible."""
    return visible(name) if plain_name(name) else stand_in


def plain_name(name: str) -> str:
    """Return a name without its invisible characters and surrounding spaces, on which other names can be based."""
    text = INVISIBLE.sub(lambda found: found[0] if _shapes(found) else "", name).strip()
    return text[len(_marks_before(text)) :].strip()


def isolated(text: str) -> str:
    """Return the text so that it keeps its own order, and the text around it too, wherever markup is impossible."""
    if any(unicodedata.bidirectional(sign) in RIGHT_TO_LEFT for sign in text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return text


def look_of(text: str) -> str:
    """Return what texts that look the same have in common: characters in one normalisation, and single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def short_ids(titles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the beginnings of the ids by which those with look-alike titles can be told apart.

    `titles` are pairs of an id and a title. Where a beginning isn't unique, it is the whole id.
    """
    alike: dict[str, list[str]] = {}
    for one_id, title in titles:
        alike.setdefault(look_of(title), []).append(one_id)
    short: dict[str, str] = {}
    for ids in alike.values():
        if len(ids) > 1:
            unique = len({one_id[:SHORT] for one_id in ids}) == len(ids)
            short |= {one_id: one_id[:SHORT] if unique else one_id for one_id in ids}
    return short


def _marks_before(text: str) -> str:
    """Return the marks before the first letter: they would stand on the text in front of the name."""
    return "".join(takewhile(lambda sign: unicodedata.category(sign) in MARKS, text))


def _shapes(found: re.Match[str]) -> bool:
    """Return whether an invisible character shapes its neighbours."""
    sign, before, after = found[0], found.string[: found.start()][-1:], found.string[found.end() :][:1]
    if not before:
        return False
    if VARIANTS.match(sign):
        return unicodedata.category(before) in SYMBOLS or unicodedata.name(before, "").startswith("CJK")
    if sign not in JOINERS:
        return False
    if unicodedata.combining(before) == VIRAMA:
        return True
    if sign == "\u200d" and after and unicodedata.category(after) in SYMBOLS:
        return unicodedata.category(before) in SYMBOLS or bool(VARIANTS.match(before))
    return bool(after) and {unicodedata.bidirectional(before), unicodedata.bidirectional(after)} == {"AL"}
