"""Every page of an encrypted database and of its log in plain, free ones too: what a thief with the key could read.

SQLCipher 4 with a raw key: AES-256-CBC, a page of 4,096 bytes ends with its IV (16) and its HMAC (64); the first 16
bytes of the file are salt. The log has 32 bytes of head and 24 before each page.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

_PAGE, _TAIL, _IV = 4096, 80, 16
_crypto = ctypes.CDLL("libcrypto.so.3")
_crypto.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
_crypto.EVP_aes_256_cbc.restype = ctypes.c_void_p


def _decrypt(key: bytes, iv: bytes, text: bytes) -> bytes:
    context = ctypes.c_void_p(_crypto.EVP_CIPHER_CTX_new())
    try:
        cipher = ctypes.c_void_p(_crypto.EVP_aes_256_cbc())
        assert _crypto.EVP_DecryptInit_ex(context, cipher, None, key, iv) == 1
        _crypto.EVP_CIPHER_CTX_set_padding(context, 0)
        plain, length = ctypes.create_string_buffer(len(text) + 32), ctypes.c_int()
        assert _crypto.EVP_DecryptUpdate(context, plain, ctypes.byref(length), text, len(text)) == 1
        return plain.raw[: length.value]
    finally:
        _crypto.EVP_CIPHER_CTX_free(context)


def _page(key: bytes, page: bytes, salt: int = 0) -> bytes:
    body = len(page) - _TAIL
    return _decrypt(key, page[body : body + _IV], page[salt:body])


def pages(database: Path, key: str) -> Iterator[bytes]:
    """Yield each page of the file and of its log, in plain."""
    raw, secret = database.read_bytes(), bytes.fromhex(key)
    for number, start in enumerate(range(0, len(raw), _PAGE)):
        yield _page(secret, raw[start : start + _PAGE], 0 if number else 16)
    log = database.with_name(database.name + "-wal")
    written = log.read_bytes() if log.exists() else b""
    for start in range(32, len(written) - _PAGE - 23, _PAGE + 24):
        page = written[start + 24 : start + 24 + _PAGE]
        first = int.from_bytes(written[start : start + 4], "big") == 1
        yield _page(secret, page, 16 if first else 0)


def holding(database: Path, key: str, *words: str) -> list[str]:
    """Return which of these words some page holds."""
    plain = b"\x00".join(pages(database, key))
    return [word for word in words if word.encode() in plain]
