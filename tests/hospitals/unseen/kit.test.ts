import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { describedAsk, readStoredHospital } from '../../../adapters/hospitals/declarative/index.ts'
import { standingClock } from '../../../apps/cli/hospital/clock.ts'
import { openHttpHands } from '../../../apps/hub/http-hands.ts'
import { openHands } from '../../../apps/simulators/his/planted/index.ts'
import { createWorld } from '../../../apps/simulators/world/index.ts'
import { assert } from '../../../kernel/assert.ts'
import { seededRandom } from '../../../kernel/random.ts'
import { createOwnMemory, type Fixtures, runConformance } from '../../../modules/hospitals/index.ts'
import { startUnseenHis } from './start.ts'

it('[H2] [H3] what nobody has met conforms by its descriptor alone, with nothing declared away', async () => {
  const world = createWorld('unseen', { people: 40 })
  const [hospital] = world.hospitals
  assert(hospital, 'the world has a hospital')
  const { people, catalogue } = world
  const clock = standingClock('2026-11-23T09:00:00+08:00')
  const random = seededRandom('unseen')
  const books = { clock, random, faults: () => null, databaseFile: ':memory:', port: 0 }
  const params = { institution: '4401880012', operator: 'YQ01', signKey: 'a-key-of-the-sandbox' }
  const own = { institution: params.institution, key: params.signKey }
  const his = await startUnseenHis({ ...books, ...own, hospital, people, catalogue })
  const moveClock = (ms: number) => clock.move(ms)
  const hands = await openHands({ his, hospital, catalogue, clock, moveClock })
  try {
    const { product, words } = readStoredHospital({
      product: readFileSync(join(import.meta.dirname, 'product.yaml'), 'utf8'),
      params: { ...params, baseUrl: his.url },
      codes: {},
    })
    const deps = { clock, random, timeoutMs: 20_000, memory: createOwnMemory() }
    const patients = people
      .filter(({ media }) => media.hospitalCards.some((card) => card.hospitalId === hospital.id))
      .slice(0, 2)
      .map(({ idCardNo, name }) => ({ idCardNo, name }))
    const fixtures: Fixtures = { patients, hands: { url: hands.url }, bigDay: 170 }
    const report = await runConformance(
      { ask: describedAsk(product, words, deps), door: null },
      fixtures,
      {
        clock,
        followTime: (now) => clock.follow(now),
        random,
        hands: await openHttpHands(fixtures),
        listener: null,
      },
    )
    expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(report).toMatchObject({ isConformant: true, unproven: [], declared: [] })
    expect(report.passed).toBeGreaterThan(40)
  } finally {
    await hands.close()
    await his.stop()
  }
}, 180_000)
