"""A user's function is called in one way, async or not, and one that hangs does not keep the command from ending."""

import asyncio
import subprocess
import sys

import pytest

from tinytroupe_cli.core.concurrency import call_user_function


async def later(word: str) -> str:
    return word


def sooner(word: str):
    return later(word)


@pytest.mark.parametrize("function", [str.upper, later, sooner])
def test_what_a_function_returns_is_returned_async_or_not(function):
    assert asyncio.run(call_user_function(function, "A")) == "A"


@pytest.mark.parametrize("error", [ValueError("no"), KeyError("no")])
def test_what_a_function_raises_is_raised(error):
    def fail():
        raise error

    with pytest.raises(type(error), match="no"):
        asyncio.run(call_user_function(fail))


def test_a_function_that_would_end_the_process_has_failed():
    with pytest.raises(RuntimeError, match=r"it called sys\.exit\(3\)"):
        asyncio.run(call_user_function(sys.exit, 3))


def test_a_function_that_hangs_does_not_hold_up_the_end():
    program = """
import asyncio, time
from tinytroupe_cli.core.concurrency import call_user_function

async def main():
    async with asyncio.timeout(0.1):
        await call_user_function(time.sleep, 600)

try:
    asyncio.run(main())
except TimeoutError:
    print("given up")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert (ended.stdout, ended.stderr) == ("given up\n", "")
