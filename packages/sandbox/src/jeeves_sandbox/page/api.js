// Every request of the page. Changes carry the token that this run gave the page.

const BASE = "/sandbox";
let token = "";

/** A sentence for people, from a problem that the server told. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail || `HTTP ${status}`);
    this.status = status;
    this.detail = detail;
  }
}

async function answered(response) {
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Refused(response.status, problem.detail || problem.title);
}

async function change(path, body) {
  const headers = { "Content-Type": "application/json", "X-Sandbox-Token": token };
  return answered(await fetch(BASE + path, { method: "POST", headers, body: JSON.stringify(body) }));
}

export async function state(person) {
  const query = person ? `?person=${encodeURIComponent(person)}` : "";
  const found = await answered(await fetch(`${BASE}/state${query}`));
  token = found.token;
  return found;
}

/** Get a session anew: that of another run means nothing to this one. */
export async function knock() {
  const response = await fetch(`${BASE}/`);
  if (!response.ok) throw new Refused(response.status);
}

export const entry = async (number) => answered(await fetch(`${BASE}/record/${number}`));
export const say = (person, channel, thread, text) => change("/say", { person, channel, thread, text });
export const press = (person, used) => change("/press", { person, ...used });
export const trouble = (what) => change("/trouble", what);
export const weather = (how) => change("/weather", how);
export const streamUrl = (person, since) =>
  `${BASE}/stream?person=${encodeURIComponent(person)}&since=${encodeURIComponent(since)}`;
