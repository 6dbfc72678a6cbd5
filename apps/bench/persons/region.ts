import type pg from 'pg'

import { createNewId } from '../../../kernel/id.ts'
import type { Identity, PersonId } from '../../../modules/identity/index.ts'
import type { PersonIndex } from '../../../modules/person-index/index.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { inventPeople, type LabelledRecord } from './people.ts'

const MEDIA_EACH = 5
/** Sealed, digested and entered one by one, as people are; the others fill the tables to their size. */
const MOST_REAL = 100_000
const REAL_SHARE = 4
const BATCH = 1_000
const FILL_BATCH = 250_000

export type Region = {
  real: { personId: PersonId; record: LabelledRecord; cardNo: string }[]
  people: number
  media: number
}

/**
 * A region of so many people with five media each. A part of them is real, with records that can be opened; they are born
 * on so few days that as many share a key as among all. The directory, the links and the keys are filled up by the server
 * with digests of the same shape, so that look-ups go through trees as deep as the region's.
 */
export async function enterRegion(
  client: pg.Client,
  { identity, index }: { identity: Identity; index: PersonIndex },
  people: number,
): Promise<Region> {
  const realCount = Math.min(MOST_REAL, Math.ceil(people / REAL_SHARE))
  const real = await enterReal({ identity, index }, realCount, people)
  await fill(client, people - real.length)
  await client.query('vacuum analyze identity.medium_directory, identity.person_link')
  await client.query('vacuum analyze person_index.block, identity.person')
  return { real, people, media: people * MEDIA_EACH }
}

async function enterReal(
  { identity, index }: { identity: Identity; index: PersonIndex },
  count: number,
  people: number,
): Promise<Region['real']> {
  const birthDays = Math.max(1, Math.round((24_000 * count) / people))
  const rows = [...inventPeople({ people: count, duplicateShare: 0, seed: 8, birthDays })]
  const once = new Map(rows.map((row) => [row.idNumber, row]))
  const real: Region['real'] = []
  for (const batch of batchesOf([...once.values()])) {
    const personIds = await identity.registerPeople(batch.map(newPersonOf))
    await index.enter(personIds)
    batch.forEach((record, i) => {
      const personId = personIds[i]
      if (personId) real.push({ personId, record, cardNo: cardNoOf(record) })
    })
  }
  return real
}

const cardNoOf = (record: LabelledRecord): string => `S${record.idNumber}`

const newPersonOf = (record: LabelledRecord) => ({
  ...record,
  idCardNo: record.idNumber ?? '',
  media: [
    { kind: 'social_card' as const, value: cardNoOf(record) },
    { kind: 'insurance_voucher' as const, value: `V${record.idNumber}` },
    { kind: 'health_code' as const, value: `J${record.idNumber}` },
    { kind: 'bank_card' as const, value: `B${record.idNumber}` },
  ],
})

/** In steps, so that no transaction holds the whole region. */
async function fill(client: pg.Client, people: number): Promise<void> {
  const at = createNewId(systemClock, systemRandom)<'Person'>().slice(0, 23)
  const person = `('${at}-' || lpad(to_hex(i), 12, '0'))::uuid`
  for (let from = 1; from <= people; from += FILL_BATCH) {
    const range = `generate_series(${from}, ${Math.min(people, from + FILL_BATCH - 1)}) i`
    await client.query(`insert into identity.medium_directory (kind, value_index, person_id)
      select kind, substr(encode(sha256(convert_to(kind || i, 'utf8')), 'hex'), 1, 40), ${person}
      from ${range}, unnest(array['id_card', 'social_card', 'insurance_voucher', 'health_code',
        'bank_card']) kind`)
    await client.query(`insert into person_index.block (digest, person_id)
      select ('x' || substr(md5(k || ':' || i), 1, 13))::bit(52)::bigint, ${person}
      from ${range}, generate_series(1, ${MEDIA_EACH}) k`)
    await client.query(`insert into identity.person_link
      select ${person}, ${person.replace('to_hex(i)', 'to_hex(i - 1)')},
        ${person.replace('to_hex(i)', 'to_hex(i - 1)')}, ${person}, timestamptz '2026-01-01'
      from ${range} where i % 40 = 0`)
  }
}

function* batchesOf<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += BATCH) yield rows.slice(at, at + BATCH)
}
