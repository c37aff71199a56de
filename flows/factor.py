"""要素: the factors an obstacle hangs on, as choices and as found in a sentence."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeVar

from flows.choice import Choice
from flows.phrase import Phrase
from rules.terms import Factor, Instance

T = TypeVar("T")

FACTORS = frozenset(Factor)

_FACTOR_WORDS: Mapping[Factor, tuple[str, ...]] = {
    Factor.LAND: ("用地", "土地", "供地", "拿地", "占补", "land"),
    Factor.MONEY: ("资金", "贷款", "融资", "专项债", "拨付", "付款", "欠款", "money", "fund"),
    Factor.APPROVAL: (
        "审批",
        "手续",
        "批复",
        "许可",
        "施工许可",
        "规划许可",
        "用地手续",
        "图审",
        "立项",
        "可研",
        "approval",
        "permit",
    ),
    Factor.CLEARANCE: ("征迁", "拆迁", "征地", "征收", "搬迁", "清障", "清表", "clearance"),
    Factor.ENVIRONMENT: ("环评", "环保", "排污", "能耗", "environment"),
    Factor.UTILITIES: ("配套", "水电", "供电", "用电", "供水", "管网", "电力", "燃气", "utilities"),
    Factor.CONSTRUCTION: ("施工", "工期", "人手", "材料", "天气", "construction"),
}
_INSTANCE_WORDS: Mapping[Instance, tuple[str, ...]] = {
    Instance.CITY: ("市里", "市级", "市直", "省里", "省级", "上级", "提请市"),
    Instance.DISTRICT: ("区里", "区级", "区委", "区政府", "调度会"),
    Instance.SPONSOR: ("包推", "包挂", "包保", "区领导"),
    Instance.UNIT: ("责任单位", "本单位", "牵头单位", "自行解决"),
}


def factor_label(factor: Factor) -> Phrase:
    return Phrase(f"report.factor.{factor}")


@cache
def factor_choices(first: Factor | None = None) -> tuple[Choice, ...]:
    """`first` stands in front, for the most likely one."""
    ordered = sorted(Factor, key=lambda factor: factor is not first)
    return tuple(Choice(str(factor), factor_label(factor)) for factor in ordered)


def instance_label(instance: Instance) -> Phrase:
    return Phrase(f"report.instance.{instance}")


@cache
def instance_choices() -> tuple[Choice, ...]:
    return tuple(
        Choice(str(instance), instance_label(instance), also=_INSTANCE_WORDS[instance])
        for instance in Instance
    )


def factor_in(words: str) -> Factor | None:
    """The factor that is named first; None when none is."""
    return _first_named(words, _FACTOR_WORDS)


def instance_in(words: str) -> Instance | None:
    return _first_named(words, _INSTANCE_WORDS)


def _first_named(words: str, names: Mapping[T, Sequence[str]]) -> T | None:
    plain = words.casefold()
    found = (
        (plain.index(name), -len(name), meant)
        for meant, known in names.items()
        for name in known
        if name in plain
    )
    return min(found, key=lambda place: place[:2], default=(0, 0, None))[2]
