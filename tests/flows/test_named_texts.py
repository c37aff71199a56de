"""Sentences and code fit: what is named is there, what is there is used, no fact is lacking."""

import re
from collections.abc import Iterable, Mapping

import pytest

from flows.texts import LANGUAGES, load_texts
from models.bulletin import BulletinState, GroupState
from models.people import PersonState
from rules.terms import Level, Phase, ProjectClass, Role
from tests.flows.sentences import facts_for, named, sentences
from tests.flows.text_calls import (
    AT_RUN_TIME,
    calls,
    is_broad,
    keys_of,
    spelled_out,
    step_keys,
    words_like_keys,
)

CHINESE = LANGUAGES[0]
LONGEST_POPUP = 200
"""Telegram shows no more of the answer to a press."""

TESTED_ELSEWHERE = ("flow", "ledger", "report", "rules")
"""Areas whose own tests say which of their sentences are used."""

TOLD_BY_STATE: Mapping[str, Iterable[str]] = {
    "bulletin.state_": BulletinState,
    "groups.state_": GroupState,
    "join.can_": Role,
    "people.role_": Role,
    "people.state_": PersonState,
    "status.class_": ProjectClass,
    "status.level_": Level,
    "status.phase_": Phase,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_and_refusals_are_plain_words(language: str) -> None:
    """They stand on buttons, in pop-ups, files and the terminal, where a tag would be read."""
    for call in calls():
        if call.way not in ("plain", "Refusal", "Unusable"):
            continue
        for key in keys_of(call):
            for known in named(load_texts(language), key):
                assert not re.search("[<&]", sentences(language)[known]), (known, call.where)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_answers_a_press_is_not_cut(language: str) -> None:
    texts = load_texts(language)
    popped = {
        key
        for call in calls()
        for key in keys_of(call)
        if call.way == "Refusal"
        or (call.way == "plain" and key.startswith(("talk.", "rollcall.", "filing.")))
    }
    assert len(popped) > 30
    for key in sorted(popped):
        for known in named(texts, key):
            said = texts.plain(known, **facts_for(language, known, "三十个字以内的项目名称"))
            assert len(said) <= LONGEST_POPUP, known


def test_every_sentence_named_by_the_code_exists() -> None:
    texts = load_texts(CHINESE)
    assert len(calls()) > 250
    for call in calls():
        for key in keys_of(call):
            assert named(texts, key), f"{call.where} names {key}"
    for key in step_keys():
        if key.split(".")[0] in ("leave", "remark"):
            for step in spelled_out(key):
                assert {f"{step}.ask", f"{step}.line"} <= texts.keys(), step


def test_what_stands_for_a_star_is_known() -> None:
    known = (*AT_RUN_TIME, "troubles", *TESTED_ELSEWHERE)
    areas = {key.split(".")[0] for key in sentences(CHINESE)}
    for key in {key for call in calls() for key in call.keys} | step_keys():
        area = key.split(".")[0]
        if area in areas and is_broad(key):
            assert area in known, f"{key}: say in AT_RUN_TIME what it can be"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_hands_over_every_fact_a_sentence_needs(language: str) -> None:
    texts = load_texts(language)
    for call in calls():
        if call.facts is None:
            continue
        for key in keys_of(call):
            if "*" in key and key.startswith(TESTED_ELSEWHERE):
                continue
            for known in named(texts, key):
                lacking = texts.fields(known) - call.facts
                assert not lacking, f"{call.where} says {known} without {sorted(lacking)}"


def test_no_sentence_is_orphaned() -> None:
    texts = load_texts(CHINESE)
    areas = {key.split(".")[0] for key in texts.keys()} - set(TESTED_ELSEWHERE)  # noqa: SIM118
    said = {key for call in calls() for key in keys_of(call)} | words_like_keys()
    said |= {f"{step}.*" for key in step_keys() for step in spelled_out(key)}
    used: set[str] = set()
    for key in said:
        if key.split(".")[0] in areas and not is_broad(key):
            used |= named(texts, key)
    assert {key for key in texts.keys() if key.split(".")[0] in areas} == used  # noqa: SIM118


@pytest.mark.parametrize("stem", TOLD_BY_STATE)
def test_every_state_has_its_words_and_no_other(stem: str) -> None:
    told = {key.removeprefix(stem) for key in sentences(CHINESE) if key.startswith(stem)}
    assert told == set(TOLD_BY_STATE[stem])
