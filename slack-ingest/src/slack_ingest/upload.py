"""The three calls that bring bytes to Slack: an address for them, the bytes, and what is to be done with them.

https://docs.slack.dev/reference/methods/files.getUploadURLExternal
"""

from slack_ingest.body import id_at, text_at
from slack_ingest.outcomes import Kind, Outcome
from slack_ingest.slack_api import SlackApi

ALT = 1000  # characters


async def put(api: SlackApi, name: str, content: bytes, *, alt: str = "") -> Outcome:
    """Upload bytes; when OK, `data` has their `id`. Nobody sees them, nor may a message show them, before `complete`."""
    fields: dict[str, object] = {"filename": name, "length": str(len(content))}
    if alt:
        fields["alt_txt"] = alt[:ALT]
    given = await api.ask("files.getUploadURLExternal", fields)
    if given.kind is not Kind.OK:
        return given
    url, file_id = text_at(given.data, "upload_url"), id_at(given.data, "file_id")
    if not url or not file_id:
        return Outcome(Kind.DOUBT, "unreadable_answer")
    sent = await api.upload(url, content)
    if sent.kind is Kind.NOT_SENT:  # another host than that of the messages: they may go all the same
        return Outcome(Kind.DOUBT, sent.code)
    return Outcome(Kind.OK, data={"id": file_id}) if sent.kind is Kind.OK else sent


async def complete(api: SlackApi, file_id: str, title: str, channel: str = "", thread: str | None = None) -> Outcome:
    """End an upload. With a conversation's id (and the root of a thread) the file is posted there, a moment later."""
    body: dict[str, object] = {"files": [{"id": file_id, "title": title}]}
    if channel:
        body["channel_id"] = channel
    if channel and thread:
        body["thread_ts"] = thread
    return await api.post("files.completeUploadExternal", body)
