"""All words of the sandbox's server that people read. The page's own are in its files."""

from jeeves_service.words import Catalogue

TEXTS = {
    "nothing_to_say": "There is nothing to say.",
    "too_long": "That is longer than Slack lets anybody say.",
    "nobody": "Nobody here has that name.",
    "no_place": "That conversation is not there, or not yours.",
    "no_thread": "That thread is not there any more.",
    "no_message": "That message is not there any more.",
    "no_action": "That message has no such button or choice.",
    "no_file": "That file is not there any more.",
    "not_possible": "That is not possible.",
    "forgotten": "That is too long ago: only the last 500 are kept.",
    "wrong_host": "The sandbox answers on this machine only: open http://127.0.0.1:{port}/sandbox/.",
    "no_session": "Open the sandbox's page again: it was started anew, or you came from elsewhere.",
    "try_it": "Try it: {url}",
}
#: Slack's codes, and what a person reads for them.
REASONS = {
    "no_text": "nothing_to_say",
    "msg_too_long": "too_long",
    "user_not_found": "nobody",
    "channel_not_found": "no_place",
    "thread_not_found": "no_thread",
    "message_not_found": "no_message",
    "action_not_found": "no_action",
    "option_not_found": "no_action",
}
say = Catalogue("jeeves_sandbox", TEXTS).text
