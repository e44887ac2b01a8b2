"""A small customer-support bot to be tested: rules, a few orders, standard library only.

    python bot.py --port 8765
    curl -d '{"conversation": "a", "message": "Where is order 1042?"}' http://127.0.0.1:8765/chat

It knows orders and refunds, remembers each conversation, and is polite. It also has faults that nobody
notices who tries it with the questions it was made for. Don't read on if you want to find them yourself.

What is wrong with it: it forgets an order's number after one message; any "refund" is understood as wanting one
("I don't want a refund"); it believes the carrier rather than the customer; it answers anger with the same
apology however often; and a number that isn't four digits long makes it fail with an error (500).
"""

from __future__ import annotations

import argparse
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SHOP = "Lampert Lamps"
ORDERS = {
    "1042": {"what": "the brass reading lamp", "price": 89, "status": "delivered", "on": "12 March", "days": 9},
    "1043": {"what": "two glass shades", "price": 34, "status": "on its way", "on": "23 March", "days": 0},
    "1044": {"what": "the arc floor lamp", "price": 240, "status": "delivered", "on": "2 February", "days": 47},
    "1045": {"what": "a pack of four bulbs", "price": 19, "status": "being packed", "on": "26 March", "days": 0},
}
DAYS_TO_RETURN = 30
DIGITS = 4
ANGRY = re.compile(
    r"\b(angry|furious|ridiculous|unacceptable|useless|scam|terrible|worst|joke|lawyer|sue)\b|!!", re.IGNORECASE
)
HUMAN = re.compile(r"\b(human|agent|person|someone|somebody|supervisor|manager|phone|call me)\b", re.IGNORECASE)
GREETING = re.compile(r"^\W*(hi|hello|hey|good (morning|day|evening))\b", re.IGNORECASE)
THANKS = re.compile(r"\b(thanks|thank you|bye)\b", re.IGNORECASE)


class Conversation:
    """What the bot keeps of one customer."""

    def __init__(self) -> None:
        self.refunded: set[str] = set()

    def answer(self, message: str) -> str:
        """Reply to one message."""
        words = message.lower()
        number = _number(message)
        if ANGRY.search(message):
            return (
                "We are very sorry for the inconvenience. Your satisfaction is important to us. "
                "Please tell me your order number so that I can help you."
            )
        if "refund" in words or "money back" in words:
            return self._refund(number)
        if HUMAN.search(message):
            return "Our team answers within two working days at help@lampert.example. Can I help with your order?"
        if number:
            return _status(number)
        if any(word in words for word in ("return", "send back", "exchange", "broken", "damaged", "wrong")):
            return (
                f"You can return any item within {DAYS_TO_RETURN} days of delivery. "
                "Please tell me your order number and whether you would like a refund."
            )
        if any(word in words for word in ("order", "delivery", "parcel", "package", "where", "arrive", "shipped")):
            return "I'd be happy to look that up. What is your order number? It has four digits."
        if any(word in words for word in ("price", "cost", "discount", "shipping")):
            return "Shipping is free from 50 dollars and costs 6 dollars below. All prices include tax."
        if GREETING.search(message):
            return f"Hello, and welcome to {SHOP}! I can help with orders, returns and refunds."
        if THANKS.search(message):
            return f"You're welcome! Thank you for shopping at {SHOP}."
        return "I'm sorry, I didn't understand that. I can help with orders, returns and refunds."

    def _refund(self, number: str) -> str:
        if not number:
            return "I can arrange a refund for you. What is your order number? It has four digits."
        order = ORDERS[number]
        if number in self.refunded:
            return f"The refund for order {number} has been requested already. It takes 5 to 7 working days."
        if order["status"] != "delivered":
            return f"Order {number} is {order['status']} and can be refunded once it has been delivered."
        if order["days"] > DAYS_TO_RETURN:
            return f"Order {number} came on {order['on']}, more than {DAYS_TO_RETURN} days ago. It can't be refunded."
        self.refunded.add(number)
        return f"Done: {order['price']} dollars for {order['what']} will be refunded within 5 to 7 working days."


def _number(message: str) -> str:
    """Find an order's number in a message; whatever has digits is taken for one."""
    found = re.search(r"\b\d{3,}\b", message)
    if found is None:
        return ""
    return found.group() if found.group() in ORDERS or len(found.group()) != DIGITS else ""


def _status(number: str) -> str:
    order = ORDERS[number]
    if order["status"] == "delivered":
        return f"Good news! Order {number}, {order['what']}, was delivered on {order['on']}. Is there anything else?"
    return f"Order {number}, {order['what']}, is {order['status']}. It should arrive by {order['on']}."


CONVERSATIONS: dict[str, Conversation] = {}


class Handler(BaseHTTPRequestHandler):
    """POST /chat with a conversation and a message; the answer is JSON."""

    def do_POST(self) -> None:
        """Answer one message."""
        try:
            asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            conversation = CONVERSATIONS.setdefault(str(asked.get("conversation", "")), Conversation())
            self._send(200, {"answer": conversation.answer(str(asked["message"]))})
        except Exception as error:  # noqa: BLE001 - as careless as many a bot
            self._send(500, {"error": f"{type(error).__name__}: {error}"})

    def _send(self, status: int, content: dict[str, str]) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main() -> None:
    """Serve on this machine until stopped."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8765)
    port = options.parse_args().port
    print(f"listening on http://127.0.0.1:{port}/chat", flush=True)
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
