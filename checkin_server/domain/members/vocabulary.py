"""The words that member lists use for columns, categories, needs and languages, in English, French and Arabic.

Categories are the plan's; for those that every edition has (`CATEGORY_WORDS`) the words of other offices are known as
well, and a name of the plan is understood in its other genders and numbers (*Retraité(e)*: retraité, retraitée,
retraités, retraitées; متقاعد(ة)).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from checkin_server.domain.members.folding import fold, squeezed
from checkin_server.domain.plan import NEEDS
from checkin_server.domain.tour import Text

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "member": (
        "id", "matricule", "membre", "adhérent", "n° adhérent", "numéro d'adhérent", "n° d'adhérent",
        "numéro adhérent", "code adhérent", "id adhérent", "identifiant", "affilié", "n° affilié",
        "numéro d'affiliation", "n° d'affiliation", "n° matricule", "numéro matricule", "matricule adhérent", "ppr",
        "n° ppr", "doti", "som", "n° som", "n° de somme", "member id", "member no", "member number",
        "membership number", "رقم العضو", "العضو", "رقم الانخراط", "رقم التأجير", "رقم المنخرط", "المنخرط",
        "رقم الانخراط بالمؤسسة", "الرقم المالي", "رقم التسجيل", "معرف العضو",
    ),
    "name_ar": (
        "arabic name", "name in arabic", "nom arabe", "nom ar", "nom en arabe", "nom et prénom en arabe",
        "nom et prénom arabe", "nom complet en arabe", "الاسم", "الاسم بالعربية", "الاسم الكامل", "الاسم والنسب",
        "الاسم الشخصي والعائلي", "الاسم الكامل بالعربية", "الاسم العائلي والشخصي", "النسب والاسم", "اسم العضو",
        "اسم المنخرط", "الاسم والنسب بالعربية",
    ),
    "name_la": (
        "name", "full name", "latin name", "name in latin", "nom", "nom complet", "nom latin", "nom fr",
        "nom français", "nom en français", "nom et prénom", "nom & prénom", "nom prénom", "prénom et nom",
        "prénom nom", "noms et prénoms", "nom et prénoms", "nom et prénom en français", "nom complet en français",
        "nom de l'adhérent", "الاسم بالفرنسية", "الاسم باللاتينية", "الاسم الكامل بالفرنسية",
        "الاسم والنسب بالفرنسية", "الاسم بالأحرف اللاتينية",
    ),
    "first_ar": ("prénom arabe", "prénom en arabe", "الاسم الشخصي", "الاسم الشخصي بالعربية"),
    "first_la": (
        "first name", "given name", "prénom", "prénoms", "prénom en français", "prénom fr", "الاسم الشخصي بالفرنسية",
    ),
    "last_ar": (
        "nom de famille en arabe", "النسب", "الاسم العائلي", "اسم العائلة", "النسب بالعربية", "الاسم العائلي بالعربية",
    ),
    "last_la": (
        "last name", "surname", "family name", "nom de famille", "nom patronymique", "النسب بالفرنسية",
        "الاسم العائلي بالفرنسية",
    ),
    "category": (
        "catégorie", "catégories", "catégorie d'adhérent", "catégorie adhérent", "qualité", "statut", "situation",
        "situation administrative", "type d'adhérent", "status", "member category", "الفئة", "الصنف", "الصفة",
        "صفة المنخرط", "صفة العضو", "الوضعية", "الوضعية الإدارية", "فئة المنخرط", "نوع المنخرط",
    ),
    "unit": (
        "unité", "unité d'affectation", "affectation", "service d'affectation", "préfecture", "commandement",
        "lieu d'affectation", "الوحدة", "وحدة التعيين", "مقر العمل", "مقر التعيين", "المصلحة", "جهة العمل", "التعيين",
    ),
    "locale": (
        "language", "preferred language", "langue", "langue préférée", "langue parlée", "اللغة", "اللغة المفضلة",
        "لغة التواصل",
    ),
    "family": (
        "family id", "family code", "famille", "n° famille", "code famille", "numéro de famille", "foyer", "العائلة",
        "الأسرة", "رقم العائلة", "رقم الأسرة", "رمز الأسرة", "رمز العائلة",
    ),
    "needs": (
        "special needs", "besoins", "besoin", "besoins particuliers", "besoins spécifiques", "besoins spéciaux",
        "handicap", "situation de handicap", "الاحتياجات", "الحاجيات", "الاحتياجات الخاصة", "احتياجات خاصة",
        "نوع الإعاقة", "الإعاقة",
    ),
    "code": (
        "card", "card code", "carte", "code carte", "code de la carte", "code de carte", "الرمز", "رمز البطاقة",
        "البطاقة",
    ),
}  # fmt: skip
"""Every column by its name, and what else it may be called."""

CATEGORY_WORDS: Mapping[str, tuple[str, ...]] = {
    "active": (
        "actif", "active", "actifs", "actives", "en activité", "en service", "en exercice", "fonctionnaire",
        "active staff", "in service", "serving", "موظف", "موظفة", "موظفون", "موظفين", "موظفات", "مزاول", "مزاولة",
        "مزاولون", "مزاولين", "نشيط", "نشيطة", "نشيطون", "نشيطين", "نشيطات", "موظف نشيط", "موظفة نشيطة", "موظف مزاول",
        "موظفة مزاولة", "في الخدمة", "قيد الخدمة", "ممارس", "ممارسة", "ممارسون", "في حالة نشاط", "عامل", "عاملة",
    ),
    "retired": (
        "retraité", "pensionné", "en retraite", "à la retraite", "retired", "retiree", "pensioner", "متقاعد",
        "متقاعدة", "متقاعدون", "متقاعدين", "متقاعدات", "في التقاعد", "محال على التقاعد", "محالة على التقاعد",
        "محالون على التقاعد",
    ),
    "widowed": (
        "veuf", "veuve", "veufs", "veuves", "conjoint survivant", "conjointe survivante", "conjoints survivants",
        "widow", "widower", "widowed", "أرمل", "أرملة", "أرامل", "ارملات", "أرملون",
    ),
    "child": (
        "enfant", "fils", "fille", "garçon", "orphelin", "child", "children", "son", "daughter", "orphan", "ابن",
        "ابنة", "بنت", "أبناء", "بنات", "طفل", "طفلة", "أطفال", "ولد", "أولاد", "يتيم", "يتيمة", "أيتام",
    ),
    "dependant": (
        "ayant droit", "ayants droit", "autre ayant droit", "autres ayants droit", "dependant", "dependent", "ذو حق",
        "ذوو الحقوق", "ذوي الحقوق", "ذات حق", "ذوات الحقوق", "من ذوي الحقوق", "ذوو حقوق", "ذوي حقوق", "صاحب حق",
        "صاحبة حق",
    ),
}  # fmt: skip
"""What offices call the categories that every edition of the tour has."""

_NEED_WORDS: Mapping[str, tuple[str, ...]] = {
    "wheelchair": (
        "wheelchair", "uses a wheelchair", "reduced mobility", "fauteuil roulant", "fauteuil", "en fauteuil roulant",
        "se déplace en fauteuil roulant", "mobilité réduite", "à mobilité réduite", "pmr", "handicap moteur",
        "كرسي متحرك", "الكرسي المتحرك", "كرسيا متحركا", "يستعمل كرسيا متحركا", "تستعمل كرسيا متحركا",
        "على كرسي متحرك", "إعاقة حركية", "معاق حركيا", "معاقة حركيا", "محدود الحركة", "محدودة الحركة",
        "محدودو الحركة", "محدودية الحركة",
    ),
    "low_vision": (
        "low vision", "sees poorly", "visually impaired", "partially sighted", "voit mal", "malvoyant", "mal voyant",
        "malvoyance", "basse vision", "déficience visuelle", "déficient visuel", "déficiente visuelle",
        "handicap visuel", "ضعيف البصر", "ضعيفة البصر", "ضعاف البصر", "ضعف البصر", "ضعف في البصر", "يرى بصعوبة",
        "ترى بصعوبة", "إعاقة بصرية",
    ),
    "hard_of_hearing": (
        "hard of hearing", "hears poorly", "hearing impaired", "deaf", "entend mal", "malentendant", "mal entendant",
        "sourd", "surdité", "déficience auditive", "déficient auditif", "handicap auditif", "ضعيف السمع",
        "ضعيفة السمع", "ضعاف السمع", "ضعف السمع", "ضعف في السمع", "يسمع بصعوبة", "تسمع بصعوبة", "أصم", "صماء", "صم",
        "إعاقة سمعية",
    ),
    "needs_reading_aloud": (
        "needs reading aloud", "reading aloud", "read aloud", "cannot read", "please read texts aloud", "illiterate",
        "lecture à voix haute", "lire à voix haute", "lire les textes à voix haute", "à lire à voix haute",
        "ne sait pas lire", "ne lit pas", "analphabète", "illettré", "قراءة بصوت عال", "القراءة بصوت عال",
        "قراءة بصوت مسموع", "القراءة بصوت مسموع", "لا يقرأ", "لا تقرأ", "لا يعرف القراءة", "لا تعرف القراءة",
        "لا يجيد القراءة", "لا تجيد القراءة", "لا يحسن القراءة", "لا تحسن القراءة", "أمي", "أمية", "أميون",
        "عدم القدرة على القراءة", "المرجو قراءة النصوص بصوت مسموع",
    ),
}  # fmt: skip
_NO_NEED = (
    "none", "no", "aucun", "aucune", "aucun besoin", "néant", "non", "rien", "ras", "لا", "لا شيء", "لا يوجد", "بدون",
)  # fmt: skip
_BLIND = ("blind", "aveugle", "non voyant", "كفيف", "كفيفة", "ضرير")
_AND = ("and", "et", "و")

LANGUAGE_WORDS: Mapping[str, tuple[str, ...]] = {
    "ar": ("arabic", "arabe", "العربية", "عربية", "عربي", "darija", "الدارجة"),
    "fr": ("french", "français", "française", "francophone", "الفرنسية", "فرنسية", "فرنسي"),
    "zgh": (
        "amazigh", "amazighe", "tamazight", "tachelhit", "tarifit", "berbère", "الأمازيغية", "أمازيغية", "أمازيغي",
        "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    ),
    "en": ("english", "anglais", "anglaise", "الإنجليزية", "إنجليزية", "إنجليزي", "الانجليزية"),
}  # fmt: skip

_HEADERS = {squeezed(word): column for column, words in COLUMNS.items() for word in (column, *words)}
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_BETWEEN_HEADERS = re.compile(r"[/|\n\r()\[\]{}:;]+| [-–—] ")
_SCRIPTS = re.compile(r"[\u0600-\u06ff\s]+|[^\u0600-\u06ff]+")
_OR = re.compile(r"\s*/\s*|\s+(?:ou|or|أو|et/ou)\s+|\s*[،,;]\s*")
_ENDING = re.compile(r"\(\s*(\w+)\s*\)")
_ARABIC_ENDINGS = ("ات", "ون", "ين", "ان", "ه")
_SHORTEST_STEM = 3
_BETWEEN_NEEDS = re.compile(r"[,،;؛|/+&\n\r]+")


def column_named(header: str) -> str | None:
    """Return the column that a header means, or None.

    What stands in brackets (*Catégorie (obligatoire)*) is passed over; of a header in two languages both must mean the
    same column.
    """
    for text in (header, _BRACKETS.sub(" ", header)):
        if (column := _HEADERS.get(squeezed(text))) is not None:
            return column
    parts = {_HEADERS.get(squeezed(part)) for part in _header_parts(header) if squeezed(part)}
    return parts.pop() if len(parts) == 1 else None


def _header_parts(header: str) -> Iterator[str]:
    """The parts of a header that says the same twice: between marks, or in two scripts."""
    for part in _BETWEEN_HEADERS.split(header):
        yield from (run for run in _SCRIPTS.findall(part) if run.strip())


def choices(named: Iterable[tuple[str, Text]]) -> dict[str, str]:
    """Return every way to say each of these, folded: its id, or its name in any language unless two share it."""
    known = list(named)
    ids = {squeezed(each): each for each, _ in known}
    return (
        _without_shared((each, {squeezed(text) for text in names.values()} - set(ids)) for each, names in known) | ids
    )


def category_choices(named: Iterable[tuple[str, Text]]) -> dict[str, str]:
    """Return every way to say each category, by its stem: id, names in any gender and number, offices' words."""
    known = list(named)
    said = [
        (each, {stem(word) for word in (*_all_ways(names.values()), *CATEGORY_WORDS.get(each, ()))})
        for each, names in known
    ]
    return {**_without_shared(said), **choices(known)}


def category_meant(known: Mapping[str, str], text: str) -> str:
    """Return the category that a text says in `category_choices`, or nothing."""
    if found := known.get(squeezed(text)) or known.get(stem(text)):
        return found
    parts = {known.get(stem(way), "") for way in _OR.split(text)}
    return parts.pop() if len(parts) == 1 else ""


def _without_shared(said: Iterable[tuple[str, set[str]]]) -> dict[str, str]:
    """Return what each way of saying means, without those that two things share."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for each, ways in said:
        shared |= {way for way in ways if found.setdefault(way, each) != each}
    return {way: each for way, each in found.items() if way and way not in shared}


def _all_ways(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from _ways(name)


def _ways(name: str) -> Iterator[str]:
    """A name as a plan writes it, and what it stands for: *Veuf ou veuve*, *Retraité(e)*, متقاعد(ة)."""
    yield name
    for part in _OR.split(name):
        yield _ENDING.sub("", part)
        yield _ENDING.sub(r"\1", part)


def stem(text: str) -> str:
    """Return a word without article, gender and number: المتقاعدات and متقاعد, *retraitées* and *retraité* are one."""
    return "".join(map(_stem_of_word, fold(text).split()))


def _stem_of_word(word: str) -> str:
    if word.startswith("ال") and len(word) > 4:
        word = word[2:]
    if word.isascii():
        bare = word.removesuffix("s").removesuffix("x").rstrip("e")
        return bare if len(bare) >= _SHORTEST_STEM else word
    for ending in _ARABIC_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


_NEEDS_BY_WORDS: dict[str, tuple[str, ...]] = {
    **{stem(word): (need,) for need, words in _NEED_WORDS.items() for word in (need.replace("_", " "), *words)},
    **{stem(word): ("low_vision", "needs_reading_aloud") for word in _BLIND},
    **{stem(word): () for word in _NO_NEED},
}


def needs_in(text: str) -> tuple[str, ...] | None:
    """Return the needs that a cell names, in any of the languages, between any marks; None where a word is unknown."""
    found: set[str] = set()
    for phrase in _BETWEEN_NEEDS.split(text):
        if stem(phrase) in _NEEDS_BY_WORDS:
            found.update(_NEEDS_BY_WORDS[stem(phrase)])
            continue
        words = fold(phrase).split()
        while words:
            taken = next((n for n in range(min(len(words), 7), 0, -1) if _phrase(words[:n]) is not None), 0)
            if not taken:
                return None
            found.update(_phrase(words[:taken]) or ())
            words = words[taken:]
    return tuple(need for need in NEEDS if need in found)


def _phrase(words: list[str]) -> tuple[str, ...] | None:
    if len(words) == 1 and words[0] in _AND:
        return ()
    whole = _NEEDS_BY_WORDS.get(stem(" ".join(words)))
    if whole is None and words[0].startswith("و"):  # "and" is written as a part of the Arabic word that follows
        whole = _NEEDS_BY_WORDS.get(stem(" ".join((words[0][1:], *words[1:]))))
    return whole
