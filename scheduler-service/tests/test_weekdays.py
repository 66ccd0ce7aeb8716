"""“weather every weekday at 7:30”, from the words to the reply in a direct message (S137, S140)."""

import asyncio
from pathlib import Path
from typing import Any

from jeeves_contracts.delivery import Send, TakeAnswer, TakeItem, TakeRequest
from jeeves_contracts.envelope import Envelope, routing_key
from jeeves_contracts.ids import LANES
from jeeves_contracts.messages import MESSAGE_RECEIVED, ReplyRequested
from jeeves_service.bus.port import Delivery
from jeeves_service.bus.topology import lane_queue
from jeeves_service.peers import Peer
from jeeves_service.tokens import Signer
from support.eventually import succeeds
from support.messages import envelope, message
from support.scheduling import WEEKDAYS, Office, office
from users_service.migrate import upgrade


def weather(request: dict[str, Any]) -> dict[str, Any]:
    """An action that understands two sentences."""
    if "every weekday" in request["text"]:
        change = {"op": "schedule.put", "name": "morning-weather", "command": "weather in Paris"}
        return {"messages": [{"text": "Gladly."}], "changes": [{**change, "timing": WEEKDAYS.model_dump(mode="json")}]}
    if request["text"] == "stop":
        return {"messages": [{"text": "No more."}], "changes": [{"op": "schedule.delete", "name": "morning-weather"}]}
    return {"messages": [{"text": f"Sunny {request['text']}."}]}


class Reader:
    """Takes what is asked to be sent, and reads it."""

    def __init__(self, desk: Office) -> None:
        signer = Signer(desk.keys[0]["slack-ingest"], desk.clock)
        self.peer, self.sent = Peer("users-service", "http://users-service", desk.http, signer), list[Send]()

    async def __call__(self, delivery: Delivery) -> None:
        asked = Envelope[ReplyRequested].from_bytes(delivery.body).data
        request = TakeRequest(items=[TakeItem(reply_id=asked.reply_id)])
        (taken,) = (await self.peer.ask("/internal/v1/replies/take", request, TakeAnswer, scope="replies:send")).results
        if isinstance(taken, Send):
            self.sent.append(taken)
        await delivery.ack()


async def test_the_weather_comes_on_weekdays_until_it_is_stopped(tmp_path: Path) -> None:  # S137, S139, S140
    url = f"sqlite+aiosqlite:///{tmp_path}/jeeves.sqlite"
    await asyncio.to_thread(upgrade, url)
    async with office(url, tmp_path) as desk:
        desk.action.answers = [weather]
        reader = Reader(desk)
        for number in range(LANES):
            await desk.bus.consume(lane_queue("slack", number), reader, prefetch=1)
        await desk.dispatcher().start()
        await desk.scheduler().start()

        async def say(text: str) -> None:
            said = envelope(message(text, channel="C1"), at=desk.clock.now())
            await desk.bus.publish(routing_key(MESSAGE_RECEIVED, "slack"), said.to_bytes())

        async def sent(count: int) -> Send:
            async def there() -> None:
                await desk.clock.advance(0.05)
                assert len(reader.sent) >= count, reader.sent

            await succeeds(there, AssertionError)
            assert len(reader.sent) == count
            return reader.sent[-1]

        await say("weather every weekday at 7:30")
        first = await sent(1)
        assert "Gladly." in first.reply.text
        assert "next Thu 26 Nov 07:30, Fri 27 Nov 07:30" in first.reply.text

        for count, morning in enumerate(("2026-11-26", "2026-11-27", "2026-11-30"), start=2):  # not on Saturday and Sunday
            await desk.until(f"{morning}T06:30Z")
            reply = await sent(count)
            assert reply.reply.text.startswith("Sunny in Paris.")
            assert (reply.conversation.channel_id, reply.conversation.is_direct, reply.user_id) == ("U1", True, "U1")
            assert reply.scheduled
        request = desk.action.calls[-1]
        assert (request["trigger"], request["actor"]["user_id"], request["actor"]["timezone"]) == (
            "schedule",
            "U1",
            "Europe/Paris",
        )

        await say("weather stop")
        await sent(5)
        await desk.until("2026-12-02T12:00Z")
        await asyncio.sleep(0)
        assert len(reader.sent) == 5
