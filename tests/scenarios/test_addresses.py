"""What an experiment may reach: this machine, and hosts that the user lists."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from bots import ALONE, HEAD, Bot, talking
from projects import Project
from provider import FakeProvider

from tinytroupe_cli.core.network_access import NetworkAccess, host_of

CHAT = '\nsystems:\n  - name: support-bot\n    http: {{url: "{url}", method: GET}}\n'


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/chat",
        "http://10.0.0.5:8000/chat",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/chat",
        "http://127.0.0.1@shop.example/chat",
        "http://127.0.0.1.shop.example/chat",
        "http://2130706433/chat",
        "http://0.0.0.0/chat",
    ],
)
def test_a_host_elsewhere_is_refused_at_its_line(tmp_path: Path, url: str) -> None:
    text = HEAD + ALONE + CHAT.format(url=url)
    here = Project(tmp_path, "", text)
    ended = here.troupe("check", "x.yaml")
    assert ended.code == 2
    assert f"x.yaml:{here.line_of('http: {')}:" in ended.err
    assert "--allow-address" in ended.err
    host = host_of(url)
    assert here.troupe("check", "x.yaml", "--allow-address", host).code == 0, ended.err
    is_name = host.endswith(".example")
    assert here.troupe("check", "x.yaml", "--allow-address", "*").code == (0 if is_name else 2)


def test_a_model_elsewhere_named_by_the_experiment_is_refused(tmp_path: Path) -> None:
    for model in ("openai/x@http://shop.example/v1", '{people: {use: openai/x, api_base: "http://shop.example/v1"}}'):
        here = Project(tmp_path, "", HEAD + ALONE + f"model: {model}\n")
        ended = here.troupe("check", "x.yaml")
        assert ended.code == 2
        assert "E464" in ended.err
    here.write("x.yaml", HEAD + ALONE)
    here.write("config.ini", "[model]\napi_base = http://shop.example/v1\n")
    assert "./config.ini:2" in here.troupe("check", "x.yaml").err
    here.write("config.ini", "")
    assert here.troupe("plan", "x.yaml", "--model", "openai/x@http://shop.example/v1").code == 0  # typed by the user


@pytest.mark.parametrize(
    ("before", "url", "said"),
    [
        ("vars: {host: shop.example}", "http://{{ vars.host }}/chat", "'shop.example' is neither"),
        ("vars: {base: 'http://10.0.0.5/v1'}", "{{ vars.base }}/chat", "'10.0.0.5', an address of a private network"),
        (
            "factors: {host: [127.0.0.1, 169.254.169.254]}",
            "http://{{ host }}:80/{{ message }}",
            "'169.254.169.254', an",
        ),
        ("", "http://127.0.0.1{{ message }}:8000/chat", "depends on 'message', which is not known before the run"),
        ("", "http://{{ person.name }}.shop.example/", "depends on 'person'"),
        ("", "http://{% if message == 'go' %}localhost/{% else %}127.0.0.1/{% endif %}", "depends on 'message'"),
        ("", "http://{{ '${env:TROUPE_HOST:-shop.example}' }}/", "'shop.example' is neither"),
    ],
)
def test_a_host_that_a_template_makes_is_refused_before_the_run(
    tmp_path: Path, before: str, url: str, said: str
) -> None:
    here = Project(tmp_path, "", HEAD + ALONE + f"{before}\n" + CHAT.format(url=url))
    for command in ("check", "plan"):
        ended = here.troupe(command, "x.yaml")
        assert ended.code == 2, ended.out
        assert f"x.yaml:{here.line_of('http: {')}:" in ended.err
        assert "E464" in ended.err
        assert said in ended.err


@pytest.mark.parametrize(
    ("before", "url"),
    [
        ("factors: {host: [127.0.0.1, localhost]}", "http://{{ host }}:80/{{ message }}"),
        (
            "factors: {host: [127.0.0.1, shop.example]}",
            "http://{{ host }}/?from={{ person.name }}&m={{ message }}",
        ),
        ("vars: {path: 'a/b'}", "http://127.0.0.1:9/{{ vars.path }}/{{ message }}"),
        ("", "http://127.0.0.1:9/{% if message == 'go' %}a{% else %}b{% endif %}"),
        ("", "${env:TROUPE_BOT:-http://127.0.0.1:9}/{{ message }}"),
    ],
)
def test_a_template_of_hosts_that_may_be_reached_is_accepted(tmp_path: Path, before: str, url: str) -> None:
    here = Project(tmp_path, "", HEAD + ALONE + f"{before}\n" + CHAT.format(url=url))
    ended = here.troupe("check", "x.yaml", "--allow-address", "shop.example")
    assert ended.code == 0, ended.err


@pytest.mark.parametrize(
    ("allowed", "is_reached"), [("*", False), ("*.shop.example", False), ("bot.shop.example", True)]
)
def test_a_pattern_does_not_allow_a_name_of_a_private_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: str, is_reached: bool
) -> None:
    look_up = socket.getaddrinfo
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    def resolved(host: str | bytes | None, *others: Any, **named: Any) -> list[Any]:
        is_shop = host in ("bot.shop.example", b"bot.shop.example")
        return look_up("127.0.0.1" if is_shop else host, *others, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with FakeProvider(answer=talking()) as fake, Bot(lambda _: (200, "Hello")) as bot:
        url = bot.url.replace("127.0.0.1", "bot.shop.example")
        here = Project(tmp_path, fake.url, HEAD + ALONE + CHAT.format(url=url))
        assert here.run("--allow-address", allowed).code == 0
    assert bool(bot.paths) == is_reached
    assert ("'bot.shop.example' is in a private network; list the host by its name" in here.report) != is_reached


def test_redirects_are_not_followed_and_answers_are_bounded(tmp_path: Path) -> None:
    big = "x" * 2_100_000
    with FakeProvider(answer=talking()) as fake, Bot(lambda _: (200, big)) as bot:
        here = Project(tmp_path, fake.url, HEAD + ALONE + CHAT.format(url=bot.url).replace(", method: GET", ""))
        assert here.run().code == 0
    assert "its answer is longer than 2,000,000 bytes" in here.report
    assert big[:1000] not in json.dumps(here.results)


@pytest.mark.parametrize(
    "words", [("ask", "results", "lisa", "Well?"), ("branch", "results", "--at", "1", "--say", "Go")]
)
def test_somebody_elses_run_sends_no_key_to_the_host_in_its_plan(tmp_path: Path, words: tuple[str, ...]) -> None:
    with FakeProvider() as fake:
        here = Project(tmp_path, fake.url)
        assert here.run().code == 0
    plan = here.runs[0] / "plan.json"
    assert fake.url in plan.read_text()
    plan.write_text(plan.read_text().replace(fake.url, "http://shop.example/v1"))
    here.write("config.ini", "[cache]\nenabled = no\n")
    ended = here.troupe(*words)
    assert ended.code == 2
    assert "this run calls openai/gpt-4o-mini at shop.example" in ended.err
    assert "--allow-address shop.example" in ended.err
    assert len(here.runs) == 1


def test_which_hosts_are_allowed() -> None:
    access = NetworkAccess(("*.shop.example", "10.0.0.5"))
    assert access.has("api.shop.example")
    assert access.has("10.0.0.5")
    assert access.has("127.0.0.1")
    assert access.has("::1")
    assert not access.has("shop.example.evil")
    assert not access.has("evilshop.example")
    assert not access.has("10.0.0.6")
    assert not NetworkAccess(("*",)).has("::ffff:10.0.0.5")
    assert not NetworkAccess(("*",)).has("0x7f.1")
