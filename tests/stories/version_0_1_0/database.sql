BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'amazon-token','first_schema','2026-11-27 21:05:03.935634+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'amazon-token','reminders','2026-11-27 21:05:03.936175+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'amazon-token','forgetting','2026-11-27 21:05:03.936466+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'amazon-token','support_desk','2026-11-27 21:05:03.937881+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'amazon-token','pictures','2026-11-27 21:05:03.938056+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'amazon-token','support_homes','2026-11-27 21:05:03.938250+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'amazon-token','dead_rows','2026-11-27 21:05:03.938331+00:00');
CREATE TABLE "chores" (
   "name" TEXT PRIMARY KEY,
   "due_at" TEXT NOT NULL
) STRICT;
INSERT INTO "chores" VALUES('digest','2026-11-30T07:15:00.000000+00:00');
INSERT INTO "chores" VALUES('weekly_figures','2026-11-30T07:15:00.000000+00:00');
CREATE TABLE "events" (
   "id" INTEGER PRIMARY KEY,
   "walk_id" INTEGER NOT NULL REFERENCES "walks"("id"),
   "version" INTEGER NOT NULL,
   "at" TEXT NOT NULL,
   "actor_id" TEXT NOT NULL,
   "name" TEXT NOT NULL,
   "step" TEXT NOT NULL,
   "next_step" TEXT NOT NULL,
   "detail" TEXT NOT NULL
) STRICT;
INSERT INTO "events" VALUES(1,1,0,'2026-11-27T21:05:04.188084+00:00','U0ERIKA','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(2,1,1,'2026-11-27T21:05:04.218024+00:00','U0ERIKA','orders_stopped','briefing','connect_version','{}');
INSERT INTO "events" VALUES(3,2,0,'2026-11-27T21:05:04.285485+00:00','U0OLIVER','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(4,2,1,'2026-11-27T21:05:04.364181+00:00','U0OLIVER','help','briefing','briefing','{"mark": "18f833f9ac9cbf81"}');
INSERT INTO "events" VALUES(5,2,1,'2026-11-27T21:05:04.364181+00:00','U0OLIVER','shown_again','briefing','briefing','{"notes": ["ticket_filed"]}');
CREATE TABLE "invitations" (
   "id" INTEGER PRIMARY KEY,
   "team_id" TEXT NOT NULL,
   "agent_id" TEXT NOT NULL,
   "merchant_id" TEXT NOT NULL,
   "message_key" TEXT NOT NULL,
   "invited_at" TEXT NOT NULL,
   "answer" TEXT,
   "answered_at" TEXT
) STRICT;
INSERT INTO "invitations" VALUES(1,'T0SANDBOX','U0ANNA','U0BEN','6e839ad85ffbcd183290db91f74bf213','2026-11-27T21:05:05.437320+00:00',NULL,NULL);
CREATE TABLE "outbox" (
   "id" INTEGER PRIMARY KEY,
   "key" TEXT NOT NULL,
   "team_id" TEXT NOT NULL,
   "method" TEXT NOT NULL,
   "recipient" TEXT NOT NULL,
   "content" TEXT NOT NULL,
   "lane" TEXT,
   "target" TEXT,
   "thread" TEXT,
   "response_url" TEXT,
   "walk_id" INTEGER REFERENCES "walks"("id"),
   "state" TEXT NOT NULL,
   "attempts" INTEGER NOT NULL,
   "created_at" TEXT NOT NULL,
   "due_at" TEXT NOT NULL,
   "channel" TEXT,
   "ts" TEXT,
   "error" TEXT
, erased INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "outbox" VALUES(1,'6c3aea2989bebbff6c92c142ede62d0f','T0SANDBOX','post','U0ERIKA','{}','T0SANDBOX:U0ERIKA',NULL,NULL,NULL,1,'delivered',1,'2026-11-27T21:05:04.188084+00:00','2026-11-27T21:05:06.394484+00:00','D0ERIKA','1795813504.197689',NULL,0);
INSERT INTO "outbox" VALUES(2,'108ac81b24c9751a9673224912113ac7','T0SANDBOX','update','U0ERIKA','{}','T0SANDBOX:U0ERIKA','6c3aea2989bebbff6c92c142ede62d0f',NULL,NULL,NULL,'delivered',1,'2026-11-27T21:05:04.218024+00:00','2026-11-27T21:05:06.422771+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(3,'620dbc47f4ebc8dfbf23edc1a0e3d43b','T0SANDBOX','post','U0ERIKA','{}','T0SANDBOX:U0ERIKA',NULL,NULL,NULL,1,'delivered',1,'2026-11-27T21:05:04.218024+00:00','2026-11-27T21:05:06.436649+00:00','D0ERIKA','1795813504.238440',NULL,0);
INSERT INTO "outbox" VALUES(4,'aa8cddbf0f4b195d00c9a7285628b210','T0SANDBOX','post','U0OLIVER','{}','T0SANDBOX:U0OLIVER',NULL,NULL,NULL,2,'delivered',1,'2026-11-27T21:05:04.285485+00:00','2026-11-27T21:05:06.486677+00:00','D0OLIVER','1795813504.289428',NULL,0);
INSERT INTO "outbox" VALUES(5,'67677991495df59a5f318150e9a5bbf9','T0SANDBOX','post','C0SUPPORT','{}','T0SANDBOX:C0SUPPORT',NULL,NULL,NULL,NULL,'delivered',1,'2026-11-27T21:05:04.364181+00:00','2026-11-27T21:05:06.567794+00:00','C0SUPPORT','1795813504.371913',NULL,0);
INSERT INTO "outbox" VALUES(6,'358cde304792ae219390bad41940307d','T0SANDBOX','post','C0SUPPORT','{}','T0SANDBOX:C0SUPPORT',NULL,'67677991495df59a5f318150e9a5bbf9',NULL,NULL,'delivered',1,'2026-11-27T21:05:04.364181+00:00','2026-11-27T21:05:06.573737+00:00','C0SUPPORT','1795813504.640246',NULL,0);
INSERT INTO "outbox" VALUES(7,'a4780bca25d1fd123c982b565132be19','T0SANDBOX','update','U0OLIVER','{}','T0SANDBOX:U0OLIVER','aa8cddbf0f4b195d00c9a7285628b210',NULL,NULL,NULL,'delivered',1,'2026-11-27T21:05:04.364181+00:00','2026-11-27T21:05:06.569940+00:00','D0OLIVER','1795813504.289428',NULL,0);
INSERT INTO "outbox" VALUES(8,'2c7fca66a30c390fc8afda25c7ccbd40','T0SANDBOX','post','U0OLIVER','{}','T0SANDBOX:U0OLIVER',NULL,NULL,NULL,2,'delivered',1,'2026-11-27T21:05:04.364181+00:00','2026-11-27T21:05:07.043876+00:00','D0OLIVER','1795813504.862657',NULL,0);
INSERT INTO "outbox" VALUES(9,'af1efcc4ae12bda739c9966da6b8290c','T0SANDBOX','update','C0SUPPORT','{}','T0SANDBOX:C0SUPPORT','67677991495df59a5f318150e9a5bbf9',NULL,NULL,NULL,'dropped',0,'2026-11-27T21:05:04.918968+00:00','2026-11-27T21:05:04.918968+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(10,'4cbae08e27b37e55d8ccdb6c979ed221','T0SANDBOX','update','C0SUPPORT','{}','T0SANDBOX:C0SUPPORT','67677991495df59a5f318150e9a5bbf9',NULL,NULL,NULL,'delivered',1,'2026-11-27T21:05:04.918968+00:00','2026-11-27T21:05:07.222541+00:00','C0SUPPORT','1795813504.371913',NULL,0);
INSERT INTO "outbox" VALUES(11,'945437c427695741137019b67b5f596d','T0SANDBOX','post','U0OLIVER','{}','T0SANDBOX:U0OLIVER',NULL,NULL,NULL,NULL,'delivered',1,'2026-11-27T21:05:04.918968+00:00','2026-11-27T21:05:07.313004+00:00','D0OLIVER','1795813505.185119',NULL,0);
INSERT INTO "outbox" VALUES(12,'f3a8cc7bae5472391534107cf5301dc0','T0SANDBOX','post','C0SUPPORT','{}','T0SANDBOX:C0SUPPORT',NULL,'67677991495df59a5f318150e9a5bbf9',NULL,NULL,'delivered',1,'2026-11-27T21:05:04.918968+00:00','2026-11-27T21:05:07.398029+00:00','C0SUPPORT','1795813505.327710',NULL,0);
INSERT INTO "outbox" VALUES(13,'4f94db1fa31a0035700a40fc12948f6d','T0SANDBOX','update','C0SUPPORT','{}','T0SANDBOX:C0SUPPORT','67677991495df59a5f318150e9a5bbf9',NULL,NULL,NULL,'delivered',1,'2026-11-27T21:05:05.259463+00:00','2026-11-27T21:05:07.529569+00:00','C0SUPPORT','1795813504.371913',NULL,0);
INSERT INTO "outbox" VALUES(14,'4086191b061d14c5fadf0a6585c5a923','T0SANDBOX','post','C0SUPPORT','{}','T0SANDBOX:C0SUPPORT',NULL,'67677991495df59a5f318150e9a5bbf9',NULL,NULL,'delivered',1,'2026-11-27T21:05:05.259463+00:00','2026-11-27T21:05:07.564894+00:00','C0SUPPORT','1795813505.387142',NULL,0);
INSERT INTO "outbox" VALUES(15,'f2ac26059fe23c63da8b48a0c11cf80e','T0SANDBOX','post','U0OLIVER','{}','T0SANDBOX:U0OLIVER',NULL,'945437c427695741137019b67b5f596d',NULL,NULL,'delivered',1,'2026-11-27T21:05:05.259463+00:00','2026-11-27T21:05:07.465954+00:00','D0OLIVER','1795813505.327953',NULL,0);
INSERT INTO "outbox" VALUES(16,'6e839ad85ffbcd183290db91f74bf213','T0SANDBOX','post','U0BEN','{}','T0SANDBOX:U0BEN',NULL,NULL,NULL,NULL,'delivered',1,'2026-11-27T21:05:05.437320+00:00','2026-11-27T21:05:07.647120+00:00','D0BEN','1795813505.515494',NULL,0);
INSERT INTO "outbox" VALUES(17,'2a64cc2ec2a920bcad14d9266643f54c','T0SANDBOX','update','C0SUPPORT','{}','T0SANDBOX:C0SUPPORT','67677991495df59a5f318150e9a5bbf9',NULL,NULL,NULL,'delivered',1,'2026-11-27T21:05:05.543823+00:00','2026-11-27T21:05:07.762568+00:00','C0SUPPORT','1795813504.371913',NULL,0);
INSERT INTO "outbox" VALUES(18,'96ab46c7f77a6a9e035ca3b71beab635','T0SANDBOX','post','C0SUPPORT','{"text":"Oliver Sample schreibt:\nAnd this is important","blocks":[{"type":"context","elements":[{"type":"mrkdwn","text":"*Oliver Sample* schreibt:"}]},{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":"And this is important"}]}]},{"type":"actions","block_id":"talk.answer","elements":[{"type":"button","action_id":"ticket:answer","text":{"type":"plain_text","text":"Antworten …","emoji":true},"value":"1001"}]}]}','T0SANDBOX:C0SUPPORT',NULL,'67677991495df59a5f318150e9a5bbf9',NULL,NULL,'pending',1,'2026-11-27T21:05:05.543823+00:00','2026-11-27T21:05:07.797130+00:00',NULL,NULL,'HTTP 500',0);
CREATE TABLE "people" (
   "team_id" TEXT,
   "user_id" TEXT,
   "name" TEXT NOT NULL,
   "locale" TEXT,
   "language" TEXT,
   "home_opened" INTEGER NOT NULL, zone TEXT, idle_since TEXT, support_home INTEGER NOT NULL DEFAULT 0,
   PRIMARY KEY ("team_id", "user_id")
) STRICT;
INSERT INTO "people" VALUES('T0SANDBOX','U0ERIKA','Erika Beispiel','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T0SANDBOX','U0OLIVER','Oliver Sample','en-GB',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T0SANDBOX','U0ANNA','Anna Support','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T0SANDBOX','U0BEN','Ben Support','en-US',NULL,0,'Europe/Berlin',NULL,0);
CREATE TABLE "pictures" (
   "team_id" TEXT NOT NULL,
   "name" TEXT NOT NULL,
   "language" TEXT NOT NULL,
   "digest" TEXT NOT NULL,
   "filled" TEXT NOT NULL,
   "file_id" TEXT,
   "kept_at" TEXT NOT NULL,
   PRIMARY KEY ("team_id", "name", "language", "digest")
) STRICT;
CREATE TABLE "reminders" (
   "walk_id" INTEGER PRIMARY KEY REFERENCES "walks"("id"),
   "due_at" TEXT,
   "sent" INTEGER NOT NULL,
   "declined" INTEGER NOT NULL
) STRICT;
INSERT INTO "reminders" VALUES(1,'2026-11-30T07:00:00.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(2,'2026-11-30T07:00:00.000000+00:00',0,0);
CREATE TABLE "seen" (
   "event_id" TEXT PRIMARY KEY,
   "seen_at" TEXT NOT NULL
) STRICT;
INSERT INTO "seen" VALUES('Ev3A785693B3','2026-11-27T21:05:05.259394+00:00');
INSERT INTO "seen" VALUES('Ev93EA8238B2','2026-11-27T21:05:05.543796+00:00');
CREATE TABLE "ticket_events" (
   "id" INTEGER PRIMARY KEY,
   "number" INTEGER NOT NULL REFERENCES "tickets"("number"),
   "at" TEXT NOT NULL,
   "actor_id" TEXT NOT NULL,
   "name" TEXT NOT NULL,
   "state" TEXT NOT NULL,
   "next_state" TEXT NOT NULL,
   "detail" TEXT NOT NULL
) STRICT;
INSERT INTO "ticket_events" VALUES(1,1001,'2026-11-27T21:05:04.364181+00:00','U0OLIVER','file','open','open','{"reason": "help"}');
INSERT INTO "ticket_events" VALUES(2,1001,'2026-11-27T21:05:04.918968+00:00','U0ANNA','claim','open','claimed','{}');
INSERT INTO "ticket_events" VALUES(3,1001,'2026-11-27T21:05:04.918968+00:00','U0ANNA','answer','claimed','waiting_for_merchant','{}');
INSERT INTO "ticket_events" VALUES(4,1001,'2026-11-27T21:05:05.259463+00:00','U0OLIVER','hear','waiting_for_merchant','waiting_for_support','{}');
INSERT INTO "ticket_events" VALUES(5,1001,'2026-11-27T21:05:05.543823+00:00','U0OLIVER','hear','waiting_for_support','waiting_for_support','{}');
CREATE TABLE "ticket_messages" (
   "id" INTEGER PRIMARY KEY,
   "number" INTEGER NOT NULL REFERENCES "tickets"("number"),
   "side" TEXT NOT NULL,
   "author_id" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "text" TEXT NOT NULL,
   "state" TEXT NOT NULL,
   "key" TEXT,
   "note_key" TEXT,
   "source" TEXT
) STRICT;
INSERT INTO "ticket_messages" VALUES(1,1001,'agent','U0ANNA','2026-11-27T21:05:04.918968+00:00','Hello, what does CONNECT show?','sent','945437c427695741137019b67b5f596d','f3a8cc7bae5472391534107cf5301dc0',NULL);
INSERT INTO "ticket_messages" VALUES(2,1001,'merchant','U0OLIVER','2026-11-27T21:05:05.259463+00:00','It shows nothing','sent','4086191b061d14c5fadf0a6585c5a923',NULL,'D0OLIVER:1795813505.213515');
INSERT INTO "ticket_messages" VALUES(3,1001,'merchant','U0OLIVER','2026-11-27T21:05:05.543823+00:00','And this is important','sent','96ab46c7f77a6a9e035ca3b71beab635',NULL,'D0OLIVER:1795813505.539043');
CREATE TABLE "ticket_timers" (
   "number" INTEGER PRIMARY KEY REFERENCES "tickets"("number"),
   "due_at" TEXT NOT NULL,
   "kind" TEXT NOT NULL
) STRICT;
INSERT INTO "ticket_timers" VALUES(1001,'2026-11-30T13:00:00.000000+00:00','answer_warning');
CREATE TABLE tickets (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    team_id TEXT NOT NULL,
    merchant_id TEXT NOT NULL,
    walk_id INTEGER UNIQUE REFERENCES walks (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    category TEXT NOT NULL,
    priority TEXT NOT NULL,
    language TEXT NOT NULL,
    card_key TEXT NOT NULL,
    words TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    claimed_by TEXT,
    claimed_at TEXT,
    resolved_by TEXT,
    resolved_at TEXT
, closed_by TEXT, closed_at TEXT, answered_at TEXT, waiting_since TEXT, talk_key TEXT) STRICT
;
INSERT INTO "tickets" VALUES(1001,'T0SANDBOX','U0OLIVER',2,'help','waiting_for_support','unknown','P3','en','67677991495df59a5f318150e9a5bbf9','["We need help, please"]','2026-11-27T21:05:04.364181+00:00','U0ANNA','2026-11-27T21:05:04.918968+00:00',NULL,NULL,NULL,NULL,'2026-11-27T21:05:04.918968+00:00','2026-11-27T21:05:05.259463+00:00','945437c427695741137019b67b5f596d');
CREATE TABLE "walks" (
   "id" INTEGER PRIMARY KEY,
   "team_id" TEXT NOT NULL,
   "worker_id" TEXT NOT NULL,
   "for_name" TEXT NOT NULL,
   "invited_by" TEXT,
   "step" TEXT NOT NULL,
   "version" INTEGER NOT NULL,
   "facts" TEXT NOT NULL,
   "guide_version" TEXT NOT NULL,
   "live_key" TEXT,
   "started_at" TEXT NOT NULL,
   "updated_at" TEXT NOT NULL,
   "ended_at" TEXT
) STRICT;
INSERT INTO "walks" VALUES(1,'T0SANDBOX','U0ERIKA','',NULL,'connect_version',2,'{"step":"connect_version","trail":[{"step":"briefing","account":0}],"repeats":{"connect_version":1},"orders_arriving":false,"version":null,"mask":null,"region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','620dbc47f4ebc8dfbf23edc1a0e3d43b','2026-11-27T21:05:04.188084+00:00','2026-11-27T21:05:04.218024+00:00',NULL);
INSERT INTO "walks" VALUES(2,'T0SANDBOX','U0OLIVER','',NULL,'briefing',2,'{"step":"briefing","trail":[],"repeats":{},"orders_arriving":null,"version":null,"mask":null,"region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','2c7fca66a30c390fc8afda25c7ccbd40','2026-11-27T21:05:04.285485+00:00','2026-11-27T21:05:04.364181+00:00',NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX "outbox_by_key"
    ON "outbox" ("key");
CREATE UNIQUE INDEX walks_under_way ON walks (team_id, worker_id, for_name) WHERE ended_at IS NULL;
CREATE INDEX walks_of_worker ON walks (team_id, worker_id, updated_at);
CREATE INDEX events_of_walk ON events (walk_id);
CREATE INDEX tickets_of_merchant ON tickets (merchant_id);
CREATE INDEX outbox_waiting ON outbox (lane, id) WHERE state IN ('pending', 'running');
CREATE INDEX seen_by_age ON seen (seen_at);
CREATE INDEX "reminders_due"
    ON "reminders" ("due_at");
CREATE INDEX "ticket_events_of_ticket"
    ON "ticket_events" ("number");
CREATE INDEX "ticket_messages_of_ticket"
    ON "ticket_messages" ("number");
CREATE UNIQUE INDEX "ticket_messages_by_source"
    ON "ticket_messages" ("source");
CREATE INDEX "ticket_timers_due"
    ON "ticket_timers" ("due_at");
CREATE INDEX outbox_dead ON outbox (method) WHERE state = 'dead';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('tickets',1001);
COMMIT;
PRAGMA user_version = 0;
