"""The words of what a member is given of their own data, in French, Arabic and English.

They stand here and not in the catalogues: it is a letter and no screen. Dates, codes and what people typed are said as
they are.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("fr", "ar", "en")
_Three = tuple[str, str, str]

WORDS: Mapping[str, _Three] = {
    "title": ("Ce que Riwaq sait de vous", "ما يعرفه رواق عنكم", "What Riwaq knows of you"),
    "made": ("Établi le", "حُرر في", "Made at"),
    "person": ("Vous", "أنتم", "You"),
    "id": ("Identifiant", "رقم العضو", "Member id"),
    "family": ("Famille", "العائلة", "Family"),
    "name_ar": ("Nom en arabe", "الاسم بالعربية", "Name in Arabic"),
    "name_la": ("Nom en lettres latines", "الاسم بالحروف اللاتينية", "Name in Latin letters"),
    "category": ("Catégorie", "الفئة", "Category"),
    "unit": ("Unité", "الوحدة", "Unit"),
    "locale": ("Langue", "اللغة", "Language"),
    "needs": ("Besoins", "الاحتياجات", "Needs"),
    "cards": ("Vos cartes", "بطاقاتكم", "Your cards"),
    "signed_cards": ("Vos cartes signées", "بطاقاتكم الموقعة", "Your signed cards"),
    "code": ("Code", "الرمز", "Code"),
    "state": ("État", "الحالة", "State"),
    "issued": ("Remise le", "سُلمت في", "Issued at"),
    "revoked": ("Annulée le", "أُلغيت في", "Revoked at"),
    "visits": ("Vos visites", "زياراتكم", "Your visits"),
    "day": ("Journée", "اليوم", "Day"),
    "number": ("Numéro", "الرقم", "Number"),
    "people": ("Personnes", "عدد الأشخاص", "People"),
    "came": ("Arrivée", "الوصول", "Came at"),
    "left": ("Départ", "المغادرة", "Left at"),
    "priority": ("Priorité", "الأولوية", "Priority"),
    "steps": ("Les services demandés", "الخدمات المطلوبة", "The services you asked for"),
    "service": ("Service", "الخدمة", "Service"),
    "counter": ("Guichet", "الشباك", "Counter"),
    "called": ("Appel", "النداء", "Called at"),
    "served": ("Fin", "النهاية", "Ended at"),
    "outcome": ("Issue", "النتيجة", "Outcome"),
    "note": ("Note", "ملاحظة", "Note"),
    "notes": ("Notes du personnel sur vos visites", "ملاحظات الموظفين حول زياراتكم", "Staff's notes on your visits"),
    "opinions": ("Vos avis", "آراؤكم", "Your opinions"),
    "score": ("Note de 1 à 5", "التقييم من 1 إلى 5", "Score of 1 to 5"),
    "kind": ("Nature", "النوع", "Kind"),
    "text": ("Texte", "النص", "Text"),
    "cases": ("Dossiers transmis", "الملفات المحالة", "Cases referred"),
    "office": ("Bureau", "المكتب", "Office"),
    "subject": ("Objet", "الموضوع", "Subject"),
    "prints": ("Tickets imprimés", "التذاكر المطبوعة", "Tickets printed"),
    "printer": ("Imprimante", "الطابعة", "Printer"),
    "contents": ("Contenu", "المحتوى", "Contents"),
    "looked": ("Qui a consulté vos données", "من اطلع على معطياتكم", "Who looked at your data"),
    "happened": ("Ce qui a été enregistré", "ما تم تسجيله", "What was recorded"),
    "at": ("Quand", "متى", "When"),
    "what": ("Quoi", "ماذا", "What"),
    "who": ("Qui", "من", "Who"),
    "where": ("Où", "أين", "Where"),
    "why": ("Pourquoi", "لماذا", "Why"),
    "else": ("Autres", "غير ذلك", "Besides"),
    "answers": (
        "Réponses gardées pour les écrans, où vous apparaissez",
        "أجوبة محفوظة للشاشات تظهرون فيها",
        "Answers kept for screens, in which you appear",
    ),
    "nothing": ("Rien.", "لا شيء.", "Nothing."),
    "machine": ("commande sur le serveur", "أمر على الخادم", "a command on the server"),
    "foot": (
        "Conservation : selon docs/privacy.md. Vous pouvez demander la rectification ou l’effacement (loi 09-08).",
        "مدة الحفظ: حسب docs/privacy.md. يمكنكم طلب التصحيح أو المحو (القانون 09-08).",
        "How long it is kept: docs/privacy.md. You may ask for it to be corrected or erased (law 09-08).",
    ),
}


def say(key: str, language: str) -> str:
    """Return words in a language of `LANGUAGES`."""
    return WORDS[key][LANGUAGES.index(language)]
