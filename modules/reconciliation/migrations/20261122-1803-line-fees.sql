-- What a list bills for each of its lines, below zero when it is given back; null where it does not say it in whole fen.
alter table reconciliation.line add column fee_fen bigint;
