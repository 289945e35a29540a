// Keeps the store level with the server, and carries the person's acts to it.

import { act, listen, messagesOf, reset, stateOf } from "./api.js";
import { errorText, setLocale, t } from "./i18n.js";
import { changed, conversation, dmChannel, forgetNotices, me, store } from "./store.js";
import { toast } from "./toast.js";

let hangUp = null;

// Runs one at a time; calls that arrive meanwhile end in exactly one more run.
function coalesced(work) {
  let running = null;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await work();
      } while (again);
    })().finally(() => {
      running = null;
    });
    return running;
  };
}

export const refreshState = coalesced(async () => {
  const as = store.me;
  const state = await stateOf(as).catch(() => null);
  if (!state || as !== store.me) return;
  const { people, team, bot, connected, commands, conversations, home, modals } = state;
  Object.assign(store, { people, team, bot, connected, commands, conversations, home, modals });
  setLocale(me().locale);
  if (store.place.kind === "conversation" && !conversation(store.place.channel)) {
    store.place = { kind: "conversation", channel: (dmChannel() || conversations[0])?.id || "" };
    refreshMessages();
  }
  changed("state");
});

export const refreshMessages = coalesced(async () => {
  const { me: as, place: { channel } } = store;
  if (!channel) return;
  const answer = await messagesOf(as, channel).catch(() => null);
  if (!answer || as !== store.me || channel !== store.place.channel) return;
  const first = store.messagesOf !== channel;
  store.messages = answer.messages;
  store.messagesOf = channel;
  if (first) store.newFrom = firstUnread();
  changed("messages");
});

function firstUnread() {
  const unread = conversation(store.place.channel)?.unread || 0;
  const others = store.messages.filter((one) => one.user !== store.me && !one.ephemeral);
  return unread && others.length > unread ? others[others.length - unread].ts : null;
}

const told = new Map();

// Tells the server what has been read; asked again for the same message it says nothing.
export function markRead() {
  const { channel } = store.place;
  const last = store.messages.filter((one) => !one.ephemeral).at(-1);
  if (!last || store.messagesOf !== channel || !conversation(channel)?.unread || document.hidden) return;
  const key = `${store.me} ${channel}`;
  if (told.get(key) === last.ts) return;
  told.set(key, last.ts);
  act(store.me, "read", { channel, ts: last.ts }).then(refreshState);
}

// An act of this person. Failures are shown as a toast unless the caller shows them itself.
export async function perform(kind, more, { quiet = false } = {}) {
  const answer = await act(store.me, kind, more);
  if (!answer.ok && !quiet) toast(errorText(answer.error));
  return answer;
}

export async function startAfresh() {
  const answer = await reset();
  if (answer.ok === false) toast(errorText(answer.error));
  else afterReset();
}

function afterReset() {
  forgetNotices();
  told.clear();
  Object.assign(store, { thread: null, messages: [], messagesOf: "", newFrom: null, home: null, modals: [] });
  changed("reset", "state", "messages");
  return Promise.all([refreshState(), refreshMessages()]);
}

const onPush = ({ what, channel }) => {
  if (what === "reset") return void afterReset();
  if (what === "messages") {
    if (!channel || channel === store.place.channel) refreshMessages();
  }
  return void refreshState();
};

const onLine = (up) => {
  if (store.online !== up) {
    store.online = up;
    changed("line");
  }
  if (up) {
    refreshState();
    refreshMessages();
  }
};

// Becomes another person: another line to the server, another state.
export async function connectAs(id) {
  hangUp?.();
  Object.assign(store, { me: id, messages: [], messagesOf: "", thread: null, modals: [], home: null, newFrom: null });
  setLocale(me().locale);
  await refreshState();
  if (store.me !== id) return;
  await refreshMessages();
  hangUp = listen(id, onPush, onLine);
}

export const copy = (text) => navigator.clipboard?.writeText(text).then(() => toast(t("copied"), "done"), () => {});
