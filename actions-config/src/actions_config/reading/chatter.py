"""What only sounds like a fact: `my train is late` is talk, unless somebody says to remember it."""

#: What is so for an hour, not for good: the first word of a value.
PASSING = frozenset(
    {"broken", "late", "down", "slow", "slower", "gone", "lost", "stuck", "dead", "missing", "ready", "done", "finished",
     "sick", "ill", "tired", "busy", "fine", "ok", "okay", "good", "great", "bad", "terrible", "awful", "nice", "amazing",
     "hot", "cold", "wet", "full", "empty", "over", "up", "off", "on", "back", "here", "there", "away", "out", "just",
     "still", "already", "too", "so", "very", "really", "quite", "always", "never", "about", "being", "getting",
     "going", "coming", "crashing", "freezing", "leaking", "ringing", "burning", "killing", "acting", "making", "trying",
     "giving", "asking", "waiting", "working", "running", "hurting", "driving", "delayed", "cancelled", "canceled", "wrong",
     "right", "that", "this", "why", "how", "whether", "if"}
)  # fmt: skip
#: What people begin a remark with: `my question is how …`.
SPEAKING = frozenset(
    {"question", "questions", "problem", "problems", "issue", "issues", "point", "guess", "opinion", "idea", "thought",
     "thoughts", "concern", "worry", "advice", "suggestion", "bad", "god", "goodness", "understanding", "hope", "feeling",
     "fault", "mistake", "apologies", "turn", "pleasure"}
)  # fmt: skip
LASTING = frozenset({"favourite", "favorite", "motto", "slogan", "name", "nickname", "song", "film", "movie", "book"})


def is_talk(name: str, value: str) -> bool:
    """Tell whether `my <name> is <value>` is rather a remark than something to keep."""
    if not LASTING.isdisjoint(name.split()):
        return False
    words = value.casefold().split()
    return (name.split() or [""])[-1] in SPEAKING or bool(words and words[0].strip(".,!?;:") in PASSING)
