"""The words of the audit where it is read as a text or a letter, in French, Arabic and English.

As those of a member's export they stand here and not in the catalogues: they are on no screen.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("fr", "ar", "en")
_Three = tuple[str, str, str]

KINDS: Mapping[str, _Three] = {
    "members_searched": ("recherche de membres", "بحث عن أعضاء", "searched for members"),
    "searches_limited": ("recherches refusées : trop nombreuses", "رفض بحث: كثرة البحث", "refused a search: too many"),
    "visit_looked_up": ("visite ouverte par son numéro", "فتح زيارة برقمها", "opened a visit by its number"),
    "visit_seen_again": ("carte ou ticket revu", "عرض بطاقة أو تذكرة من جديد", "card or ticket shown again"),
    "notes_read": ("notes lues", "قراءة الملاحظات", "read notes"),
    "audit_read": ("journal des consultations lu", "قراءة سجل الاطلاع", "read the audit"),
    "cards_laid_out": ("cartes mises en page pour impression", "تجهيز بطاقات للطبع", "laid out cards to print"),
    "member_admitted": ("arrivée avec carte", "دخول ببطاقة", "let in"),
    "walked_in": ("entrée sans carte", "دخول بدون بطاقة", "let in without a card"),
    "member_registered": ("personne inscrite", "تسجيل شخص", "registered somebody"),
    "family_parted": ("famille en groupes séparés", "توزع العائلة", "family split up"),
    "visit_remembered": ("visite saisie après restauration", "إدخال زيارة بعد الاسترجاع", "entered a lost visit anew"),
    "scan_refused": ("carte ou ticket refusé", "رفض بطاقة أو تذكرة", "refused a scan"),
    "services_chosen": ("services choisis", "اختيار الخدمات", "services chosen"),
    "priority_given": ("priorité accordée", "منح الأولوية", "gave priority"),
    "priority_taken_back": ("priorité retirée", "سحب الأولوية", "took priority back"),
    "visit_held": ("place gardée", "حفظ المكان", "place kept"),
    "visit_resumed": ("visite reprise", "استئناف الزيارة", "visit resumed"),
    "visit_left": ("visite terminée", "انتهاء الزيارة", "visit ended"),
    "visit_reopened": ("visite rouverte", "إعادة فتح الزيارة", "visit opened again"),
    "visit_ended": ("visite terminée avec la journée", "انتهاء الزيارة مع اليوم", "visit ended with its day"),
    "visit_brought_back": ("visite reprise avec la journée", "استرجاع الزيارة", "visit brought back with its day"),
    "feedback_given": ("avis donné", "إبداء رأي", "gave an opinion"),
    "number_handed_over": ("numéro donné sans papier", "إعطاء الرقم بدون ورق", "gave the number without paper"),
    "ticket_queued": ("ticket à imprimer", "تذكرة للطبع", "ticket to print"),
    "counter_opened": ("guichet ouvert", "فتح الشباك", "opened a counter"),
    "counter_paused": ("guichet en pause", "توقف الشباك", "paused a counter"),
    "counter_closed": ("guichet fermé", "إغلاق الشباك", "closed a counter"),
    "visitor_called": ("visiteur appelé", "نداء زائر", "called a visitor"),
    "visitor_recalled": ("visiteur rappelé", "إعادة نداء زائر", "called a visitor again"),
    "visitor_missed": ("visiteur absent", "غياب زائر", "visitor did not come"),
    "service_started": ("service commencé", "بدء الخدمة", "began a service"),
    "service_finished": ("service terminé", "انتهاء الخدمة", "ended a service"),
    "step_parked": ("mis de côté", "وضع جانبا", "set aside"),
    "step_resumed": ("repris", "استئناف", "brought back"),
    "step_transferred": ("envoyé à un autre service", "إحالة إلى خدمة أخرى", "sent on"),
    "service_added": ("service ajouté", "إضافة خدمة", "added a service"),
    "note_written": ("note écrite", "كتابة ملاحظة", "wrote a note"),
    "action_undone": ("dernière action annulée", "إلغاء آخر عملية", "took back the last action"),
    "members_enrolled": ("membres inscrits", "تسجيل أعضاء", "took members in"),
    "members_imported": ("liste de membres importée", "استيراد لائحة الأعضاء", "imported a member list"),
    "member_corrected": ("données d’un membre corrigées", "تصحيح معطيات عضو", "corrected a member"),
    "card_issued": ("nouvelle carte", "بطاقة جديدة", "issued a card"),
    "card_issued_at_desk": ("nouvelle carte à l’accueil", "بطاقة جديدة في الاستقبال", "issued a card at the desk"),
    "card_printed": ("carte imprimée à l’accueil", "طبع بطاقة في الاستقبال", "printed a card at the desk"),
    "card_revoked": ("carte annulée", "إلغاء بطاقة", "revoked a card"),
    "member_exported": ("données d’un membre remises", "تسليم معطيات عضو", "exported a member"),
    "member_erased": ("membre effacé", "محو عضو", "erased a member"),
    "purged": ("données oubliées", "محو المعطيات", "forgot what was due"),
    "staff_signed_in": ("connexion", "تسجيل الدخول", "signed in"),
    "sign_in_locked": ("connexion bloquée (codes faux)", "قفل الدخول بعد رموز خاطئة", "locked after wrong PINs"),
    "short_codes_locked": ("codes courts bloqués", "قفل الرموز القصيرة", "locked after wrong short codes"),
    "staff_added": ("personne ajoutée au personnel", "إضافة موظف", "added to the staff"),
    "staff_pin_set": ("nouveau code", "رمز جديد", "got another PIN"),
    "staff_disabled": ("accès retiré", "سحب الولوج", "taken off the staff list"),
    "staff_enabled": ("accès rendu", "إرجاع الولوج", "put back on the staff list"),
    "staff_unlocked": ("déblocage", "فتح القفل", "wrong PINs forgotten"),
    "device_added": ("appareil ajouté", "إضافة جهاز", "device added"),
    "pairing_approved": ("appareil autorisé", "الموافقة على جهاز", "let a device in"),
    "device_revoked": ("appareil retiré", "سحب جهاز", "cut a device off"),
    "day_opened": ("journée ouverte", "افتتاح اليوم", "opened the day"),
    "day_hours_set": ("horaires changés", "تغيير الأوقات", "set the day's hours"),
    "day_closed": ("journée close", "إغلاق اليوم", "closed the day"),
    "day_ended": ("journée terminée", "نهاية اليوم", "the day ended"),
    "last_tickets_set": ("derniers tickets décidés", "تحديد آخر التذاكر", "decided on last tickets"),
    "plan_in_force": ("autre plan en vigueur", "خطة أخرى سارية", "another plan in force"),
    "database_restored": ("sauvegarde restaurée", "استرجاع نسخة احتياطية", "a backup was brought back"),
    "numbers_skipped": ("numéros laissés de côté", "تخطي أرقام", "numbers left out"),
    "clock_corrected": ("horloge corrigée", "تصحيح الساعة", "corrected the clock"),
    "clock_kept": ("horloge gardée", "إبقاء الساعة", "kept the clock"),
}  # fmt: skip
SAID: Mapping[str, _Three] = {
    "machine": ("serveur", "الخادم", "the server"),
    "number": ("numéro", "رقم", "number"),
    "sought": ("cherché", "البحث عن", "for"),
    "older": (
        "{count} des plus récents ; les autres : --day, --member, --staff ou --all.",
        "أحدث {count}؛ والباقي: ‎--day أو ‎--member أو ‎--staff أو ‎--all.",
        "The newest {count}; the others: --day, --member, --staff or --all.",
    ),
    "none": ("Rien.", "لا شيء.", "Nothing."),
    "head": (
        "Fin de la chaîne : position {position}, empreinte {hash}",
        "نهاية السلسلة: الموضع {position}، البصمة {hash}",
        "Head of the chain: position {position}, hash {hash}",
    ),
    "waiting": (
        "Pas encore dans la chaîne : {count}",
        "خارج السلسلة بعد: {count}",
        "Not in the chain yet: {count}",
    ),
    "sound": (
        "Le journal est tel qu’il a été écrit.",
        "السجل كما كُتب.",
        "The log is as it was written.",
    ),
    "unsound": (
        "Le journal n’est PAS tel qu’il a été écrit :",
        "السجل ليس كما كُتب:",
        "The log is NOT as it was written:",
    ),
    "through": (
        "Il passe par la position {position} avec l’empreinte notée.",
        "يمر بالموضع {position} بالبصمة المدونة.",
        "It goes through position {position} with the hash that was noted.",
    ),
    "elsewhere": (
        "Il ne passe PAS par la position {position} avec l’empreinte notée.",
        "لا يمر بالموضع {position} بالبصمة المدونة.",
        "It does NOT go through position {position} with the hash that was noted.",
    ),
    "missing": ("position {position} : absente", "الموضع {position}: غير موجود", "position {position} is missing"),
    "gone": (
        "position {position} : l’événement {event} a été supprimé",
        "الموضع {position}: حُذف الحدث {event}",
        "position {position}: event {event} was removed",
    ),
    "changed": (
        "position {position} : l’événement {event} a été modifié ou déplacé",
        "الموضع {position}: عُدل الحدث {event} أو نُقل",
        "position {position}: event {event} was changed or moved",
    ),
    "beside": (
        "position {position} : {part} de l’événement {event} a été modifié",
        "الموضع {position}: عُدل {part} للحدث {event}",
        "position {position}: {part} of event {event} was changed",
    ),
    "inserted": (
        "avant la position {position} : l’événement {event} a été ajouté",
        "قبل الموضع {position}: أُضيف الحدث {event}",
        "before position {position}: event {event} was put in",
    ),
    "more": ("et {count} autres", "و{count} أخرى", "and {count} more"),
}


def said(key: str, language: str, **values: object) -> str:
    """Return words in a language of `LANGUAGES`."""
    return SAID[key][LANGUAGES.index(language)].format(**values)


def kind(name: str, language: str) -> str:
    """Return what an event of a kind is called; the kind itself where this release has no words for it."""
    words = KINDS.get(name)
    return name if words is None else words[LANGUAGES.index(language)]
