"""Secrets in texts from outside."""

from __future__ import annotations

import base64
import html
import json
import time

import pytest

from tinytroupe_cli.core.secrets import HIDDEN, Secrets

KEY = "sk-test-0123+4567/89"
ENV = {"OPENAI_API_KEY": KEY, "HOME": "/home/ann", "HTTPS_PROXY": "http://ann:hunter2-4711@proxy:80", "X_TOKEN": "abc"}
ENV["BOT_URL"] = "http://host/?token=swordfish-12"


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: {KEY}.",
        f"Authorization: Bearer {KEY}",
        f"?key={KEY.replace('+', '%2B').replace('/', '%2F')}&x",
        f"Basic {base64.b64encode(KEY.encode()).decode()}",
        "no way to http://bob:swordfish@host/v1",
        "the password hunter2-4711 is wrong",
        "no way to http://host/v1?x=1&api_key=swordfish",
        "no way to https://host/v1?Subscription-Key=swordfish&y=2",
        "the key swordfish-12 is wrong",
    ],
)
def test_a_secret_is_hidden_however_it_is_written(text: str) -> None:
    hidden = Secrets(ENV).hide(text)
    assert HIDDEN in hidden
    assert not any(
        secret in hidden for secret in (KEY, "hunter2", "swordfish", base64.b64encode(KEY.encode()).decode())
    )


@pytest.mark.parametrize(
    "written",
    [
        "".join(f"\\u{ord(letter):04x}" for letter in KEY),
        "".join(f"\\\\u{ord(letter):04X}" for letter in KEY),
        KEY.replace("t", "\\u0074"),
        KEY.replace("/", "\\/"),
    ],
)
def test_a_secret_written_with_escapes_of_json_is_hidden(written: str) -> None:
    assert Secrets(ENV).hide(f'{{"words": "It is {written}."}}') == f'{{"words": "It is {HIDDEN}."}}'


def test_a_secret_on_a_page_is_hidden() -> None:
    assert Secrets({"A_KEY": "a<b>&\"c'4711"}).hide("<p>a&lt;b&gt;&amp;&quot;c&#39;4711</p>") == f"<p>{HIDDEN}</p>"


def test_a_run_of_backslashes_takes_no_time() -> None:
    text = "\\" * 400_000 + "u0073"
    began = time.perf_counter()
    assert Secrets(ENV).hide(text) == text
    assert time.perf_counter() - began < 20


def test_a_tool_s_answer_has_no_secret_in_its_values_or_its_keys() -> None:
    told = {"limits": {KEY: {"left": [3, f"of {KEY}", None]}}}
    assert Secrets(ENV).hide_in(told) == {"limits": {HIDDEN: {"left": [3, f"of {HIDDEN}", None]}}}


def test_other_text_stays_as_it_is() -> None:
    text = "http://host/?key=abc, http://host/?monkey=banana-split and http://host/?key={{ message }}"
    assert Secrets(ENV).hide(text) == text
    text = "abc is a short word, /home/ann a folder, and http://host/v1 an address"
    assert Secrets(ENV).hide(text) == text
    assert Secrets({}).hide(text) == text


def test_a_secret_that_is_escaped_for_a_page_and_then_for_json_is_hidden() -> None:
    key = 'sk-"4711+/\\secret&x'
    written = json.dumps({"words": html.escape(key)})
    assert Secrets({"A_KEY": key}).hide(written) == f'{{"words": "{HIDDEN}"}}'
