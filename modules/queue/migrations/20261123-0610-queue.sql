-- The queue: lines of a day before rooms, the tickets of those who wait in them, what was learnt of how long visits take,
-- and the screens that show a line to everybody.
create schema queue;
grant usage on schema queue to yiqiao_app;

-- What holds at a hospital, version by version: order, check-in, the gate. The newest counts.
create table queue.rule (
  hospital_id int         not null,
  version     int         not null check (version >= 1),
  content     jsonb       not null,
  actor       text        not null,
  at          timestamptz not null,
  constraint rule_pkey primary key (hospital_id, version)
);
select platform.hospital_table('queue.rule', 'select, insert');

-- Those who wait for one doctor, or for one laboratory with several rooms, on one day. `revision` grows with every change of
-- it or of its tickets: whoever shows it knows by that whether they are behind.
create table queue.line (
  hospital_id     int         not null,
  id              uuid        not null,
  business_date   date        not null,
  kind            text        not null check (kind in ('clinic', 'laboratory', 'imaging', 'pharmacy')),
  session_id      uuid,       -- of booking; null for a line without numbers
  department_code text        not null check (length(department_code) between 1 and 30),
  department_name text        not null check (length(department_name) between 1 and 100),
  doctor_code     text        not null check (length(doctor_code) <= 30), -- empty where it is nobody's
  doctor_name     text        not null check (length(doctor_name) <= 100),
  location        text        not null check (length(location) <= 200),
  starts_at       timestamptz not null,
  begun_at        timestamptz, -- the first call
  last_number     int         not null check (last_number >= 0),
  calls_by_turn   int         not null check (calls_by_turn >= 0),
  actual_ms       bigint      not null check (actual_ms >= 0), -- of the visits that are over, and what was expected of them
  expected_ms     bigint      not null check (expected_ms >= 0),
  revision        bigint      not null check (revision >= 1),
  created_at      timestamptz not null,
  constraint line_pkey primary key (hospital_id, id)
);
create unique index line_session_once on queue.line (hospital_id, session_id) where session_id is not null;
create unique index line_once on queue.line (hospital_id, business_date, kind, department_code, doctor_code)
  where session_id is null;
create index line_by_day on queue.line (hospital_id, business_date, id);
select platform.hospital_table('queue.line', 'select, insert, update');

create table queue.ticket (
  hospital_id    int         not null,
  id             uuid        not null,
  line_id        uuid        not null,
  person_id      uuid        not null,
  appointment_id uuid,       -- of booking; null for who came without
  number         int         not null check (number >= 1),
  priority       text        not null check (priority in ('emergency', 'returning', 'elderly', 'ordinary')),
  visit          text        not null check (visit in ('first', 'results')),
  state          text        not null check (state in
    ('waiting', 'called', 'in_service', 'done', 'passed', 'left', 'transferred')),
  turn_at        timestamptz not null,
  by_priority    boolean     not null, -- the call passed over others
  turns_before   int         not null, -- calls_by_turn before the call, for who undoes it
  checked_in_at  timestamptz not null,
  via            text        not null check (via in ('phone', 'beacon', 'kiosk', 'desk', 'transfer')),
  call_id        uuid,       -- of the call that brought it in: the same call again finds the same ticket
  room           text        check (length(room) between 1 and 60),
  called_at      timestamptz,
  began_at       timestamptz,
  ended_at       timestamptz,
  told_low_ms    bigint      not null, -- at the check-in, from then on
  told_median_ms bigint      not null,
  told_high_ms   bigint      not null,
  naive_ms       bigint      not null, -- people ahead times the mean of all visits, beside which the others are held
  waited_ms      bigint,     -- until the first call
  moved_to       uuid,       -- the ticket before another room
  constraint ticket_pkey primary key (hospital_id, id),
  constraint ticket_line foreign key (hospital_id, line_id) references queue.line (hospital_id, id),
  constraint ticket_called_has_room check (state not in ('called', 'in_service') or room is not null),
  constraint ticket_moved_names_where check ((state = 'transferred') = (moved_to is not null))
);
-- An appointment is checked in once, a number of a line is one person's, and nobody waits twice in one line.
create unique index ticket_appointment_once on queue.ticket (hospital_id, appointment_id) where appointment_id is not null;
create unique index ticket_number_once on queue.ticket (hospital_id, line_id, number);
create unique index ticket_open_once on queue.ticket (hospital_id, line_id, person_id)
  where state in ('waiting', 'called', 'in_service', 'passed');
create unique index ticket_call_once on queue.ticket (hospital_id, call_id) where call_id is not null;
create index ticket_open on queue.ticket (hospital_id, line_id) where state in ('waiting', 'called', 'in_service', 'passed');
create index ticket_by_person on queue.ticket (hospital_id, person_id, id desc);
create index ticket_waited on queue.ticket (hospital_id, checked_in_at) where waited_ms is not null;
select platform.hospital_table('queue.ticket', 'select, insert, update');

-- Sums of past visits of a doctor, or of a whole department (doctor_code empty), and how the told times fared.
create table queue.learnt (
  hospital_id     int              not null,
  department_code text             not null,
  doctor_code     text             not null,
  visit           text             not null check (visit in ('first', 'results')),
  count           int              not null check (count >= 0),
  sum_ms          double precision not null,
  sum_squares_ms2 double precision not null,
  compared        int              not null check (compared >= 0),
  doubt           double precision not null,
  constraint learnt_pkey primary key (hospital_id, department_code, doctor_code, visit)
);
select platform.hospital_table('queue.learnt', 'select, insert, update');

-- A screen on a wall, which nobody signs in at: it proves itself by a token, of which only the digest is kept.
create table queue.screen (
  hospital_id  int         not null,
  id           uuid        not null,
  name         text        not null check (length(name) between 1 and 60),
  line_kind    text        not null check (line_kind in ('clinic', 'laboratory', 'imaging', 'pharmacy')),
  department_code text     not null check (length(department_code) between 1 and 30),
  token_digest text        not null,
  created_by   text        not null,
  created_at   timestamptz not null,
  revoked_at   timestamptz,
  constraint screen_pkey primary key (hospital_id, id)
);
select platform.hospital_table('queue.screen', 'select, insert, update');
