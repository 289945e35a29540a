// The page's only way to the sandbox: fetch for questions and acts, one WebSocket for "something changed".

async function request(path, options) {
  const answer = await fetch(path, { cache: "no-store", ...options });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok && body.ok === undefined) throw new Error(body.error || `http_${answer.status}`);
  return body;
}

const query = (path, params) => `${path}?${new URLSearchParams(params)}`;

export const people = () => request("/page/people");
export const stateOf = (as) => request(query("/page/state", { as }));
export const messagesOf = (as, channel) => request(query("/page/messages", { as, channel }));

async function post(path, body) {
  try {
    return await request(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Sandbox": "1" },
      body: JSON.stringify(body),
    });
  } catch (error) {
    return { ok: false, error: error instanceof TypeError ? "network" : error.message };
  }
}

export const act = (as, kind, more = {}) => post("/page/act", { as, kind, ...more });
export const demo = () => request("/page/demo");
export const demoAct = (body) => post("/page/demo", body);
export const reset = () => post("/page/reset", {});

// Calls onChange(message) for every push, onStatus(true|false) when the line goes up or down; returns a way to stop.
export function listen(as, onChange, onStatus) {
  let socket = null;
  let wait = 250;
  let timer = 0;
  let stopped = false;
  const open = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}${query("/page/ws", { as })}`);
    socket.addEventListener("open", () => {
      wait = 250;
      onStatus(true);
    });
    socket.addEventListener("message", (event) => onChange(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      if (stopped) return;
      onStatus(false);
      timer = window.setTimeout(open, wait);
      wait = Math.min(wait * 2, 5000);
    });
  };
  open();
  return () => {
    stopped = true;
    window.clearTimeout(timer);
    socket.close();
  };
}
