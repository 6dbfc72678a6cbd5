-- Platform: the answers to money requests are forgotten once nobody can still be asking for them.

-- Oldest lease first: the keys to forget, without reading those of the last months.
create index idempotency_by_lease on platform.idempotency (hospital_id, leased_until);

-- Forgets keys of the transaction's own hospital, the oldest first. The application may delete none by itself:
-- a key that is gone is a request that may run twice.
create function platform.forget_idempotency_keys(before timestamptz, most int) returns int
language plpgsql security definer set search_path = pg_catalog as $$
declare
  hospital constant int := nullif(current_setting('app.hospital_id', true), '')::int;
  forgotten int;
begin
  -- The lease is asked for again outside: a key that was taken up between the two is left to who has it now.
  delete from platform.idempotency
  where hospital_id = hospital and leased_until < before and (principal, key) in (
    select principal, key from platform.idempotency
    where hospital_id = hospital and leased_until < before
    order by leased_until limit most);
  get diagnostics forgotten = row_count;
  return forgotten;
end $$;

revoke all on function platform.forget_idempotency_keys(timestamptz, int) from public;
grant execute on function platform.forget_idempotency_keys(timestamptz, int) to yiqiao_app;
