-- A piece of a name finds its entries without the whole region being read.
create index entry_by_gram on catalogue.entry using gin (platform.grams(name));
