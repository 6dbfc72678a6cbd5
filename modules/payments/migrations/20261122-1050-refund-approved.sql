-- Payments: since when the hospital agrees to a refund: what its payer is promised counts from then. Of those before
-- it is not known any more, and they count from when they were asked for, as they did.
alter table payments.refund add column approved_at timestamptz;
update payments.refund set approved_at = created_at
  where status in ('returning', 'completing', 'succeeded');
