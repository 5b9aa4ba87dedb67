"""What every column of every dataset means: its name in four languages, its unit, its definition and a version.

The definitions are those of the project's statistics; a change of one raises its version. `docs/figures.md` is written
from here, and every export carries it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checkin_server.domain.figures import columns, measured
from checkin_server.domain.figures.column import Column, Text

COLUMNS: Mapping[str, Column] = {one.id: one for one in (*columns.KEYS, *columns.COUNTS, *measured.MEASURED)}
"""Every column, by its id. The same id means the same in whichever dataset it stands."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One subject: which rows there are, what stands in them, how to draw it."""

    name: str
    title: Text
    keys: tuple[str, ...]
    """Columns that name a row."""
    values: tuple[str, ...]
    draw: str
    """A hint: ``figures``, ``bars``, ``line``, ``stack`` or ``table``."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, the keys first."""
        return tuple(COLUMNS[name] for name in (*self.keys, *self.values))


def _title(en: str, fr: str, ar: str, zgh: str) -> Text:
    return {"en": en, "fr": fr, "ar": ar, "zgh": zgh}


_ENDS = ("asked", "served", "transferred", "given_back", "missed_for_good", "abandoned", "still_open", "unserved")
_WAITS = ("waits", "wait_median", "wait_p90", "wait_longest")
_VENUE = ("venue_times", "venue_median", "venue_p90", "venue_longest")
_LEVEL = ("target", "in_target", "of_target", "service_level")
_TIMES = ("open_s", "walking_s", "serving_s", "idle_s", "idle_while_waiting_s", "paused_s")
_TICKETS = ("tickets", "printed", "sent", "uncertain", "failed", "handed_over", "queued", "moved")
_SCORES = ("scores", "score_1", "score_2", "score_3", "score_4", "score_5", "score_median")

_ALL = (
    Dataset(
        "glance",
        _title("The day at a glance", "La journée en bref", "اليوم في لمحة", "ⴰⵙⵙ ⵙ ⵜⵖⴰⵡⵍⴰ"),
        ("day",),
        (
            *("open_end", "admitted", "arrivals", "people", *_ENDS, "abandoned_visits", *_WAITS, *_LEVEL, *_VENUE),
            *("calls", "missed_calls", "refused", "scores", "texts"),
        ),
        "figures",
    ),
    Dataset(
        "arrivals",
        _title(
            "Arrivals by quarter of an hour",
            "Arrivées par quart d'heure",
            "الوصول حسب ربع الساعة",
            "ⴰⵡⴰⴹ ⴽⵓ 15 ⵜⵓⵙⴷⵉⴷⵉⵏ",
        ),
        ("quarter",),
        ("arrivals", "people"),
        "line",
    ),
    Dataset(
        "people_by_category",
        _title("People by category", "Personnes par catégorie", "الأشخاص حسب الفئة", "ⵉⴼⴳⴰⵏⵏ ⵙ ⵜⴳⴳⴰⵢⵜ"),
        ("category",),
        ("arrivals", "people"),
        "bars",
    ),
    Dataset(
        "people_by_unit",
        _title("People by unit", "Personnes par unité", "الأشخاص حسب الوحدة", "ⵉⴼⴳⴰⵏⵏ ⵙ ⵜⵢⵓⵏⵜ"),
        ("unit",),
        ("arrivals", "people"),
        "bars",
    ),
    Dataset(
        "people_by_language",
        _title("People by language", "Personnes par langue", "الأشخاص حسب اللغة", "ⵉⴼⴳⴰⵏⵏ ⵙ ⵜⵓⵜⵍⴰⵢⵜ"),
        ("language",),
        ("arrivals", "people"),
        "bars",
    ),
    Dataset(
        "services",
        _title(
            "Services: where each ended", "Services : ce qu'il en est advenu", "الخدمات: كيف انتهى كل طلب", "ⵜⵉⵏⴰⴼⵓⵜⵉⵏ"
        ),
        ("service",),
        (*_ENDS, "referred", "incomplete"),
        "stack",
    ),
    Dataset(
        "waits",
        _title("Waits by service", "Attentes par service", "الانتظار حسب الخدمة", "ⴰⵔⴰⵊⵓ ⵙ ⵜⵏⴰⴼⵓⵜ"),
        ("service",),
        (*_WAITS, "first_calls", "first_call_median", "first_call_p90", "first_call_longest", *_LEVEL),
        "bars",
    ),
    Dataset(
        "service_times",
        _title(
            "Walking and service times",
            "Temps de marche et de service",
            "مدة المشي ومدة الخدمة",
            "ⴰⴽⵓⴷ ⵏ ⵜⵡⴰⴷⴰ ⴷ ⵜⵏⴰⴼⵓⵜ",
        ),
        ("service",),
        (
            *("walks", "walking_median", "walking_p90", "walking_longest"),
            *("service_times", "service_median", "service_p90", "service_longest", "without_start"),
        ),
        "bars",
    ),
    Dataset(
        "abandoned",
        _title("Abandoned services", "Services abandonnés", "الخدمات المتروكة", "ⵜⵉⵏⴰⴼⵓⵜⵉⵏ ⵉⵜⵜⵓⴼⵍⵏ"),
        ("service",),
        ("abandoned", "given_up_median", "given_up_p90", "given_up_longest"),
        "bars",
    ),
    Dataset(
        "counters",
        _title("Counters and staff time", "Guichets et temps du personnel", "الشبابيك ووقت الموظفين", "ⵉⴳⵉⵛⵉⵜⵏ"),
        ("counter",),
        (*_TIMES, "served"),
        "stack",
    ),
    Dataset(
        "capacity",
        _title(
            "Capacity: planned, open, used",
            "Capacité : prévue, ouverte, utilisée",
            "الطاقة: المبرمجة والمفتوحة والمستعملة",
            "ⵜⴰⵣⵎⵔⵜ",
        ),
        ("booth",),
        ("counters", "planned_s", "open_s", "serving_s"),
        "bars",
    ),
    Dataset(
        "calls",
        _title(
            "Calls, missed calls, recalls",
            "Appels, appels manqués, rappels",
            "النداءات والنداءات الفائتة والمكررة",
            "ⵜⵉⵖⵔⵉⵡⵉⵏ",
        ),
        ("service",),
        ("calls", "recalls", "missed_calls", "missed_for_good"),
        "bars",
    ),
    Dataset(
        "quoted",
        _title(
            "Wait quoted and actual", "Attente annoncée et réelle", "الانتظار المعلن والفعلي", "ⴰⵔⴰⵊⵓ ⵉⵜⵜⵓⵏⵏⴰⵏ ⴷ ⵡⵉⵍⵍⵉ"
        ),
        ("service",),
        ("quoted", "quoted_p50_median", "quoted_p90_median", "came_median", "within", "within_share"),
        "bars",
    ),
    Dataset(
        "forecasts",
        _title("Forecasts kept", "Prévisions tenues", "التوقعات المحققة", "ⵉⵙⵡⵓⵔⵔⵉⵜⵏ ⵉⵜⵜⵓⵡⴰⴼⵏ"),
        ("day",),
        ("forecasts", "forecasts_kept", "kept_share", "forecast_error"),
        "figures",
    ),
    Dataset(
        "fairness",
        _title("Fairness", "Équité", "الإنصاف", "ⵜⴰⵏⵎⵓⵏⵜ"),
        ("category",),
        ("visits", "overtaken", "overtaken_longest"),
        "bars",
    ),
    Dataset(
        "families",
        _title("Families", "Familles", "العائلات", "ⵜⵉⵡⴰⵛⵓⵍⵉⵏ"),
        ("day",),
        ("families", "people_in_families", "split", "parts"),
        "figures",
    ),
    Dataset(
        "priorities",
        _title("Priority given by hand", "Priorités accordées", "الأسبقيات الممنوحة", "ⵜⵉⵣⵡⵓⵔⵉⵏ"),
        ("reason",),
        ("given", "taken_back", "head_start"),
        "bars",
    ),
    Dataset(
        "kiosks",
        _title("Kiosks and desks", "Bornes et accueils", "الأكشاك ومكاتب الاستقبال", "ⵉⴽⵢⵓⵙⴽⵏ"),
        ("station",),
        ("admitted", "seen_again", "numbers", "duplicates", "refused"),
        "bars",
    ),
    Dataset(
        "tickets",
        _title("Tickets by printer", "Tickets par imprimante", "التذاكر حسب الطابعة", "ⵜⵉⵡⵔⵉⵇⵉⵏ ⵙ ⵜⵙⵉⴳⴳⵣⵜ"),
        ("printer",),
        _TICKETS,
        "stack",
    ),
    Dataset(
        "refused",
        _title(
            "Refused scans by reason", "Scans refusés par motif", "البطاقات المرفوضة حسب السبب", "ⵜⵉⴽⴰⵕⴹⵉⵡⵉⵏ ⵉⵜⵜⵓⴳⵢⵏ"
        ),
        ("reason", "where"),
        ("refused", "known"),
        "bars",
    ),
    Dataset(
        "opinions",
        _title("Opinions by service", "Avis par service", "الآراء حسب الخدمة", "ⵜⵉⵏⵏⴰⵢⵉⵏ ⵙ ⵜⵏⴰⴼⵓⵜ"),
        ("service",),
        _SCORES,
        "stack",
    ),
    Dataset(
        "words",
        _title(
            "Opinions, expectations, proposals",
            "Avis, attentes, propositions",
            "آراء وانتظارات ومقترحات",
            "ⵜⵉⵏⵏⴰⵢⵉⵏ ⴷ ⵉⵙⵓⵎⴰⵔⵏ",
        ),
        ("kind", "language", "text"),
        ("texts",),
        "table",
    ),
    Dataset(
        "referrals",
        _title(
            "Cases referred to offices",
            "Dossiers transmis aux bureaux",
            "الملفات المحالة على المكاتب",
            "ⵉⴷⵍⵉⵙⵏ ⵉⵜⵜⵡⴰⵣⵏⵏ",
        ),
        ("office", "subject"),
        ("cases",),
        "table",
    ),
    Dataset(
        "last_tickets",
        _title(
            "Last tickets: what was decided",
            "Derniers tickets : décisions",
            "آخر التذاكر: القرارات",
            "ⵜⵉⵡⵔⵉⵇⵉⵏ ⵜⵉⵎⴳⴳⵓⵔⴰ",
        ),
        ("service",),
        ("rule_more", "rule_stop", "rule_automatic"),
        "table",
    ),
    Dataset(
        "offers",
        _title("Offers shown", "Offres présentées", "العروض المقدمة", "ⵉⵙⵓⵎⴰⵔⵏ"),
        ("offer", "service"),
        ("shown",),
        "bars",
    ),
)
DATASETS: Mapping[str, Dataset] = {one.name: one for one in _ALL}
"""Every dataset, by its name, in the order of a report."""

_BESIDE = (
    Dataset(
        "yardstick",
        _title("The hall as a yardstick", "La salle comme repère", "القاعة كمرجع", "ⵜⴰⵣⵇⵇⴰ"),
        (),
        ("hall_wait_median",),
        "figures",
    ),
    Dataset(
        "cases",
        _title("Cases for this office", "Dossiers pour ce bureau", "ملفات هذا المكتب", "ⵉⴷⵍⵉⵙⵏ ⵏ ⵜⵙⵉⵔⴰ ⴰ"),
        ("day", "number"),
        ("service", "subject", "note"),
        "table",
    ),
)
FOR_OTHERS: Mapping[str, Dataset] = {one.name: one for one in _BESIDE}
"""What stands in a partner's or an office's sheet alone."""
