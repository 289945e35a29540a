-- Every SQL statement of the program, by name. `bot/store/queries.py` loads them. Columns are named, so that a program
-- that runs already is not disturbed when a newer one adds some; {{columns:walks}} are those of the table's record.
--
-- Values are bound by name (:walk_id). A fragment is inserted where {{its_name}} is; {{macro:argument}} is written out
-- by `bot/store/dialect.py`. Everything else is spelled as both SQLite and PostgreSQL understand it.

-- Deliveries

-- name: first_time
INSERT INTO seen (event_id, seen_at) VALUES (:event_id, :at) ON CONFLICT DO NOTHING

-- name: forget_seen
DELETE FROM seen WHERE seen_at < :before

-- People

-- name: person
SELECT {{columns:people}} FROM people WHERE team_id = :team_id AND user_id = :user_id

-- name: save_person
INSERT INTO people (team_id, user_id, name, locale, language, home_opened, zone, support_home, unasked)
VALUES (:team_id, :user_id, :name, :locale, :language, :home_opened, :zone, :support_home, :unasked)
ON CONFLICT (team_id, user_id) DO UPDATE SET
  name = excluded.name, locale = excluded.locale, language = excluded.language,
  home_opened = excluded.home_opened, zone = excluded.zone, support_home = excluded.support_home,
  unasked = excluded.unasked, idle_since = NULL

-- name: touch_person
UPDATE people SET name = name WHERE team_id = :team_id AND user_id = :user_id

-- name: support_homes
SELECT team_id, user_id FROM people WHERE support_home = 1 ORDER BY team_id, user_id

-- Walks

-- name: walk
SELECT {{columns:walks}} FROM walks WHERE id = :walk_id

-- name: open_walks
SELECT {{columns:walks}} FROM walks WHERE team_id = :team_id AND worker_id = :worker_id AND ended_at IS NULL
ORDER BY updated_at DESC, id DESC

-- name: touch_walks
-- Where several processes share the database: whoever relied on the same walk meanwhile is told (bot/store/postgres.py).
UPDATE walks SET version = version WHERE id IN {{ids:walks}}

-- name: walks_under_way
SELECT {{columns:walks}} FROM walks WHERE team_id = :team_id AND ended_at IS NULL ORDER BY updated_at, id LIMIT :limit

-- name: walks_elsewhere
SELECT {{columns:walks}} FROM walks WHERE ended_at IS NULL AND procedure = :procedure AND step NOT IN {{words:steps}} ORDER BY id

-- name: last_walk
SELECT {{columns:walks}} FROM walks WHERE team_id = :team_id AND worker_id = :worker_id ORDER BY updated_at DESC, id DESC LIMIT 1

-- name: add_walk
-- No row comes back when the same worker has one under way for the same name.
INSERT INTO walks (team_id, worker_id, for_name, invited_by, procedure, step, version, state, guide_version, live_key,
                   started_at, updated_at, ended_at, transferred_from, transferred_to)
VALUES (:team_id, :worker_id, :for_name, :invited_by, :procedure, :step, 1, :state, :guide_version, :live_key,
        :started_at, :updated_at, :ended_at, :transferred_from, :transferred_to)
ON CONFLICT DO NOTHING RETURNING id

-- name: save_walk
-- Who works the walk and for whom does not change, so their index is left alone.
UPDATE walks SET version = version + 1, invited_by = :invited_by, step = :step, state = :state,
  guide_version = :guide_version, live_key = :live_key, updated_at = :updated_at, ended_at = :ended_at,
  transferred_to = :transferred_to
WHERE id = :id AND version = :version

-- name: save_walk_state
UPDATE walks SET state = :state WHERE id = :id AND version = :version

-- name: add_event
INSERT INTO events (walk_id, version, at, actor_id, name, step, next_step, detail)
VALUES (:walk_id, :version, :at, :actor_id, :name, :step, :next_step, :detail)

-- name: add_not_understood
INSERT INTO not_understood (team_id, user_id, procedure, step, language, at, text, nearest)
VALUES (:team_id, :user_id, :procedure, :step, :language, :at, :text, :nearest)

-- name: rating
SELECT {{columns:ratings}} FROM ratings WHERE walk_id = :walk_id

-- name: save_rating
INSERT INTO ratings (walk_id, face, sentence, at) VALUES (:walk_id, :face, :sentence, :at)
ON CONFLICT (walk_id) DO UPDATE SET face = excluded.face, sentence = excluded.sentence, at = excluded.at

-- name: events
SELECT walk_id, version, at, actor_id, name, step, next_step, detail FROM events WHERE walk_id = :walk_id ORDER BY id

-- Reminders

-- name: reminder
SELECT {{columns:reminders}} FROM reminders WHERE walk_id = :walk_id

-- name: due_reminder
SELECT {{columns:reminders}} FROM reminders WHERE due_at <= :now ORDER BY due_at, walk_id LIMIT 1

-- name: plan_reminder
INSERT INTO reminders (walk_id, due_at, sent, declined) VALUES (:walk_id, :due_at, :sent, 0)
ON CONFLICT (walk_id) DO UPDATE SET
  due_at = CASE WHEN reminders.declined = 1 THEN NULL ELSE excluded.due_at END, sent = excluded.sent

-- name: save_reminder
INSERT INTO reminders (walk_id, due_at, sent, declined) VALUES (:walk_id, :due_at, :sent, :declined)
ON CONFLICT (walk_id) DO UPDATE SET due_at = excluded.due_at, sent = excluded.sent, declined = excluded.declined

-- name: forget_reminder
DELETE FROM reminders WHERE walk_id = :walk_id

-- Recurring tasks

-- name: job_due_at
SELECT due_at FROM chores WHERE name = :name

-- name: due_job
-- Of several processes each takes another one.
SELECT name FROM chores WHERE substr(name, 1, length(CAST(:kind AS text))) = :kind AND due_at <= :now
ORDER BY due_at LIMIT 1 {{skip_locked}}

-- name: is_planned
SELECT 1 FROM chores WHERE substr(name, 1, length(CAST(:kind AS text))) = :kind AND due_at <= :by LIMIT 1

-- name: schedule_job
INSERT INTO chores (name, due_at) VALUES (:name, :due_at) ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at

-- name: unschedule_job
DELETE FROM chores WHERE name = :name

-- Tickets

-- name: ticket
SELECT {{columns:tickets}} FROM tickets WHERE number = :number

-- name: touch_tickets
UPDATE tickets SET state = state WHERE number IN {{ids:numbers}}

-- name: ticket_of_walk
SELECT {{columns:tickets}} FROM tickets
WHERE number = (SELECT coalesce(merged_into, number) FROM tickets WHERE walk_id = :walk_id)

-- name: ticket_of_card
SELECT {{columns:tickets}} FROM tickets WHERE card_key = :key ORDER BY number DESC LIMIT 1

-- name: ticket_of_talk
SELECT {{columns:tickets}} FROM tickets WHERE number IN (
  SELECT coalesce(merged_into, number) FROM tickets WHERE team_id = :team_id
  AND talk_key IN (SELECT key FROM outbox WHERE team_id = :team_id AND channel = :channel AND ts = :ts))
ORDER BY number DESC LIMIT 1

-- name: open_ticket_without_walk
SELECT {{columns:tickets}} FROM tickets
WHERE team_id = :team_id AND merchant_id = :merchant_id AND walk_id IS NULL AND state NOT IN ('resolved', 'closed')
ORDER BY number DESC LIMIT 1

-- fragment: as_asked
(CAST(:team_id AS text) IS NULL OR team_id = :team_id)
AND (CAST(:claimed_by AS text) IS NULL OR claimed_by = :claimed_by)
AND (CAST(:states AS text) IS NULL OR state IN {{words:states}})

-- name: tickets
SELECT {{columns:tickets}} FROM tickets WHERE {{as_asked}} ORDER BY number DESC LIMIT :limit

-- name: tickets_of_merchant
-- Apart from the one above so that it can use the merchants' index.
SELECT {{columns:tickets}} FROM tickets WHERE merchant_id = :merchant_id AND {{as_asked}} ORDER BY number DESC LIMIT :limit

-- name: add_ticket
-- No row comes back when its walk has a ticket already.
INSERT INTO tickets (team_id, merchant_id, walk_id, procedure, reason, state, category, priority, language, card_key, words,
                     opened_at, claimed_by, claimed_at, resolved_by, resolved_at, closed_by, closed_at,
                     answered_at, waiting_since, talk_key, merged_into)
VALUES (:team_id, :merchant_id, :walk_id, :procedure, :reason, :state, :category, :priority, :language, :card_key, :words,
        :opened_at, :claimed_by, :claimed_at, :resolved_by, :resolved_at, :closed_by, :closed_at,
        :answered_at, :waiting_since, :talk_key, :merged_into)
ON CONFLICT DO NOTHING RETURNING number

-- name: save_ticket
UPDATE tickets SET team_id = :team_id, merchant_id = :merchant_id, walk_id = :walk_id, procedure = :procedure,
  reason = :reason, state = :state, category = :category, priority = :priority, language = :language,
  card_key = :card_key, words = :words, opened_at = :opened_at, claimed_by = :claimed_by, claimed_at = :claimed_at,
  resolved_by = :resolved_by, resolved_at = :resolved_at, closed_by = :closed_by, closed_at = :closed_at,
  answered_at = :answered_at, waiting_since = :waiting_since, talk_key = :talk_key, merged_into = :merged_into
WHERE number = :number

-- name: merge_earlier
-- What was merged into a ticket goes on where that ticket goes on.
UPDATE tickets SET merged_into = :into WHERE merged_into = :number

-- name: add_ticket_event
INSERT INTO ticket_events (number, at, actor_id, name, state, next_state, detail)
VALUES (:number, :at, :actor_id, :name, :state, :next_state, :detail)

-- name: ticket_events
SELECT number, at, actor_id, name, state, next_state, detail FROM ticket_events WHERE number = :number ORDER BY id

-- name: add_ticket_message
-- No row comes back when the merchant's own message is stored already.
INSERT INTO ticket_messages (number, side, author_id, at, text, state, key, note_key, source)
VALUES (:number, :side, :author_id, :at, :text, :state, :key, :note_key, :source)
ON CONFLICT DO NOTHING RETURNING id

-- name: save_ticket_message
UPDATE ticket_messages SET number = :number, side = :side, author_id = :author_id, at = :at, text = :text,
  state = :state, key = :key, note_key = :note_key, source = :source
WHERE id = :id

-- name: move_ticket_messages
UPDATE ticket_messages SET number = :into WHERE number = :number

-- name: ticket_message
SELECT {{columns:ticket_messages}} FROM ticket_messages WHERE id = :message_id

-- name: ticket_message_of
SELECT {{columns:ticket_messages}} FROM ticket_messages WHERE source = :source

-- name: ticket_messages
SELECT {{columns:ticket_messages}} FROM ticket_messages WHERE number = :number ORDER BY id

-- name: ticket_timer
SELECT {{columns:ticket_timers}} FROM ticket_timers WHERE number = :number

-- name: due_ticket_timer
SELECT {{columns:ticket_timers}} FROM ticket_timers WHERE due_at <= :now ORDER BY due_at, number LIMIT 1

-- name: save_ticket_timer
INSERT INTO ticket_timers (number, due_at, kind) VALUES (:number, :due_at, :kind)
ON CONFLICT (number) DO UPDATE SET due_at = excluded.due_at, kind = excluded.kind

-- name: forget_ticket_timer
DELETE FROM ticket_timers WHERE number = :number

-- name: add_invitation
-- No row comes back when the merchant has one that is not answered.
INSERT INTO invitations (team_id, agent_id, merchant_id, procedure, message_key, invited_at, answer, answered_at,
                         sent, due_at, list_key)
VALUES (:team_id, :agent_id, :merchant_id, :procedure, :message_key, :invited_at, :answer, :answered_at,
        :sent, :due_at, :list_key)
ON CONFLICT DO NOTHING RETURNING id

-- name: save_invitation
UPDATE invitations SET team_id = :team_id, agent_id = :agent_id, merchant_id = :merchant_id, procedure = :procedure,
  message_key = :message_key, invited_at = :invited_at, answer = :answer, answered_at = :answered_at,
  sent = :sent, due_at = :due_at, list_key = :list_key
WHERE id = :id

-- name: invitation
SELECT {{columns:invitations}} FROM invitations WHERE id = :invitation_id

-- name: last_invitation
SELECT {{columns:invitations}} FROM invitations WHERE team_id = :team_id AND merchant_id = :merchant_id ORDER BY id DESC LIMIT 1

-- name: due_invitation
SELECT {{columns:invitations}} FROM invitations WHERE answer IS NULL AND due_at <= :now ORDER BY due_at, id LIMIT 1

-- name: invitations_of_list
SELECT {{columns:invitations}} FROM invitations WHERE list_key = :list_key ORDER BY id

-- name: pending_invitations
SELECT {{columns:invitations}} FROM invitations WHERE team_id = :team_id AND answer IS NULL ORDER BY invited_at, id LIMIT :limit

-- name: keep_refusal
INSERT INTO refusals (mark, at) VALUES (:mark, :at) ON CONFLICT DO NOTHING

-- name: refusal
SELECT mark FROM refusals WHERE mark = :mark

-- Templates of the agents, and who has the form of an answer open

-- name: templates
SELECT {{columns:templates}} FROM templates WHERE team_id = :team_id ORDER BY label, id

-- name: template
SELECT {{columns:templates}} FROM templates WHERE team_id = :team_id AND id = :template_id

-- name: add_template
INSERT INTO templates (team_id, procedure, category, language, label, text, author_id, changed_at)
VALUES (:team_id, :procedure, :category, :language, :label, :text, :author_id, :changed_at) RETURNING id

-- name: save_template
UPDATE templates SET team_id = :team_id, procedure = :procedure, category = :category, language = :language,
  label = :label, text = :text, author_id = :author_id, changed_at = :changed_at
WHERE id = :id

-- name: delete_template
DELETE FROM templates WHERE team_id = :team_id AND id = :template_id

-- name: answer_forms
SELECT {{columns:answer_forms}} FROM answer_forms WHERE number = :number ORDER BY opened_at, agent_id

-- name: open_answer_form
-- Opened again it counts from the first time.
INSERT INTO answer_forms (number, agent_id, opened_at, response_url)
VALUES (:number, :agent_id, :opened_at, :response_url)
ON CONFLICT (number, agent_id) DO NOTHING

-- name: close_answer_form
DELETE FROM answer_forms WHERE number = :number AND agent_id = :agent_id

-- name: forget_old_answer_forms
DELETE FROM answer_forms WHERE opened_at < :before

-- Outages

-- name: live_outage
SELECT {{columns:outages}} FROM outages WHERE team_id = :team_id AND ended_at IS NULL

-- name: outage
SELECT {{columns:outages}} FROM outages WHERE id = :outage_id

-- name: add_outage
-- No row comes back when the team has one that has not ended.
INSERT INTO outages (team_id, agent_id, text_de, text_en, begun_at, ends_at, board_key, ended_at, ending)
VALUES (:team_id, :agent_id, :text_de, :text_en, :begun_at, :ends_at, :board_key, :ended_at, :ending)
ON CONFLICT DO NOTHING RETURNING id

-- name: save_outage
UPDATE outages SET team_id = :team_id, agent_id = :agent_id, text_de = :text_de, text_en = :text_en,
  begun_at = :begun_at, ends_at = :ends_at, board_key = :board_key, ended_at = :ended_at, ending = :ending
WHERE id = :id

-- name: add_outage_recipient
INSERT INTO outage_recipients (outage_id, user_id, number, message_id, state)
VALUES (:outage_id, :user_id, :number, :message_id, :state) ON CONFLICT DO NOTHING

-- name: people_under_way
SELECT COUNT(DISTINCT worker_id) FROM walks WHERE team_id = :team_id AND ended_at IS NULL

-- name: add_people_under_way
-- By the database itself, so that however many they are nobody is left out.
INSERT INTO outage_recipients (outage_id, user_id, number, state)
SELECT o.id, w.worker_id, 0, 'planned' FROM outages AS o JOIN walks AS w ON w.team_id = o.team_id
WHERE o.id = :outage_id AND w.ended_at IS NULL
AND w.worker_id NOT IN (SELECT user_id FROM outage_recipients WHERE outage_id = :outage_id)
GROUP BY o.id, w.worker_id

-- name: save_outage_recipient
UPDATE outage_recipients SET message_id = :message_id, state = :state
WHERE outage_id = :outage_id AND user_id = :user_id AND number = :number

-- name: plan_outage_recipients
-- All are stored, also those who stay as they are: another process may be telling them what was true until now.
UPDATE outage_recipients SET state = CASE WHEN state IN ('told', 'changed') THEN :state
                                          WHEN :state = 'leaving' THEN 'gone' ELSE state END
WHERE outage_id = :outage_id

-- name: outage_recipients
SELECT {{columns:outage_recipients}} FROM outage_recipients WHERE outage_id = :outage_id ORDER BY number, user_id

-- name: due_outage_recipient
SELECT {{columns:outage_recipients}} FROM outage_recipients WHERE state IN ('planned', 'changed', 'leaving')
ORDER BY outage_id, number DESC, user_id LIMIT 1

-- The outbox

-- fragment: row_columns
id, key, team_id, recipient, method, ordering_key, target, thread, walk_id, state, attempts, created_at, due_at,
channel, ts, error, fence

-- fragment: without_words
'{}' AS content, CAST(NULL AS text) AS response_url

-- fragment: done
content = '{}', response_url = NULL

-- fragment: receiver
CASE WHEN method = 'mirror' THEN recipient ELSE 'slack' END

-- fragment: first_of_its_key
-- Whether due or not: a postponed or running row holds up what comes after it.
NOT EXISTS (
  SELECT 1 FROM outbox AS earlier
  WHERE earlier.state IN ('pending', 'running') AND earlier.ordering_key = outbox.ordering_key
    AND earlier.id < outbox.id)

-- fragment: passes_limits
-- The first attempt at a change may need no method that Slack limits.
(method = 'update' AND response_url IS NOT NULL AND attempts = 0)

-- name: enqueue
INSERT INTO outbox (key, team_id, method, recipient, content, ordering_key, target, thread, response_url, walk_id,
                    state, attempts, created_at, due_at, erased)
VALUES (:key, :team_id, :method, :recipient, :content, :ordering_key, :target, :thread, :response_url, :walk_id,
        'pending', 0, :created_at, :due_at, :erased)

-- name: drop_pending
UPDATE outbox SET state = 'dropped', {{done}} WHERE key = :key AND state = 'pending' AND attempts = 0

-- name: mark_delivered
UPDATE outbox SET state = 'delivered', {{done}}, error = NULL, channel = :channel, ts = :ts
WHERE key = :key AND state <> 'delivered'

-- name: changed_after
SELECT 1 FROM outbox WHERE id > :row_id AND target = :message AND state <> 'dropped' LIMIT 1

-- name: next_row
-- Under a held key no new message is sent; what changes a message that is there already may pass.
SELECT {{row_columns}}, content, response_url,
  (SELECT message.state FROM outbox AS message WHERE outbox.method = 'update' AND message.key = outbox.target)
    AS target_state
FROM outbox
WHERE state IN ('pending', 'running') AND due_at <= :now AND (state = 'pending' OR {{abandoned}})
  AND method IN {{words:methods}} AND {{receiver}} NOT IN {{words:busy}}
  AND (CAST(:held_keys AS text) = '[]' OR (
    ({{passes_limits}} OR {{hidden:team_id || ' ' || method}} NOT IN {{words:held_keys}})
    AND (ordering_key IS NULL OR method NOT IN ('post', 'upload')
      OR {{hidden:ordering_key}} NOT IN {{words:held_keys}})))
  AND (ordering_key IS NULL OR {{first_of_its_key}})
ORDER BY due_at, id LIMIT 1

-- name: start_attempt
-- No row is changed when something else has happened to it since it was found.
UPDATE outbox SET state = 'running', attempts = attempts + 1, fence = fence + 1, owner = :owner, due_at = :until
WHERE id = :id AND state = :state AND fence = :fence

-- name: drop_update
UPDATE outbox SET state = 'dropped', {{done}}, error = :error WHERE id = :id

-- name: held
SELECT name, free_at - {{clock}} AS seconds FROM (
  SELECT name, CASE WHEN even_at - :ahead > held_until THEN even_at - :ahead ELSE held_until END AS free_at
  FROM turns) AS names
WHERE free_at > {{clock}}

-- name: take_turn
INSERT INTO turns (name, even_at, held_until)
SELECT {{hidden:given}}, {{clock}} + :seconds, 0 FROM (SELECT CAST(:name AS text) AS given) AS names WHERE true
ON CONFLICT (name) DO UPDATE SET even_at = CASE WHEN turns.even_at + :seconds > excluded.even_at
  THEN turns.even_at + :seconds ELSE excluded.even_at END

-- name: hold
INSERT INTO turns (name, even_at, held_until)
SELECT {{hidden:given}}, 0, {{clock}} + :seconds FROM (SELECT CAST(:name AS text) AS given) AS names WHERE true
ON CONFLICT (name) DO UPDATE SET held_until = {{greatest:turns.held_until:excluded.held_until}}

-- name: forget_turns
DELETE FROM turns WHERE even_at <= {{clock}} AND held_until <= {{clock}}

-- name: turns_left
SELECT 1 FROM turns LIMIT 1

-- name: next_due
SELECT min(due_at) AS due_at FROM outbox
WHERE state IN ('pending', 'running') AND (ordering_key IS NULL OR {{first_of_its_key}})

-- name: delivered
-- The fence keeps out a sender whose row has passed to another one. Of a message for somebody erased only
-- its address in Slack is kept.
UPDATE outbox SET state = 'delivered', {{done}}, error = NULL, channel = :channel, ts = :ts,
  recipient = CASE WHEN erased = 1 THEN coalesce(:channel, '') ELSE recipient END,
  ordering_key = CASE WHEN erased = 1 THEN NULL ELSE ordering_key END
WHERE key = :key AND state = 'running' AND fence = :fence

-- name: postpone
UPDATE outbox SET state = 'pending', due_at = :due_at, error = :error
WHERE key = :key AND state = 'running' AND fence = :fence

-- name: dead_letter
UPDATE outbox SET state = 'dead', error = :error, response_url = NULL
WHERE key = :key AND state = 'running' AND fence = :fence

-- name: address
SELECT channel, ts FROM outbox WHERE key = :key AND channel IS NOT NULL AND ts IS NOT NULL

-- name: permalink
SELECT permalink FROM outbox WHERE key = :key

-- name: keep_permalink
UPDATE outbox SET permalink = :permalink WHERE key = :key

-- name: state
SELECT state FROM outbox WHERE key = :key

-- name: recover
-- `due_at` stays at the end of the lease: by then whatever the killed process sent has arrived or never will.
-- The death is not counted as an attempt; but one attempt stays on the count, as below.
UPDATE outbox SET state = 'pending', attempts = {{greatest:1:attempts - 1}} WHERE state = 'running' AND {{abandoned}}

-- fragment: tried_anew
-- One attempt stays on the count, so that the sender looks before it sends.
state = 'pending', attempts = {{least:attempts:1}}, due_at = :now

-- name: send_again
UPDATE outbox SET {{tried_anew}} WHERE key = :key AND state IN ('dead', 'pending')

-- name: resume
UPDATE outbox SET attempts = {{least:attempts:1}}, due_at = :now
WHERE state = 'pending' AND (recipient = :destination OR ordering_key = :destination)

-- name: unsent_keys
SELECT key FROM outbox WHERE state IN ('dead', 'pending', 'running') AND substr(key, 1, length(CAST(:beginning AS text))) = :beginning
ORDER BY key LIMIT :limit

-- name: drop_unsent
UPDATE outbox SET state = 'dropped', {{done}}, error = 'dropped by the operator'
WHERE key = :key AND state IN ('dead', 'pending')

-- name: drop_dead
UPDATE outbox SET state = 'dropped', {{done}} WHERE key = :key AND state = 'dead'

-- name: dead_steps
-- The live messages of walks under way that were given up: of one person, or of all.
SELECT {{row_columns}}, {{without_words}} FROM outbox WHERE state = 'dead' AND method = 'post' AND EXISTS (
  SELECT 1 FROM walks WHERE walks.id = outbox.walk_id AND walks.live_key = outbox.key AND walks.ended_at IS NULL
    AND (CAST(:worker_id AS text) IS NULL OR (walks.team_id = :team_id AND walks.worker_id = :worker_id)))
ORDER BY id

-- fragment: dead_posts_of_cards
-- From the few dead rows to their tickets. Sorted by `id + 0`, so that the partial index is used.
FROM outbox CROSS JOIN tickets WHERE outbox.state = 'dead' AND substr(tickets.merchant_id, 1, 7) <> 'erased-'

-- name: dead_cards
SELECT {{columns:tickets}} {{dead_posts_of_cards}} AND tickets.card_key = outbox.key
AND (CAST(:destination AS text) IS NULL OR outbox.recipient = :destination OR outbox.ordering_key = :destination)
ORDER BY outbox.id + 0

-- name: deleted_card
SELECT {{columns:tickets}} {{dead_posts_of_cards}} AND outbox.error IN {{words:gone}}
AND tickets.card_key IN (outbox.target, outbox.thread) ORDER BY outbox.id + 0 LIMIT 1

-- name: unsent_of
SELECT {{row_columns}}, content, response_url FROM outbox
WHERE state IN ('pending', 'running') AND (target = :key OR thread = :key)
UNION ALL SELECT {{row_columns}}, content, response_url FROM outbox
WHERE state = 'dead' AND (target = :key OR thread = :key) ORDER BY id

-- name: undelivered_tickets
SELECT count(*) AS count, min(unsent.created_at) AS oldest_at FROM (
  SELECT key, created_at FROM outbox WHERE state IN ('pending', 'running')
  UNION ALL SELECT key, created_at FROM outbox WHERE state = 'dead') AS unsent
CROSS JOIN tickets WHERE tickets.card_key = unsent.key AND substr(tickets.merchant_id, 1, 7) <> 'erased-'
AND (CAST(:team_id AS text) IS NULL OR tickets.team_id = :team_id)

-- name: revive
UPDATE outbox SET {{tried_anew}} WHERE state = 'dead' AND (key = :key OR (thread = :key AND error IN {{words:errors}}))

-- name: revive_orphans
UPDATE outbox SET {{tried_anew}} WHERE state = 'dead' AND error = :never_arrived AND EXISTS (
  SELECT 1 FROM outbox AS parent WHERE parent.key = outbox.thread
    AND (parent.state IN ('pending', 'running') OR (parent.state = 'delivered' AND parent.ts IS NOT NULL)))

-- name: dead
SELECT {{row_columns}}, content, response_url FROM outbox WHERE state = 'dead' ORDER BY id LIMIT :limit

-- name: unsent
SELECT {{row_columns}}, {{without_words}} FROM outbox WHERE state IN ('dead', 'running', 'pending')
ORDER BY CASE WHEN state = 'dead' THEN 0 ELSE 1 END, id LIMIT :limit

-- name: row
SELECT {{row_columns}}, {{without_words}} FROM outbox WHERE key = :key

-- name: outbox_counts
SELECT state, count(*) AS count FROM outbox GROUP BY state

-- name: unsent_counts
-- By partial indexes: what has arrived, which is nearly everything, is not looked at.
SELECT state, count(*) AS count FROM outbox WHERE state IN ('pending', 'running') GROUP BY state
UNION ALL SELECT 'dead', count(*) FROM outbox WHERE state = 'dead'

-- name: paused
-- By the partial index, like the counts.
SELECT {{receiver}} AS receiver, recipient, error, min(created_at) AS oldest_at FROM outbox
WHERE state IN ('pending', 'running') AND state = 'pending' AND error IS NOT NULL GROUP BY {{receiver}}, recipient, error ORDER BY oldest_at

-- name: forget_response_urls
UPDATE outbox SET response_url = NULL
WHERE state IN ('pending', 'running') AND response_url IS NOT NULL AND created_at < :before

-- Pictures

-- name: picture
SELECT team_id, name, language, digest, filled, file_id, kept_at FROM pictures WHERE team_id = :team_id AND name = :name AND language = :language AND digest = :digest

-- name: served_picture
SELECT team_id, name, language, digest, filled, file_id, kept_at FROM pictures WHERE name = :name AND language = :language AND digest = :digest LIMIT 1

-- name: save_picture
INSERT INTO pictures (team_id, name, language, digest, filled, file_id, kept_at)
VALUES (:team_id, :name, :language, :digest, :filled, :file_id, :kept_at)
ON CONFLICT (team_id, name, language, digest) DO UPDATE SET
  filled = excluded.filled, file_id = excluded.file_id, kept_at = excluded.kept_at

-- name: forget_earlier_pictures
DELETE FROM pictures
WHERE team_id = :team_id AND name = :name AND language = :language AND filled = :filled AND file_id IS NOT NULL

-- name: forget_picture
DELETE FROM pictures WHERE team_id = :team_id AND name = :name AND language = :language AND digest = :digest

-- Statistics

-- name: figures
-- All figures of `/metrics`. Nothing in it looks at what is delivered, ended or kept for later.
SELECT 'outbox' AS kind, {{receiver}} AS name, state, count(*) AS count, min(created_at) AS oldest_at FROM outbox
  WHERE state IN ('pending', 'running') GROUP BY {{receiver}}, state
UNION ALL SELECT 'outbox', {{receiver}}, 'dead', count(*), CAST(NULL AS text) FROM outbox
  WHERE state = 'dead' GROUP BY {{receiver}}
UNION ALL SELECT 'walks', procedure, step, count(*), CAST(NULL AS text) FROM walks WHERE ended_at IS NULL
  GROUP BY procedure, step
UNION ALL SELECT 'tickets', state, '', count(*),
  min(CASE WHEN state = 'open' THEN coalesce(waiting_since, opened_at) END) FROM tickets GROUP BY state
UNION ALL SELECT 'due', 'reminder', '', count(*), CAST(NULL AS text) FROM reminders WHERE due_at <= :now
UNION ALL SELECT 'due', 'timer', '', count(*), CAST(NULL AS text) FROM ticket_timers WHERE due_at <= :now
UNION ALL SELECT 'due', 'chore', '', count(*), CAST(NULL AS text) FROM chores WHERE due_at <= :now
UNION ALL SELECT 'uploads', language, '', count(*), CAST(NULL AS text) FROM pictures
  WHERE file_id IS NOT NULL GROUP BY language
UNION ALL SELECT 'not_understood', language, '', count(*), CAST(NULL AS text) FROM not_understood GROUP BY language

-- name: teams
-- Team '' is the mark of a forgotten walk.
SELECT DISTINCT team_id FROM walks WHERE team_id <> '' UNION SELECT team_id FROM tickets ORDER BY team_id

-- fragment: language
CASE WHEN p.language IN ('de', 'en') THEN p.language
  WHEN coalesce(p.locale, '') <> '' THEN CASE WHEN lower(p.locale) LIKE 'de%' THEN 'de' ELSE 'en' END
  ELSE CAST(:default_language AS text) END

-- fragment: selected_walks
FROM walks AS w LEFT JOIN people AS p ON p.team_id = w.team_id AND p.user_id = w.worker_id
WHERE w.team_id <> '' AND (CAST(:team_id AS text) IS NULL OR w.team_id = :team_id)
  AND (CAST(:procedure AS text) IS NULL OR w.procedure = :procedure)
  AND w.started_at >= coalesce(CAST(:since AS text), '0') AND w.started_at < coalesce(CAST(:until AS text), '9999')
  AND (CAST(:guide AS text) IS NULL OR substr(w.guide_version, 1, length(CAST(:guide AS text))) = :guide)
  AND (CAST(:language AS text) IS NULL OR ({{language}}) = :language)

-- fragment: selected_tickets
-- A ticket without a walk was filed under no version of the guide.
FROM tickets AS t LEFT JOIN walks AS w ON w.id = t.walk_id
WHERE (CAST(:team_id AS text) IS NULL OR t.team_id = :team_id)
  AND (CAST(:procedure AS text) IS NULL OR t.procedure = :procedure)
  AND t.opened_at >= coalesce(CAST(:since AS text), '0') AND t.opened_at < coalesce(CAST(:until AS text), '9999')
  AND (CAST(:guide AS text) IS NULL OR substr(w.guide_version, 1, length(CAST(:guide AS text))) = :guide)
  AND (CAST(:language AS text) IS NULL OR t.language = :language)

-- name: history_walks
SELECT w.id, w.started_at, w.ended_at, w.step, {{language}} AS language, w.guide_version,
  CASE WHEN w.for_name <> '' THEN 1 ELSE 0 END AS on_the_phone,
  CASE WHEN EXISTS (SELECT 1 FROM tickets AS t WHERE t.walk_id IN (w.id, w.transferred_from)) THEN 1 ELSE 0 END
    AS with_person,
  (SELECT r.face FROM ratings AS r WHERE r.walk_id = w.id) AS face
{{selected_walks}} ORDER BY w.id

-- name: history_events
SELECT walk_id, at, name, step, next_step,
  CASE WHEN name IN ('refused', 'shown_again') OR {{contains:detail:inferred}} THEN detail ELSE '' END AS codes
FROM events WHERE walk_id IN (SELECT w.id {{selected_walks}}) ORDER BY walk_id, id

-- name: history_tickets
SELECT t.number, t.opened_at,
  (SELECT min(e.at) FROM ticket_events AS e WHERE e.number = t.number AND e.name IN ('claim', 'hand')) AS taken_at,
  t.answered_at, t.resolved_at, t.state, t.reason, t.category, t.priority,
  CASE WHEN t.claimed_by IS NOT NULL THEN dense_rank() OVER (ORDER BY t.claimed_by) END AS owner
{{selected_tickets}} ORDER BY t.number

-- name: history_sentences
SELECT r.face, r.sentence FROM ratings AS r
WHERE r.sentence <> '' AND r.walk_id IN (SELECT w.id {{selected_walks}}) ORDER BY r.face, r.sentence

-- name: history_not_understood
SELECT procedure, step, language, text, nearest FROM not_understood
WHERE CAST(:guide AS text) IS NULL AND (CAST(:team_id AS text) IS NULL OR team_id = :team_id)
  AND (CAST(:procedure AS text) IS NULL OR procedure = :procedure)
  AND (CAST(:since AS text) IS NULL OR at >= :since) AND (CAST(:until AS text) IS NULL OR at < :until)
  AND (CAST(:language AS text) IS NULL OR language = :language)
ORDER BY id

-- Export of all that is kept of one person; the names after `export_` are the keys of the JSON

-- name: export_person
SELECT * FROM people WHERE team_id = :team_id AND user_id = :user_id

-- name: export_walks
SELECT * FROM walks WHERE team_id = :team_id AND worker_id = :user_id ORDER BY id

-- name: export_history
SELECT e.* FROM events AS e JOIN walks AS w ON w.id = e.walk_id
WHERE w.team_id = :team_id
  AND (w.worker_id = :user_id OR e.actor_id = :user_id OR {{contains:e.detail:quoted}}) ORDER BY e.id

-- name: export_ratings
SELECT r.* FROM ratings AS r JOIN walks AS w ON w.id = r.walk_id
WHERE w.team_id = :team_id AND w.worker_id = :user_id ORDER BY r.walk_id

-- name: export_not_understood
SELECT * FROM not_understood WHERE team_id = :team_id AND user_id = :user_id ORDER BY id

-- name: export_reminders
SELECT r.* FROM reminders AS r JOIN walks AS w ON w.id = r.walk_id
WHERE w.team_id = :team_id AND w.worker_id = :user_id ORDER BY r.walk_id

-- name: export_tickets
SELECT * FROM tickets WHERE team_id = :team_id AND merchant_id = :user_id ORDER BY number

-- name: export_ticket_messages
SELECT m.* FROM ticket_messages AS m JOIN tickets AS t ON t.number = m.number
WHERE t.team_id = :team_id AND (t.merchant_id = :user_id OR m.author_id = :user_id) ORDER BY m.id

-- name: export_ticket_events
SELECT e.* FROM ticket_events AS e JOIN tickets AS t ON t.number = e.number
WHERE t.team_id = :team_id
  AND (t.merchant_id = :user_id OR e.actor_id = :user_id OR {{contains:e.detail:quoted}}) ORDER BY e.id

-- name: export_ticket_timers
SELECT r.* FROM ticket_timers AS r JOIN tickets AS t ON t.number = r.number
WHERE t.team_id = :team_id AND t.merchant_id = :user_id ORDER BY r.number

-- name: export_tickets_handled
SELECT number, claimed_by, claimed_at, resolved_by, resolved_at, closed_by, closed_at FROM tickets
WHERE team_id = :team_id AND :user_id IN (claimed_by, resolved_by, closed_by) ORDER BY number

-- name: export_invitations
SELECT {{columns:invitations}} FROM invitations WHERE team_id = :team_id AND :user_id IN (merchant_id, agent_id) ORDER BY id

-- name: export_templates
SELECT {{columns:templates}} FROM templates WHERE team_id = :team_id AND author_id = :user_id ORDER BY id

-- name: export_answer_forms
SELECT number, agent_id, opened_at FROM answer_forms WHERE agent_id = :user_id
AND number IN (SELECT number FROM tickets WHERE team_id = :team_id) ORDER BY number

-- name: export_outages
SELECT {{columns:outages}} FROM outages WHERE team_id = :team_id AND agent_id = :user_id ORDER BY id

-- name: export_outage_recipients
SELECT {{columns:outage_recipients}} FROM outage_recipients WHERE user_id = :user_id
AND outage_id IN (SELECT id FROM outages WHERE team_id = :team_id) ORDER BY outage_id, number

-- name: export_walks_invited_to
SELECT id, started_at FROM walks WHERE team_id = :team_id AND invited_by = :user_id ORDER BY id

-- name: export_messages
-- A response URL is a permission, not something about the person; a file under way is a copy of all this.
SELECT {{row_columns}}, CASE WHEN method = 'upload' THEN '{}' ELSE content END AS content
FROM outbox WHERE team_id = :team_id AND (recipient = :user_id
  OR walk_id IN (SELECT id FROM walks WHERE team_id = :team_id AND worker_id = :user_id)
  OR EXISTS (SELECT 1 FROM tickets AS t WHERE t.team_id = :team_id AND t.merchant_id = :user_id
             AND t.card_key IN (outbox.key, outbox.thread, outbox.target)))
ORDER BY id

-- Erasing one person. What cannot be taken back from the sender any more keeps its key until Slack has it, with "…"
-- for its text.

-- name: walks_of_person
SELECT id FROM walks WHERE team_id = :team_id AND worker_id = :user_id

-- name: tickets_of_person
SELECT number, card_key FROM tickets
WHERE (team_id = :team_id AND merchant_id = :user_id) OR walk_id IN {{ids:walks}} ORDER BY number

-- fragment: posted
-- In Slack, or perhaps: what is under way is as good as sent.
(state = 'delivered' OR state = 'running' OR (state = 'pending' AND attempts > 0))

-- name: posts_of_person
SELECT key, recipient, channel, ts, thread FROM outbox
WHERE team_id = :team_id AND method = 'post' AND {{posted}}
  AND (recipient = :user_id OR walk_id IN {{ids:walks}} OR key IN {{words:cards}} OR thread IN {{words:cards}})
ORDER BY id

-- name: files_of_person
SELECT key, recipient, channel, ts, thread FROM outbox
WHERE team_id = :team_id AND method = 'upload' AND {{posted}}
  AND (recipient = :user_id OR thread IN {{words:cards}})
ORDER BY id

-- fragment: of_person
team_id = :team_id AND key NOT IN {{words:cards}}
AND (recipient = :user_id OR walk_id IN {{ids:walks}} OR thread IN {{words:cards}} OR target IN {{words:targets}})

-- name: erase_rows
DELETE FROM outbox WHERE {{of_person}}
AND NOT (method IN ('post', 'update', 'upload') AND (state = 'running' OR (state = 'pending' AND attempts > 0)))
AND NOT (method IN ('post', 'upload') AND state = 'delivered')

-- name: empty_rows
UPDATE outbox SET erased = 1,
  content = CASE WHEN state = 'delivered' THEN '{}'
    WHEN method = 'upload' THEN {{only:filename:content}} ELSE '{"text":"…"}' END,
  response_url = NULL, walk_id = NULL,
  recipient = CASE WHEN state = 'delivered' THEN coalesce(channel, '') ELSE recipient END,
  ordering_key = CASE WHEN state = 'delivered' THEN NULL ELSE ordering_key END
WHERE {{of_person}}

-- name: empty_cards
UPDATE outbox SET content = '{"text":"…"}', response_url = NULL
WHERE key IN {{words:cards}} AND state IN ('pending', 'running', 'dead')

-- fragment: sync_keys
-- The ordering keys under which a sender hears of tickets.
(SELECT 'mirror:' || outbox.recipient || ':' || value FROM {{each:numbers}})

-- name: forget_syncs
-- What has not been sent of the tickets is not sent; what is being sent keeps its key.
DELETE FROM outbox WHERE method = 'mirror' AND state IN ('pending', 'dead') AND ordering_key IN {{sync_keys}}

-- name: empty_syncs
UPDATE outbox SET content = '{}' WHERE method = 'mirror' AND state = 'running' AND ordering_key IN {{sync_keys}}

-- name: unsent_naming
SELECT key, method, content FROM outbox
WHERE team_id = :team_id AND state IN ('pending', 'running', 'dead')
  AND ({{contains:content:user_id}} OR {{contains:content:name}})

-- name: reword
UPDATE outbox SET content = :content WHERE key = :key

-- name: erase_claimer
UPDATE tickets SET claimed_by = :pseudonym WHERE team_id = :team_id AND claimed_by = :user_id

-- name: erase_resolver
UPDATE tickets SET resolved_by = :pseudonym WHERE team_id = :team_id AND resolved_by = :user_id

-- name: erase_closer
UPDATE tickets SET closed_by = :pseudonym WHERE team_id = :team_id AND closed_by = :user_id

-- name: erase_author
UPDATE ticket_messages SET author_id = :pseudonym
WHERE author_id = :user_id AND number IN (SELECT number FROM tickets WHERE team_id = :team_id)

-- name: erase_inviter
UPDATE walks SET invited_by = NULL WHERE team_id = :team_id AND invited_by = :user_id

-- fragment: without_actor
actor_id = CASE WHEN actor_id = :user_id THEN :pseudonym ELSE actor_id END,
detail = replace(detail, :quoted, :quoted_pseudonym)

-- name: erase_actor
UPDATE events SET {{without_actor}}
WHERE walk_id IN (SELECT id FROM walks WHERE team_id = :team_id)
  AND (actor_id = :user_id OR {{contains:detail:quoted}})

-- name: erase_ticket_actor
UPDATE ticket_events SET {{without_actor}}
WHERE number IN (SELECT number FROM tickets WHERE team_id = :team_id)
  AND (actor_id = :user_id OR {{contains:detail:quoted}})

-- name: forget_invitations
DELETE FROM invitations WHERE team_id = :team_id AND (merchant_id = :user_id OR agent_id = :user_id)

-- name: forget_answer_forms
DELETE FROM answer_forms WHERE agent_id = :user_id AND number IN (SELECT number FROM tickets WHERE team_id = :team_id)

-- name: erase_template_author
UPDATE templates SET author_id = '' WHERE team_id = :team_id AND author_id = :user_id

-- name: forget_outage_recipients
DELETE FROM outage_recipients WHERE user_id = :user_id AND outage_id IN (SELECT id FROM outages WHERE team_id = :team_id)

-- name: erase_outage_author
UPDATE outages SET agent_id = '' WHERE team_id = :team_id AND agent_id = :user_id

-- name: forget_not_understood
DELETE FROM not_understood WHERE team_id = :team_id AND user_id = :user_id

-- name: forget_person
DELETE FROM people WHERE team_id = :team_id AND user_id = :user_id

-- Forgetting walks and tickets, of one person or of everybody

-- name: detach_tickets
UPDATE tickets SET walk_id = NULL WHERE walk_id IN {{ids:walks}}

-- name: detach_rows
UPDATE outbox SET walk_id = NULL WHERE walk_id IN {{ids:walks}}

-- name: forget_events
DELETE FROM events WHERE walk_id IN {{ids:walks}}

-- name: forget_reminders
DELETE FROM reminders WHERE walk_id IN {{ids:walks}}

-- name: forget_ratings
DELETE FROM ratings WHERE walk_id IN {{ids:walks}}

-- name: empty_last_walk
-- The newest walk stays as an empty row until there is a newer one: SQLite would give its number to another walk, and
-- a button from before would fit there.
UPDATE walks SET team_id = '', worker_id = '', for_name = '', invited_by = NULL, step = '', state = '{}',
  guide_version = '', live_key = NULL, started_at = :long_ago, updated_at = :long_ago, ended_at = :long_ago
WHERE id = (SELECT max(id) FROM walks) AND id IN {{ids:walks}}

-- name: forget_walks
DELETE FROM walks WHERE id < (SELECT max(id) FROM walks) AND (team_id = '' OR id IN {{ids:walks}})

-- name: erase_merchant
-- Without a pseudonym each ticket gets one of its own.
UPDATE tickets SET merchant_id = coalesce(:pseudonym, 'erased-' || {{random}}), words = '[]', talk_key = NULL
WHERE number IN {{ids:numbers}}

-- name: forget_ticket_messages
-- What was written in a ticket goes with the merchant; what was done stays, by nobody.
DELETE FROM ticket_messages WHERE number IN {{ids:numbers}}

-- name: forget_ticket_timers
DELETE FROM ticket_timers WHERE number IN {{ids:numbers}}

-- Purging what ended long ago

-- name: old_walks
-- A walk that nobody ended counts from its last change. Team '' is the mark of a forgotten walk.
SELECT id FROM walks WHERE team_id <> '' AND coalesce(ended_at, updated_at) < :before

-- name: old_tickets
SELECT number FROM tickets
WHERE walk_id IS NULL AND merchant_id NOT LIKE 'erased-%'
  AND coalesce(closed_at, resolved_at, waiting_since, claimed_at, opened_at) < :before

-- name: erase_agents
UPDATE tickets SET claimed_by = CASE WHEN claimed_by IS NOT NULL THEN 'erased-' || {{random}} END,
  resolved_by = CASE WHEN resolved_by IS NOT NULL THEN 'erased-' || {{random}} END,
  closed_by = CASE WHEN closed_by IS NOT NULL THEN 'erased-' || {{random}} END
WHERE number IN {{ids:numbers}}

-- name: erase_all_actors
UPDATE ticket_events SET detail = '{}', actor_id = CASE WHEN actor_id = '' THEN '' ELSE 'erased-' || {{random}} END
WHERE number IN {{ids:numbers}}

-- name: forget_rows_of_walks
DELETE FROM outbox WHERE walk_id IN {{ids:walks}}

-- name: forget_old_invitations
DELETE FROM invitations WHERE invited_at < :before

-- name: erase_old_template_authors
-- A template stays until an agent deletes it.
UPDATE templates SET author_id = '' WHERE changed_at < :before AND author_id <> ''

-- name: forget_recipients_of_old_outages
DELETE FROM outage_recipients WHERE outage_id IN (SELECT id FROM outages WHERE ended_at < :before)

-- name: forget_old_outages
DELETE FROM outages WHERE ended_at < :before

-- name: forget_old_not_understood
DELETE FROM not_understood WHERE at < :before

-- name: forget_old_pictures
-- It is uploaded once more when a step shows it again.
DELETE FROM pictures WHERE kept_at < :before

-- fragment: needed
-- A message stays changeable as long as an edit of it or a reply to it may still be sent.
(SELECT target FROM outbox WHERE target IS NOT NULL AND state IN ('pending', 'running', 'dead')
 UNION SELECT thread FROM outbox WHERE thread IS NOT NULL AND state IN ('pending', 'running', 'dead'))

-- name: forget_old_rows
-- A message also stays changeable as long as a ticket or a walk needs it.
DELETE FROM outbox
WHERE created_at < :before AND state IN ('delivered', 'dropped', 'dead')
  AND key NOT IN (SELECT card_key FROM tickets)
  AND key NOT IN (SELECT talk_key FROM tickets WHERE talk_key IS NOT NULL)
  AND key NOT IN (SELECT key FROM ticket_messages WHERE key IS NOT NULL
                  UNION SELECT note_key FROM ticket_messages WHERE note_key IS NOT NULL)
  AND key NOT IN (SELECT live_key FROM walks WHERE live_key IS NOT NULL)
  AND key NOT IN {{needed}}

-- name: forget_edits_of_erased
DELETE FROM outbox
WHERE method IN ('update', 'unshare') AND state IN ('delivered', 'dropped')
  AND (erased = 1 OR target IN (SELECT key FROM outbox WHERE erased = 1))

-- name: forget_erased
DELETE FROM outbox WHERE erased = 1 AND state IN ('delivered', 'dropped', 'dead') AND key NOT IN {{needed}}

-- fragment: nothing_else
-- Nothing else is kept of the person; they are forgotten when that has been so for the whole time.
NOT EXISTS (SELECT 1 FROM walks AS w WHERE w.team_id = people.team_id AND w.worker_id = people.user_id)
AND NOT EXISTS (SELECT 1 FROM tickets AS t WHERE t.team_id = people.team_id
  AND people.user_id IN (t.merchant_id, t.claimed_by, t.resolved_by, t.closed_by))
AND NOT EXISTS (SELECT 1 FROM ticket_events AS d JOIN tickets AS t ON t.number = d.number
  WHERE t.team_id = people.team_id AND d.actor_id = people.user_id)
AND NOT EXISTS (SELECT 1 FROM invitations AS i WHERE i.team_id = people.team_id
  AND people.user_id IN (i.merchant_id, i.agent_id))
AND NOT EXISTS (SELECT 1 FROM not_understood AS n WHERE n.team_id = people.team_id AND n.user_id = people.user_id)
AND NOT EXISTS (SELECT 1 FROM outages AS o WHERE o.team_id = people.team_id AND o.agent_id = people.user_id)
AND NOT EXISTS (SELECT 1 FROM templates AS m WHERE m.team_id = people.team_id AND m.author_id = people.user_id)

-- name: not_idle
UPDATE people SET idle_since = NULL WHERE idle_since IS NOT NULL AND NOT ({{nothing_else}})

-- name: idle
UPDATE people SET idle_since = :now WHERE idle_since IS NULL AND {{nothing_else}}

-- name: forget_idle
DELETE FROM people WHERE idle_since < :before
