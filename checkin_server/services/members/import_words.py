"""The words of an import's report, in the three languages of the offices that send lists: English, French, Arabic.

They stand beside the code that uses them and not in the catalogues: a report is no screen, and nobody reads it in
Tifinagh. The rules of writing are the catalogues' own (`tests/members/test_import_report.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "fr", "ar")
"""The first is what a command says unless it is told otherwise."""

_Three = tuple[str, str, str]

WHY: Mapping[str, _Three] = {
    "empty": ("is empty", "est vide", "فارغة"),
    "too_long_text": ("is longer than {detail} letters", "dépasse {detail} caractères", "أطول من {detail} حرفا"),
    "same_member": (
        "the same member stands in row {detail}",
        "le même membre figure à la ligne {detail}",
        "العضو نفسه موجود في السطر {detail}",
    ),
    "almost_same_member": (
        "this id is the one in row {detail} but for its writing (zeros, capitals, spaces, digits of another script). "
        "If both are right: {as_written}",
        "cet identifiant est celui de la ligne {detail} à l’écriture près (zéros, majuscules, espaces, chiffres d’une "
        "autre écriture). Si les deux sont justes\u00a0: {as_written}",
        "هذا الرقم هو رقم السطر {detail} مع اختلاف في الكتابة (أصفار أو مسافات أو شكل الأحرف والأرقام). إن كان كلاهما "
        "صحيحا: {as_written}",
    ),
    "almost_known": (
        "this id is that of a known member but for its writing (zeros, capitals, spaces, digits of another script). "
        "If it is another member: {as_written}",
        "cet identifiant est celui d’un membre connu à l’écriture près (zéros, majuscules, espaces, chiffres d’une "
        "autre "
        "écriture). Si c’est un autre membre\u00a0: {as_written}",
        "هذا الرقم هو رقم عضو معروف مع اختلاف في الكتابة (أصفار أو مسافات أو شكل الأحرف والأرقام). إن كان عضوا آخر: "
        "{as_written}",
    ),
    "no_name": ("has no name in either script", "n’a de nom dans aucune écriture", "بدون اسم بأي من الكتابتين"),
    "no_category": (
        "there is no such category; known are {known}",
        "cette catégorie n’existe pas\u00a0; les catégories sont {known}",
        "لا توجد هذه الفئة؛ الفئات هي {known}",
    ),
    "no_unit": (
        "there is no such unit in the venue's plan; known are {known}",
        "cette unité n’existe pas dans le plan du site\u00a0; les unités sont {known}",
        "لا توجد هذه الوحدة في مخطط الموقع؛ الوحدات هي {known}",
    ),
    "no_locale": (
        "there is no such language; known are {known}",
        "cette langue n’existe pas\u00a0; les langues sont {known}",
        "لا توجد هذه اللغة؛ اللغات هي {known}",
    ),
    "no_need": (
        "there is no such need; known are {known}",
        "ce besoin n’existe pas\u00a0; les besoins sont {known}",
        "لا توجد هذه الحاجة؛ الحاجات هي {known}",
    ),
    "no_code": (
        "is not a card code: C and 32 letters of {letters}",
        "n’est pas un code de carte\u00a0: C et 32 lettres parmi {letters}",
        "ليس رمز بطاقة: C و32 حرفا من {letters}",
    ),
    "same_code": (
        "the same code stands in row {detail}",
        "le même code figure à la ligne {detail}",
        "الرمز نفسه موجود في السطر {detail}",
    ),
    "other_member": ("is the card of another member", "est la carte d’un autre membre", "بطاقة عضو آخر"),
    "other_event": ("is a card of another event", "est une carte d’un autre événement", "بطاقة تظاهرة أخرى"),
    # What a spreadsheet did.
    "error": (
        "holds an error of a formula: {detail}",
        "contient une erreur de formule\u00a0: {detail}",
        "فيها خطأ صيغة حسابية: {detail}",
    ),
    "no_result": (
        "is a formula whose result is not in the file; open it in a spreadsheet and save it again",
        "est une formule dont le résultat n’est pas dans le fichier\u00a0; ouvrez-le dans un tableur et enregistrez-le",
        "صيغة حسابية لا توجد نتيجتها في الملف؛ افتحوه في برنامج الجداول ثم احفظوه من جديد",
    ),
    "formula": ("is a formula", "est une formule", "صيغة حسابية"),
    "date": (
        "is a date; a spreadsheet may have made it of an id. If it is right, write it as text{and_as_written}",
        "est une date\u00a0; un tableur a pu la faire d’un identifiant. Si elle est juste, écrivez-la en "
        "texte{and_as_written}",
        "تاريخ، وربما حول برنامج الجداول رقما إلى تاريخ. إن كان صحيحا فاكتبوه نصا{and_as_written}",
    ),
    "truth": ("is a truth value, no text", "est une valeur logique, pas un texte", "قيمة منطقية لا نص"),
    "decimal": (
        "is a number with decimals. If it is right, write it as text{and_as_written}",
        "est un nombre décimal. S’il est juste, écrivez-le en texte{and_as_written}",
        "عدد عشري. إن كان صحيحا فاكتبوه نصا{and_as_written}",
    ),
    "scientific": (
        "is shown as a number with an exponent, digits may be lost; give the column the number format 0 and save it "
        "again",
        "s’affiche comme un nombre avec exposant, des chiffres ont pu se perdre\u00a0; donnez à la colonne le format "
        "0 et "
        "enregistrez de nouveau",
        "يظهر عددا مع أس وقد تكون أرقام ضاعت؛ أعطوا العمود تنسيق الأرقام 0 ثم احفظوا الملف من جديد",
    ),
    "grouped": (
        "is shown with thousands apart; give the column the number format 0 and save it again, or, if the id is so: "
        "{as_written}",
        "s’affiche avec des séparateurs de milliers\u00a0; donnez à la colonne le format 0 et enregistrez de "
        "nouveau, ou, si l’identifiant est ainsi\u00a0: {as_written}",
        "يظهر بفواصل الآلاف؛ أعطوا العمود تنسيق الأرقام 0 ثم احفظوا الملف من جديد أو، إن كان الرقم هكذا: {as_written}",
    ),
    "too_long": (
        "is a number of more than 15 digits, of which spreadsheets lose the last; write it as text",
        "est un nombre de plus de 15 chiffres, dont les tableurs perdent les derniers\u00a0; écrivez-le en texte",
        "عدد من أكثر من 15 رقما تضيع أرقامه الأخيرة في برامج الجداول؛ اكتبوه نصا",
    ),
    "negative": ("is a number below zero", "est un nombre négatif", "عدد سالب"),
    "unknown_format": (
        "is a number, and the file does not tell how it is shown; write the column as text and save it again",
        "est un nombre dont le fichier ne dit pas l’affichage\u00a0; mettez la colonne en texte et enregistrez de "
        "nouveau",
        "عدد لا يبين الملف كيف يظهر؛ اجعلوا العمود نصا ثم احفظوا الملف من جديد",
    ),
    "apostrophe": (
        "begins with an apostrophe, as text in a spreadsheet does; take it away, or, if the id is so: {as_written}",
        "commence par une apostrophe, comme un texte de tableur\u00a0; enlevez-la, ou, si l’identifiant est "
        "ainsi\u00a0: {as_written}",
        "يبدأ بفاصلة عليا كما في نصوص الجداول؛ احذفوها أو، إن كان الرقم هكذا: {as_written}",
    ),
    "number_as_name": ("is a number, no name", "est un nombre, pas un nom", "عدد لا اسم"),
    "merged": (
        "is one merged cell for several rows ({detail}); each member needs one of their own",
        "est une cellule fusionnée sur plusieurs lignes ({detail})\u00a0; chaque membre a besoin de la sienne",
        "خلية مدمجة لعدة أسطر ({detail})؛ لكل عضو خليته",
    ),
    "merged_across": (
        "is one merged cell for several columns ({detail}); part it",
        "est une cellule fusionnée sur plusieurs colonnes ({detail})\u00a0; séparez-la",
        "خلية مدمجة لعدة أعمدة ({detail})؛ ألغوا الدمج",
    ),
    "hidden": (
        "the row is hidden in the file; show it (a filter may hide it) or delete it",
        "la ligne est masquée dans le fichier\u00a0; affichez-la (un filtre peut la masquer) ou supprimez-la",
        "السطر مخفي في الملف؛ أظهروه (قد تخفيه تصفية) أو احذفوه",
    ),
    # What a text file or an encoding did.
    "stray_quote": (
        "{detail} has a quotation mark where none can be; double it or take it away",
        "{detail} a un guillemet là où il ne peut pas être\u00a0; doublez-le ou enlevez-le",
        "في {detail} علامة اقتباس في غير موضعها؛ ضاعفوها أو احذفوها",
    ),
    "too_many_cells": (
        "the row has more cells than the header; a name with a mark in it needs quotation marks",
        "la ligne a plus de cellules que l’en-tête\u00a0; un nom qui contient un séparateur doit être entre guillemets",
        "في السطر خلايا أكثر من الرأس؛ الاسم الذي فيه فاصلة يوضع بين علامتي اقتباس",
    ),
    "no_letter": (
        "holds a character that is no letter; the file may be in another encoding",
        "contient un caractère qui n’est pas une lettre\u00a0; le fichier est peut-être dans un autre encodage",
        "فيها رمز ليس حرفا؛ ربما كان الملف بترميز آخر",
    ),
    "unseen": (
        "holds nothing that can be seen, only spaces or marks; type it again",
        "ne contient rien de visible, seulement des espaces ou des signes\u00a0; saisissez-le à nouveau",
        "ليس فيها ما يرى، بل مسافات أو علامات فقط؛ اكتبوها من جديد",
    ),
    "mixed_scripts": (
        "has letters of two scripts in one word; they may have been garbled before",
        "a des lettres de deux écritures dans un même mot\u00a0; elles ont pu être abîmées auparavant",
        "في كلمة واحدة حروف من كتابتين؛ ربما فسدت من قبل",
    ),
    "misread": (
        "its letters were garbled before, by a program that read them in another encoding; take the list from its "
        "source",
        "ses lettres ont été abîmées auparavant par un programme qui les a lues dans un autre encodage\u00a0; "
        "reprenez la "
        "liste à sa source",
        "فسدت حروفها من قبل في برنامج قرأها بترميز آخر؛ خذوا اللائحة من مصدرها",
    ),
    "lost_letters": (
        "has question marks where letters were; take the list from its source",
        "a des points d’interrogation à la place de lettres\u00a0; reprenez la liste à sa source",
        "فيها علامات استفهام مكان حروف؛ خذوا اللائحة من مصدرها",
    ),
}
"""Why a row is bad; what a cell *is* or *has* comes after the cell's name."""

FILE: Mapping[str, _Three] = {
    "not_there": (
        "{path} cannot be read: {detail}",
        "{path} ne peut pas être lu\u00a0: {detail}",
        "لا يمكن قراءة {path}: {detail}",
    ),
    "empty_file": ("{path} is empty", "{path} est vide", "{path} فارغ"),
    "password": (
        "{path} is protected by a password; open it, save it without one, and take that in",
        "{path} est protégé par un mot de passe\u00a0; ouvrez-le, enregistrez-le sans, et importez celui-là",
        "{path} محمي بكلمة سر؛ افتحوه واحفظوه بدونها ثم استوردوه",
    ),
    "broken": (
        "{path} is not a whole {detail} workbook; copy it again from its source, or open it and save it anew",
        "{path} n’est pas un classeur {detail} entier\u00a0; recopiez-le de sa source, ou ouvrez-le et enregistrez-le",
        "{path} ليس مصنف {detail} كاملا؛ انسخوه من مصدره من جديد أو افتحوه واحفظوه",
    ),
    "other_form": (
        "{path} is a file of another kind ({detail}); save the list as XLSX or as CSV UTF-8",
        "{path} est un fichier d’un autre type ({detail})\u00a0; enregistrez la liste en XLSX ou en CSV UTF-8",
        "{path} ملف من نوع آخر ({detail})؛ احفظوا اللائحة بصيغة {xlsx} أو {csv}",
    ),
    "web_page": (
        "{path} is a web page or XML under a spreadsheet's name; open it in a spreadsheet and save it as XLSX",
        "{path} est une page web ou du XML sous un nom de tableur\u00a0; ouvrez-le dans un tableur et enregistrez en "
        "XLSX",
        "{path} صفحة ويب باسم ملف جداول؛ افتحوه في برنامج الجداول واحفظوه بصيغة {xlsx}",
    ),
    "no_workbook": (
        "{path} is an archive and no workbook; unpack it and take in the list that is inside",
        "{path} est une archive et non un classeur\u00a0; décompressez-la et importez la liste qu’elle contient",
        "{path} أرشيف لا مصنف؛ فكوا ضغطه واستوردوا اللائحة التي فيه",
    ),
    "too_large": (
        "{path} is too large for a list",
        "{path} est trop grand pour une liste",
        "{path} أكبر من أن يكون لائحة",
    ),
    "no_text": (
        "{path} is not a text that can be read here; save it as CSV UTF-8, or as XLSX",
        "{path} n’est pas un texte lisible ici\u00a0; enregistrez-le en CSV UTF-8 ou en XLSX",
        "{path} ليس نصا يمكن قراءته هنا؛ احفظوه بصيغة {csv} أو {xlsx}",
    ),
    "encoding_undecided": (
        "{path}: its letters do not tell the encoding. Say which reading is right with {encoding}, or save it as CSV "
        "UTF-8",
        "{path}\u00a0: ses lettres ne disent pas l’encodage. Dites quelle lecture est juste avec {encoding}, ou "
        "enregistrez-le en CSV UTF-8",
        "{path}: لا تبين حروفه ترميزه. بينوا القراءة الصحيحة بالخيار {encoding} أو احفظوه بصيغة {csv}",
    ),
    "encoding_wrong": (
        "{path} is not in {detail}",
        "{path} n’est pas en {detail}",
        "{path} ليس بترميز {detail}",
    ),
    "no_sheet": (
        "{path} has no such sheet that is shown; its sheets are {detail}",
        "{path} n’a pas cette feuille visible\u00a0; ses feuilles sont {detail}",
        "لا توجد هذه الورقة ظاهرة في {path}؛ أوراقه هي {detail}",
    ),
    "missing": (
        "{path}: one of the first rows must name the columns; missing: {columns}. Known are {known} (read as {form})",
        "{path}\u00a0: une des premières lignes doit nommer les colonnes\u00a0; il manque\u00a0: {columns}. Sont "
        "connues {known} "
        "(lu comme {form})",
        "{path}: يجب أن يسمي أحد الأسطر الأولى الأعمدة؛ ينقص: {columns}. المعروفة هي {known} (قرئ على أنه {form})",
    ),
    "twice": (
        "{path}: two columns mean {columns}: {first} and {second} (read as {form})",
        "{path}\u00a0: deux colonnes veulent dire {columns}\u00a0: {first} et {second} (lu comme {form})",
        "{path}: عمودان بمعنى {columns}: {first} و{second} (قرئ على أنه {form})",
    ),
}
"""Why a file is no list."""

SAID: Mapping[str, _Three] = {
    "read_as": ("Read as {form}.", "Lu comme {form}.", "قرئ على أنه {form}."),
    "between": (
        "{form}, {encoding}, {mark} between columns",
        "{form}, {encoding}, {mark} entre les colonnes",
        "{form}، {encoding}، {mark} بين الأعمدة",
    ),
    "of_sheet": ("{form}, sheet {sheet}", "{form}, feuille {sheet}", "{form}، الورقة {sheet}"),
    "tab": ("a tab", "une tabulation", "علامة جدولة"),
    "is_it_right": (
        "Taken in as {encoding}: is this right? {samples}",
        "Importé comme {encoding}\u00a0: est-ce juste\u00a0? {samples}",
        "استورد على أنه {encoding}: هل هذا صحيح؟ {samples}",
    ),
    "if_wrong": (
        "If these words look wrong, say the encoding with {encoding}.",
        "Si ces mots paraissent faux, dites l’encodage avec {encoding}.",
        "إن بدت هذه الكلمات خاطئة فبينوا الترميز بالخيار {encoding}.",
    ),
    "header_row": (
        "The columns are named in row {row}; what stands above is passed over.",
        "Les colonnes sont nommées à la ligne {row}\u00a0; ce qui précède est ignoré.",
        "أسماء الأعمدة في السطر {row}؛ ما فوقه مهمل.",
    ),
    "ignored": (
        "Columns that mean nothing here: {columns}.",
        "Colonnes sans signification ici\u00a0: {columns}.",
        "أعمدة لا معنى لها هنا: {columns}.",
    ),
    "hidden_columns": (
        "Columns that are hidden in the file and were read all the same: {columns}.",
        "Colonnes masquées dans le fichier et lues malgré tout\u00a0: {columns}.",
        "أعمدة مخفية في الملف قرئت مع ذلك: {columns}.",
    ),
    "other_lists": (
        "Other sheets that hold a list were not read: {sheets}. Take each in with {sheet}.",
        "D’autres feuilles contenant une liste n’ont pas été lues\u00a0: {sheets}. Importez chacune avec {sheet}.",
        "أوراق أخرى فيها لوائح لم تقرأ: {sheets}. استوردوا كلا منها بالخيار {sheet}.",
    ),
    "understood": (
        "“{word}” is taken for {meant} (rows: {n}).",
        "«\u00a0{word}\u00a0» est compris comme {meant} (lignes\u00a0: {n}).",
        "«{word}» فهمت على أنها {meant} (عدد الأسطر: {n}).",
    ),
    "bad_cell": (
        "row {row}, {column} ({cell}): {why}",
        "ligne {row}, {column} ({cell})\u00a0: {why}",
        "السطر {row}، {column} ({cell}): {why}",
    ),
    "bad_row": ("row {row}: {why}", "ligne {row}\u00a0: {why}", "السطر {row}: {why}"),
    "taken_in": ("Taken in.", "Importé.", "تم الاستيراد."),
    "refused": (
        "Bad rows: {n}. Nothing was changed. Mend them, or leave them out with {skip_bad}.",
        "Lignes incorrectes\u00a0: {n}. Rien n’a été modifié. Corrigez-les, ou laissez-les de côté avec {skip_bad}.",
        "أسطر خاطئة: {n}. لم يتغير شيء. صححوها أو اتركوها بالخيار {skip_bad}.",
    ),
    "nothing_new": (
        "Nothing was changed: everything in this list is known already.",
        "Rien n’a été modifié\u00a0: tout ce que contient cette liste est déjà connu.",
        "لم يتغير شيء: كل ما في هذه اللائحة معروف.",
    ),
    "no_rows": (
        "Nothing was changed: the list has a header and no rows.",
        "Rien n’a été modifié\u00a0: la liste a un en-tête et aucune ligne.",
        "لم يتغير شيء: في اللائحة رأس بلا أسطر.",
    ),
    "twice": (
        "The same name, category and unit more than once; are these different people? Rows {rows}.",
        "Plusieurs fois le même nom, la même catégorie et la même unité\u00a0; sont-ce des personnes "
        "différentes\u00a0? Lignes {rows}.",
        "تكرر الاسم نفسه بالفئة والوحدة نفسيهما؛ هل هم أشخاص مختلفون؟ الأسطر {rows}.",
    ),
    "nothing_good": (
        "Nothing was changed: the list holds no good row.",
        "Rien n’a été modifié\u00a0: la liste ne contient aucune ligne correcte.",
        "لم يتغير شيء: ليس في اللائحة سطر صحيح.",
    ),
    "dry_run": (
        "Nothing was changed: this was a dry run.",
        "Rien n’a été modifié\u00a0: c’était un essai.",
        "لم يتغير شيء: كانت هذه تجربة.",
    ),
    "would_be": ("Would be: {counts}", "Ce serait\u00a0: {counts}", "ستكون النتيجة: {counts}"),
    "counts": (
        "new {added}, changed {changed}, the same {unchanged}, new cards {cards}, bad rows {bad}",
        "nouveaux {added}, modifiés {changed}, inchangés {unchanged}, nouvelles cartes {cards}, lignes incorrectes "
        "{bad}",
        "جدد {added}، معدلون {changed}، دون تغيير {unchanged}، بطاقات جديدة {cards}، أسطر خاطئة {bad}",
    ),
    "revoked": (
        "Codes of revoked cards, which stay revoked: {n}.",
        "Codes de cartes annulées, qui le restent\u00a0: {n}.",
        "رموز بطاقات ملغاة تبقى ملغاة: {n}.",
    ),
    "and_as_written": (
        " and take ids as they are with {as_written}",
        " et gardez les identifiants tels quels avec {as_written}",
        " وخذوا الأرقام كما هي بالخيار {as_written}",
    ),
    "reading": ("{encoding}: {samples}", "{encoding}\u00a0: {samples}", "{encoding}: {samples}"),
    "comma": (", ", ", ", "، "),
}

NEEDS: Mapping[str, _Three] = {
    "wheelchair": ("wheelchair", "fauteuil roulant", "كرسي متحرك"),
    "low_vision": ("low vision", "malvoyant", "ضعف البصر"),
    "hard_of_hearing": ("hard of hearing", "malentendant", "ضعف السمع"),
    "needs_reading_aloud": ("needs reading aloud", "lecture à voix haute", "قراءة بصوت مسموع"),
}
LANGUAGE_NAMES: Mapping[str, _Three] = {
    "ar": ("Arabic", "arabe", "العربية"),
    "fr": ("French", "français", "الفرنسية"),
    "zgh": ("Amazigh", "amazighe", "الأمازيغية"),
    "en": ("English", "anglais", "الإنجليزية"),
}
COLUMNS: Mapping[str, _Three] = {
    "member": ("member", "Matricule", "رقم العضو"),
    "name_ar": ("name_ar", "Nom arabe", "الاسم"),
    "name_la": ("name_la", "Nom", "الاسم بالفرنسية"),
    "name_ar/name_la": ("name_ar or name_la", "Nom arabe ou Nom", "الاسم أو الاسم بالفرنسية"),
    "first_ar": ("first_ar", "Prénom arabe", "الاسم الشخصي"),
    "first_la": ("first_la", "Prénom", "الاسم الشخصي بالفرنسية"),
    "last_ar": ("last_ar", "Nom de famille en arabe", "الاسم العائلي"),
    "last_la": ("last_la", "Nom de famille", "الاسم العائلي بالفرنسية"),
    "category": ("category", "Catégorie", "الصفة"),
    "unit": ("unit", "Unité", "الوحدة"),
    "locale": ("locale", "Langue", "اللغة"),
    "family": ("family", "Famille", "العائلة"),
    "needs": ("needs", "Besoins", "الاحتياجات"),
    "code": ("code", "Carte", "رمز البطاقة"),
}
"""What a list may call its columns; each is understood (`vocabulary.COLUMNS`)."""
