-- Channels: when a number was sent to the bank once more, under which it had none: the bank books it on that day, which may
-- be days after it was taken. Null where it was sent once.
alter table channels.trace_number add column sent_again_at timestamptz;
create index trace_number_sent_again on channels.trace_number (hospital_id, provider, sent_again_at)
  where sent_again_at is not null;
