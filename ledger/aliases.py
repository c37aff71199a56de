"""The words by which ledgers name levels, classes, phases, roles and totals."""

import re
import unicodedata

from rules.terms import Level, Phase, ProjectClass, Role

PLACES = {
    "自治区": Level.PROVINCIAL,
    "省": Level.PROVINCIAL,
    "市": Level.CITY,
    "城区": Level.DISTRICT,
    "区": Level.DISTRICT,
    "县": Level.DISTRICT,
}
# 市级, 市重点, or 市 alone; but 市政 and 区发改局 name no level.
LEVEL_WORDS = re.compile(r"(自治区|省|市|城区|区|县)(?:$|本级|级|重点|重大)")
CLASSES = (
    (ProjectClass.PREPARATION, r"前期|预备|储备|谋划|策划"),
    (ProjectClass.COMPLETION, r"竣工|投产|完工|建成"),
    (ProjectClass.NEW_START, r"新开工|拟开工|新建|计划开工|今年开工|本年开工|开工"),
    (ProjectClass.CONTINUING, r"续建|在建|结转"),
)
PHASES = (
    (Phase.PAUSED, r"停工|停建|缓建|暂停|暂缓"),
    (Phase.PREPARATION, r"前期|预备|储备|谋划|未开工"),
    (Phase.COMPLETED, r"竣工|完工|投产|交付|建成"),
    (Phase.BUILDING, r"在建|建设中|施工|续建|开工"),
)
ROLES = (
    (Role.OFFICE, r"调度员|调度|项目办|重点办|管理员|填表人"),
    (Role.APPROVER, r"审签人?|审核人?|审批人?|签发人?"),
    (Role.SPONSOR, r".*领导"),
    (Role.REPORTER, r"责任人|联系人|联络员|联络人|填报人|负责人|报送人|信息员"),
)
# Stages of one site: 一期已投产 says nothing about the whole.
PARTIAL = re.compile(r"[一二三四五六七八九]期|部分|\d+#|首批|先行")
COMPLETED_WORDS = re.compile(
    r"(?:项目|工程|整体|全部|目前)*(?:已经?(?:全面|全部|正式|整体|建成)?(?:竣工|投产|投用|完工|交付|建成|投入使用|投入运营|通车)"
    r".*|竣工投产|竣工|投产|完工|交付使用|建成投用|建成投产)"
)
PAUSED_WORDS = re.compile(
    r"(?:项目|现场|工程|目前|因.{0,20})*(?:已|全面|暂时|处于)*(?:停工|停建|缓建|暂停|暂缓).*"
)
CLAUSE_END = re.compile(r"[,,。;;、!!\s]+")


def folded(words: str) -> str:
    """Full-width forms made plain and white space removed: how aliases are compared."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words))


def level_of(words: str) -> Level | None:
    match = LEVEL_WORDS.search(folded(words))
    return PLACES[match[1]] if match else None


def levels_of(words: str) -> tuple[Level, ...]:
    """One cell may name several lists: 省级、市级."""
    parts = [part for part in re.split(r"[、,;/+]|和|暨", folded(words)) if part]
    found = [level_of(part) for part in parts]
    return tuple(dict.fromkeys(level for level in found if level))


def class_of(words: str) -> ProjectClass | None:
    plain = folded(words)
    for project_class, pattern in CLASSES:
        if re.search(pattern, plain):
            return project_class
    return None


def phase_of(words: str) -> Phase | None:
    plain = folded(words)
    for phase, pattern in PHASES:
        if re.search(pattern, plain):
            return phase
    return None


def roles_of(words: str) -> tuple[tuple[Role, ...], tuple[str, ...]]:
    """The roles a cell names, and the words in it that name none."""
    found: dict[Role, None] = {}
    strange: list[str] = []
    for word in re.split(r"[、,;/\n]", unicodedata.normalize("NFKC", words)):
        plain = folded(word)
        role = next((one for one, pattern in ROLES if re.fullmatch(pattern, plain)), None)
        if role:
            found[role] = None
        elif plain:
            strange.append(plain)
    return tuple(found), tuple(strange)


def phase_told_by(progress: str) -> Phase | None:
    """Completed or paused, where 形象进度 says so of the whole project; else None."""
    plain = unicodedata.normalize("NFKC", progress)
    if not plain or PARTIAL.search(plain):
        return None
    clauses = [clause for clause in CLAUSE_END.split(plain) if clause]
    if any(COMPLETED_WORDS.fullmatch(clause) for clause in clauses):
        return Phase.COMPLETED
    if "复工" not in plain and any(PAUSED_WORDS.fullmatch(clause) for clause in clauses):
        return Phase.PAUSED
    return None


def phase_from(classes: tuple[ProjectClass, ...], progress: str) -> Phase:
    """The phase of a project that nobody has stated: its progress speaks before its class."""
    told = phase_told_by(progress)
    if told:
        return told
    if classes and all(one is ProjectClass.PREPARATION for one in classes):
        return Phase.PREPARATION
    return Phase.BUILDING
