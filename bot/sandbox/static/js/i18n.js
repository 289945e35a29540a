// The page's own chrome in both languages. What the bot says comes from the bot, never from here.

const DE = {
  workspace: "Sandbox", navigation: "Navigation", people: "Person wechseln", apps: "Apps", channels: "Channels", home: "Home",
  messages: "Nachrichten", about: "Info", you: "du", merchant: "Händler", agent: "Support",
  privateNote: "Probe-Slack – nichts verlässt diesen Rechner", openMenu: "Navigation öffnen",
  closeMenu: "Navigation schließen", light: "Hell", dark: "Dunkel", themeToggle: "Helles oder dunkles Design",
  practice: "Ausprobieren", play: "Vorspielen", samples: "Token einfügen", who: "Wer kann was?", playing: (name) => `Wird vorgespielt: ${name}`,
  pasted: "Kopiert, und im Eingabefeld eingesetzt", botTime: "Uhr des Bots, vorstellen",
  restart: "Neu", restartLong: "Von vorn beginnen", restartTitle: "Von vorn beginnen?",
  restartText: "Alle Nachrichten, Fenster und Home-Ansichten werden gelöscht. Personen und Channels bleiben. Das lässt sich nicht rückgängig machen.",
  restartYes: "Von vorn beginnen", cancel: "Abbrechen", close: "Schließen", ok: "OK",
  reply1: "1 Antwort", replies: (n) => `${n} Antworten`, thread: "Thread", replyInThread: "Im Thread antworten", repliedTo: "hat im Thread geantwortet:",
  viewThread: "Thread ansehen", lastReply: (when) => `Zuletzt ${when}`, more: "Weitere Aktionen",
  deleteMessage: "Nachricht löschen", deleteTitle: "Nachricht löschen",
  deleteText: "Möchtest du diese Nachricht wirklich löschen? Das kann nicht rückgängig gemacht werden.", deleteYes: "Löschen",
  copyText: "Text kopieren", copied: "Kopiert", newlineKeys: "Umschalt + Enter: neue Zeile", onlyYou: "Nur für dich sichtbar", edited: "(bearbeitet)", app: "APP", today: "Heute",
  yesterday: "Gestern", at: (day, time) => `${day} um ${time}`, newLine: "Neu", messageTo: (name) => `Nachricht an ${name}`, replyTo: "Antworten …",
  send: "Senden", attach: "Datei anhängen", detach: (name) => `${name} entfernen`, bold: "Fett", italic: "Kursiv", strike: "Durchgestrichen", code: "Code", pre: "Codeblock", formatting: "Formatierung",
  commandsTitle: "Befehle", peopleTitle: "Personen", keys: "↑ ↓ wählen · Tab oder Enter übernehmen", sending: "Wird gesendet …",
  slashInThread: "Befehle funktionieren in Threads nicht. Schreib ihn in die Unterhaltung selbst.",
  reconnecting: "Verbindung unterbrochen. Es wird neu verbunden …", botOffline: "Die App ist gerade nicht verbunden.",
  botOnline: "App verbunden", failed: "Das hat nicht geklappt", required: "Bitte fülle dieses Feld aus.",
  tooShort: (n) => `Bitte gib mindestens ${n} Zeichen ein.`, tooLong: (n) => `Das sind ${n} Zeichen zu viel.`, optional: "(optional)",
  enterSends: "Zum Absenden Enter drücken", choose: "Option auswählen", search: "Suchen", none: "Keine Ergebnisse", unread: (n) => `${n} ungelesen`, remove: (x) => `${x} entfernen`,
  emptyHome: "Diese App hat noch keine Home-Ansicht geschickt.", emptyDm: (bot) => `Das ist der Anfang deiner Direktnachrichten mit ${bot}.`,
  emptyChannel: (name) => `Das ist der Anfang von #${name}.`, dmHint: (cmd) => ["Tippe ", cmd, " oder schreib eine Nachricht."], channelHint: "Hier ist noch nichts geschrieben worden.",
  aboutCommands: "Befehle dieser App", imageGone: "Bild nicht verfügbar", enlarge: "Bild vergrößern", unknownBlock: (type) => `Nicht darstellbarer Block: ${type}`,
  newer: "Zu den neuesten Nachrichten", back: "Zurück", modalStack: (n) => `Fenster ${n} von 3`, noPage: "Die Seite erreicht ihren Server nicht.",
  everyone: "alle", loading: "Wird geladen …", list: "Nachrichten", slackbot: "Slackbot", moreOptions: "Weitere Optionen",
  errors: {
    operation_timeout: "Die App hat nicht rechtzeitig geantwortet (operation_timeout).", not_connected: "Die App ist nicht verbunden.",
    dispatch_failed: "Die App hat die Aktion nicht angenommen (dispatch_failed).", network: "Der Server der Sandbox ist nicht erreichbar.",
  },
  commandFailed: (cmd, why) => `„${cmd}“ ist fehlgeschlagen: ${why}`,
};

const EN = {
  workspace: "Sandbox", navigation: "Navigation", people: "Switch person", apps: "Apps", channels: "Channels", home: "Home",
  messages: "Messages", about: "About", you: "you", merchant: "Merchant", agent: "Support",
  privateNote: "Practice Slack – nothing leaves this computer", openMenu: "Open navigation",
  closeMenu: "Close navigation", light: "Light", dark: "Dark", themeToggle: "Light or dark design",
  practice: "Try it", play: "Play a story", samples: "Paste a token", who: "Who can do what?", playing: (name) => `Being played: ${name}`,
  pasted: "Copied, and put into the message field", botTime: "The bot's clock, move it ahead",
  restart: "Reset", restartLong: "Start afresh", restartTitle: "Start afresh?",
  restartText: "All messages, windows and Home views are deleted. People and channels stay. This cannot be undone.",
  restartYes: "Start afresh", cancel: "Cancel", close: "Close", ok: "OK",
  reply1: "1 reply", replies: (n) => `${n} replies`, thread: "Thread", replyInThread: "Reply in thread", repliedTo: "replied to a thread:",
  viewThread: "View thread", lastReply: (when) => `Last reply ${when}`, more: "More actions",
  deleteMessage: "Delete message", deleteTitle: "Delete message",
  deleteText: "Are you sure you want to delete this message? This cannot be undone.", deleteYes: "Delete",
  copyText: "Copy text", copied: "Copied", newlineKeys: "Shift + Enter: new line", onlyYou: "Only visible to you", edited: "(edited)", app: "APP", today: "Today",
  yesterday: "Yesterday", at: (day, time) => `${day} at ${time}`, newLine: "New", messageTo: (name) => `Message ${name}`, replyTo: "Reply…",
  send: "Send", attach: "Attach a file", detach: (name) => `Remove ${name}`, bold: "Bold", italic: "Italic", strike: "Strikethrough", code: "Code", pre: "Code block", formatting: "Formatting",
  commandsTitle: "Commands", peopleTitle: "People", keys: "↑ ↓ to choose · Tab or Enter to complete", sending: "Sending…",
  slashInThread: "Commands do not work in threads. Type it in the conversation itself.",
  reconnecting: "Connection lost. Reconnecting…", botOffline: "The app is not connected at the moment.",
  botOnline: "App connected", failed: "That did not work", required: "Please complete this required field.",
  tooShort: (n) => `Please enter at least ${n} characters.`, tooLong: (n) => `That is ${n} characters too many.`, optional: "(optional)",
  enterSends: "Press Enter to submit", choose: "Select an option", search: "Search", none: "No results", unread: (n) => `${n} unread`, remove: (x) => `Remove ${x}`,
  emptyHome: "This app has not sent a Home view yet.", emptyDm: (bot) => `This is the very beginning of your direct messages with ${bot}.`,
  emptyChannel: (name) => `This is the very beginning of #${name}.`, dmHint: (cmd) => ["Type ", cmd, " or write a message."], channelHint: "Nothing has been written here yet.",
  aboutCommands: "Commands of this app", imageGone: "Image not available", enlarge: "Enlarge image", unknownBlock: (type) => `Block that cannot be shown: ${type}`,
  newer: "Jump to the newest messages", back: "Back", modalStack: (n) => `Window ${n} of 3`, noPage: "The page cannot reach its server.",
  everyone: "everyone", loading: "Loading…", list: "Messages", slackbot: "Slackbot", moreOptions: "More options",
  errors: {
    operation_timeout: "The app did not answer in time (operation_timeout).", not_connected: "The app is not connected.",
    dispatch_failed: "The app did not accept the action (dispatch_failed).", network: "The sandbox's server cannot be reached.",
  },
  commandFailed: (cmd, why) => `“${cmd}” failed: ${why}`,
};

let words = DE;
let locale = "de-DE";

export function setLocale(next) {
  locale = next || "de-DE";
  words = locale.toLowerCase().startsWith("de") ? DE : EN;
  document.documentElement.lang = locale;
}

export function currentLocale() {
  return locale;
}

export function t(key, ...args) {
  const word = words[key];
  return typeof word === "function" ? word(...args) : word;
}

export function errorText(code) {
  return words.errors[code] || `${words.failed}: ${code}`;
}
