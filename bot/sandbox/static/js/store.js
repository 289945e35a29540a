// What the page knows at this moment. The server is right; this is the copy it last handed out.

export const store = {
  me: "", people: [], team: {}, bot: {}, connected: true, online: true, commands: [], conversations: [],
  home: null, modals: [],
  place: { kind: "conversation", channel: "" }, // or {kind: "home" | "about"}
  thread: null, // ts of the thread in the panel
  messages: [], messagesOf: "", // the messages at hand, and the conversation they belong to
  newFrom: null, // ts of the first message that was unread when the conversation was opened
};

const notices = []; // {channel, as, ts, text}: the page's own ephemeral words, such as a command that failed
const watchers = new Map();

export function on(what, callback) {
  if (!watchers.has(what)) watchers.set(what, []);
  watchers.get(what).push(callback);
}

export function changed(...topics) {
  for (const topic of topics) for (const callback of watchers.get(topic) || []) callback();
}

export const person = (id) => store.people.find((one) => one.id === id);
export const me = () => person(store.me) || { id: store.me, name: store.me, role: "merchant", locale: "de-DE" };
export const conversation = (id) => store.conversations.find((one) => one.id === id);
export const dmChannel = () => store.conversations.find((one) => one.kind === "dm");

// Where people see a file; the app has another way, with its token.
export const fileAddress = (id) => `/page/files/${encodeURIComponent(id)}?as=${encodeURIComponent(store.me)}`;

export function personName(id, label = "") {
  if (id === store.bot.id) return store.bot.name;
  return person(id)?.name || label || id;
}

export function channelName(id, label = "") {
  const found = conversation(id);
  if (found?.kind === "dm") return store.bot.name || found.name;
  return (found?.name || label || id).replace(/^#/, "");
}

export function notice(channel, text) {
  notices.push({ channel, as: store.me, ts: (Date.now() / 1000).toFixed(6), text });
  changed("messages");
}

export const forgetNotices = () => notices.splice(0);

// Everything of the conversation in front, the page's own notices sorted in.
export function visibleMessages(slackbot) {
  const own = notices.filter((one) => one.channel === store.place.channel && one.as === store.me).map((one) => ({
    ts: one.ts, user: "USLACKBOT", name: slackbot, bot: false, slackbot: true, text: one.text, blocks: [], ephemeral: true,
  }));
  if (store.messagesOf !== store.place.channel) return [];
  return [...store.messages, ...own].sort((a, b) => Number(a.ts) - Number(b.ts));
}
