"""What a registry may answer, and where the login goes, which is for the whole registry."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hostile_registry import DIGEST, TOKEN, Listener
from http_server import Response

from image_signature import Image, SignatureError
from image_signature.documents import PAYLOAD, SIGNATURE, signs
from image_signature.image import ecr_registry
from image_signature.registry import Repository


@pytest.fixture(scope="module")
def listening() -> Iterator[Listener]:
    """The only listener; this process has some credentials."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        listener = Listener()
        with listener.listening():
            yield listener


@pytest.fixture
def listener(listening: Listener, monkeypatch: pytest.MonkeyPatch) -> Listener:
    """The listener, which nobody has asked yet; nothing waits between two tries."""
    monkeypatch.setattr("image_signature.registry._PAUSE_SECONDS", 0)
    listening.asked.clear()
    return listening


def refusal(listener: Listener, image: Image | None = None) -> str:
    """Why the signature of an image is not accepted."""
    with pytest.raises(SignatureError) as refused:
        listener.signer.verify(image or listener.image)
    return str(refused.value)


def pushed(listener: Listener) -> str:
    """Why the registry takes no blob."""
    with pytest.raises(SignatureError) as refused:
        Repository(listener.image, TOKEN).put_blob(b"blob")
    return str(refused.value)


@pytest.mark.parametrize(
    "host", ["localhost:{port}", "123456789012.dkr.ecr.eu-central-1.amazonaws.com.localhost:{port}"]
)
def test_another_host_gets_no_login(host: str, listener: Listener) -> None:
    """Nor any request: the listener, which has that name too, is asked as the cloud only, for the token."""
    registry = host.format(port=listener.port)
    said = refusal(listener, Image.parse(f"{registry}/x@{DIGEST}"))
    assert said.startswith(f"{registry} gets no login, which is for https://123456789012.dkr.ecr.")
    assert [path for _, path, _ in listener.asked] == ["/"]


@pytest.mark.parametrize(
    ("host", "same"),
    [
        ("123456789012.dkr.ecr.eu-central-1.amazonaws.com", True),
        ("123456789012.dkr-ecr.eu-central-1.on.aws", True),
        ("123456789012.dkr.ecr-fips.eu-central-1.amazonaws.com", True),
        ("123456789012.dkr.ecr.eu-central-1.evil.com", False),
        ("123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.com", False),
        ("123456789012.dkr.ecr.eu-central-1.amazonaws.com:444", False),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", False),
        ("210987654321.dkr.ecr.eu-central-1.amazonaws.com", False),
        ("evil.com", False),
    ],
)
def test_a_registry_of_ecr_has_several_names(host: str, same: bool) -> None:
    """None of them ends in another domain than AWS's."""
    image = Image.parse(f"{host}/x@{DIGEST}")
    assert image.is_at("https://123456789012.dkr.ecr.eu-central-1.amazonaws.com") is same
    assert not image.is_at("")


@pytest.mark.parametrize("domain", ["amazonaws.com.cn", "on.amazonwebservices.com.cn"])
def test_a_registry_in_china_is_one(domain: str) -> None:
    """Both names are the same one."""
    own = ("123456789012", "cn-north-1", "amazonaws.com.cn")
    assert ecr_registry(f"123456789012.dkr.ecr.cn-north-1.{domain}") == own


@pytest.mark.parametrize(
    "location",
    [
        "http://localhost:{port}/steal",
        "//localhost:{port}/steal",
        "http://u@127.0.0.1:{port}/steal",
        "file:///etc/passwd",
    ],
)
def test_an_upload_goes_to_the_registry_only(location: str, listener: Listener) -> None:
    """The blob and the login go nowhere else."""
    listener.answer = Response(status=202, headers={"Location": location.format(port=listener.port)})
    assert "wants the upload elsewhere, which gets no login: " in pushed(listener)
    assert [(method, path) for method, path, _ in listener.asked] == [("POST", "/v2/x/blobs/uploads/")]


@pytest.mark.parametrize("location", ["/up?state=1", "http://127.0.0.1:{port}/up?state=1"])
def test_an_upload_may_have_a_place_in_the_registry(location: str, listener: Listener) -> None:
    """By a path or a whole URL. The registry of the cloud, at the URL of `--endpoint`, gets the login."""
    listener.answer = Response(status=202, headers={"Location": location.format(port=listener.port)})
    Repository(listener.image, TOKEN).put_blob(b"blob")
    method, path, login = listener.asked[-1]
    assert (method, login) == ("PUT", f"Basic {TOKEN}")
    assert path.startswith("/up?state=1&digest=sha256%3A")


@pytest.mark.parametrize("part", [TOKEN, TOKEN[:100], TOKEN[50:]], ids=["whole", "begin", "end"])
def test_a_login_that_the_registry_repeats_is_not_shown(part: str, listener: Listener) -> None:
    """Nor what would change the terminal, nor a page of text."""
    listener.answer = Response(f"\x1b]0;owned\x07 got Basic {part} \x9b2J\u202e{'x y ' * 500}".encode(), 403)
    said = refusal(listener)
    assert "got Basic ..." in said
    assert said.isprintable()
    assert len(said) < 500
    assert part[:30] not in said


def test_a_document_may_be_deep(listener: Listener) -> None:
    """It is no signature, as a manifest and as a payload."""
    deep = 200_000 * b"["
    listener.answer = Response(deep)
    assert "that is not" in refusal(listener)
    assert not signs(deep, listener.image)


@pytest.mark.parametrize(("status", "times"), [(403, 1), (500, 4)])
def test_a_broken_body_of_an_error_is_left_out(status: int, times: int, listener: Listener) -> None:
    """An error that may pass is tried again, as always."""
    listener.answer = Response(b"zz\r\n", status, {"Transfer-Encoding": "chunked"})
    assert refusal(listener).endswith(f"refuses GET of {listener.host}/x: {status}")
    assert [path for _, path, _ in listener.asked].count(f"/v2/x/manifests/{listener.image.tag}") == times


@pytest.mark.parametrize("status", [202, 302])
def test_a_place_that_is_no_url_is_refused(status: int, listener: Listener) -> None:
    """For an upload, and as a redirect."""
    listener.answer = Response(status=status, headers={"Location": "http://[bad/"})
    assert pushed(listener).startswith(f"the registry {'of' if status == 202 else 'refuses POST of'} {listener.host}/x")


def test_only_some_signatures_are_looked_at(listener: Listener) -> None:
    """Each costs a request, and a call of KMS."""
    layer = {"mediaType": PAYLOAD, "digest": DIGEST, "annotations": {SIGNATURE: ""}}
    listener.answer = Response(json.dumps({"layers": 40 * [layer]}).encode())
    assert " (only its first 16 signatures were looked at): " in refusal(listener)
    assert [path for _, path, _ in listener.asked].count(f"/v2/x/blobs/{DIGEST}") == 16


@pytest.mark.parametrize("status", [200, 500])
def test_a_slow_body_ends(status: int, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although there is always another byte soon."""
    monkeypatch.setattr("image_signature.registry._BODY_SECONDS", 0.01)
    listener.answer = Response((b"x" for _ in range(200_000)), status)
    assert refusal(listener) == f"an answer of the registry of {listener.host}/x takes over 0.01 s: try again later"
