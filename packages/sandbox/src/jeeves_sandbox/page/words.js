// Every word of the page that its scripts put there. {places} are filled by fill().

export const words = {
  live: "Live",
  lost: "Reconnecting…",
  gone: "The sandbox has stopped, or was started anew. This page waits for it.",
  newRun: "A new run began: its rooms are empty. What Jeeves knows of you is still there.",
  unreached: "Jeeves did not take that. Slack tries again: at once, after 1 minute, after 5 minutes.",
  notTaken: "Jeeves did not take that. Press it again.",
  app: "APP",
  admin: "admin",
  onlyYou: "Only visible to you",
  edited: "(edited)",
  reply: "Reply in thread",
  thread: "Thread",
  replies: { one: "{n} reply", other: "{n} replies" },
  noReplies: "No replies yet",
  unread: "{n} unread",
  says: "{name} in {place}: {text}",
  sayIn: "Say something in {place}",
  sayTo: "Say something to Jeeves",
  sayThread: "Reply…",
  send: "Send",
  mention: "@Jeeves",
  mentionHint: "Jeeves hears you when you mention it.",
  completes: "Tab makes it @Jeeves, who then hears you.",
  keys: "Enter sends, Shift + Enter makes a new line.",
  slash: "Slash commands are not set up here. Say it without the slash.",
  failed: "That did not get through. Is the sandbox still running?",
  tryTitle: "Say hello to Jeeves",
  tryDirect: "This is your direct conversation: just say what you want. Here is something to begin with.",
  tryChannel: "In a channel everybody reads along, and Jeeves answers when it is mentioned. Try it:",
  tryMore: "Try",
  choose: "Choose…",
  more: "More",
  image: "Image",
  bytes: "{n} bytes",
  kilobytes: "{n} kB",
  megabytes: "{n} MB",
  openImage: "Open it on the web",
  table: "Table",
  unknownBlock: "(Slack would show a “{type}” here.)",
  nothing: "(nothing)",
  isDoing: "{name} {status}",
  protocol: "Protocol",
  protocolTopic: "What Jeeves and the workspace said to each other, newest first",
  filter: "Filter",
  filterHint: "chat.postMessage, 429, retry…",
  allWays: "Both ways",
  toJeeves: "To Jeeves",
  toSlack: "To Slack",
  noEntries: "Nothing yet. Say something to Jeeves.",
  noMatch: "Nothing fits this filter.",
  sent: "Sent",
  answered: "Answered",
  headers: "Headers",
  waits: "no answer",
  forgotten: "Only the last 500 are kept; this one is gone.",
  trouble: "Make trouble",
  troubleTopic: "What Slack does on a bad day, and how Jeeves takes it",
  dark: "Slack is dark",
  darkHint: "Every call hangs until you switch it off.",
  slow: "Slow answers",
  slowHint: "Seconds between what a call does and its answer.",
  nextCalls: "Let the next calls go wrong",
  method: "Method",
  anyMethod: "any method",
  kind: "What happens",
  kinds: {
    limited: "429: slow down",
    refused: "refused (ok: false)",
    broken: "503, and nothing is done",
    broken_after: "503, though it is done",
    silent: "no answer at all",
  },
  times: "How often",
  seconds: "Retry after, seconds",
  code: "Slack’s error",
  makeIt: "Make it so",
  pending: "Waiting to go wrong",
  noPending: "Nothing. All is well.",
  isDark: "Every call: Slack is dark, and nothing is answered.",
  isSlow: "Every call: answered {slow} s late.",
  pendingLine: "{times} × {method} {words}",
  lastLine: "Last: {method} {words}, {ago}.",
  now: "just now",
  ago: { seconds: "{n} s ago", minutes: "{n} min ago" },
  calm: "End all trouble",
};

/** What a newcomer may try, by where they are. */
export const tries = ["weather in Paris", "my location is London", "weather tomorrow", "remember my birthday is 3 May",
  "what do you know about me", "help"];

export function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function count(forms, n) {
  return fill(n === 1 ? forms.one : forms.other, { n });
}

/** How large a file is, as people say it. */
export function size(bytes) {
  const kilo = bytes / 1000;
  if (kilo < 1) return fill(words.bytes, { n: bytes });
  return kilo < 1000 ? fill(words.kilobytes, { n: Math.round(kilo) }) : fill(words.megabytes, { n: (kilo / 1000).toFixed(1) });
}
