"""Tells what models say of themselves, in the part of a person, from what people say.

People are shop assistants, sell AI tools and quote what a program told them; so a phrase counts only where somebody
says it of themselves, at the beginning of a clause and outside quotation marks.
"""

from __future__ import annotations

import re
from typing import Final

from tinytroupe_cli.minds.repetition import sentences_of, without_quotations
from tinytroupe_cli.models.declining import is_stock_refusal

_CLAUSE = (
    r"(?:^|[.!?,;:\u2014\u2013\n(]\s*|\b(?:but|and|because|since|however|so|aber|denn|und|mais|car|pero|porque)\s+)"
)
_AM = r"I(?:'m| am)"
_KIND = (
    r"(?:AI|A\.I\.|artificial intelligence|(?:large )?language model|"
    r"(?:AI|virtual|digital|text)[- ](?:based )?(?:language )?(?:assistant|model|chatbot|agent))"
    r"(?:[- ](?:language |powered |based )?(?:model|assistant|chatbot|bot|program|system))*"
)
_MADE = r"(?:created|developed|trained|designed|programmed|made|built)"
_MAKER = r"(?:Alibaba(?: Cloud)?|OpenAI|Anthropic|DeepSeek|Mistral AI|Meta AI|Google (?:AI|DeepMind)|Hugging ?Face|xAI)"
_PRODUCT = r"(?:Qwen|Tongyi Qianwen|ChatGPT|SmolLM|DeepSeek|GPT-?\d|Llama[ -]?\d)"
_INNER = r"(?:experiences|feelings|emotions|opinions|beliefs|preferences|thoughts|desires|consciousness)"
_NOT_OWN = r"I (?:do not|don't) (?:actually |really )?(?:have|possess)"

_ENGLISH: Final = (
    rf"(?:as|being) (?:just |only )?an? {_KIND}(?=[,.;:]|\s+(?:I|we|{_MADE})\b|$)",
    (
        rf"{_AM} (?:just |only |actually |simply )?an? (?:AI|artificial intelligence|(?:large )?language model|"
        r"AI[- ](?:language )?(?:assistant|model|chatbot))(?:[- ](?:language )?(?:model|assistant|chatbot))*"
        rf"(?=[,.;:!]|\s+(?:and|so|which|that|here|without|{_MADE})\b|$)"
    ),
    rf"{_AM} an? (?:virtual|digital) assistant,? (?:and |{_MADE}\b|here to)",
    rf"(?:{_AM}|I was)(?: an? [\w -]{{0,40}}| {_PRODUCT},?(?: an? [\w -]{{0,40}})?)? ?{_MADE} by {_MAKER}\b",
    rf"(?:{_AM}|my name is) {_PRODUCT}(?!'s|\w)",
    rf"(?:{_AM}|I was) (?:designed|programmed) (?:only )?to\b",
    rf"{_NOT_OWN} (?:any )?(?:personal|human|real) {_INNER}(?! (?:with|against|for|about|towards?)\b)",
    rf"{_NOT_OWN} (?:any )?{_INNER},? (?:or|and) (?:personal )?{_INNER}",
    (
        rf"{_NOT_OWN} (?:a (?:physical|human) body|a physical form|real-time (?:access|information|data)|"
        r"access to (?:real-time|the internet))"
    ),
    r"how (?:can|may) I (?:best )?assist you\b",
    rf"{_NOT_OWN} the (?:ability|capacity) to (?:personally )?(?:experience|feel|taste|have personal|form opinions)\b",
    (
        r"my (?:goal|purpose|role|function) is (?:only |simply )?to (?:provide|offer|give)(?: you)?(?: with)?"
        r"(?: \w+(?: and|,)?){0,3} (?:answers|information|responses|assistance)\b"
    ),
    r"I(?:'d| would) be (?:happy|glad) to continue (?:the|this|our) (?:conversation|interview|transcript)\b",
    r"(?:could|can) you (?:please )?provide (?:me with )?(?:some )?(?:more|additional|further) context\b",
    (
        rf"{_AM} here to (?:assist|help|provide)(?: you| users)?(?: with)?(?: any)?"
        r" (?:questions|information|tasks|queries) (?:and|or|you (?:may|might)|to the best)"
    ),
    (
        r"I apologi[sz]e for (?:any|the) (?:confusion|misunderstanding|inconvenience)\b.{0,40}\b(?:as an? AI|"
        r"I(?:'m| am) (?:here to|unable to|not able to|designed)|(?:can|could) you (?:please )?(?:clarify your|"
        r"rephrase your|provide (?:me with )?(?:more|some)))"
    ),
    (
        r"(?:could|can) you (?:please )?provide (?:me with )?(?:some |any )?(?:more|additional|further) "
        r"(?:context|details|information)(?: or (?:context|details|information))?"
        r"(?:[.?!]|$| so (?:that )?I can| about (?:your|the) (?:question|request|query|task))"
    ),
)
_OTHERS: Final = (
    (
        r"als (?:eine? )?(?:KI|künstliche Intelligenz|Sprachmodell)"
        r"(?:-?(?:Sprachmodell|Modell|Assistent(?:in)?|System))?"
        r"(?=[,.;:]|\s+(?:habe|kann|bin|besitze|verfüge|von)\b)"
    ),
    (
        r"ich bin (?:nur |lediglich )?(?:eine KI|eine künstliche Intelligenz|ein KI-(?:Assistent|Modell|Sprachmodell)|"
        r"ein (?:großes )?Sprachmodell)(?=[,.;:!]|\s+(?:und|das|die|der|von)\b|$)"
    ),
    (
        r"ich (?:habe|besitze) keine (?:persönlichen|eigenen|menschlichen) "
        r"(?:Erfahrungen|Gefühle|Meinungen|Emotionen)(?! (?:mit|gegen|für|zu)\b)"
    ),
    rf"ich wurde von {_MAKER} (?:entwickelt|trainiert|erstellt)",
    (
        r"en tant qu(?:e |')(?:une? )?(?:IA|intelligence artificielle|modèle (?:de langage|linguistique)|"
        r"assistant (?:virtuel|IA))(?=[,.;:]|\s+(?:je|développ|créé)|$)"
    ),
    (
        r"je suis (?:juste |seulement )?(?:une (?:IA|intelligence artificielle)|un modèle de langage|"
        r"un assistant (?:virtuel|IA))(?=[,.;:!]|\s+(?:et|qui|développ|créé|conçu)|$)"
    ),
    r"je n'ai pas (?:d'(?:expériences|opinions|émotions) personnelles|de sentiments (?:ou|ni))(?! (?:avec|sur)\b)",
    (
        r"como (?:una? )?(?:IA|inteligencia artificial|modelo de (?:lenguaje|IA)|asistente (?:virtual|de IA))"
        r"(?=[,.;:]|\s+(?:no|yo|desarrollad|cread)|$)"
    ),
    (
        r"soy (?:s[oó]lo |solamente )?(?:una (?:IA|inteligencia artificial)|un modelo de lenguaje|"
        r"un asistente (?:virtual|de IA)(?= (?:cread|desarrollad|diseñad)))"
        r"(?=[,.;:!]|\s+(?:y|que|cread|desarrollad|diseñad)|$)"
    ),
    r"no tengo (?:experiencias|opiniones|emociones) (?:personales|propias)(?! (?:con|sobre)\b)",
    r"(?:作为|我(?:只)?是)(?:一个|一款|一名|由\w{1,8}开发的)*(?:AI|人工智能|大?语言模型|通义千问)(?:语言模型|助手|模型)?(?=[,\uff0c。、]|我|$)",
)
_TALK = re.compile(rf"{_CLAUSE}(?:{'|'.join((*_ENGLISH, *_OTHERS))})", re.IGNORECASE | re.DOTALL)

_CANNOT_HELP = re.compile(
    r"(?:es )?tut mir (?:sehr )?leid,? (?:aber )?(?:(?:dabei|damit) kann ich (?:Ihnen |dir )?nicht (?:weiter)?helfen|"
    r"ich kann (?:Ihnen |dir )?(?:dabei|damit|bei dieser (?:Anfrage|Aufgabe)) "
    r"nicht (?:weiter)?(?:helfen|behilflich sein))|"
    r"(?:je suis )?désolée?,? (?:mais )?je ne peux pas (?:vous |t')aider(?: (?:avec|à|sur) (?:cela|ça|cette demande))?|"
    r"lo siento,? (?:pero )?no puedo (?:ayudar(?:te|le|lo)?|asistir(?:te|le)?)(?: con (?:eso|esto|esa solicitud))?|"
    r"(?:很|非常)?抱歉[,\uff0c]?(?:但)?我(?:无法|不能)(?:协助|提供|回答|满足)[^。]{0,20}",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"(?:please )?let me know if (?:you|there)\b.*|(?:please )?feel free to (?:ask|reach out)\b.*|"
    r"is there (?:anything|something) else (?:I can|you).*|how (?:else )?can I (?:help|assist)\b.*|"
    r"if you have any (?:other |more |further )?questions\b.*",
    re.IGNORECASE,
)


def is_refusal(words: str) -> bool:
    """Return whether a text is a model's refusal, with nothing else but an offer of other help."""
    sentences = sentences_of(_plain(words))
    declining = [
        sentence for sentence in sentences if is_stock_refusal(f"{sentence}.") or _CANNOT_HELP.fullmatch(sentence)
    ]
    offers = [sentence for sentence in sentences if _OFFER.fullmatch(sentence)]
    return is_stock_refusal(words) or (bool(declining) and len(declining) + len(offers) == len(sentences))


def is_assistant_talk(words: str) -> bool:
    """Return whether somebody speaks of themselves as the program that plays them."""
    return _TALK.search(without_quotations(_plain(words))) is not None


def _plain(text: str) -> str:
    return text.strip().replace("\u2019", "'")
