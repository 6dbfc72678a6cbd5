import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Id } from '../../kernel/id.ts'
import type { Principal } from '../../platform/principal.ts'
import type { Acting } from './acting.ts'
import type { FundingSource } from './provider.ts'
import { PERSON } from './testing/hospital.ts'
import { openHub } from './testing/hub.ts'
import { createWorlds } from './testing/worlds.ts'

let worlds: Awaited<ReturnType<typeof createWorlds>>
beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())

/** An application that may act for everybody: what it may not do all the same is said by payments. */
const ACTING: Acting = {
  namePatient: async () => PERSON,
  begin: async () => PERSON,
  payerOf: async () => PERSON,
}

async function openWorld(sharePercent?: number) {
  const asked: string[] = []
  const policy: FundingSource = {
    ...worlds.newWorld().insurer.source,
    name: 'commercial',
    place: 'commercial_insurance',
    quote: async (_call, { left }) => {
      asked.push('commercial')
      const { leftFen } = await left
      const parts = [{ kind: 'commercial' as const, amountFen: leftFen }]
      return { outcome: 'quoted', parts, quoteReference: 'C', reasons: [] }
    },
  }
  const options = sharePercent === undefined ? {} : { sharePercent }
  const world = worlds.newWorld({ ...options, sources: [policy] })
  const hub = await openHub(world, ACTING)
  const access = [{ hospitalId: world.hospitalId, scopes: ['payments:write', 'payments:read'] }]
  const application: Principal = {
    kind: 'application',
    applicationId: 'a1' as Id<'Application'>,
    access,
  }
  const quote = async () => {
    const bills = [world.hospital.addBill('B1', [10_000])]
    const way = { channel: 'wechat', method: 'account', useAccount: false }
    const answer = await hub.call(application, 'POST', '/payments', {
      bills,
      ...way,
      patientId: PERSON,
    })
    return answer.json<{ id: string; tenders: { provider: string; amountFen: number }[] }>()
  }
  const confirm = (id: string, payFen: number) =>
    hub.call(application, 'POST', `/payments/${id}/confirmation`, { payFen })
  return { world, hub, quote, confirm, asked }
}

describe('an application that acts for a person', () => {
  it('does not spend their policies: the insurer is not asked', async () => {
    const { hub, quote, asked } = await openWorld()
    const { tenders } = await quote()
    expect(asked).toEqual([])
    expect(tenders.map(({ provider }) => provider)).toEqual(['wechat', 'insurance'])
    await hub.app.close()
  })

  it('confirms what the person still pays themself', async () => {
    const { hub, quote, confirm } = await openWorld()
    const { id } = await quote()
    expect((await confirm(id, 4_000)).statusCode).toBe(200)
    await hub.app.close()
  })

  it('does not confirm a plan that the fund pays all of: nobody would have to agree', async () => {
    const { world, hub, quote, confirm } = await openWorld(100)
    const { id, tenders } = await quote()
    expect(tenders).toMatchObject([{ provider: 'insurance', amountFen: 10_000 }])
    const refused = await confirm(id, 0)
    expect([refused.statusCode, refused.json()]).toMatchObject([
      422,
      { code: 'payments.payer_needed' },
    ])
    expect((await world.picture(id as Id<'Payment'>)).payment.status).toBe('quoted')
    // The person may.
    await world.confirm(id as Id<'Payment'>)
    expect((await world.picture(id as Id<'Payment'>)).payment.status).not.toBe('quoted')
    await hub.app.close()
  })
})
