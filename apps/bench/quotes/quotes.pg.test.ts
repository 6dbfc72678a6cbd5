import pg from 'pg'
import { expect, it } from 'vitest'

import { createTestDatabase } from '../../../platform/testing/database.ts'
import { openTestHub, PAYER } from '../testing/hub.ts'
import { quoteInTurns, resultOf } from './quotes.ts'

const TIMEOUT_MS = 120_000

it(
  'measures plans that are made and kept',
  async () => {
    await using database = await createTestDatabase()
    const hub = await openTestHub(database)
    const client = new pg.Client(database.url)
    await client.connect()
    const bed = { client, payers: [PAYER, PAYER] }
    const turns = { seconds: 1, rounds: 1, warmUpSeconds: 0 }
    const quoted = await quoteInTurns(bed, [{ url: hub.url, sourceMs: 0 }], turns)
    await client.end()
    await hub.close()

    expect(quoted.get(0)?.length).toBeGreaterThanOrEqual(2)
    const result = resultOf(quoted, { seconds: 1, rounds: 1, concurrency: 2, load: 0 })
    expect(result.bench).toBe('quotes')
    expect(result.figures.map(({ unit, beside }) => [unit, beside.value])).toEqual([
      ['ms', 300],
      ['ms', 300],
    ])
    for (const { value } of result.figures) expect(value).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)
