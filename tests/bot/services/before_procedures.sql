BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'amazon-token','first_schema','2026-11-28 00:25:04.903407+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'amazon-token','reminders','2026-11-28 00:25:04.903899+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'amazon-token','forgetting','2026-11-28 00:25:04.904206+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'amazon-token','support_desk','2026-11-28 00:25:04.905446+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'amazon-token','pictures','2026-11-28 00:25:04.905635+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'amazon-token','support_homes','2026-11-28 00:25:04.905830+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'amazon-token','dead_rows','2026-11-28 00:25:04.905917+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'amazon-token','ordering_key','2026-11-28 00:25:04.906877+00:00');
CREATE TABLE "chores" (
   "name" TEXT PRIMARY KEY,
   "due_at" TEXT NOT NULL
) STRICT;
INSERT INTO "chores" VALUES('card:1002','2026-03-02T11:03:22.000000+00:00');
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
INSERT INTO "events" VALUES(1,1,0,'2026-03-02T11:00:02.000000+00:00','U0AT00','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(2,1,1,'2026-03-02T11:00:04.000000+00:00','U0AT00','moved','briefing','briefing','{}');
INSERT INTO "events" VALUES(3,2,0,'2026-03-02T11:00:08.000000+00:00','U0AT01','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(4,2,1,'2026-03-02T11:00:10.000000+00:00','U0AT01','moved','briefing','still_receiving','{}');
INSERT INTO "events" VALUES(5,3,0,'2026-03-02T11:00:14.000000+00:00','U0AT02','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(6,3,1,'2026-03-02T11:00:16.000000+00:00','U0AT02','moved','briefing','connect_version','{}');
INSERT INTO "events" VALUES(7,4,0,'2026-03-02T11:00:20.000000+00:00','U0AT03','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(8,4,1,'2026-03-02T11:00:22.000000+00:00','U0AT03','moved','briefing','update_required','{}');
INSERT INTO "events" VALUES(9,5,0,'2026-03-02T11:00:26.000000+00:00','U0AT04','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(10,5,1,'2026-03-02T11:00:28.000000+00:00','U0AT04','moved','briefing','account_mask','{}');
INSERT INTO "events" VALUES(11,6,0,'2026-03-02T11:00:32.000000+00:00','U0AT05','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(12,6,1,'2026-03-02T11:00:34.000000+00:00','U0AT05','moved','briefing','which_mask','{}');
INSERT INTO "events" VALUES(13,7,0,'2026-03-02T11:00:38.000000+00:00','U0AT06','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(14,7,1,'2026-03-02T11:00:40.000000+00:00','U0AT06','moved','briefing','newer_mask','{}');
INSERT INTO "events" VALUES(15,8,0,'2026-03-02T11:00:44.000000+00:00','U0AT07','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(16,8,1,'2026-03-02T11:00:46.000000+00:00','U0AT07','moved','briefing','region','{}');
INSERT INTO "events" VALUES(17,9,0,'2026-03-02T11:00:50.000000+00:00','U0AT08','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(18,9,1,'2026-03-02T11:00:52.000000+00:00','U0AT08','moved','briefing','current_key_set','{}');
INSERT INTO "events" VALUES(19,10,0,'2026-03-02T11:00:56.000000+00:00','U0AT09','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(20,10,1,'2026-03-02T11:00:58.000000+00:00','U0AT09','moved','briefing','no_developer_id','{}');
INSERT INTO "events" VALUES(21,11,0,'2026-03-02T11:01:02.000000+00:00','U0AT10','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(22,11,1,'2026-03-02T11:01:04.000000+00:00','U0AT10','moved','briefing','accounts','{}');
INSERT INTO "events" VALUES(23,12,0,'2026-03-02T11:01:08.000000+00:00','U0AT11','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(24,12,1,'2026-03-02T11:01:10.000000+00:00','U0AT11','moved','briefing','select_account','{}');
INSERT INTO "events" VALUES(25,13,0,'2026-03-02T11:01:14.000000+00:00','U0AT12','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(26,13,1,'2026-03-02T11:01:16.000000+00:00','U0AT12','moved','briefing','key_set','{}');
INSERT INTO "events" VALUES(27,14,0,'2026-03-02T11:01:20.000000+00:00','U0AT13','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(28,14,1,'2026-03-02T11:01:22.000000+00:00','U0AT13','moved','briefing','backup_token','{}');
INSERT INTO "events" VALUES(29,15,0,'2026-03-02T11:01:26.000000+00:00','U0AT14','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(30,15,1,'2026-03-02T11:01:28.000000+00:00','U0AT14','moved','briefing','seller_central','{}');
INSERT INTO "events" VALUES(31,16,0,'2026-03-02T11:01:32.000000+00:00','U0AT15','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(32,16,1,'2026-03-02T11:01:34.000000+00:00','U0AT15','moved','briefing','settings_menu','{}');
INSERT INTO "events" VALUES(33,17,0,'2026-03-02T11:01:38.000000+00:00','U0AT16','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(34,17,1,'2026-03-02T11:01:40.000000+00:00','U0AT16','moved','briefing','user_permissions','{}');
INSERT INTO "events" VALUES(35,18,0,'2026-03-02T11:01:44.000000+00:00','U0AT17','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(36,18,1,'2026-03-02T11:01:46.000000+00:00','U0AT17','moved','briefing','manage_apps','{}');
INSERT INTO "events" VALUES(37,18,2,'2026-03-02T11:01:51.000000+00:00','U0AT17','back','manage_apps','user_permissions','{}');
INSERT INTO "events" VALUES(38,18,3,'2026-03-02T11:01:54.000000+00:00','U0AT17','advance','user_permissions','manage_apps','{}');
INSERT INTO "events" VALUES(39,19,0,'2026-03-02T11:01:56.000000+00:00','U0AT18','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(40,19,1,'2026-03-02T11:01:58.000000+00:00','U0AT18','moved','briefing','ready_to_disable','{}');
INSERT INTO "events" VALUES(41,20,0,'2026-03-02T11:02:02.000000+00:00','U0AT19','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(42,20,1,'2026-03-02T11:02:04.000000+00:00','U0AT19','moved','briefing','disable_access','{}');
INSERT INTO "events" VALUES(43,21,0,'2026-03-02T11:02:08.000000+00:00','U0AT20','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(44,21,1,'2026-03-02T11:02:10.000000+00:00','U0AT20','moved','briefing','new_developer','{}');
INSERT INTO "events" VALUES(45,22,0,'2026-03-02T11:02:14.000000+00:00','U0AT21','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(46,22,1,'2026-03-02T11:02:16.000000+00:00','U0AT21','moved','briefing','authorize_developer','{}');
INSERT INTO "events" VALUES(47,23,0,'2026-03-02T11:02:20.000000+00:00','U0AT22','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(48,23,1,'2026-03-02T11:02:22.000000+00:00','U0AT22','moved','briefing','licence','{}');
INSERT INTO "events" VALUES(49,24,0,'2026-03-02T11:02:26.000000+00:00','U0AT23','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(50,24,1,'2026-03-02T11:02:28.000000+00:00','U0AT23','moved','briefing','credentials','{}');
INSERT INTO "events" VALUES(51,25,0,'2026-03-02T11:02:32.000000+00:00','U0AT24','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(52,25,1,'2026-03-02T11:02:34.000000+00:00','U0AT24','moved','briefing','seller_id','{}');
INSERT INTO "events" VALUES(53,26,0,'2026-03-02T11:02:38.000000+00:00','U0AT25','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(54,26,1,'2026-03-02T11:02:40.000000+00:00','U0AT25','moved','briefing','token','{}');
INSERT INTO "events" VALUES(55,26,2,'2026-03-02T11:02:45.000000+00:00','U0AT25','help','token','token','{"mark":"5bd0d86b6f3d0d41"}');
INSERT INTO "events" VALUES(56,26,2,'2026-03-02T11:02:45.000000+00:00','U0AT25','shown_again','token','token','{"notes":["ticket_filed"]}');
INSERT INTO "events" VALUES(57,26,3,'2026-03-02T11:02:48.000000+00:00','U0AT25','refused','token','token','{"event":"paste_token","reasons":{"token":"not_a_token"}}');
INSERT INTO "events" VALUES(58,27,0,'2026-03-02T11:02:50.000000+00:00','U0AT26','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(59,27,1,'2026-03-02T11:02:52.000000+00:00','U0AT26','moved','briefing','save','{}');
INSERT INTO "events" VALUES(60,28,0,'2026-03-02T11:02:56.000000+00:00','U0AT27','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(61,28,1,'2026-03-02T11:02:58.000000+00:00','U0AT27','moved','briefing','next_account','{}');
INSERT INTO "events" VALUES(62,29,0,'2026-03-02T11:03:02.000000+00:00','U0AT28','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(63,29,1,'2026-03-02T11:03:04.000000+00:00','U0AT28','moved','briefing','first_fetch','{}');
INSERT INTO "events" VALUES(64,30,0,'2026-03-02T11:03:08.000000+00:00','U0AT29','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(65,30,1,'2026-03-02T11:03:10.000000+00:00','U0AT29','moved','briefing','second_fetch','{}');
INSERT INTO "events" VALUES(66,31,0,'2026-03-02T11:03:14.000000+00:00','U0AT30','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(67,31,1,'2026-03-02T11:03:16.000000+00:00','U0AT30','moved','briefing','second_fetch','{}');
INSERT INTO "events" VALUES(68,31,2,'2026-03-02T11:03:19.000000+00:00','U0AT30','fetch_failed','second_fetch','with_support','{}');
INSERT INTO "events" VALUES(69,32,0,'2026-03-02T11:03:23.000000+00:00','U0AT31','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(70,32,1,'2026-03-02T11:03:25.000000+00:00','U0AT31','moved','briefing','going_back','{}');
INSERT INTO "events" VALUES(71,33,0,'2026-03-02T11:03:29.000000+00:00','U0AT32','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(72,33,1,'2026-03-02T11:03:31.000000+00:00','U0AT32','moved','briefing','done','{}');
INSERT INTO "events" VALUES(73,34,0,'2026-03-02T11:03:35.000000+00:00','U0AT33','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(74,34,1,'2026-03-02T11:03:37.000000+00:00','U0AT33','moved','briefing','cancelled','{}');
INSERT INTO "events" VALUES(75,35,0,'2026-03-02T11:03:41.000000+00:00','U0AT34','started','briefing','briefing','{}');
INSERT INTO "events" VALUES(76,35,1,'2026-03-02T11:03:43.000000+00:00','U0AT34','moved','briefing','reverted','{}');
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
INSERT INTO "invitations" VALUES(1,'T1','U0ANNA','U0AT00X','048339d85f9ee787e5976c640bd3acd5','2026-03-02T11:03:47.000000+00:00',NULL,NULL);
CREATE TABLE "outbox" (
   "id" INTEGER PRIMARY KEY,
   "key" TEXT NOT NULL,
   "team_id" TEXT NOT NULL,
   "method" TEXT NOT NULL,
   "recipient" TEXT NOT NULL,
   "content" TEXT NOT NULL,
   "ordering_key" TEXT,
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
INSERT INTO "outbox" VALUES(1,'8a6126f686e187e5e9b0c126ccf07e67','T1','post','U0AT00','{}','T1:U0AT00',NULL,NULL,NULL,1,'dropped',0,'2026-03-02T11:00:02.000000+00:00','2026-03-02T11:00:02.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(2,'7eac062e4759bd90901c481ed57cea75','T1','post','U0AT00','{}','T1:U0AT00',NULL,NULL,NULL,1,'delivered',0,'2026-03-02T11:00:04.000000+00:00','2026-03-02T11:00:04.000000+00:00','D0X','1.2',NULL,0);
INSERT INTO "outbox" VALUES(3,'f0d4a0ec0c584730ebc7ea618b9cc3b6','T1','post','U0AT01','{}','T1:U0AT01',NULL,NULL,NULL,2,'dropped',0,'2026-03-02T11:00:08.000000+00:00','2026-03-02T11:00:08.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(4,'164aa243ac34782e2fa512ad42477523','T1','post','U0AT01','{}','T1:U0AT01',NULL,NULL,NULL,2,'delivered',0,'2026-03-02T11:00:10.000000+00:00','2026-03-02T11:00:10.000000+00:00','D0X','1.4',NULL,0);
INSERT INTO "outbox" VALUES(5,'4df51a41745d441b77581f25ca949729','T1','post','U0AT02','{}','T1:U0AT02',NULL,NULL,NULL,3,'dropped',0,'2026-03-02T11:00:14.000000+00:00','2026-03-02T11:00:14.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(6,'ca7bc8d4c8cb78b33e90dcf78b52ef57','T1','post','U0AT02','{}','T1:U0AT02',NULL,NULL,NULL,3,'delivered',0,'2026-03-02T11:00:16.000000+00:00','2026-03-02T11:00:16.000000+00:00','D0X','1.6',NULL,0);
INSERT INTO "outbox" VALUES(7,'013f6b0643f65c8c4eac103987094cb2','T1','post','U0AT03','{}','T1:U0AT03',NULL,NULL,NULL,4,'dropped',0,'2026-03-02T11:00:20.000000+00:00','2026-03-02T11:00:20.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(8,'9f0e46f3ff6376e8d946ffbb8fcf2aee','T1','post','U0AT03','{}','T1:U0AT03',NULL,NULL,NULL,4,'delivered',0,'2026-03-02T11:00:22.000000+00:00','2026-03-02T11:00:22.000000+00:00','D0X','1.8',NULL,0);
INSERT INTO "outbox" VALUES(9,'45d764419373c0589086fbe5e472102f','T1','post','U0AT04','{}','T1:U0AT04',NULL,NULL,NULL,5,'dropped',0,'2026-03-02T11:00:26.000000+00:00','2026-03-02T11:00:26.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(10,'14b234fc5a6a2cb73472e8c35e041dcb','T1','post','U0AT04','{}','T1:U0AT04',NULL,NULL,NULL,5,'delivered',0,'2026-03-02T11:00:28.000000+00:00','2026-03-02T11:00:28.000000+00:00','D0X','1.10',NULL,0);
INSERT INTO "outbox" VALUES(11,'1b029c38bbe1eb0926262b7f9236613f','T1','post','U0AT05','{}','T1:U0AT05',NULL,NULL,NULL,6,'dropped',0,'2026-03-02T11:00:32.000000+00:00','2026-03-02T11:00:32.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(12,'ba10cbac16cd953bb0de1b6cbc053ad2','T1','post','U0AT05','{}','T1:U0AT05',NULL,NULL,NULL,6,'delivered',0,'2026-03-02T11:00:34.000000+00:00','2026-03-02T11:00:34.000000+00:00','D0X','1.12',NULL,0);
INSERT INTO "outbox" VALUES(13,'14fc19de0e314810183b84decda5da67','T1','post','U0AT06','{}','T1:U0AT06',NULL,NULL,NULL,7,'dropped',0,'2026-03-02T11:00:38.000000+00:00','2026-03-02T11:00:38.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(14,'3a24a8b42dd2684ad5f40185041ec2fd','T1','post','U0AT06','{}','T1:U0AT06',NULL,NULL,NULL,7,'delivered',0,'2026-03-02T11:00:40.000000+00:00','2026-03-02T11:00:40.000000+00:00','D0X','1.14',NULL,0);
INSERT INTO "outbox" VALUES(15,'bde47948ab619b6a55a838f99a56320b','T1','post','U0AT07','{}','T1:U0AT07',NULL,NULL,NULL,8,'dropped',0,'2026-03-02T11:00:44.000000+00:00','2026-03-02T11:00:44.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(16,'c2652bac464abafe844236d40e0ab5e3','T1','post','U0AT07','{}','T1:U0AT07',NULL,NULL,NULL,8,'delivered',0,'2026-03-02T11:00:46.000000+00:00','2026-03-02T11:00:46.000000+00:00','D0X','1.16',NULL,0);
INSERT INTO "outbox" VALUES(17,'fae55739185b9a1a33153df38895238a','T1','post','U0AT08','{}','T1:U0AT08',NULL,NULL,NULL,9,'dropped',0,'2026-03-02T11:00:50.000000+00:00','2026-03-02T11:00:50.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(18,'66bad8c4316b08ea9f0493c7e717fd17','T1','post','U0AT08','{}','T1:U0AT08',NULL,NULL,NULL,9,'delivered',0,'2026-03-02T11:00:52.000000+00:00','2026-03-02T11:00:52.000000+00:00','D0X','1.18',NULL,0);
INSERT INTO "outbox" VALUES(19,'8c72bd70dbc921e4622655a5dc013c2a','T1','post','U0AT09','{}','T1:U0AT09',NULL,NULL,NULL,10,'dropped',0,'2026-03-02T11:00:56.000000+00:00','2026-03-02T11:00:56.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(20,'52eff8696e789d89be52995f6d2ec114','T1','post','U0AT09','{}','T1:U0AT09',NULL,NULL,NULL,10,'delivered',0,'2026-03-02T11:00:58.000000+00:00','2026-03-02T11:00:58.000000+00:00','D0X','1.20',NULL,0);
INSERT INTO "outbox" VALUES(21,'826e1a6f7073f0c3e23fed60008f6aa0','T1','post','U0AT10','{}','T1:U0AT10',NULL,NULL,NULL,11,'dropped',0,'2026-03-02T11:01:02.000000+00:00','2026-03-02T11:01:02.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(22,'d4264f8205293488d9b0368645b0ec1d','T1','post','U0AT10','{}','T1:U0AT10',NULL,NULL,NULL,11,'delivered',0,'2026-03-02T11:01:04.000000+00:00','2026-03-02T11:01:04.000000+00:00','D0X','1.22',NULL,0);
INSERT INTO "outbox" VALUES(23,'f3329840e2c9be45abb599faf276aabd','T1','post','U0AT11','{}','T1:U0AT11',NULL,NULL,NULL,12,'dropped',0,'2026-03-02T11:01:08.000000+00:00','2026-03-02T11:01:08.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(24,'79a844e9912ce28551d06833814fd7cd','T1','post','U0AT11','{}','T1:U0AT11',NULL,NULL,NULL,12,'delivered',0,'2026-03-02T11:01:10.000000+00:00','2026-03-02T11:01:10.000000+00:00','D0X','1.24',NULL,0);
INSERT INTO "outbox" VALUES(25,'557bfdb869a1c91438c8c61db341a0ce','T1','post','U0AT12','{}','T1:U0AT12',NULL,NULL,NULL,13,'dropped',0,'2026-03-02T11:01:14.000000+00:00','2026-03-02T11:01:14.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(26,'c43a57c8af47d94b134117bb9ccb5d6d','T1','post','U0AT12','{}','T1:U0AT12',NULL,NULL,NULL,13,'delivered',0,'2026-03-02T11:01:16.000000+00:00','2026-03-02T11:01:16.000000+00:00','D0X','1.26',NULL,0);
INSERT INTO "outbox" VALUES(27,'da0c7cd8072eee437213255030f0e11d','T1','post','U0AT13','{}','T1:U0AT13',NULL,NULL,NULL,14,'dropped',0,'2026-03-02T11:01:20.000000+00:00','2026-03-02T11:01:20.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(28,'71517e84c0a43b5b53e5a1b023e1336c','T1','post','U0AT13','{}','T1:U0AT13',NULL,NULL,NULL,14,'delivered',0,'2026-03-02T11:01:22.000000+00:00','2026-03-02T11:01:22.000000+00:00','D0X','1.28',NULL,0);
INSERT INTO "outbox" VALUES(29,'8f33a2d07428d5eb74d4d579fc2ca2c7','T1','post','U0AT14','{}','T1:U0AT14',NULL,NULL,NULL,15,'dropped',0,'2026-03-02T11:01:26.000000+00:00','2026-03-02T11:01:26.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(30,'2e7102f71dee231a7f0b97d7540c2263','T1','post','U0AT14','{}','T1:U0AT14',NULL,NULL,NULL,15,'delivered',0,'2026-03-02T11:01:28.000000+00:00','2026-03-02T11:01:28.000000+00:00','D0X','1.30',NULL,0);
INSERT INTO "outbox" VALUES(31,'64c9214c9a66155c562f84c2314ba8b7','T1','post','U0AT15','{}','T1:U0AT15',NULL,NULL,NULL,16,'dropped',0,'2026-03-02T11:01:32.000000+00:00','2026-03-02T11:01:32.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(32,'04de27761da03e3e9d82b6f54460bad7','T1','post','U0AT15','{}','T1:U0AT15',NULL,NULL,NULL,16,'delivered',0,'2026-03-02T11:01:34.000000+00:00','2026-03-02T11:01:34.000000+00:00','D0X','1.32',NULL,0);
INSERT INTO "outbox" VALUES(33,'b90eb97f2e0657ed2e99d9060906c613','T1','post','U0AT16','{}','T1:U0AT16',NULL,NULL,NULL,17,'dropped',0,'2026-03-02T11:01:38.000000+00:00','2026-03-02T11:01:38.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(34,'3a26c737cd4b9557c137582c13ba7288','T1','post','U0AT16','{}','T1:U0AT16',NULL,NULL,NULL,17,'delivered',0,'2026-03-02T11:01:40.000000+00:00','2026-03-02T11:01:40.000000+00:00','D0X','1.34',NULL,0);
INSERT INTO "outbox" VALUES(35,'477d6cc714dce147782e301aa767fa64','T1','post','U0AT17','{}','T1:U0AT17',NULL,NULL,NULL,18,'dropped',0,'2026-03-02T11:01:44.000000+00:00','2026-03-02T11:01:44.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(36,'05597b805a97095f93b9a75e28fb442e','T1','post','U0AT17','{}','T1:U0AT17',NULL,NULL,NULL,18,'dropped',0,'2026-03-02T11:01:46.000000+00:00','2026-03-02T11:01:46.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(37,'241caf9ecdbfdb300af799bd815badf9','T1','post','U0AT17','{}','T1:U0AT17',NULL,NULL,NULL,18,'dropped',0,'2026-03-02T11:01:51.000000+00:00','2026-03-02T11:01:51.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(38,'2164414602ae2e0d307e0fa836839be5','T1','post','U0AT17','{}','T1:U0AT17',NULL,NULL,NULL,18,'delivered',0,'2026-03-02T11:01:54.000000+00:00','2026-03-02T11:01:54.000000+00:00','D0X','1.38',NULL,0);
INSERT INTO "outbox" VALUES(39,'a0213355faf35007faf33c912fba08d6','T1','post','U0AT18','{}','T1:U0AT18',NULL,NULL,NULL,19,'dropped',0,'2026-03-02T11:01:56.000000+00:00','2026-03-02T11:01:56.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(40,'bbbf64181d7c666810185210dcebad83','T1','post','U0AT18','{}','T1:U0AT18',NULL,NULL,NULL,19,'delivered',0,'2026-03-02T11:01:58.000000+00:00','2026-03-02T11:01:58.000000+00:00','D0X','1.40',NULL,0);
INSERT INTO "outbox" VALUES(41,'8c26fac29a1dc732e25a528fd430ad11','T1','post','U0AT19','{}','T1:U0AT19',NULL,NULL,NULL,20,'dropped',0,'2026-03-02T11:02:02.000000+00:00','2026-03-02T11:02:02.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(42,'62692e82174a28dc50a92619ce332794','T1','post','U0AT19','{}','T1:U0AT19',NULL,NULL,NULL,20,'delivered',0,'2026-03-02T11:02:04.000000+00:00','2026-03-02T11:02:04.000000+00:00','D0X','1.42',NULL,0);
INSERT INTO "outbox" VALUES(43,'0c61c3b8ff31a5aeefbd49625052739e','T1','post','U0AT20','{}','T1:U0AT20',NULL,NULL,NULL,21,'dropped',0,'2026-03-02T11:02:08.000000+00:00','2026-03-02T11:02:08.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(44,'143217690728e4b892af6f5e5b97ea96','T1','post','U0AT20','{}','T1:U0AT20',NULL,NULL,NULL,21,'delivered',0,'2026-03-02T11:02:10.000000+00:00','2026-03-02T11:02:10.000000+00:00','D0X','1.44',NULL,0);
INSERT INTO "outbox" VALUES(45,'bd941203119f101afb0b7793dc059150','T1','post','U0AT21','{}','T1:U0AT21',NULL,NULL,NULL,22,'dropped',0,'2026-03-02T11:02:14.000000+00:00','2026-03-02T11:02:14.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(46,'e645658be2f6b46f0b7f433671c71232','T1','post','U0AT21','{}','T1:U0AT21',NULL,NULL,NULL,22,'delivered',0,'2026-03-02T11:02:16.000000+00:00','2026-03-02T11:02:16.000000+00:00','D0X','1.46',NULL,0);
INSERT INTO "outbox" VALUES(47,'267f332a60dc4f9f8bb6ce997b3468e8','T1','post','U0AT22','{}','T1:U0AT22',NULL,NULL,NULL,23,'dropped',0,'2026-03-02T11:02:20.000000+00:00','2026-03-02T11:02:20.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(48,'6481d7127ce3c68a5b0799f129dd040a','T1','post','U0AT22','{}','T1:U0AT22',NULL,NULL,NULL,23,'delivered',0,'2026-03-02T11:02:22.000000+00:00','2026-03-02T11:02:22.000000+00:00','D0X','1.48',NULL,0);
INSERT INTO "outbox" VALUES(49,'5461747ecda879516ad9fc9a037f8f5f','T1','post','U0AT23','{}','T1:U0AT23',NULL,NULL,NULL,24,'dropped',0,'2026-03-02T11:02:26.000000+00:00','2026-03-02T11:02:26.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(50,'507f8b18401dfbfbe7b2b848ccd8a80b','T1','post','U0AT23','{}','T1:U0AT23',NULL,NULL,NULL,24,'delivered',0,'2026-03-02T11:02:28.000000+00:00','2026-03-02T11:02:28.000000+00:00','D0X','1.50',NULL,0);
INSERT INTO "outbox" VALUES(51,'efd2e052fcad482d0ee9ecd5594beec8','T1','post','U0AT24','{}','T1:U0AT24',NULL,NULL,NULL,25,'dropped',0,'2026-03-02T11:02:32.000000+00:00','2026-03-02T11:02:32.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(52,'9912edd3a7480fb8890922aa8eb3a21c','T1','post','U0AT24','{}','T1:U0AT24',NULL,NULL,NULL,25,'delivered',0,'2026-03-02T11:02:34.000000+00:00','2026-03-02T11:02:34.000000+00:00','D0X','1.52',NULL,0);
INSERT INTO "outbox" VALUES(53,'2aecf1cc40c8b06cf46d1ffe03561b17','T1','post','U0AT25','{}','T1:U0AT25',NULL,NULL,NULL,26,'dropped',0,'2026-03-02T11:02:38.000000+00:00','2026-03-02T11:02:38.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(54,'dcc86bcc71d73549d42a358f1c98c73f','T1','post','U0AT25','{}','T1:U0AT25',NULL,NULL,NULL,26,'dropped',0,'2026-03-02T11:02:40.000000+00:00','2026-03-02T11:02:40.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(55,'12e504fd877309b43ca4cf4b67e5202f','T1','post','C0SUPPORT','{}','T1:C0SUPPORT',NULL,NULL,NULL,NULL,'delivered',0,'2026-03-02T11:02:45.000000+00:00','2026-03-02T11:02:45.000000+00:00','D0X','1.55',NULL,0);
INSERT INTO "outbox" VALUES(56,'06eaafcd3ef98d7c4dc92d301d917113','T1','post','C0SUPPORT','{}','T1:C0SUPPORT',NULL,'12e504fd877309b43ca4cf4b67e5202f',NULL,NULL,'delivered',0,'2026-03-02T11:02:45.000000+00:00','2026-03-02T11:02:45.000000+00:00','D0X','1.56',NULL,0);
INSERT INTO "outbox" VALUES(57,'a84d303cfcdd2dc10fe4b58ce837b0f2','T1','post','U0AT25','{}','T1:U0AT25',NULL,NULL,NULL,26,'delivered',0,'2026-03-02T11:02:45.000000+00:00','2026-03-02T11:02:45.000000+00:00','D0X','1.57',NULL,0);
INSERT INTO "outbox" VALUES(58,'e102fbbf5047e7ca605b5f5301d70817','T1','post','U0AT26','{}','T1:U0AT26',NULL,NULL,NULL,27,'dropped',0,'2026-03-02T11:02:50.000000+00:00','2026-03-02T11:02:50.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(59,'947a285e398c6e225d8d0c10be1054e0','T1','post','U0AT26','{}','T1:U0AT26',NULL,NULL,NULL,27,'delivered',0,'2026-03-02T11:02:52.000000+00:00','2026-03-02T11:02:52.000000+00:00','D0X','1.59',NULL,0);
INSERT INTO "outbox" VALUES(60,'6d48f86d98bf272e89d103b05bb1ea7d','T1','post','U0AT27','{}','T1:U0AT27',NULL,NULL,NULL,28,'dropped',0,'2026-03-02T11:02:56.000000+00:00','2026-03-02T11:02:56.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(61,'e00d618a64e48ff8a1b827c1d0d5a34b','T1','post','U0AT27','{}','T1:U0AT27',NULL,NULL,NULL,28,'delivered',0,'2026-03-02T11:02:58.000000+00:00','2026-03-02T11:02:58.000000+00:00','D0X','1.61',NULL,0);
INSERT INTO "outbox" VALUES(62,'2b654c86b527c08d3a23ac5e9cab495b','T1','post','U0AT28','{}','T1:U0AT28',NULL,NULL,NULL,29,'dropped',0,'2026-03-02T11:03:02.000000+00:00','2026-03-02T11:03:02.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(63,'74dd508269b4c3e5d4129a161ffc64d1','T1','post','U0AT28','{}','T1:U0AT28',NULL,NULL,NULL,29,'delivered',0,'2026-03-02T11:03:04.000000+00:00','2026-03-02T11:03:04.000000+00:00','D0X','1.63',NULL,0);
INSERT INTO "outbox" VALUES(64,'08b4eaecdf883d3632181005aeaf3aaf','T1','post','U0AT29','{}','T1:U0AT29',NULL,NULL,NULL,30,'dropped',0,'2026-03-02T11:03:08.000000+00:00','2026-03-02T11:03:08.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(65,'9b57ac8ef537d6b4f17ef302a4e9f51b','T1','post','U0AT29','{}','T1:U0AT29',NULL,NULL,NULL,30,'delivered',0,'2026-03-02T11:03:10.000000+00:00','2026-03-02T11:03:10.000000+00:00','D0X','1.65',NULL,0);
INSERT INTO "outbox" VALUES(66,'5575a55af340106212c878375a32769a','T1','post','U0AT30','{}','T1:U0AT30',NULL,NULL,NULL,31,'dropped',0,'2026-03-02T11:03:14.000000+00:00','2026-03-02T11:03:14.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(67,'e700f534c0ba430c4d0534f9f6753170','T1','post','U0AT30','{}','T1:U0AT30',NULL,NULL,NULL,31,'dropped',0,'2026-03-02T11:03:16.000000+00:00','2026-03-02T11:03:16.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(68,'5f928f7f7b2fddb6691a371a7808286d','T1','post','C0SUPPORT','{}','T1:C0SUPPORT',NULL,NULL,NULL,NULL,'delivered',0,'2026-03-02T11:03:19.000000+00:00','2026-03-02T11:03:19.000000+00:00','D0X','1.68',NULL,0);
INSERT INTO "outbox" VALUES(69,'5c82def5177437234d0c24fdc73a4f73','T1','post','U0AT30','{}','T1:U0AT30',NULL,NULL,NULL,31,'delivered',0,'2026-03-02T11:03:19.000000+00:00','2026-03-02T11:03:19.000000+00:00','D0X','1.69',NULL,0);
INSERT INTO "outbox" VALUES(70,'bf4243a4891256c200aed5f8fce8b3ca','T1','post','U0AT31','{}','T1:U0AT31',NULL,NULL,NULL,32,'dropped',0,'2026-03-02T11:03:23.000000+00:00','2026-03-02T11:03:23.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(71,'ffd7d3503a1f95ec7d6407c32c8e9845','T1','post','U0AT31','{}','T1:U0AT31',NULL,NULL,NULL,32,'delivered',0,'2026-03-02T11:03:25.000000+00:00','2026-03-02T11:03:25.000000+00:00','D0X','1.71',NULL,0);
INSERT INTO "outbox" VALUES(72,'f8fd69b29114d7c7cf4c6af341098aad','T1','post','U0AT32','{}','T1:U0AT32',NULL,NULL,NULL,33,'dropped',0,'2026-03-02T11:03:29.000000+00:00','2026-03-02T11:03:29.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(73,'56929b297bae44a66b747606aa3e0877','T1','post','U0AT32','{}','T1:U0AT32',NULL,NULL,NULL,33,'delivered',0,'2026-03-02T11:03:31.000000+00:00','2026-03-02T11:03:31.000000+00:00','D0X','1.73',NULL,0);
INSERT INTO "outbox" VALUES(74,'17b3f8444f416a00233ddf87532b38f0','T1','post','U0AT33','{}','T1:U0AT33',NULL,NULL,NULL,34,'dropped',0,'2026-03-02T11:03:35.000000+00:00','2026-03-02T11:03:35.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(75,'2dec5d745e94f0d40253e3d414632ce5','T1','post','U0AT33','{}','T1:U0AT33',NULL,NULL,NULL,34,'delivered',0,'2026-03-02T11:03:37.000000+00:00','2026-03-02T11:03:37.000000+00:00','D0X','1.75',NULL,0);
INSERT INTO "outbox" VALUES(76,'35f24d88ac06bf31536a2b2d49701933','T1','post','U0AT34','{}','T1:U0AT34',NULL,NULL,NULL,35,'dropped',0,'2026-03-02T11:03:41.000000+00:00','2026-03-02T11:03:41.000000+00:00',NULL,NULL,NULL,0);
INSERT INTO "outbox" VALUES(77,'619a5e5b756b0adf07f20ec02e455687','T1','post','U0AT34','{}','T1:U0AT34',NULL,NULL,NULL,35,'delivered',0,'2026-03-02T11:03:43.000000+00:00','2026-03-02T11:03:43.000000+00:00','D0X','1.77',NULL,0);
INSERT INTO "outbox" VALUES(78,'048339d85f9ee787e5976c640bd3acd5','T1','post','U0AT00X','{}','T1:U0AT00X',NULL,NULL,NULL,NULL,'delivered',0,'2026-03-02T11:03:47.000000+00:00','2026-03-02T11:03:47.000000+00:00','D0X','1.78',NULL,0);
CREATE TABLE "people" (
   "team_id" TEXT,
   "user_id" TEXT,
   "name" TEXT NOT NULL,
   "locale" TEXT,
   "language" TEXT,
   "home_opened" INTEGER NOT NULL, zone TEXT, idle_since TEXT, support_home INTEGER NOT NULL DEFAULT 0,
   PRIMARY KEY ("team_id", "user_id")
) STRICT;
INSERT INTO "people" VALUES('T1','U0AT00','Person 0','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT01','Person 1','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT02','Person 2','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT03','Person 3','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT04','Person 4','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT05','Person 5','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT06','Person 6','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT07','Person 7','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT08','Person 8','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT09','Person 9','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT10','Person 10','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT11','Person 11','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT12','Person 12','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT13','Person 13','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT14','Person 14','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT15','Person 15','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT16','Person 16','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT17','Person 17','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT18','Person 18','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT19','Person 19','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT20','Person 20','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT21','Person 21','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT22','Person 22','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT23','Person 23','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT24','Person 24','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT25','Person 25','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT26','Person 26','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT27','Person 27','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT28','Person 28','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT29','Person 29','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT30','Person 30','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT31','Person 31','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT32','Person 32','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT33','Person 33','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0AT34','Person 34','de-DE',NULL,0,'Europe/Berlin',NULL,0);
INSERT INTO "people" VALUES('T1','U0ANNA','Anna Support','de-AT',NULL,0,'Europe/Berlin',NULL,0);
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
INSERT INTO "reminders" VALUES(1,'2026-03-04T11:00:04.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(2,'2026-03-04T11:00:10.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(3,'2026-03-04T11:00:16.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(4,'2026-03-04T11:00:22.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(5,'2026-03-04T11:00:28.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(6,'2026-03-04T11:00:34.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(7,'2026-03-04T11:00:40.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(8,'2026-03-04T11:00:46.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(9,'2026-03-04T11:00:52.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(10,'2026-03-04T11:00:58.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(11,'2026-03-04T11:01:04.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(12,'2026-03-04T11:01:10.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(13,'2026-03-04T11:01:16.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(14,'2026-03-04T11:01:22.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(15,'2026-03-04T11:01:28.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(16,'2026-03-04T11:01:34.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(17,'2026-03-04T11:01:40.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(18,'2026-03-04T11:01:54.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(19,'2026-03-04T11:01:58.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(20,'2026-03-04T11:02:04.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(21,'2026-03-02T11:32:10.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(22,'2026-03-02T11:32:16.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(23,'2026-03-02T11:32:22.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(24,'2026-03-02T11:32:28.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(25,'2026-03-02T11:32:34.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(26,'2026-03-02T11:32:45.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(27,'2026-03-02T11:32:52.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(28,'2026-03-04T11:02:58.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(29,'2026-03-04T11:03:04.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(30,'2026-03-04T11:03:10.000000+00:00',0,0);
INSERT INTO "reminders" VALUES(31,NULL,0,0);
INSERT INTO "reminders" VALUES(32,'2026-03-04T11:03:25.000000+00:00',0,0);
CREATE TABLE "seen" (
   "event_id" TEXT PRIMARY KEY,
   "seen_at" TEXT NOT NULL
) STRICT;
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
INSERT INTO "ticket_events" VALUES(1,1001,'2026-03-02T11:02:45.000000+00:00','U0AT25','file','open','open','{"reason":"help"}');
INSERT INTO "ticket_events" VALUES(2,1002,'2026-03-02T11:03:19.000000+00:00','U0AT30','file','open','open','{"reason":"second_failure"}');
INSERT INTO "ticket_events" VALUES(3,1001,'2026-03-02T11:04:00.000000+00:00','U0ANNA','offer','open','open','{"key":"0123456789abcdef0123456789abcdef","step":"save","account":0}');
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
CREATE TABLE "ticket_timers" (
   "number" INTEGER PRIMARY KEY REFERENCES "tickets"("number"),
   "due_at" TEXT NOT NULL,
   "kind" TEXT NOT NULL
) STRICT;
INSERT INTO "ticket_timers" VALUES(1001,'2026-03-02T11:47:45.000000+00:00','answer_warning');
INSERT INTO "ticket_timers" VALUES(1002,'2026-03-02T11:48:19.000000+00:00','answer_warning');
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
INSERT INTO "tickets" VALUES(1001,'T1','U0AT25',26,'help','open','unknown','P1','de','12e504fd877309b43ca4cf4b67e5202f','["Bitte helfen Sie."]','2026-03-02T11:02:45.000000+00:00',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-03-02T11:02:45.000000+00:00',NULL);
INSERT INTO "tickets" VALUES(1002,'T1','U0AT30',31,'second_failure','open','unknown','P1','de','5f928f7f7b2fddb6691a371a7808286d','[]','2026-03-02T11:03:19.000000+00:00',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-03-02T11:03:19.000000+00:00',NULL);
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
INSERT INTO "walks" VALUES(1,'T1','U0AT00','',NULL,'briefing',2,'{"step":"briefing","trail":[],"repeats":{},"orders_arriving":null,"version":null,"mask":null,"region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','7eac062e4759bd90901c481ed57cea75','2026-03-02T11:00:02.000000+00:00','2026-03-02T11:00:04.000000+00:00',NULL);
INSERT INTO "walks" VALUES(2,'T1','U0AT01','',NULL,'still_receiving',2,'{"step":"still_receiving","trail":[{"step":"briefing","account":0}],"repeats":{"still_receiving":1},"orders_arriving":true,"version":null,"mask":null,"region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','164aa243ac34782e2fa512ad42477523','2026-03-02T11:00:08.000000+00:00','2026-03-02T11:00:10.000000+00:00',NULL);
INSERT INTO "walks" VALUES(3,'T1','U0AT02','',NULL,'connect_version',2,'{"step":"connect_version","trail":[{"step":"briefing","account":0}],"repeats":{"connect_version":1},"orders_arriving":false,"version":null,"mask":null,"region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','ca7bc8d4c8cb78b33e90dcf78b52ef57','2026-03-02T11:00:14.000000+00:00','2026-03-02T11:00:16.000000+00:00',NULL);
INSERT INTO "walks" VALUES(4,'T1','U0AT03','',NULL,'update_required',2,'{"step":"update_required","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0}],"repeats":{"connect_version":1,"update_required":1},"orders_arriving":false,"version":"4.9.23.1","mask":null,"region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','9f0e46f3ff6376e8d946ffbb8fcf2aee','2026-03-02T11:00:20.000000+00:00','2026-03-02T11:00:22.000000+00:00',NULL);
INSERT INTO "walks" VALUES(5,'T1','U0AT04','',NULL,'account_mask',2,'{"step":"account_mask","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0}],"repeats":{"connect_version":1,"account_mask":1},"orders_arriving":false,"version":"4.9.24.4","mask":null,"region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','14b234fc5a6a2cb73472e8c35e041dcb','2026-03-02T11:00:26.000000+00:00','2026-03-02T11:00:28.000000+00:00',NULL);
INSERT INTO "walks" VALUES(6,'T1','U0AT05','',NULL,'which_mask',2,'{"step":"which_mask","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1},"orders_arriving":false,"version":"4.9.24.4","mask":null,"region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','ba10cbac16cd953bb0de1b6cbc053ad2','2026-03-02T11:00:32.000000+00:00','2026-03-02T11:00:34.000000+00:00',NULL);
INSERT INTO "walks" VALUES(7,'T1','U0AT06','',NULL,'newer_mask',2,'{"step":"newer_mask","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"newer_mask":1},"orders_arriving":false,"version":"4.9.24.4","mask":"sp_api","region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','3a24a8b42dd2684ad5f40185041ec2fd','2026-03-02T11:00:38.000000+00:00','2026-03-02T11:00:40.000000+00:00',NULL);
INSERT INTO "walks" VALUES(8,'T1','U0AT07','',NULL,'region',2,'{"step":"region","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','c2652bac464abafe844236d40e0ab5e3','2026-03-02T11:00:44.000000+00:00','2026-03-02T11:00:46.000000+00:00',NULL);
INSERT INTO "walks" VALUES(9,'T1','U0AT08','',NULL,'current_key_set',2,'{"step":"current_key_set","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"current_key_set":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"north_america","key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','66bad8c4316b08ea9f0493c7e717fd17','2026-03-02T11:00:50.000000+00:00','2026-03-02T11:00:52.000000+00:00',NULL);
INSERT INTO "walks" VALUES(10,'T1','U0AT09','',NULL,'no_developer_id',2,'{"step":"no_developer_id","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"current_key_set","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"current_key_set":1,"no_developer_id":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"north_america","key_set_before":"standard","key_set":"standard","handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','52eff8696e789d89be52995f6d2ec114','2026-03-02T11:00:56.000000+00:00','2026-03-02T11:00:58.000000+00:00',NULL);
INSERT INTO "walks" VALUES(11,'T1','U0AT10','',NULL,'accounts',2,'{"step":"accounts","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','d4264f8205293488d9b0368645b0ec1d','2026-03-02T11:01:02.000000+00:00','2026-03-02T11:01:04.000000+00:00',NULL);
INSERT INTO "walks" VALUES(12,'T1','U0AT11','',NULL,'select_account',2,'{"step":"select_account","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":false,"key_set_changed":false,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','79a844e9912ce28551d06833814fd7cd','2026-03-02T11:01:08.000000+00:00','2026-03-02T11:01:10.000000+00:00',NULL);
INSERT INTO "walks" VALUES(13,'T1','U0AT12','',NULL,'key_set',2,'{"step":"key_set","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":false,"key_set_changed":false,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','c43a57c8af47d94b134117bb9ccb5d6d','2026-03-02T11:01:14.000000+00:00','2026-03-02T11:01:16.000000+00:00',NULL);
INSERT INTO "walks" VALUES(14,'T1','U0AT13','',NULL,'backup_token',2,'{"step":"backup_token","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":false,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','71517e84c0a43b5b53e5a1b023e1336c','2026-03-02T11:01:20.000000+00:00','2026-03-02T11:01:22.000000+00:00',NULL);
INSERT INTO "walks" VALUES(15,'T1','U0AT14','',NULL,'seller_central',2,'{"step":"seller_central","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','2e7102f71dee231a7f0b97d7540c2263','2026-03-02T11:01:26.000000+00:00','2026-03-02T11:01:28.000000+00:00',NULL);
INSERT INTO "walks" VALUES(16,'T1','U0AT15','',NULL,'settings_menu',2,'{"step":"settings_menu","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','04de27761da03e3e9d82b6f54460bad7','2026-03-02T11:01:32.000000+00:00','2026-03-02T11:01:34.000000+00:00',NULL);
INSERT INTO "walks" VALUES(17,'T1','U0AT16','',NULL,'user_permissions',2,'{"step":"user_permissions","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','3a26c737cd4b9557c137582c13ba7288','2026-03-02T11:01:38.000000+00:00','2026-03-02T11:01:40.000000+00:00',NULL);
INSERT INTO "walks" VALUES(18,'T1','U0AT17','',NULL,'manage_apps',4,'{"step":"manage_apps","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":2,"manage_apps":2},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','2164414602ae2e0d307e0fa836839be5','2026-03-02T11:01:44.000000+00:00','2026-03-02T11:01:54.000000+00:00',NULL);
INSERT INTO "walks" VALUES(19,'T1','U0AT18','',NULL,'ready_to_disable',2,'{"step":"ready_to_disable","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','bbbf64181d7c666810185210dcebad83','2026-03-02T11:01:56.000000+00:00','2026-03-02T11:01:58.000000+00:00',NULL);
INSERT INTO "walks" VALUES(20,'T1','U0AT19','',NULL,'disable_access',2,'{"step":"disable_access","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','62692e82174a28dc50a92619ce332794','2026-03-02T11:02:02.000000+00:00','2026-03-02T11:02:04.000000+00:00',NULL);
INSERT INTO "walks" VALUES(21,'T1','U0AT20','',NULL,'new_developer',2,'{"step":"new_developer","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','143217690728e4b892af6f5e5b97ea96','2026-03-02T11:02:08.000000+00:00','2026-03-02T11:02:10.000000+00:00',NULL);
INSERT INTO "walks" VALUES(22,'T1','U0AT21','',NULL,'authorize_developer',2,'{"step":"authorize_developer","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','e645658be2f6b46f0b7f433671c71232','2026-03-02T11:02:14.000000+00:00','2026-03-02T11:02:16.000000+00:00',NULL);
INSERT INTO "walks" VALUES(23,'T1','U0AT22','',NULL,'licence',2,'{"step":"licence","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0},{"step":"authorize_developer","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1,"licence":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','6481d7127ce3c68a5b0799f129dd040a','2026-03-02T11:02:20.000000+00:00','2026-03-02T11:02:22.000000+00:00',NULL);
INSERT INTO "walks" VALUES(24,'T1','U0AT23','',NULL,'credentials',2,'{"step":"credentials","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0},{"step":"authorize_developer","account":0},{"step":"licence","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1,"licence":1,"credentials":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','507f8b18401dfbfbe7b2b848ccd8a80b','2026-03-02T11:02:26.000000+00:00','2026-03-02T11:02:28.000000+00:00',NULL);
INSERT INTO "walks" VALUES(25,'T1','U0AT24','',NULL,'seller_id',2,'{"step":"seller_id","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0},{"step":"authorize_developer","account":0},{"step":"licence","account":0},{"step":"credentials","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1,"licence":1,"credentials":1,"seller_id":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":true,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','9912edd3a7480fb8890922aa8eb3a21c','2026-03-02T11:02:32.000000+00:00','2026-03-02T11:02:34.000000+00:00',NULL);
INSERT INTO "walks" VALUES(26,'T1','U0AT25','',NULL,'token',3,'{"step":"token","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0},{"step":"authorize_developer","account":0},{"step":"licence","account":0},{"step":"credentials","account":0},{"step":"seller_id","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1,"licence":1,"credentials":1,"seller_id":1,"token":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"same","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":true,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','a84d303cfcdd2dc10fe4b58ce837b0f2','2026-03-02T11:02:38.000000+00:00','2026-03-02T11:02:45.000000+00:00',NULL);
INSERT INTO "walks" VALUES(27,'T1','U0AT26','',NULL,'save',2,'{"step":"save","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0},{"step":"authorize_developer","account":0},{"step":"licence","account":0},{"step":"credentials","account":0},{"step":"seller_id","account":0},{"step":"token","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1,"licence":1,"credentials":1,"seller_id":1,"token":1,"save":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"same","token":{"last4":"1111","repairs":[],"same_as_old":null,"same_as_first":null},"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":"8df2801aa9d6e592cd3ebbaa4acf080f6a6634d2cdb7e8d2a7b7ed781635af1f","credentials_shown":true,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','947a285e398c6e225d8d0c10be1054e0','2026-03-02T11:02:50.000000+00:00','2026-03-02T11:02:52.000000+00:00',NULL);
INSERT INTO "walks" VALUES(28,'T1','U0AT27','',NULL,'next_account',2,'{"step":"next_account","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0},{"step":"authorize_developer","account":0},{"step":"licence","account":0},{"step":"credentials","account":0},{"step":"seller_id","account":0},{"step":"token","account":0},{"step":"save","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1,"licence":1,"credentials":1,"seller_id":1,"token":1,"save":1,"next_account":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"same","token":{"last4":"1111","repairs":[],"same_as_old":null,"same_as_first":null},"old_token_hash":null,"saved_at":"2026-03-02T09:22:00Z"}],"account_index":0,"first_token_hash":"8df2801aa9d6e592cd3ebbaa4acf080f6a6634d2cdb7e8d2a7b7ed781635af1f","credentials_shown":true,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','e00d618a64e48ff8a1b827c1d0d5a34b','2026-03-02T11:02:56.000000+00:00','2026-03-02T11:02:58.000000+00:00',NULL);
INSERT INTO "walks" VALUES(29,'T1','U0AT28','',NULL,'first_fetch',2,'{"step":"first_fetch","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0},{"step":"authorize_developer","account":0},{"step":"licence","account":0},{"step":"credentials","account":0},{"step":"seller_id","account":0},{"step":"token","account":0},{"step":"save","account":0},{"step":"next_account","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1,"licence":1,"credentials":1,"seller_id":1,"token":1,"save":1,"next_account":1,"first_fetch":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"same","token":{"last4":"1111","repairs":[],"same_as_old":null,"same_as_first":null},"old_token_hash":null,"saved_at":"2026-03-02T09:22:00Z"}],"account_index":0,"first_token_hash":"8df2801aa9d6e592cd3ebbaa4acf080f6a6634d2cdb7e8d2a7b7ed781635af1f","credentials_shown":true,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','74dd508269b4c3e5d4129a161ffc64d1','2026-03-02T11:03:02.000000+00:00','2026-03-02T11:03:04.000000+00:00',NULL);
INSERT INTO "walks" VALUES(30,'T1','U0AT29','',NULL,'second_fetch',2,'{"step":"second_fetch","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0},{"step":"authorize_developer","account":0},{"step":"licence","account":0},{"step":"credentials","account":0},{"step":"seller_id","account":0},{"step":"token","account":0},{"step":"save","account":0},{"step":"next_account","account":0},{"step":"first_fetch","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1,"licence":1,"credentials":1,"seller_id":1,"token":1,"save":1,"next_account":1,"first_fetch":1,"second_fetch":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"same","token":{"last4":"1111","repairs":[],"same_as_old":null,"same_as_first":null},"old_token_hash":null,"saved_at":"2026-03-02T09:22:00Z"}],"account_index":0,"first_token_hash":"8df2801aa9d6e592cd3ebbaa4acf080f6a6634d2cdb7e8d2a7b7ed781635af1f","credentials_shown":true,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[{"at":"2026-03-02T09:24:00Z","worked":false}],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','9b57ac8ef537d6b4f17ef302a4e9f51b','2026-03-02T11:03:08.000000+00:00','2026-03-02T11:03:10.000000+00:00',NULL);
INSERT INTO "walks" VALUES(31,'T1','U0AT30','',NULL,'with_support',3,'{"step":"with_support","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0},{"step":"authorize_developer","account":0},{"step":"licence","account":0},{"step":"credentials","account":0},{"step":"seller_id","account":0},{"step":"token","account":0},{"step":"save","account":0},{"step":"next_account","account":0},{"step":"first_fetch","account":0},{"step":"second_fetch","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1,"licence":1,"credentials":1,"seller_id":1,"token":1,"save":1,"next_account":1,"first_fetch":1,"second_fetch":1,"with_support":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"same","token":{"last4":"1111","repairs":[],"same_as_old":null,"same_as_first":null},"old_token_hash":null,"saved_at":"2026-03-02T09:22:00Z"}],"account_index":0,"first_token_hash":"8df2801aa9d6e592cd3ebbaa4acf080f6a6634d2cdb7e8d2a7b7ed781635af1f","credentials_shown":true,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[{"at":"2026-03-02T09:24:00Z","worked":false},{"at":"2026-03-02T11:03:19Z","worked":false}],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','5c82def5177437234d0c24fdc73a4f73','2026-03-02T11:03:14.000000+00:00','2026-03-02T11:03:19.000000+00:00',NULL);
INSERT INTO "walks" VALUES(32,'T1','U0AT31','',NULL,'going_back',2,'{"step":"going_back","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"going_back":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27','ffd7d3503a1f95ec7d6407c32c8e9845','2026-03-02T11:03:23.000000+00:00','2026-03-02T11:03:25.000000+00:00',NULL);
INSERT INTO "walks" VALUES(33,'T1','U0AT32','',NULL,'done',2,'{"step":"done","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0},{"step":"new_developer","account":0},{"step":"authorize_developer","account":0},{"step":"licence","account":0},{"step":"credentials","account":0},{"step":"seller_id","account":0},{"step":"token","account":0},{"step":"save","account":0},{"step":"next_account","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"new_developer":1,"authorize_developer":1,"licence":1,"credentials":1,"seller_id":1,"token":1,"save":1,"next_account":1,"first_fetch":1,"done":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"same","token":{"last4":"1111","repairs":[],"same_as_old":null,"same_as_first":null},"old_token_hash":null,"saved_at":"2026-03-02T09:22:00Z"}],"account_index":0,"first_token_hash":null,"credentials_shown":true,"access_off_at":"2026-03-02T09:15:00Z","access_on_again_at":null,"fetches":[{"at":"2026-03-02T09:24:00Z","worked":true}],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27',NULL,'2026-03-02T11:03:29.000000+00:00','2026-03-02T11:03:31.000000+00:00','2026-03-02T11:03:31.000000+00:00');
INSERT INTO "walks" VALUES(34,'T1','U0AT33','',NULL,'cancelled',2,'{"step":"cancelled","trail":[],"repeats":{"cancelled":1},"orders_arriving":null,"version":null,"mask":null,"region":null,"key_set_before":null,"key_set":null,"handbook_developer_id":null,"accounts":[],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":null,"fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27',NULL,'2026-03-02T11:03:35.000000+00:00','2026-03-02T11:03:37.000000+00:00','2026-03-02T11:03:37.000000+00:00');
INSERT INTO "walks" VALUES(35,'T1','U0AT34','',NULL,'reverted',2,'{"step":"reverted","trail":[{"step":"briefing","account":0},{"step":"connect_version","account":0},{"step":"account_mask","account":0},{"step":"which_mask","account":0},{"step":"region","account":0},{"step":"accounts","account":0},{"step":"select_account","account":0},{"step":"key_set","account":0},{"step":"backup_token","account":0},{"step":"seller_central","account":0},{"step":"settings_menu","account":0},{"step":"user_permissions","account":0},{"step":"manage_apps","account":0},{"step":"ready_to_disable","account":0},{"step":"disable_access","account":0}],"repeats":{"connect_version":1,"account_mask":1,"which_mask":1,"region":1,"accounts":1,"select_account":1,"key_set":1,"backup_token":1,"seller_central":1,"settings_menu":1,"user_permissions":1,"manage_apps":1,"ready_to_disable":1,"disable_access":1,"going_back":1,"reverted":1},"orders_arriving":false,"version":"4.9.24.4","mask":"key_set","region":"europe","key_set_before":"standard","key_set":"alternativ","handbook_developer_id":null,"accounts":[{"name":"Amazon DE","backup":true,"key_set_changed":true,"seller_id":"not_checked","token":null,"old_token_hash":null,"saved_at":null}],"account_index":0,"first_token_hash":null,"credentials_shown":false,"access_off_at":null,"access_on_again_at":"2026-03-02T09:16:00Z","fetches":[],"failed_accounts":[],"error_texts":[]}','609af64e-ed953b27',NULL,'2026-03-02T11:03:41.000000+00:00','2026-03-02T11:03:43.000000+00:00','2026-03-02T11:03:43.000000+00:00');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX "outbox_by_key"
    ON "outbox" ("key");
CREATE UNIQUE INDEX walks_under_way ON walks (team_id, worker_id, for_name) WHERE ended_at IS NULL;
CREATE INDEX walks_of_worker ON walks (team_id, worker_id, updated_at);
CREATE INDEX events_of_walk ON events (walk_id);
CREATE INDEX tickets_of_merchant ON tickets (merchant_id);
CREATE INDEX outbox_waiting ON outbox (ordering_key, id) WHERE state IN ('pending', 'running');
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
INSERT INTO "sqlite_sequence" VALUES('tickets',1002);
COMMIT;
