-- Booking: sessions of doctors, their numbered slots, and who has one. A slot is sold once because the database says so.
create schema booking;
grant usage on schema booking to yiqiao_app;

-- What holds at a hospital, version by version: release, quotas, caps, holds, cut-off. The newest counts.
create table booking.rule (
  hospital_id int         not null,
  version     int         not null check (version >= 1),
  content     jsonb       not null,
  actor       text        not null,
  at          timestamptz not null,
  constraint rule_pkey primary key (hospital_id, version)
);
select platform.hospital_table('booking.rule', 'select, insert');

create table booking.session (
  hospital_id     int         not null,
  id              uuid        not null,
  origin          text        not null check (origin in ('pool', 'his')),
  external_no     text        check (length(external_no) between 1 and 40), -- the number the hospital's system gives it
  department_code text        not null check (length(department_code) between 1 and 30),
  department_name text        not null,
  doctor_code     text        not null check (length(doctor_code) between 1 and 30),
  doctor_name     text        not null,
  clinic          text        not null,
  location        text        not null,
  business_date   date        not null,
  period          text        not null check (period in ('morning', 'noon', 'afternoon', 'evening')),
  starts_at       timestamptz not null,
  ends_at         timestamptz not null,
  fee_fen         bigint      not null check (fee_fen >= 0),
  status          text        not null check (status in ('open', 'stopped')),
  releases_at     timestamptz not null,
  told_total      int,        -- as the hospital's system said at fetched_at
  told_left       int,
  fetched_at      timestamptz,
  created_at      timestamptz not null,
  constraint session_pkey primary key (hospital_id, id),
  constraint session_ends_later check (ends_at > starts_at),
  constraint session_of_his_is_told check ((origin = 'his') = (external_no is not null and fetched_at is not null))
);
create unique index session_once on booking.session (hospital_id, department_code, doctor_code, business_date, period)
  where origin = 'pool';
create unique index session_external_once on booking.session (hospital_id, external_no) where external_no is not null;
create index session_by_day on booking.session (hospital_id, business_date, starts_at, id);
select platform.hospital_table('booking.session', 'select, insert, update');

-- A number of a session. `available_at`: given back, it rests until a moment nobody can foresee.
create table booking.slot (
  hospital_id   int         not null,
  session_id    uuid        not null,
  number        int         not null check (number between 1 and 100000),
  external_no   text        check (length(external_no) between 1 and 40),
  starts_at     timestamptz not null,
  ends_at       timestamptz not null,
  source        text        not null check (source in ('any', 'online', 'partner', 'window', 'doctor')),
  flows_back_at timestamptz, -- from then on the quota is anybody's
  status        text        not null check (status in ('free', 'held', 'taken', 'stopped')),
  available_at  timestamptz not null,
  constraint slot_pkey primary key (hospital_id, session_id, number),
  constraint slot_session foreign key (hospital_id, session_id) references booking.session (hospital_id, id)
);
create unique index slot_external_once on booking.slot (hospital_id, session_id, external_no) where external_no is not null;
create index slot_free on booking.slot (hospital_id, session_id, number) where status = 'free';
select platform.hospital_table('booking.slot', 'select, insert, update, delete');

-- From the hold to the end of the visit.
create table booking.appointment (
  hospital_id     int         not null,
  id              uuid        not null,
  person_id       uuid        not null,
  session_id      uuid        not null,
  slot_number     int,
  business_date   date        not null,
  department_code text        not null,
  starts_at       timestamptz not null,
  ends_at         timestamptz not null,
  source          text        not null check (source in ('online', 'partner', 'window', 'doctor')),
  status          text        not null check (status in
    ('held', 'booked', 'checked_in', 'finished', 'no_show', 'cancelled', 'expired', 'stopped')),
  his_step        text        not null check (his_step in
    ('none', 'locking', 'locked', 'registering', 'registered', 'unlocking', 'cancelling', 'ended')),
  patient_no      text,
  fee_fen         bigint      not null check (fee_fen >= 0),
  fee             text        not null check (fee in ('none', 'due', 'paid', 'returning', 'returned', 'moved')),
  bill_no         text        check (length(bill_no) between 1 and 30),
  bill_version    int,
  payment_id      uuid,
  payment_no      text,
  refund_id       uuid,
  refund_no       text,
  expires_at      timestamptz,
  cancel_until    timestamptz not null,
  choose_until    timestamptz,
  reason          text,
  moved_to        uuid,
  due_at          timestamptz,
  attempts        int         not null,
  created_by      text        not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  constraint appointment_pkey primary key (hospital_id, id),
  constraint appointment_session foreign key (hospital_id, session_id) references booking.session (hospital_id, id),
  constraint appointment_hold_expires check ((status = 'held') = (expires_at is not null)),
  constraint appointment_bill_has_version check ((bill_no is null) = (bill_version is null)),
  constraint appointment_booked_has_slot check
    (status not in ('booked', 'checked_in', 'finished', 'no_show') or slot_number is not null)
);
-- The three that make double selling impossible: one slot to one person, a session once to a person, and a department of a
-- hospital once on a day.
create unique index appointment_slot_once on booking.appointment (hospital_id, session_id, slot_number)
  where status in ('held', 'booked', 'checked_in', 'finished', 'no_show') and slot_number is not null;
create unique index appointment_session_once on booking.appointment (hospital_id, session_id, person_id)
  where status in ('held', 'booked', 'checked_in', 'finished', 'no_show');
create unique index appointment_department_once on booking.appointment (hospital_id, person_id, business_date, department_code)
  where status in ('held', 'booked', 'checked_in', 'finished', 'no_show');
create index appointment_by_person on booking.appointment (hospital_id, person_id, id desc);
create index appointment_by_session on booking.appointment (hospital_id, session_id, id);
create index appointment_by_bill on booking.appointment (hospital_id, bill_no) where bill_no is not null;
create index appointment_by_refund on booking.appointment (hospital_id, refund_no) where refund_no is not null;
create index appointment_by_refund_id on booking.appointment (hospital_id, refund_id) where refund_id is not null;
create index appointment_due on booking.appointment (hospital_id, due_at) where due_at is not null;
select platform.hospital_table('booking.appointment', 'select, insert, update');

-- An hour of a person, in whatever hospital: nobody sits in two rooms at once. A person's row, read across hospitals: it has
-- a hospital_id and no row security, and is no hospital table. It says nothing of what the visit is for.
create table booking.person_hour (
  person_id      uuid        not null,
  hour           timestamptz not null,
  hospital_id    int         not null,
  appointment_id uuid        not null,
  business_date  date        not null,
  claimed_at     timestamptz not null,
  constraint person_hour_pkey primary key (person_id, hour)
);
create index person_hour_by_appointment on booking.person_hour (person_id, appointment_id);
select platform.distribute('booking.person_hour', 'person_id');
grant select, insert, delete on booking.person_hour to yiqiao_app;

-- One row for each person who ever booked: locked while their limits are counted.
create table booking.booker (
  person_id uuid        not null,
  seen_at   timestamptz not null,
  constraint booker_pkey primary key (person_id)
);
select platform.distribute('booking.booker', 'person_id');
grant select, insert, update on booking.booker to yiqiao_app;

-- How many holds a device or a phone made on a day; of both only the digest.
create table booking.cap_use (
  hospital_id int    not null,
  kind        text   not null check (kind in ('device', 'phone')),
  digest      text   not null,
  made_on     date   not null,
  used        int    not null check (used >= 1),
  constraint cap_use_pkey primary key (hospital_id, kind, digest, made_on)
);
select platform.hospital_table('booking.cap_use', 'select, insert, update, delete');

-- A proof of work that was used: no proof counts twice.
create table booking.used_proof (
  hospital_id int         not null,
  digest      text        not null,
  expires_at  timestamptz not null,
  constraint used_proof_pkey primary key (hospital_id, digest)
);
create index used_proof_expired on booking.used_proof (hospital_id, expires_at);
select platform.hospital_table('booking.used_proof', 'select, insert, delete');

-- Who waits for a number of a session, the first first.
create table booking.waiting (
  hospital_id    int         not null,
  id             uuid        not null,
  session_id     uuid        not null,
  person_id      uuid        not null,
  status         text        not null check (status in ('waiting', 'offered', 'left')),
  appointment_id uuid,       -- the hold that was made for them
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  constraint waiting_pkey primary key (hospital_id, id),
  constraint waiting_offered_is_held check ((status = 'offered') = (appointment_id is not null)),
  constraint waiting_session foreign key (hospital_id, session_id) references booking.session (hospital_id, id)
);
create unique index waiting_once on booking.waiting (hospital_id, session_id, person_id) where status = 'waiting';
create index waiting_in_turn on booking.waiting (hospital_id, session_id, id) where status = 'waiting';
create index waiting_by_person on booking.waiting (hospital_id, person_id, id desc);
select platform.hospital_table('booking.waiting', 'select, insert, update');

-- What a person was told of their bookings.
create table booking.message (
  hospital_id    int         not null,
  id             uuid        not null,
  person_id      uuid        not null,
  appointment_id uuid        not null,
  kind           text        not null check (length(kind) between 1 and 40),
  params         jsonb       not null,
  at             timestamptz not null,
  constraint message_pkey primary key (hospital_id, id)
);
create index message_by_person on booking.message (hospital_id, person_id, id desc);
select platform.hospital_table('booking.message', 'select, insert');

-- A doctor who cannot come: proposed with its impact by one, carried out by another, or told by the hospital's system.
create table booking.stop (
  hospital_id int         not null,
  id          uuid        not null,
  session_id  uuid        not null,
  slot_number int,        -- null for the whole session
  reason      text        not null check (length(reason) between 1 and 200),
  status      text        not null check (status in ('proposed', 'carried_out', 'declined')),
  impact      jsonb       not null,
  proposed_by text        not null,
  proposed_at timestamptz not null,
  decided_by  text,
  decided_at  timestamptz,
  constraint stop_pkey primary key (hospital_id, id),
  constraint stop_session foreign key (hospital_id, session_id) references booking.session (hospital_id, id),
  constraint stop_decided_is_named check ((status = 'proposed') = (decided_by is null)),
  constraint stop_decided_at check ((decided_by is null) = (decided_at is null)),
  constraint stop_by_two check (decided_by <> proposed_by or proposed_by not like 'staff:%')
);
create unique index stop_one_proposed on booking.stop (hospital_id, session_id) where status = 'proposed';
create index stop_by_session on booking.stop (hospital_id, session_id, id);
select platform.hospital_table('booking.stop', 'select, insert, update');
