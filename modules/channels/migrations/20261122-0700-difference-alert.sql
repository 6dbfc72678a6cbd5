-- Channels: an alert for a channel whose list of a day does not agree with ours in more than one row of a hundred.
alter table channels.alert drop constraint alert_class_check;
alter table channels.alert add constraint alert_class_check
  check (class in ('down', 'slow', 'errors', 'refusals', 'differences'));
