-- Who says that money has gone back is another person than who asked for it, and names a number of the channel that stands
-- for no other return. Rows of before have neither a person nor a channel, and are not held to it.
alter table deposits.give_back add column channel text check (length(channel) between 1 and 40);
alter table deposits.give_back add column done_by text;
alter table deposits.give_back add constraint give_back_by_two check (done_by <> asked_by);
alter table deposits.give_back add constraint give_back_done_by
  check ((channel is null) = (done_by is null) and (done_by is null or status = 'done'));
create unique index give_back_number_once on deposits.give_back (hospital_id, channel, channel_no);
