import pg from 'pg'
import { expect, it } from 'vitest'

import { CLASSIFICATION } from '../../platform/classification.ts'
import { createTestDatabase } from '../../platform/testing/database.ts'
import { COLUMN_CLASSES, NOT_OF_A_PERSON, STILL_IN_THE_CLEAR } from './column-classes.ts'

/** What a column is called that may hold data of a person. */
const SUSPECT = [
  'name|phone|mobile|tel_|contact|id_card|id_no|id_number|addr|card_|openid|account|payee|payer',
  'holder|patient|birth|gender|sealed|secret|password|(^|_)pin(_|$)|token|diagnos|icd|email|login',
  'insured|psn|certno|value_index|_index$',
].join('|')

const TEXT_COLUMNS = `
  select n.nspname || '.' || c.relname || '.' || a.attname as name
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
    and n.nspname !~ '^(pg_|information_schema$|public$)' and a.attname ~ '${SUSPECT}'
    and a.atttypid in ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype, 'varchar'::regtype)
  order by 1`

/** Ends of names of columns in which no value can be read. */
const UNREADABLE = /_(?:sealed|index|hash|digest)$/

it('[S5] every column that may hold data of a person has its class', async () => {
  await using database = await createTestDatabase()
  const columns = async () => columnsOf(database.url)
  const known = [...Object.keys(COLUMN_CLASSES), ...NOT_OF_A_PERSON]
  expect(new Set(known).size).toBe(known.length)
  expect(await columns()).toEqual(known.toSorted())

  await run(database.url, 'alter table booking.appointment add column contact_phone text')
  const added = (await columns()).filter((name) => !known.includes(name))
  expect(added).toEqual(['booking.appointment.contact_phone'])
})

it('[S5] what is to be sealed is sealed, but for what is named as owed', () => {
  const readable = Object.entries(COLUMN_CLASSES).filter(([column, dataClass]) => {
    const { atRest } = CLASSIFICATION[dataClass]
    return (atRest === 'sealed' || atRest === 'hash') && !UNREADABLE.test(column)
  })
  expect(readable.map(([column]) => column).toSorted()).toEqual(
    Object.keys(STILL_IN_THE_CLEAR).toSorted(),
  )
})

async function columnsOf(url: string): Promise<string[]> {
  const rows = await run(url, TEXT_COLUMNS)
  return rows.map(({ name }) => name)
}

async function run(url: string, statement: string): Promise<{ name: string }[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<{ name: string }>(statement)).rows
  } finally {
    await client.end()
  }
}
