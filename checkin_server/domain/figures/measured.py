"""The dictionary's durations and shares. What was not measured is empty, never 0."""

from __future__ import annotations

from checkin_server.domain.figures.column import Column, column

Names = tuple[str, str, str, str]


def _spread(prefix: str, of: Names, definition: str) -> tuple[Column, Column, Column]:
    """Return median, P90 and longest of a duration; its count is a column of its own."""
    en, fr, ar, zgh = of
    return (
        column(
            f"{prefix}_median",
            "duration",
            "s",
            (f"{en}: median", f"{fr} : médiane", f"{ar}: الوسيط", f"{zgh}: ⴰⵏⴰⵎⵎⴰⵙ"),
            f"{definition} The median.",
        ),
        column(
            f"{prefix}_p90",
            "duration",
            "s",
            (f"{en}: P90", f"{fr} : P90", f"{ar}: المئين 90", f"{zgh}: P90"),
            f"{definition} Nine in ten were no longer; between two values as spreadsheets reckon (PERCENTILE.INC).",
        ),
        column(
            f"{prefix}_longest",
            "duration",
            "s",
            (f"{en}: longest", f"{fr} : maximum", f"{ar}: الأطول", f"{zgh}: ⵢⵓⴳⵔⵏ"),
            f"{definition} The longest.",
        ),
    )


def _time(id_: str, names: Names, definition: str) -> Column:
    return column(id_, "duration", "s", names, definition)


def _share(id_: str, names: Names, definition: str) -> Column:
    return column(id_, "share", "share", names, definition)


MEASURED = (
    *_spread(
        "wait",
        ("Wait", "Attente", "الانتظار", "ⴰⵔⴰⵊⵓ"),
        "From when a service was asked for (or added, or sent on to) to the last call that was followed by *Start*; to "
        "call once more is a call. Less the time it was held, parked, given up after missed calls, or gone, and less "
        "what had been served of it before it was parked or sent on: none of that is waiting.",
    ),
    *_spread(
        "first_call",
        ("Wait for the first call", "Attente du premier appel", "انتظار أول نداء", "ⴰⵔⴰⵊⵓ ⵏ ⵜⵖⵔⵉ ⵜⴰⵎⵣⵡⴰⵔⵓⵜ"),
        "The same to the first call.",
    ),
    *_spread("walking", ("Walk", "Marche", "المشي", "ⵜⴰⵡⴰⴷⴰ"), "From the last call to *Start*."),
    *_spread(
        "service",
        ("Service time", "Durée du service", "مدة الخدمة", "ⴰⴽⵓⴷ ⵏ ⵜⵏⴰⴼⵓⵜ"),
        "From *Start* to *Finish*; from the call where a service was finished without *Start*.",
    ),
    *_spread(
        "given_up",
        ("Waited in vain", "Attente vaine", "انتظار بلا جدوى", "ⴰⵔⴰⵊⵓ ⴱⵍⴰ ⵜⴰⵢⴰⴼⵓⵜ"),
        "How long an abandoned service had waited, less the time it was held or set aside.",
    ),
    *_spread(
        "venue",
        ("Time in the venue", "Temps sur place", "المدة داخل الفضاء", "ⴰⴽⵓⴷ ⴳ ⵜⵣⵇⵇⴰ"),
        "From the first scan to the last finish, or to leaving; of arrivals that were over before the day was.",
    ),
    column(
        "venue_times",
        "count",
        "visits",
        ("Times in the venue measured", "Visites mesurées", "الزيارات المقيسة", "ⵜⵉⵔⵣⴰⴼⵉⵏ ⵉⵜⵜⵓⵖⵣⴰⵏ"),
        "Arrivals whose time in the venue is known.",
    ),
    column(
        "target",
        "duration",
        "min",
        ("Target", "Objectif", "الهدف", "ⴰⵡⵜⵜⴰⵙ"),
        "Within how many minutes a service shall be first called, by the plan that held last.",
    ),
    _share(
        "service_level",
        ("Service level", "Niveau de service", "مستوى الخدمة", "ⴰⵙⵡⵉⵔ ⵏ ⵜⵏⴰⴼⵓⵜ"),
        "Of all services asked for that are judged by the target, the share first called within it.",
    ),
    _time(
        "open_s",
        ("Open", "Ouvert", "مفتوح", "ⵉⵕⵥⵎ"),
        "Walking, serving, idle and paused together, while the day was open: from its opening to its end.",
    ),
    _time(
        "walking_s", ("Walking", "En marche", "في انتظار الوصول", "ⵜⴰⵡⴰⴷⴰ"), "A visitor was called and had not come."
    ),
    _time("serving_s", ("Serving", "En service", "في الخدمة", "ⵉⵛⵖⵍ"), "A visitor was served."),
    _time("idle_s", ("Idle", "Libre", "شاغر", "ⵉⵅⵡⴰ"), "Open, with nobody called or served."),
    _time(
        "idle_while_waiting_s",
        (
            "Idle while somebody waited",
            "Libre pendant qu'on attendait",
            "شاغر وهناك من ينتظر",
            "ⵉⵅⵡⴰ ⴷ ⵉⵍⵍⴰ ⵎⴰⵢⵜⵜⵔⴰⵊⵓⵏ",
        ),
        "The part of idle during which at least one visit that this counter may call was free, or on its way there: "
        "not at a counter or sent elsewhere, not held, not resting after a missed call, with no earlier stop to make.",
    ),
    _time("paused_s", ("Paused", "En pause", "متوقف", "ⴳ ⵓⵙⵓⵏⴼⵓ"), "Paused by its staff."),
    _time(
        "planned_s", ("Planned", "Prévu", "مبرمج", "ⵉⵜⵜⵓⵙⵖⵉⵡⵙ"), "The booth's counters times the day's opening hours."
    ),
    *_spread(
        "quoted_p50",
        ("Quoted, half", "Annoncé, moitié", "المعلن، النصف", "ⵉⵜⵜⵓⵏⵏⴰⵏ, ⴰⵣⴳⵏ"),
        "The shorter time of the first range told.",
    )[:1],
    *_spread(
        "quoted_p90",
        ("Quoted, longest", "Annoncé, maximum", "المعلن، الأقصى", "ⵉⵜⵜⵓⵏⵏⴰⵏ, ⵢⵓⴳⵔⵏ"),
        "The longer time of the first range told.",
    )[:1],
    *_spread("came", ("Came", "Réel", "الفعلي", "ⵉⵍⵍⴰⵏ"), "From when the range was told to the first call afterwards.")[
        :1
    ],
    _share(
        "within_share",
        ("Within the range", "Part dans la fourchette", "نسبة ضمن المدى", "ⵜⴰⵖⵓⵏⵉ"),
        "Share of the quoted waits that came no later than the range's longest time.",
    ),
    _share(
        "kept_share",
        ("Share kept", "Part tenue", "نسبة المحقق", "ⵜⴰⵖⵓⵏⵉ"),
        "Share of forecasts whose longest time was kept.",
    ),
    _time(
        "forecast_error",
        ("Off by", "Écart moyen", "متوسط الفارق", "ⴰⵎⵣⴰⵔⴰⵢ"),
        "Mean distance of the call from the forecast's half; of the forecasts whose call has come.",
    ),
    _time(
        "overtaken_longest",
        ("Overtaken by", "Dépassement maximal", "أقصى تجاوز", "ⴰⵣⵔⴰⵢ ⵢⵓⴳⵔⵏ"),
        "How much later somebody had asked who was chosen before one of them, at most.",
    ),
    column(
        "head_start",
        "duration",
        "min",
        ("Head start", "Avance", "الأسبقية", "ⵜⴰⵣⵡⵓⵔⵉ"),
        "Minutes of head start given together.",
    ),
    column(
        "score_median",
        "value",
        "score",
        ("Median score", "Note médiane", "وسيط التقييم", "ⴰⵏⴰⵎⵎⴰⵙ"),
        "The median of the scores.",
    ),
    column(
        "hall_wait_median",
        "duration",
        "min",
        (
            "Wait in the hall: median",
            "Attente dans la salle : médiane",
            "الانتظار في القاعة: الوسيط",
            "ⴰⵔⴰⵊⵓ ⴳ ⵜⵣⵇⵇⴰ: ⴰⵏⴰⵎⵎⴰⵙ",
        ),
        "The median, over all visits of the hall with a measured wait, of a visit's mean wait for a service; in whole "
        "minutes, and only from four partners and 20 such visits on.",
    ),
)
