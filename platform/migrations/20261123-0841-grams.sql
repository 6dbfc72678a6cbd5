-- What a piece of a name is found by, wherever it stands in the name: its single letters and its pairs, without spaces and
-- in small letters. Words of Chinese are not parted by anything, and are often two letters long.
create function platform.grams(words text) returns text[]
  language sql immutable strict parallel safe
  return (
    select coalesce(array_agg(distinct substr(w.text, i, n)), '{}')
    from (select lower(regexp_replace(words, '\s+', '', 'g')) as text) w,
      generate_series(1, length(w.text)) i, generate_series(1, 2) n
    where i + n - 1 <= length(w.text));
