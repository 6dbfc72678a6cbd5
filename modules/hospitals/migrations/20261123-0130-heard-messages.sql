-- Messages that hospitals' systems sent to the hub's own lines: whether each was taken, and why not. One that was taken has
-- the answer that is given when it comes again; one that was not keeps its content, sealed, until somebody has looked into it.
create table hospitals.heard_message (
  hospital_id    int         not null,
  id             uuid        not null,
  message_key    text        not null, -- of who sent it and its control id; of the bytes where the header cannot be read
  digest         text        not null, -- SHA-256 of its bytes
  control_id     text        not null,
  type           text        not null,
  size_bytes     int         not null,
  outcome        text        not null check (outcome in ('taken', 'refused')),
  reason         text        not null,
  answer         bytea,
  content_sealed text,
  received_at    timestamptz not null,
  constraint heard_message_pkey primary key (hospital_id, id),
  constraint heard_message_answer check ((outcome = 'taken') = (answer is not null))
);
create unique index heard_message_once on hospitals.heard_message (hospital_id, message_key, digest);
create index heard_message_by_time on hospitals.heard_message (hospital_id, received_at); -- what is old is forgotten by it
select platform.hospital_table('hospitals.heard_message', 'select, insert, update, delete');
