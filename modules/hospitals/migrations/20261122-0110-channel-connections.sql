-- A hospital has any number of payment channels: each is a connection of its own, and its kind is the channel's name.
alter table hospitals.connection drop constraint connection_kind_check;
alter table hospitals.connection add constraint connection_kind_check
  check (kind ~ '^[a-z][a-z0-9_-]{0,29}$');
