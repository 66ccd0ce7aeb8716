// Times as the person that one is would read them: in their zone and language.

import { me } from "./store.js";

const seconds = (ts) => new Date(Number(ts) * 1000);

function format(options) {
  const person = me();
  return new Intl.DateTimeFormat(person?.locale ?? "en-GB", { timeZone: person?.timezone, ...options });
}

export const clock = (ts) => format({ hour: "numeric", minute: "2-digit" }).format(seconds(ts));
export const long = (ts) => format({ dateStyle: "full", timeStyle: "medium" }).format(seconds(ts));
export const day = (ts) => format({ weekday: "long", day: "numeric", month: "long" }).format(seconds(ts));

/** A moment given as ISO 8601, to the second. */
export const exact = (iso) => format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(new Date(iso));

export function hereIn(person) {
  const time = new Intl.DateTimeFormat(person.locale, { timeZone: person.timezone, hour: "numeric", minute: "2-digit" });
  const city = person.timezone.split("/").at(-1).replaceAll("_", " ");
  return `${city}, ${time.format(new Date())}`;
}
