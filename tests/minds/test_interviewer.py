"""An interviewer's calls: nothing in them may go in circles until it is lost as a whole."""

import asyncio

from tinytroupe_cli.minds.interviewer import Interviewer
from tinytroupe_cli.models.port import ModelConfig
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.models.scripted import ScriptedModel
from tinytroupe_cli.models.structured import Structured


def test_every_text_of_an_interview_is_bounded_on_a_small_model():
    replies = [{"question_1": "What did you buy last?"}, {"answer": "Bread."}]
    model = ScriptedModel([*replies, {"justification": "She says so.", "score": "6", "confidence": "0.5"}])
    use = ModelConfig(name="openai/fake")
    interviewer = Interviewer(Structured(model, PriceTable()), author=use, judge=use, people=use)
    asyncio.run(interviewer.interview({"name": "Ann"}, "She buys little", count=1))
    asking, answering, _ = [request.answer for request in model.requests]
    assert set(asking.longest) == {"question_1"}
    assert set(answering.longest) == {"answer"}
