"""All sentences for people: complete in each language, safe to send, true about what to do."""

import re
from pathlib import Path

import pytest

import flows.texts
from flows.commands import COMMANDS, command_of
from flows.one_message import read_one_message
from flows.texts import LANGUAGES, load_texts
from reports.markup import check, plain_text
from tests.flows.sentences import days_in, facts_for, sentences

CHINESE, ENGLISH = LANGUAGES
ROUGH = '<b>&"{x}@name'


def test_both_languages_have_the_same_files_and_sentences() -> None:
    folder = Path(flows.texts.__file__).parent
    chinese, english = (
        sorted(path.name for path in (folder / language).glob("*.toml")) for language in LANGUAGES
    )
    assert chinese == english
    assert sentences(CHINESE).keys() == sentences(ENGLISH).keys()


def test_both_languages_need_the_same_facts_in_the_same_shape() -> None:
    chinese, english = (load_texts(language) for language in LANGUAGES)
    for key in sorted(chinese.keys()):
        assert chinese.fields(key) == english.fields(key), key
        days = [days_in(sentences(language)[key]) for language in LANGUAGES]
        assert days[0] == days[1], f"{key}: a day in one language, bare words in the other"


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_every_sentence_whatever_fills_it(language: str) -> None:
    texts = load_texts(language)
    for key in sorted(texts.keys()):
        said = texts.say(key, **facts_for(language, key, ROUGH))
        try:
            check(said)
        except ValueError as fault:
            pytest.fail(f"{key}: {fault}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_stray_spaces(language: str) -> None:
    for key, sentence in sentences(language).items():
        assert "  " not in sentence and sentence == sentence.rstrip() and sentence, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_is_named_can_be_sent(language: str) -> None:
    known = {command.name for command in COMMANDS}
    for key, sentence in sentences(language).items():
        assert set(re.findall(r"(?<![\w<}])/([a-z]+)", sentence)) <= known, key
        for word in re.findall(r"(?:发|[Ss]end )“([^”]+)”", sentence):
            assert command_of(word) is not None, f"{key}: {word}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_that_is_named_is_called_so(language: str) -> None:
    """点“发布”: whoever looks for a button finds that word on it."""
    labels = {
        re.sub(r"^\W+|\W+$", "", re.sub(r"\{[^}]*\}", "", sentence))
        for sentence in sentences(language).values()
    }
    pressed = re.compile(r"(?:(?<!节)点|[Tt]ap |[Pp]ress )((?:“[^”]+”(?:或| or |、|, )?)+)")
    for key, sentence in sentences(language).items():
        for several in pressed.findall(sentence):
            for label in re.findall("“([^”]+)”", several):
                assert re.sub(r"\W+$", "", label) in labels, f"{key}: {label}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_of_a_whole_report_can_be_sent_as_it_stands(language: str) -> None:
    _, _, example = plain_text(sentences(language)["help.one_message"]).partition("\n")
    told = read_one_message(example)
    assert told is not None
    assert {"progress", "done", "plan", "obstacle1"} <= told.said.keys()


@pytest.mark.parametrize("area", sorted({key.split(".")[0] for key in sentences(CHINESE)}))
def test_chinese_has_chinese_punctuation(area: str) -> None:
    """Between fields and tags too: a half-width comma in Chinese looks like a slip."""
    beside = re.compile(r"[一-鿿〇“”《》][,;:?!()]|[,;:?!()][一-鿿〇“”《》]")
    for key, sentence in sentences(CHINESE).items():
        if key.split(".")[0] == area:
            bare = re.sub("<[^>]*>", "", re.sub(r"\{[^}]*\}", "〇", sentence))
            assert not beside.search(bare), key
