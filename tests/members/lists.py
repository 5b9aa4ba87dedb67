"""Member lists as offices send them, written as real files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

from checkin_server.domain.members import codes

HEADER = ("member", "name_ar", "name_la", "category", "unit", "locale", "family", "needs", "code")
FRENCH = ("Matricule", "Nom arabe", "Nom", "Catégorie", "Unité", "Langue", "Famille", "Besoins", "Carte")
ARABIC = ("رقم العضو", "الاسم", "الاسم بالفرنسية", "الفئة", "الوحدة", "اللغة", "العائلة", "الاحتياجات", "رمز البطاقة")
CODE = codes.make(codes.CARD, b"a card in a list")
OTHER_CODE = codes.make(codes.CARD, b"another new card")
UNIT = "rabat-prefecture"
AMINE = ("L1", "أمين مخترع", "Amine Inventé", "active", UNIT, "fr", "LF1", "wheelchair low_vision", CODE)
HIND = ("L2", "هند مخترعة", "Hind Inventée", "widowed", UNIT, "ar", "LF2", "", "")
ROWS = (AMINE, HIND)

Rows = Iterable[Sequence[str]]


def csv_bytes(rows: Rows, *, header: Sequence[str] = HEADER, mark: str = ",", encoding: str = "utf-8") -> bytes:
    """Write a list as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mark).writerows([header, *rows])
    return text.getvalue().encode(encoding)


def write_csv(path: Path, rows: Rows = ROWS, *, header: Sequence[str] = HEADER) -> Path:
    """Write a list as CSV in UTF-8."""
    path.write_bytes(csv_bytes(rows, header=header))
    return path


def write_xlsx(path: Path, rows: Iterable[Sequence[object]], *, header: Sequence[str] = HEADER) -> Path:
    """Write a list as a workbook."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
    workbook.save(path)
    return path
