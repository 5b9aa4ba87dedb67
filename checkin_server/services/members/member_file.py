"""Opening a member list as offices send it: CSV of several kinds, or a workbook. Each form has a reader of its own."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from checkin_server.services.members import csv_file, ods_file, xls_file, xlsx_file
from checkin_server.services.members.table import MOST_BYTES, FileUnreadable, Table, of_sheets

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NOT_TEXT = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
}


def open_table(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Table:
    """Read a file as a person sees it.

    CSV with ``,``, ``;``, tabs or ``|`` between columns, in UTF-8, UTF-16, Windows-1256, Windows-1252 or an encoding of
    another system (by its letters, unless `encoding` names one of `encodings.ENCODINGS`); or the first sheet that holds
    a list (or the one named `sheet`) of an XLSX, XLSB, XLS or ODS workbook.

    Raises `FileUnreadable` with its reason when it is none of these.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileUnreadable("not_there", error.strerror or "") from error
    if not content.strip(b"\x00 \r\n\t\x1a\xef\xbb\xbf"):
        raise FileUnreadable("empty_file")
    if content.startswith(_ZIP):
        return _zipped(content, sheet)
    if content.startswith(_COMPOUND[:4]):
        if _ENCRYPTED in content:
            raise FileUnreadable("password")
        return of_sheets("XLS", xls_file.read(content), sheet)
    for start, form in _NOT_TEXT.items():
        if content.startswith(start):
            raise FileUnreadable("other_form", form)
    start_of_text = content[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t").replace(b"\x00", b"").lower()
    if start_of_text.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta", b"mime-version:")):
        raise FileUnreadable("web_page")
    if start_of_text.startswith(b"id;p"):
        raise FileUnreadable("other_form", "SYLK")
    return csv_file.read(content, encoding)


def _zipped(content: bytes, sheet: str | None) -> Table:
    """A workbook of one of the forms that are archives inside."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = set(archive.namelist())
        if sum(each.file_size for each in archive.infolist()) > MOST_BYTES:
            raise FileUnreadable("too_large")
        if any(each.flag_bits & 1 for each in archive.infolist()):
            raise FileUnreadable("password")
        if "content.xml" in names or "encrypted-package" in names:
            if "mimetype" in names and not archive.read("mimetype").strip().startswith(ods_file.MIME):
                raise FileUnreadable("other_form", "OpenDocument")
            return of_sheets("ODS", ods_file.read(archive), sheet)
        if not any(name.startswith("xl/") for name in names):
            raise FileUnreadable("no_workbook")
    except FileUnreadable:
        raise
    except Exception as error:  # a broken archive, or broken XML in it, may trip its reader anywhere
        raise FileUnreadable("broken", "XLSX") from error
    form = "XLSB" if "xl/workbook.bin" in names else "XLSX"
    return of_sheets(form, xlsx_file.read(content), sheet)
