-- How the payer pays at the channel of a tender. Null for a source's, and for those made before it was kept, which
-- were all paid by account.
alter table payments.tender add column method text
  check (method in ('account', 'qr_code', 'page', 'app', 'barcode', 'card', 'counter'));
