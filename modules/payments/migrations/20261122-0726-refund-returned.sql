-- Payments: the refunds of a day are those whose money went back on it.
create index refund_by_returned on payments.refund (hospital_id, returned_at) where returned_at is not null;
