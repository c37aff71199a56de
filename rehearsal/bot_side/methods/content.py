"""Words and captions of outgoing messages: parsed, cleaned, measured as the server does."""

from typing import Any

from rehearsal.bot_side.parameters import Parameters
from rehearsal.stage import entities as ents
from rehearsal.stage import markup
from rehearsal.stage.refusals import bad_request
from rehearsal.stage.world import World

Json = dict[str, Any]
Words = tuple[str, list[Json]]

MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_RAW_BYTES = 1 << 15
CANNOT = "Can't parse MessageEntity: "
OWN_TYPES = ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number")
NEEDS: dict[object, tuple[str, ...]] = {
    **dict.fromkeys((*OWN_TYPES, *ents.SPLITTABLE, *ents.VERBATIM, *ents.QUOTES), ()),
    "text_link": ("url",),
    "text_mention": ("user",),
    "custom_emoji": ("custom_emoji_id",),
    "date_time": ("unix_time",),
}


def text_of(world: World, given: Parameters) -> Words:
    """Parsed text; its length is judged later, after the chat, as the server does."""
    source = given.text("text")
    if not source:
        raise bad_request("Message text is empty")
    text, entities = _finished(world, *_parsed(source, given, "entities"))
    if not text.strip():
        raise bad_request("Text must be non-empty")
    return text, entities


def caption_of(world: World, given: Parameters) -> Words:
    return _finished(world, *_parsed(given.text("caption"), given, "caption_entities"))


def check_text(words: Words) -> None:
    """Telegram counts code points after parsing, neither bytes nor UTF-16 units."""
    _check(words, MOST_TEXT, "Message is too long")


def check_caption(words: Words) -> None:
    _check(words, MOST_CAPTION, "Message caption is too long")


def _check(words: Words, most: int, sentence: str) -> None:
    if len(words[0]) > most:
        raise bad_request(sentence)
    if ents.is_too_long(words[1]):
        raise bad_request("ENTITIES_TOO_LONG")


def _parsed(source: str, given: Parameters, field: str) -> Words:
    if not source:
        return "", []
    try:
        size = len(source.encode())
    except UnicodeEncodeError:
        raise bad_request("Strings must be encoded in UTF-8") from None
    if size > MOST_RAW_BYTES:
        raise bad_request("Text is too long")
    mode = given.text("parse_mode").lower()
    if mode == "html":
        return markup.parse(source)
    if mode in ("markdown", "markdownv2"):
        raise bad_request(f"{mode} is not rehearsed, use HTML")
    if mode not in ("", "none"):
        raise bad_request("Unsupported parse_mode")
    return source, _given_entities(given, field)


def _given_entities(given: Parameters, field: str) -> list[Json]:
    wish = given.structure(field, "entities")
    if not isinstance(wish, list):
        return []
    checked = [_checked(entity) for entity in wish]
    return [one for one in checked if one["type"] not in OWN_TYPES and one["length"] > 0]


def _checked(entity: object) -> Json:
    if not isinstance(entity, dict):
        raise bad_request(f"{CANNOT}expected an Object")
    kind = entity.get("type")
    if kind not in NEEDS:
        raise bad_request(f"{CANNOT}Unsupported type specified")
    for field in ("offset", "length", *NEEDS[kind]):
        if field not in entity:
            raise bad_request(f'{CANNOT}Can\'t find field "{field}"')
    for field in ("offset", "length"):
        if not isinstance(entity[field], int):
            raise bad_request(f'{CANNOT}Field "{field}" must be of type Number')
        if not 0 <= entity[field] <= 1_000_000:
            raise bad_request(f"Receive an entity with incorrect {field} {entity[field]}")
    return {field: entity[field] for field in ("type", "offset", "length", *NEEDS[kind])}


def _finished(world: World, text: str, entities: list[Json]) -> Words:
    text, entities = ents.trimmed(*ents.cleaned(text, entities))
    known = [made for entity in entities if (made := _named(world, entity)) is not None]
    return text, ents.merged(ents.settled(known), ents.found_in(text))[: ents.MOST_SHOWN]


def _named(world: World, entity: Json) -> Json | None:
    """A mention of a person by id carries the person, or is dropped when nobody has it."""
    if entity["type"] != "text_mention":
        return entity
    user = entity["user"] if isinstance(entity["user"], dict) else {}
    person = world.people.get(Parameters(user).integer("id"))
    return None if person is None else {**entity, "user": person.as_user()}
