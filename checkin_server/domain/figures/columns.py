"""The dictionary's keys, and what is counted."""

from __future__ import annotations

from checkin_server.domain.figures.column import Column, column


def _key(id_: str, names: tuple[str, str, str, str], definition: str) -> Column:
    return column(id_, "key", "", names, definition)


def _count(id_: str, unit: str, names: tuple[str, str, str, str], definition: str) -> Column:
    return column(id_, "count", unit, names, definition)


KEYS = (
    _key("day", ("Day", "Jour", "اليوم", "ⴰⵙⵙ"), "Service day, by its planned date; `all`: the days together."),
    _key(
        "quarter",
        ("Quarter of an hour", "Quart d'heure", "ربع الساعة", "ⵔⵔⴱⵄ ⵏ ⵜⵙⵔⴰⴳⵜ"),
        "Its beginning, in local time with its offset: in a night when the clock changes none stands twice.",
    ),
    _key(
        "category", ("Category", "Catégorie", "الفئة", "ⵜⴰⴳⴳⴰⵢⵜ"), "Category of a member; `not_recorded`: see people."
    ),
    _key("unit", ("Unit", "Unité", "الوحدة", "ⵜⴰⵢⵓⵏⵜ"), "Administrative unit of a member; `not_recorded`: see people."),
    _key(
        "language",
        ("Language", "Langue", "اللغة", "ⵜⵓⵜⵍⴰⵢⵜ"),
        "Language of the member list; of whose visit it is, the one chosen at the kiosk; `not_recorded`: see people.",
    ),
    _key("service", ("Service", "Service", "الخدمة", "ⵜⴰⵏⴰⴼⵓⵜ"), "A service of the plan that held, by its id."),
    _key("booth", ("Booth", "Stand", "الرواق", "ⴰⵔⵡⴰⵇ"), "A partner's stand, by its id."),
    _key("counter", ("Counter", "Guichet", "الشباك", "ⴰⴳⵉⵛⵉ"), "One serving position of a booth, by its id."),
    _key("reason", ("Reason", "Motif", "السبب", "ⵜⴰⵎⵏⵜⵉⵍⵜ"), "By its code; docs/reasons.md explains each."),
    _key("where", ("Where", "Lieu", "المكان", "ⴰⴷⵖⴰⵔ"), "`door`: a kiosk or the welcome desk; `counter`."),
    _key("station", ("Station", "Poste", "المحطة", "ⴰⴷⵖⴰⵔ"), "Kiosk or welcome desk, by its id."),
    _key("printer", ("Printer", "Imprimante", "الطابعة", "ⵜⴰⵙⵉⴳⴳⵣⵜ"), "Where the ticket was last."),
    _key("kind", ("Kind", "Genre", "النوع", "ⴰⵏⴰⵡ"), "`opinion`, `expectation` or `proposal`."),
    _key(
        "text",
        ("Text", "Texte", "النص", "ⴰⴹⵕⵉⵚ"),
        "In full, as it was written; a ready-made sentence is counted as one text. None once it had to be forgotten.",
    ),
    _key("office", ("Office", "Bureau", "المكتب", "ⵜⴰⵙⵉⵔⴰ"), "Regional office or medical mutual, by its id."),
    _key("subject", ("Subject", "Objet", "الموضوع", "ⴰⵙⵏⵜⵍ"), "As the counter wrote it; `not_kept` once forgotten."),
    _key("number", ("Number", "Numéro", "الرقم", "ⵓⵟⵟⵓⵏ"), "The visit's number on its day."),
    _key(
        "note",
        ("Said at the counter", "Dit au guichet", "ما قيل في الشباك", "ⴰⵢⵏⵏⴰ ⵉⵜⵜⵓⵏⵏⴰⵏ"),
        "What the counter wrote when the service was finished, as long as it is kept.",
    ),
    _key("offer", ("Offer", "Offre", "العرض", "ⴰⵙⵓⵎⵔ"), "An offer of a partner's agreement, by its id."),
)
COUNTS = (
    _count(
        "open_end",
        "days",
        ("Open end", "Fin ouverte", "نهاية مفتوحة", "ⵜⴰⴳⴳⴰⵔⴰ"),
        "Days that have not ended: what is open may still be served.",
    ),
    _count(
        "admitted",
        "visits",
        ("Admitted", "Admis", "تم قبولهم", "ⵜⵜⵡⴰⵇⴱⵍⵏ"),
        "Cards scanned for the first time that day, walk-ins too; with or without a number.",
    ),
    _count(
        "arrivals",
        "visits",
        ("Arrivals", "Arrivées", "الوصول", "ⴰⵡⴰⴹ"),
        "Visits that got a number, by when they came first. Each part of a family that split up is one.",
    ),
    _count(
        "people",
        "people",
        ("People", "Personnes", "الأشخاص", "ⵉⴼⴳⴰⵏⵏ"),
        "People in the parties of the arrivals, as chosen last. Days before the log counted a party's kinds "
        "say `not_recorded`.",
    ),
    _count(
        "visits", "visits", ("Visits", "Visites", "الزيارات", "ⵜⵉⵔⵣⴰⴼⵉⵏ"), "Admitted visits, parts of families too."
    ),
    _count(
        "asked",
        "services",
        ("Asked", "Demandés", "المطلوبة", "ⵜⵜⵓⵙⵓⵜⵔⵏ"),
        "Services that visits asked for, were given by a counter, or were sent on to. The sum of where they ended.",
    ),
    _count(
        "served", "services", ("Served", "Servis", "المقدمة", "ⵙⵎⴷⵏ"), "Finished at a counter, whatever the outcome."
    ),
    _count(
        "transferred",
        "services",
        ("Sent on", "Transférés", "المحولة", "ⵜⵜⵡⴰⵣⵏⵏ"),
        "Left for another service, which is asked for from then on.",
    ),
    _count(
        "given_back",
        "services",
        ("Given back", "Rendus", "المتراجع عنها", "ⵜⵜⵓⵔⴰⵔⵏ"),
        "Taken off again by the visitor while the visit went on.",
    ),
    _count(
        "missed_for_good",
        "services",
        ("Given up after missed calls", "Abandonnés après appels manqués", "ملغاة بعد نداءات فائتة", "ⵣⵔⵉⵏ"),
        "Nobody came as often as the venue allows, and it was not asked for again.",
    ),
    _count(
        "abandoned",
        "services",
        ("Abandoned", "Abandonnés", "المتروكة", "ⵜⵜⵓⴼⵍⵏ"),
        "Still wanted when the visit left or its day ended.",
    ),
    _count(
        "still_open",
        "services",
        ("Still open", "En cours", "لا تزال جارية", "ⵕⵥⵎⵏ"),
        "Not ended yet; only on a day with an open end.",
    ),
    _count(
        "unserved",
        "services",
        ("Unserved", "Non servis", "غير المقدمة", "ⵓⵔ ⵙⵎⵉⴷⵏ"),
        "Abandoned, or given up after missed calls.",
    ),
    _count(
        "referred",
        "services",
        ("Referred", "Transmis", "المحالة", "ⵜⵜⵡⴰⵣⵏⵏ ⵖⵔ ⵜⵙⵉⵔⴰ"),
        "Of those served: the case goes to an office.",
    ),
    _count(
        "incomplete",
        "services",
        ("Incomplete", "Incomplets", "غير المكتملة", "ⵓⵔ ⵎⵎⵉⴷⵏ"),
        "Of those served: something was missing.",
    ),
    _count(
        "abandoned_visits",
        "visits",
        ("Abandoned visits", "Visites abandonnées", "الزيارات المتروكة", "ⵜⵉⵔⵣⴰⴼⵉⵏ ⵉⵜⵜⵓⴼⵍⵏ"),
        "Visits with a number that ended with something still wanted.",
    ),
    _count(
        "waits",
        "services",
        ("Waits measured", "Attentes mesurées", "مدد الانتظار المقيسة", "ⴰⵔⴰⵊⵓ ⵉⵜⵜⵓⵖⵣⴰⵏ"),
        "Services that were started: each has a waiting time.",
    ),
    _count(
        "first_calls",
        "services",
        ("Called", "Appelés", "تم نداؤهم", "ⵜⵜⵡⴰⵖⵔⵏ"),
        "Services that were called at least once.",
    ),
    _count(
        "walks",
        "services",
        ("Walks measured", "Marches mesurées", "مدد المشي المقيسة", "ⵜⴰⵡⴰⴷⴰ ⵉⵜⵜⵓⵖⵣⴰⵏ"),
        "Services started by a counter after a call.",
    ),
    _count(
        "service_times",
        "services",
        ("Service times measured", "Services mesurés", "مدد الخدمة المقيسة", "ⵜⵉⵏⴰⴼⵓⵜⵉⵏ ⵉⵜⵜⵓⵖⵣⴰⵏ"),
        "Services that were finished.",
    ),
    _count(
        "without_start",
        "services",
        ("Finished without a start", "Terminés sans début", "منتهية دون بداية", "ⵙⵎⴷⵏ ⴱⵍⴰ ⴰⵙⵙⵏⵜⵉ"),
        "Of the service times measured: nobody pressed *Start*, so they count from the call.",
    ),
    _count(
        "in_target",
        "services",
        ("Within the target", "Dans l'objectif", "ضمن الهدف", "ⴳ ⵓⵡⵜⵜⴰⵙ"),
        "First called within the target.",
    ),
    _count(
        "of_target",
        "services",
        ("Judged by the target", "Jugés", "المحتسبة", "ⵜⵜⵓⵙⵖⵣⵏⵏ"),
        "First called, or ended or still waiting after longer than the target. Who left before is left out.",
    ),
    _count(
        "calls",
        "calls",
        ("Calls", "Appels", "النداءات", "ⵜⵉⵖⵔⵉⵡⵉⵏ"),
        "Calls to a counter, those who came by themselves too; calls once more are apart.",
    ),
    _count(
        "recalls",
        "calls",
        ("Recalls", "Rappels", "النداءات المكررة", "ⵜⵉⵖⵔⵉⵡⵉⵏ ⴷⴰⵖ"),
        "Visitors called once more for the same call.",
    ),
    _count(
        "missed_calls",
        "calls",
        ("Missed calls", "Appels manqués", "النداءات الفائتة", "ⵜⵉⵖⵔⵉⵡⵉⵏ ⵣⵔⵉⵏⵉⵏ"),
        "Calls to which nobody came.",
    ),
    _count(
        "refused",
        "scans",
        ("Refused scans", "Scans refusés", "المسح المرفوض", "ⵜⵜⵓⴳⵢⵏ"),
        "Cards and tickets that were refused, while the day was open.",
    ),
    _count(
        "known",
        "scans",
        ("Of known members", "De membres connus", "لأعضاء معروفين", "ⵜⵜⵡⴰⵙⵙⵏⵏ"),
        "Of those refused: the card or ticket belongs to a known member.",
    ),
    _count(
        "scores",
        "scores",
        ("Scores", "Notes", "التقييمات", "ⵜⵉⵏⵏⴰⵢⵉⵏ"),
        "Scores from 1 to 5; of one visit and service the last one.",
    ),
    *(
        _count(f"score_{n}", "scores", (f"Score {n}", f"Note {n}", f"تقييم {n}", f"ⵜⴰⵏⵏⴰⵢⵜ {n}"), f"Scores of {n}.")
        for n in range(1, 6)
    ),
    _count("texts", "texts", ("Texts", "Textes", "النصوص", "ⵉⴹⵕⵉⵚⵏ"), "Opinions, expectations and proposals in words."),
    _count(
        "counters",
        "counters",
        ("Counters", "Guichets", "الشبابيك", "ⵉⴳⵉⵛⵉⵜⵏ"),
        "Counters of the booth, in the plan that held last.",
    ),
    _count(
        "quoted",
        "services",
        ("Waits quoted", "Attentes annoncées", "مدد الانتظار المعلنة", "ⴰⵔⴰⵊⵓ ⵉⵜⵜⵓⵏⵏⴰⵏ"),
        "Visitors who were told a range for this service as their next, and were first called for it afterwards.",
    ),
    _count(
        "within",
        "services",
        ("Within the range", "Dans la fourchette", "ضمن المدى", "ⴷⴰⵅⵍ"),
        "Of those: called no later than the longest time of the first range that was told.",
    ),
    _count(
        "forecasts",
        "forecasts",
        ("Forecasts", "Prévisions", "التوقعات", "ⵉⵙⵡⵓⵔⵔⵉⵜⵏ"),
        "Forecasts of calls of which it is known whether their longest time was kept.",
    ),
    _count(
        "forecasts_kept",
        "forecasts",
        ("Forecasts kept", "Prévisions tenues", "التوقعات المحققة", "ⵉⵙⵡⵓⵔⵔⵉⵜⵏ ⵉⵜⵜⵓⵡⴰⴼⵏ"),
        "Of those: the call came within it.",
    ),
    _count(
        "overtaken",
        "visits",
        ("Overtaken", "Dépassées", "تم تجاوزها", "ⵜⵜⵡⴰⵣⵔⵉⵏ"),
        "Visits before whom somebody was chosen who had asked later (docs/routing.md).",
    ),
    _count(
        "families", "visits", ("Families", "Familles", "العائلات", "ⵜⵉⵡⴰⵛⵓⵍⵉⵏ"), "Arrivals of more than one person."
    ),
    _count(
        "people_in_families",
        "people",
        ("People in families", "Personnes en famille", "أشخاص ضمن عائلات", "ⵉⴼⴳⴰⵏⵏ ⴳ ⵜⵡⴰⵛⵓⵍⵉⵏ"),
        "People in those parties.",
    ),
    _count(
        "split",
        "visits",
        ("Families that split up", "Familles séparées", "عائلات تفرقت", "ⵜⵉⵡⴰⵛⵓⵍⵉⵏ ⵉⴱⴹⴰⵏ"),
        "Visits of which parts went on their own.",
    ),
    _count(
        "parts",
        "visits",
        ("Parts on their own", "Groupes à part", "مجموعات منفصلة", "ⵜⵉⵔⵓⴱⴱⴰ"),
        "Visits that are such a part.",
    ),
    _count(
        "given",
        "times",
        ("Given", "Accordées", "ممنوحة", "ⵜⵜⵓⴼⴽⴰⵏ"),
        "How often the welcome desk gave priority for this reason.",
    ),
    _count("taken_back", "times", ("Taken back", "Retirées", "مسحوبة", "ⵜⵜⵓⴽⴽⵙⵏ"), "How often it was taken back."),
    _count(
        "seen_again",
        "scans",
        ("Seen again", "Revus", "شوهدوا مجددا", "ⵜⵜⵓⵥⵕⴰⵏ ⴷⴰⵖ"),
        "Scans of visits that were inside already.",
    ),
    _count(
        "numbers", "visits", ("Numbers given", "Numéros donnés", "الأرقام الممنوحة", "ⵓⵟⵟⵓⵏⵏ"), "Numbers given there."
    ),
    _count(
        "duplicates",
        "tickets",
        ("Printed again", "Réimprimés", "أعيدت طباعتها", "ⴰⵙⵉⴳⴳⵣ ⴷⴰⵖ"),
        "Tickets asked for once more.",
    ),
    _count(
        "tickets",
        "tickets",
        ("Tickets", "Tickets", "التذاكر", "ⵜⵉⵡⵔⵉⵇⵉⵏ"),
        "Tickets stored for printing, duplicates too. The sum of where they ended.",
    ),
    _count("printed", "tickets", ("Printed", "Imprimés", "المطبوعة", "ⵜⵜⵓⵙⵉⴳⴳⵣⵏ"), "The printer confirmed it."),
    _count(
        "sent", "tickets", ("Sent", "Envoyés", "المرسلة", "ⵜⵜⵡⴰⵣⵏⵏ"), "The printer took all of it and confirms nothing."
    ),
    _count(
        "uncertain", "tickets", ("Uncertain", "Incertains", "غير مؤكدة", "ⵓⵔ ⵜⵜⵡⴰⵙⵙⵏⵏ"), "Sent and never confirmed."
    ),
    _count("failed", "tickets", ("Failed", "Échoués", "الفاشلة", "ⵓⵔ ⴼⴼⵉⵖⵏ"), "It could not be printed."),
    _count(
        "handed_over",
        "tickets",
        ("Without paper", "Sans papier", "بدون ورق", "ⴱⵍⴰ ⵍⴽⴰⵖⴹ"),
        "The welcome desk gave the number without paper.",
    ),
    _count(
        "queued", "tickets", ("Not printed yet", "En attente", "في الانتظار", "ⴳ ⵓⵔⴰⵊⵓ"), "Nothing has come of it yet."
    ),
    _count(
        "moved",
        "times",
        ("Moved on", "Déplacés", "المنقولة", "ⵜⵜⵓⵙⵎⵓⵜⵜⵉⵏ"),
        "How often a printer was down and its ticket went to the next one.",
    ),
    _count(
        "cases", "cases", ("Cases", "Dossiers", "الملفات", "ⵉⴷⵍⵉⵙⵏ"), "Services that were finished as referred there."
    ),
    _count(
        "rule_more",
        "times",
        ("More taken", "Plus acceptés", "قبول المزيد", "ⵓⴳⴳⴰⵔ"),
        "How often an organiser had more visitors taken.",
    ),
    _count(
        "rule_stop",
        "times",
        ("Stopped", "Arrêtés", "إيقاف", "ⴰⴱⴷⴷⵉ"),
        "How often an organiser had nobody taken any more.",
    ),
    _count(
        "rule_automatic",
        "times",
        ("Automatic again", "De nouveau automatique", "تلقائي من جديد", "ⵙ ⵡⵓⵍⴰⵙ"),
        "How often it was left to the look-ahead again.",
    ),
    _count(
        "shown",
        "visits",
        ("Shown to", "Présentée à", "عرضت على", "ⵜⵜⵓⵙⴽⴰⵏ"),
        "Arrivals that asked for the service and whose category the offer is for: it stood beside the "
        "service, and on the ticket as far as there was room.",
    ),
)
