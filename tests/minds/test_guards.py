"""What is wrong with words, told without a model; and the many things people say that look like it."""

# ruff: noqa: RUF001 - Chinese has its own comma, typographers their own apostrophe

import pytest

from tinytroupe_cli.minds.guards import SEVERITY, fault_of

BOX = "I'd look at the price first, because my husband cooks on Sundays and we throw away too much already."


def found(words, *, own=(), others=(), asked=(), **more):
    return fault_of(words, own=own, others=others, asked=asked, **more)


@pytest.mark.parametrize(
    "words",
    [
        BOX,
        BOX.upper().replace(",", " -").replace("'", "\u2019"),
        BOX.replace("Sundays", "Saturdays"),
        "Well. " + BOX,
        "My husband cooks on Sundays and we throw away too much already, so I'd look at the price first.",
    ],
    ids=["word for word", "other marks", "a word changed", "with an opening", "its halves swapped"],
)
def test_earlier_words_said_again_are_a_repeat(words):
    assert found(words, own=["Hello.", BOX]) == "repeats_self"
    assert found(words, others=["Hello.", BOX]) == "repeats_other"


def test_one_long_sentence_said_again_is_a_repeat_whatever_is_said_besides():
    told = "My mother always kept a drawer of coupons next to the stove. We laughed at her."
    more = (
        "Since then I have thought about it now and then, and I came to the view that she was right about money. "
        "My mother always kept a drawer of coupons next to the stove. I should start one of my own this week."
    )
    assert found(more, own=[told]) == "repeats_self"
    assert found(more.replace("always ", "never "), own=[told]) is None


@pytest.mark.parametrize(
    ("words", "earlier"),
    [
        ("Yes, thank you.", "Yes, thank you."),
        ("No, not at that price.", "No, not at that price."),
        ("Yes, I would buy it at 6 dollars.", "Yes, I would buy it at 5 dollars."),
        ("Yes, I would order it for my family.", "I'd order it if my family were larger than it is."),
        ("We eat at seven, the four of us, and nobody may read.", "We eat late on Fridays, the two of us."),
        ("I like the price and the taste of the soup.", "I like the idea, and the colour of the box."),
    ],
)
def test_short_things_other_numbers_and_common_words_may_be_said_again(words, earlier):
    assert found(words, own=[earlier]) is None
    assert found(words, others=[earlier]) is None


def test_the_same_short_line_said_again_unasked_is_a_repeat():
    assert found("I'll be there.", own=["Hello.", "I'll be there!"]) == "repeats_self"
    assert found("I'll be there.", others=["I'll be there!"]) is None
    assert found("I'll be there.", own=["I'll be there!"], asked=["Will you come?"]) is None
    assert found("I'll be there on Monday.", own=["I'll be there."]) is None
    assert found("Good morning, all.", own=["Good morning, all."]) is None


def test_who_is_asked_to_say_it_again_may():
    for request in (
        "Could you please repeat that?",
        "Sorry, I didn't catch that.",
        "Say that again, Lisa.",
        "Können Sie das bitte wiederholen?",
        "Pouvez-vous répéter, s'il vous plaît ?",
        "¿Puede repetirlo?",
    ):
        assert found(BOX, own=[BOX], asked=[request]) is None, request
    for other in ("Would you be a repeat customer?", "Say something new, and don't repeat what you said."):
        assert found(BOX, own=[BOX], asked=[other]) == "repeats_self", other


def test_a_quotation_of_what_somebody_said_is_no_repeat():
    said = "I would never pay twelve dollars for a box of dinner, not even on a Friday night. My son would laugh."
    assert (
        found("You said “I would never pay twelve dollars for a box of dinner” and I'm with you.", others=[said])
        is None
    )
    assert (
        found("Oscar wouldn't pay twelve dollars for a box of dinner; I might, for the children.", others=[said])
        is None
    )
    assert found("I would never pay twelve dollars for a box of dinner, not even on a Friday night.", others=[said])
    assert found(f"“{said}”", others=[said]) == "repeats_other"


def test_scripts_without_spaces_are_compared_by_characters():
    said = "我觉得这个价格太贵了，我们家每个星期天都自己做饭。"
    assert found(said, own=[said]) == "repeats_self"
    assert found("好的，谢谢你。", own=["好的，谢谢你。"]) is None
    assert found("如果便宜一点，我会考虑给孩子们试一次。", own=[said]) is None
    japanese = "値段が高すぎると思います。日曜日はいつも夫が料理をします。"
    assert found(japanese, others=[japanese]) == "repeats_other"
    assert found("子どもたちが好きなら、一度だけ頼んでみてもいいです。", others=[japanese]) is None


def test_a_script_with_vowel_signs_is_compared_by_words():
    said = "मुझे लगता है कि यह बहुत महँगा है और हम हर रविवार को घर पर खाना बनाते हैं"
    assert found(said, own=[said]) == "repeats_self"
    assert found("अगर दाम कम हो तो मैं बच्चों के लिए एक बार मँगा सकती हूँ", own=[said]) is None


def test_the_share_that_is_too_much_can_be_set():
    half = "I'd look at the price first, because my husband likes to see how the new cook will do on his own."
    assert found(half, own=[BOX]) is None
    assert found(half, own=[BOX], most=0.3) == "repeats_self"
    assert found(BOX.replace("Sundays", "Saturdays"), own=[BOX], most=1.0) is None


@pytest.mark.parametrize(
    "words",
    [
        "I'm sorry, but I can't assist with that.",
        "I’m sorry, but I can’t help with that request.",
        "I'm sorry, but I can't assist with that. If you have any other questions, feel free to ask!",
        "Tut mir leid, aber dabei kann ich Ihnen nicht helfen.",
        "Je suis désolé, mais je ne peux pas vous aider avec cela.",
        "Lo siento, pero no puedo ayudarte con eso.",
        "抱歉，我无法回答这个问题。",
    ],
)
def test_a_refusal_of_the_model_is_told(words):
    assert found(words) == "refusal"


@pytest.mark.parametrize(
    "words",
    [
        "I'm sorry, I can't help with that, my shift ends at six.",
        "I'm sorry, but I can't help with that. My sister has the keys.",
        "I can't help you carry it, my back is bad.",
        "I can't assist at the birth, I faint.",
        "Tut mir leid, ich kann dir am Samstag nicht helfen, da arbeite ich.",
        "Je suis désolée, je ne peux pas venir.",
        "Lo siento, no puedo ayudarte a mover el sofá el sábado.",
        "No.",
    ],
)
def test_a_person_who_declines_is_no_refusal(words):
    assert found(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "As an AI, I don't eat dinner.",
        "As an AI language model, I do not have personal preferences.",
        "As an AI developed by Alibaba Cloud, I can tell you about meal kits.",
        "I'm sorry, but as a language model I don't have a family.",
        "Hello! How can I assist you today?",
        "I'm an AI assistant created by OpenAI.",
        "I am a large language model, so I can't taste it.",
        "I'm Qwen, created by Alibaba Cloud. I'd be glad to talk about dinners.",
        "I was developed by Alibaba Cloud to talk with people.",
        "I don't have personal experiences, but many families enjoy it.",
        "I don't have feelings or opinions about the box.",
        "I do not possess personal opinions.",
        "I was designed to be neutral.",
        "I apologize for any confusion, but I'm here to help. What would you like to know?",
        "I apologize for the confusion. Could you please clarify your question?",
        "I'm here to assist you with any questions or tasks you have.",
        "I see. Could you please provide more context or details?",
        "I'm not sure what you're asking. Could you please provide more context or clarify your question?",
        "Sure, I'd be happy to continue the conversation!",
        "I'm sorry, but as a data scientist, I don't have the ability to experience cooking or have any experiences.",
        "My goal is to provide objective and factual answers based on my knowledge and skills.",
        "Als KI habe ich keine Vorlieben beim Essen.",
        "Als KI-Sprachmodell kann ich das nicht beurteilen.",
        "Ich bin nur ein Sprachmodell und esse nicht.",
        "Ich habe keine persönlichen Erfahrungen.",
        "En tant qu'IA, je ne mange pas.",
        "En tant que modèle de langage, je n'ai pas de famille.",
        "Je suis une intelligence artificielle.",
        "Je n'ai pas d'expériences personnelles.",
        "Como modelo de lenguaje, no tengo preferencias.",
        "Soy una inteligencia artificial y no como.",
        "No tengo opiniones personales.",
        "作为一个AI语言模型，我没有个人经历。",
        "我是通义千问，很高兴认识你。",
    ],
)
def test_a_program_that_speaks_of_itself_is_told(words):
    assert found(words) == "assistant_talk"


@pytest.mark.parametrize(
    "words",
    [
        "I'm a shop assistant at the chemist's on Mill Street.",
        "As a shop assistant, I stand all day.",
        "We sell AI tools to dentists.",
        "As an AI researcher, I know how these ads are made.",
        "As an AI startup, we can't pay much.",
        "I'm an AI engineer, I read the small print.",
        "I'm an AI enthusiast, more or less.",
        "I'm a virtual assistant for two small firms in Leeds.",
        "It kept telling me “as an AI, I can't do that”, so I closed the window.",
        'It says "I\'m an AI assistant" before it says hello.',
        "It answered like an AI, I thought.",
        "Do you think I'm an AI?",
        "You talk to me as if I'm an AI.",
        "I'm not an AI, I have to eat.",
        "The chatbot was developed by OpenAI, and I test it for a living.",
        "I use a model that was trained by Anthropic.",
        "I work for a company that was bought by Google.",
        "I was trained by Google as an accountant.",
        "I'm Claude, I live in Lyon and I bake.",
        "My name is Gemma, I teach.",
        "I'm ChatGPT's biggest fan.",
        "I don't have personal experience with meal kits.",
        "I don't have any personal experiences with that brand.",
        "I don't have feelings for him any more.",
        "I don't have an opinion on that.",
        "I don't have a preference.",
        "I was trained to give first aid.",
        "I was made to feel small in that shop.",
        "How can I help you today?",
        "Good morning, can I help you find your size?",
        "I'm here to help, tell me where the boxes go.",
        "I'm here to listen.",
        "I apologise for the confusion; the bus is at nine.",
        "I apologise for the confusion. Could you clarify which bus you mean?",
        "Sorry, I don't understand the question.",
        "Could you provide more information about the price?",
        "That sounds great! Could you please provide more information about the recipes and ingredients?",
        "I'm not sure what you're asking, to be honest.",
        "I'd be happy to help you with the boxes.",
        "My goal is to provide for my family.",
        "My role is to assist the surgeon.",
        "I don't have the ability to pay that every week.",
        "Could you give me more details, please?",
        "Let me know if you have any questions.",
        "My phone's assistant can't understand my accent.",
        "The language model of the year, they call it.",
        "As a language teacher, I notice the commas.",
        "As a model, I have to watch what I eat.",
        "I'm a model, so dinners in a box are hard for me.",
        "I built a language model at school.",
        "Als KI-Forscherin lese ich das Kleingedruckte.",
        "Ich bin ein KI-Skeptiker.",
        "Ich habe keine persönlichen Erfahrungen mit Kochboxen.",
        "Ich bin Assistentin der Geschäftsführung.",
        "Wie kann ich Ihnen helfen?",
        "En tant qu'assistante maternelle, je cuisine beaucoup.",
        "Je suis assistant social à Lille.",
        "Je n'ai pas d'opinion.",
        "Como asistente virtual de una inmobiliaria, trabajo desde casa.",
        "Soy modelo y vivo en Madrid.",
        "No tengo experiencias personales con esa marca.",
        "我是一名AI工程师。",
    ],
)
def test_a_person_who_talks_of_programs_or_assistants_is_none(words):
    assert found(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "In my own words, briefly.",
        "in your own words, briefly",
        "The next line of this transcript.",
        "Sure, here is the next line of the transcript:",
        "What you say aloud, in the first person.",
        "[Your answer here]",
        "<words>",
    ],
)
def test_an_instruction_given_back_is_told(words):
    assert found(words) == "instruction"


@pytest.mark.parametrize(
    "words",
    [
        "In my own words, briefly: it's too dear for what it is.",
        "Briefly, no.",
        "I read the next line of the poem and cried.",
        "[laughs] Your answer is better than mine.",
        "I was silent for a while, then I said it in my own words.",
    ],
)
def test_a_person_who_uses_the_same_words_is_none(words):
    assert found(words) is None


QUESTION = "Thank you, Lisa. What would you change about the box before you ordered it?"


@pytest.mark.parametrize(
    "words",
    [
        QUESTION,
        "What would you change about the box before you ordered it?",
        "What would I change about the box before I ordered it?",
        "What would you change about the box?",
    ],
)
def test_a_question_given_back_is_told(words):
    assert found(words, asked=[QUESTION]) == "question_back"


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("What would I change about the box? The size, to begin with.", QUESTION),
        ("Why?", "Why?"),
        ("And how are you?", "How are you?"),
        ("What do you mean by change?", QUESTION),
        (
            "The box that cooks itself.",
            "Which of these do you like best? “The box that cooks itself.” “Dinner is at the door.”",
        ),
        (
            "Dinner is at the door on a Friday",
            "Which one? A: Dinner is at the door on a Friday. B: The box that cooks.",
        ),
        ("I would change the size of the box before I ordered it.", QUESTION),
        ("Would you order it yourself?", "Would you order it again if it were half the price?"),
    ],
)
def test_an_answer_a_choice_and_a_question_of_their_own_are_none(words, asked):
    assert found(words, asked=[asked]) is None


def test_a_long_piece_of_what_was_put_to_them_is_no_answer():
    offer = (
        "Imagine a service that brings three dinners to your door every Tuesday, for twelve dollars each, with "
        "everything washed and cut. What do you think of it?"
    )
    copied = "A service that brings three dinners to your door every Tuesday, for twelve dollars each, with everything."
    assert found(copied, asked=[offer]) == "question_back"


def test_the_worst_is_told_where_several_are():
    refusal = "I'm sorry, but I can't assist with that."
    assert found(refusal, own=[refusal], others=[refusal]) == "refusal"
    assert found(BOX, own=[BOX], others=[BOX]) == "repeats_self"
    assert SEVERITY["repeats_self"] < SEVERITY["refusal"]


def test_nothing_said_is_no_fault():
    assert found("", own=[""], others=[""], asked=[""]) is None
    assert found("…", own=["…"]) is None


def test_a_whole_sentence_of_what_was_put_to_somebody_is_given_back():
    asked = "It is ten to nine. Buy, buy less, or leave it? Everyone says one sentence with a figure in it."
    assert found("Everyone says one sentence with a figure in it.", asked=[asked]) == "question_back"
    assert found("It is ten to nine.", asked=[asked]) is None
    assert found("The box comes on a Friday.", asked=["Which one? The box comes on a Friday. Or it doesn't."]) is None
    assert found("Everyone says one sentence with a figure in it, so here is mine: 40 percent.", asked=[asked]) is None
