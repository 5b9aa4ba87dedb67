"""Tickets in the demo's own words, one for each language, and contents that try the layout."""

from __future__ import annotations

from typing import Any

REFERENCE = "VBCDFGHJKLNPRSTVXBCDFGHJKLNPRSTVX"
"""A visit's reference as the QR code holds it."""

Spec = dict[str, Any]

AR: Spec = {
    "locale": "ar",
    "number": 47,
    "duplicate": None,
    "event": "الأيام التواصلية الجهوية الأولى",
    "city": "الرباط، 27-29 دجنبر 2019",
    "slogan": "«المقاربة التواصلية، خيار فعال لتجويد العمل الاجتماعي»",
    "heading": "رقمكم",
    "first_heading": "توجهوا أولا إلى",
    "first": {"zone": {"id": "A", "shape": "circle"}, "title": "البنك", "detail": "المنطقة A، حوالي 6-15 دقيقة"},
    "instruction": "",
    "route_heading": "مساركم",
    "route": [
        {"title": "البنك", "zone": {"id": "A", "shape": "circle"}, "detail": "حوالي 6-15 دقيقة"},
        {"title": "التأمين الصحي التكميلي", "zone": {"id": "B", "shape": "triangle"}, "detail": "حوالي 10-20 دقيقة"},
        {"title": "السكن والقروض العقارية", "zone": {"id": "D", "shape": "diamond"}, "detail": "حوالي 15-30 دقيقة"},
    ],
    "qr": REFERENCE,
    "offers_heading": "عروض الشركاء",
    "offers": [
        {"title": "البنك", "text": "قرض بدون رسوم ملف للمنخرطين"},
        {"title": "التأمين", "text": "خصم 20 % على تأمين السيارة"},
    ],
    "printed_at": "الجمعة 27 دجنبر 2019، 09:42",
    "foot": "احتفظوا بهذه التذكرة. للاستفسار ⁦+212 537 00 00 00⁩",
}

FR: Spec = {
    "locale": "fr",
    "number": 147,
    "duplicate": None,
    "event": "Premières journées régionales de communication",
    "city": "Rabat, 27-29 décembre 2019",
    "slogan": "« L’approche communicative, un choix efficace pour améliorer l’action sociale »",
    "heading": "Votre numéro",
    "first_heading": "Allez d’abord à",
    "first": {"zone": {"id": "B", "shape": "triangle"}, "title": "Banque", "detail": "Zone B, environ 6-15 min"},
    "instruction": "",
    "route_heading": "Votre parcours",
    "route": [
        {"title": "Banque", "zone": {"id": "B", "shape": "triangle"}, "detail": "environ 6-15 min"},
        {
            "title": "Mutuelle et complémentaire santé",
            "zone": {"id": "C", "shape": "square"},
            "detail": "environ 10-20 min",
        },
        {"title": "Logement et crédit immobilier", "zone": {"id": "E", "shape": "star"}, "detail": "environ 15-30 min"},
    ],
    "qr": REFERENCE,
    "offers_heading": "Offres des partenaires",
    "offers": [
        {"title": "Banque", "text": "Crédit sans frais de dossier pour les adhérents"},
        {"title": "Assurance", "text": "20 % de remise sur l’assurance auto"},
    ],
    "printed_at": "vendredi 27 décembre 2019, 09:42",
    "foot": "Conservez ce ticket. Présentez-le à toute borne pour savoir où vous en êtes.",
}

ZGH: Spec = {
    "locale": "zgh",
    "number": 8,
    "duplicate": "DUPLICATA",
    "event": "ⵓⵙⵙⴰⵏ ⵉⵎⵏⵣⴰ ⵏ ⵓⵎⵢⴰⵡⴰⴹ ⴰⵏⴰⵎⵏⴰⴹ",
    "city": "ⵕⴱⴰⵟ, 27-29 ⴷⵓⵊⴰⵏⴱⵉⵔ 2019",
    "slogan": "«ⴰⵎⵢⴰⵡⴰⴹ, ⴰⵙⵜⴰⵢ ⵉⵖⵓⴷⴰⵏ ⵉ ⵜⵡⵓⵔⵉ ⵜⴰⵏⴰⵎⵓⵏⵜ»",
    "heading": "ⵓⵟⵟⵓⵏ ⵏⵏⵓⵏ",
    "first_heading": "",
    "first": None,
    "instruction": "ⵔⴰⴷ ⴰⵡⵏ ⵏⵖⵔ",
    "route_heading": "ⴰⴱⵔⵉⴷ ⵏⵏⵓⵏ",
    "route": [
        {"title": "ⵍⴱⴰⵏⴽⴰ", "zone": {"id": "A", "shape": "circle"}, "detail": "6-15 ⵏ ⵜⵓⵙⴷⴰⴷⵉⵏ"},
        {"title": "ⵜⴰⴷⵓⵙⵉ", "zone": {"id": "F", "shape": "hexagon"}, "detail": "10-20 ⵏ ⵜⵓⵙⴷⴰⴷⵉⵏ"},
        {"title": "ⵜⴰⵣⴷⵖⵜ", "zone": {"id": "E", "shape": "star"}, "detail": "15-30 ⵏ ⵜⵓⵙⴷⴰⴷⵉⵏ"},
    ],
    "qr": REFERENCE,
    "offers": [{"title": "ⵍⴱⴰⵏⴽⴰ", "text": "ⴰⵔⵟⵟⴰⵍ ⴱⵍⴰ ⴰⵙⵍⴰⵢ"}],
    "printed_at": "27/12/2019, 09:42",
    "foot": "ⵃⵟⵟⵓⵜ ⵜⴰⵡⵔⵉⵇⵜ ⴰⴷ",
}

EN: Spec = {
    "locale": "en",
    "number": 1234,
    "duplicate": "DUPLICATE",
    "event": "First regional communication days",
    "city": "Rabat, 27-29 December 2019",
    "slogan": "“A communicative approach, an effective way to better social work”",
    "heading": "Your number",
    "first_heading": "Go first to",
    "first": {"zone": {"id": "E", "shape": "star"}, "title": "Housing", "detail": "Zone E, about 6-15 min"},
    "instruction": "",
    "route_heading": "Your route",
    "route": [
        {"title": "Housing", "zone": {"id": "E", "shape": "star"}, "detail": "about 6-15 min"},
        {"title": "Telecoms", "zone": {"id": "F", "shape": "hexagon"}, "detail": "about 10-20 min"},
        {"title": "Enrolment", "zone": {"id": "C", "shape": "square"}, "detail": "about 15-30 min"},
    ],
    "qr": REFERENCE,
    "offers": [],
    "printed_at": "Friday 27 December 2019, 09:42",
    "foot": "Keep this ticket.",
}


BY_LOCALE = {"ar": AR, "fr": FR, "zgh": ZGH, "en": EN}

_LONG = {
    "ar": (
        "خدمات التأمين الصحي التكميلي والتغطية الاجتماعية لفائدة المتقاعدين وذوي حقوقهم والأرامل",
        "فسيكتشفونهاوسيستخدمونها",
    ),
    "fr": (
        "Accompagnement administratif, mutuelle complémentaire et renseignements pour les retraités et ayants droit",
        "Anticonstitutionnellementtransgouvernemental",
    ),
    "zgh": ("ⵜⵉⵏⴰⴼⵓⵜⵉⵏ ⵏ ⵜⴷⵓⵙⵉ ⵜⴰⵎⵙⴽⵎⴰⵍⵜ ⴷ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ ⵜⴰⵏⴰⵎⵓⵏⵜ ⵉ ⵉⵎⵙⵉⵔⵏ ⴷ ⵉⵏⴰⵎⵓⵔⵏ", "ⵜⵉⵎⵙⵙⵓⴳⵓⵔⵉⵏⵜⵉⵏⴰⵎⵓⵏⵉⵏⵜⵉⵏⴰⵎⵓⵔⵉⵏ"),
    "en": (
        "Supplementary health insurance and social cover for retired members, widows, widowers and dependants",
        "Pneumonoultramicroscopicsilicovolcanoconiosis",
    ),
}


def long_words(locale: str) -> Spec:
    """Every text far longer than it should ever be, with words that no line can hold; one station."""
    words, word = _LONG[locale]
    return {
        "locale": locale,
        "number": 88888,
        "duplicate": word,
        "event": f"{word} {words}",
        "city": f"{words} 27/12/2019",
        "slogan": f"«{words} {word}»",
        "heading": f"{word} {word}",
        "first_heading": words,
        "first": {"zone": {"id": "W", "shape": "star"}, "title": f"{word} {words}", "detail": word},
        "route_heading": word,
        "route": [{"zone": {"id": "WW", "shape": "diamond"}, "title": word, "detail": f"{words} {word}"}],
        "qr": REFERENCE,
        "offers_heading": word,
        "offers": [{"title": word, "text": f"+212 537 00 00 00 {word}"}],
        "printed_at": f"{word} 27/12/2019, 09:42",
        "foot": f"{word} {words}",
    }


def long_route(locale: str) -> Spec:
    """Six stations with long names, one for each shape of sign, and nowhere to go yet."""
    words, word = _LONG[locale]
    shapes = ("circle", "triangle", "square", "diamond", "star", "hexagon")
    return BY_LOCALE[locale] | {
        "first": None,
        "instruction": f"{word} {words}",
        "route": [
            {"zone": {"id": "ABCDEF"[i], "shape": shape}, "title": f"{words[:50]} {word}", "detail": word}
            for i, shape in enumerate(shapes)
        ],
    }
