-- A receipt that nothing explains in the time it has is a person's: when one was called.
alter table settlement.receipt add column called_at timestamptz;
create index receipt_to_call on settlement.receipt (hospital_id, due_at) where status = 'unexplained' and called_at is null;
