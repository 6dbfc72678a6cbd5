-- Sources that promise before the payer pays, and more kinds of who bears a part.
alter table payments.tender drop constraint tender_phase_check;
alter table payments.tender add constraint tender_phase_check check (phase in ('payer', 'settle', 'hold'));
alter table payments.tender drop constraint tender_status_check;
alter table payments.tender add constraint tender_status_check check (status in
  ('planned', 'holding', 'held', 'asked', 'ordered', 'taken', 'declined', 'released'));
alter table payments.tender add constraint tender_only_sources_promise
  check (phase = 'hold' or status not in ('holding', 'held'));
alter table payments.move drop constraint move_part_check;
alter table payments.move add constraint move_part_check check (part in
  ('pooled', 'account', 'commercial', 'subsidy', 'voucher', 'package', 'deposit', 'credit', 'self_pay'));
