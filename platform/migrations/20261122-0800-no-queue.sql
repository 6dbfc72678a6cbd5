-- Workers are woken by notifications: the queue that earlier databases have is of no use any more.
drop function if exists platform.enqueue(text, json, text);
drop schema if exists graphile_worker cascade;
