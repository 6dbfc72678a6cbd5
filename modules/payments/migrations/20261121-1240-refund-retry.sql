-- Payments: when a person had a declined part of a refund asked for again, so that its delay counts from then;
-- and a tender may have returned more than it took. It should not, but a provider's word that it did is written
-- down before it is judged: a row that cannot be recorded is money that nobody sees.
alter table payments.refund add column retried_at timestamptz;

alter table payments.tender drop constraint tender_returns_what_it_took;

-- The figures of a day are of what was paid on it.
create index payment_by_paid on payments.payment (hospital_id, paid_at) where paid_at is not null;
