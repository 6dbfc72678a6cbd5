-- Which promise an entry kept: read from the entry. Most entries keep none.
create index hold_end_by_entry on ledger.hold_end (hospital_id, entry_id) where entry_id is not null;
create index hold_part_by_entry on ledger.hold_part (hospital_id, entry_id);
