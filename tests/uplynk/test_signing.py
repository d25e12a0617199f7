"""Signing, against values made with perl and openssl, and by taking it apart again."""

import hashlib
import hmac
import json
import zlib
from base64 import b64decode
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uplynk.signing import Credentials, Signature, sign

KNOWN = [
    pytest.param(
        Credentials("0123456789abcdef0123456789abcdef", "S3cret-Key/with+signs="),
        1_700_000_000,
        "eNqrVorPL89LLVKyUlAyMDQyNjE1M7ewTExKTklNQ+cr6SgoxZdk5qYWlyTmFgB1GJobQEEtAOyEFC4=",
        "866c441b47f76d68802eaa61aa344db1d356f9b2815db84f021d070e8bcadda7",
        id="ascii",
    ),
    pytest.param(
        Credentials("Besitzer ü", "schlüssel"),
        0,
        "eNqrVorPL89LLVKyUlBySi3OLKlKLVKIKTUwSEtW0lFQii/JzE0tLknMLQAqMKgFAGfVDxQ=",
        "569b15c150025e64ef3d7b04811f422626af2e63ffe3e1743aec4a7e13125c77",
        id="other letters, and the key as UTF-8",
    ),
]


@pytest.mark.parametrize(("credentials", "timestamp", "msg", "sig"), KNOWN)
def test_known_answers(credentials: Credentials, timestamp: int, msg: str, sig: str) -> None:
    assert sign(credentials, timestamp) == Signature(msg, sig)


@given(st.text(), st.text(min_size=1), st.integers(0, 2**40))
def test_the_other_side_can_check_it(owner: str, key: str, timestamp: int) -> None:
    owner, key = (text.encode("utf-8", "replace").decode() for text in (owner, key))
    query = parse_qs(sign(Credentials(owner, key), timestamp).query, strict_parsing=True)
    (msg,), (sig,) = query["msg"], query["sig"]
    claim = json.loads(zlib.decompress(b64decode(msg, validate=True)))
    assert claim == {"_owner": owner, "_timestamp": timestamp}
    assert sig == hmac.new(key.encode(), msg.encode(), hashlib.sha256).hexdigest()


def test_the_query_holds_no_character_with_a_meaning_of_its_own() -> None:
    query = Signature("a+b/c==", "00ff").query
    assert query == "msg=a%2Bb%2Fc%3D%3D&sig=00ff"


def test_each_second_has_its_own_signature() -> None:
    credentials = Credentials("owner", "key")
    assert sign(credentials, 1) != sign(credentials, 2)


def test_no_secret_in_a_repr() -> None:
    credentials = Credentials("canary-owner", "canary-key")
    signature = sign(credentials, 1)
    shown = repr(credentials) + repr(signature)
    assert "canary" not in shown
    assert signature.msg not in shown
    assert signature.sig not in shown
