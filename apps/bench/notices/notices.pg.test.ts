import pg from 'pg'
import { expect, it } from 'vitest'

import { assert } from '../../../kernel/assert.ts'
import { createTestDatabase } from '../../../platform/testing/database.ts'
import { HOSPITALS, openTestHub } from '../testing/hub.ts'
import { arriveAt, mostPerSecond } from './arrivals.ts'
import { startBareRoute } from './bare.ts'
import {
  assertKept,
  connectToNobody,
  contentOfOne,
  DEAD_URL,
  resultOf,
  takeTurns,
} from './notices.ts'
import { createSigner } from './signed.ts'

const TIMEOUT_MS = 120_000
const PER_SECOND = 10
const PROBES = 4

it(
  'measures signed notices that are acknowledged and kept, with nobody outside',
  async () => {
    const [first, other] = HOSPITALS
    assert(first && other, 'there are two hospitals')
    await using database = await createTestDatabase()
    const hub = await openTestHub(database, null)
    const client = new pg.Client(database.url)
    await client.connect()
    const signer = createSigner(DEAD_URL)
    await connectToNobody(hub.hub, signer)
    const ours = `${hub.url}/v1/hospitals/${first}/notices/wechat`
    const most = await mostPerSecond(ours, signer.notices(first, PROBES))
    const content = await contentOfOne(client)
    const bare = await startBareRoute({ databaseUrl: database.url, hospitalId: other, content })
    const turns = { seconds: 1, rounds: 1, perSecond: PER_SECOND }
    const taken = await takeTurns({ ours, theirs: bare.url }, signer, turns)
    await assertKept(client, PROBES + PER_SECOND)
    const [forged] = createSigner(DEAD_URL).notices(first, 1)
    assert(forged, 'a notice is signed')
    await expect(arriveAt(ours, [forged], 1)).rejects.toThrow(/acknowledged: 4\d\d/)
    await assertKept(client, PROBES + PER_SECOND)
    await bare.stop()
    await client.end()
    await hub.close()

    expect(taken.ours).toHaveLength(PER_SECOND)
    expect(taken.theirs).toHaveLength(PER_SECOND)
    const { bench, figures } = resultOf(taken, { ...turns, most, load: 0 })
    expect(bench).toBe('notices')
    for (const { value, beside, unit } of figures) {
      expect(unit).toBe('ms')
      expect(Math.min(value, beside.value)).toBeGreaterThan(0)
    }
  },
  TIMEOUT_MS,
)
