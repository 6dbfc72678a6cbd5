import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { ChannelChoice, ChannelWish } from './channel-choice.ts'
import { lastUsedChannel } from './last-used.ts'
import { PERSON } from './testing/hospital.ts'
import { paymentsWorld } from './testing/world.ts'

const ACTOR = { name: 'person:test', requestId: null }
const TITLE = { zh: '微信支付', en: 'WeChat Pay' }
const CHOICE: ChannelChoice = {
  channel: 'wechat',
  method: 'account',
  offered: [
    {
      channel: 'wechat',
      title: TITLE,
      method: 'account',
      reasons: [{ code: 'cheapest', params: {} }],
    },
  ],
  notOffered: [],
}

let db: TestDatabase
let world: ReturnType<typeof paymentsWorld>
const asked: ChannelWish[] = []
let answer: ChannelChoice | null | Error = CHOICE

beforeAll(async () => {
  db = await createTestDatabase()
  world = paymentsWorld(db, {
    chooseChannel: async (_hospital, wish) => {
      asked.push(wish)
      if (answer instanceof Error) throw answer
      return answer
    },
  })
})
afterAll(() => db[Symbol.asyncDispose]())

async function quoteAnyChannel(billNo: string, named: { channel?: string } = {}) {
  const paymentId = world.newId<'Payment'>()
  const bills = [world.hospital.addBill(billNo, [10_000])]
  const wish = { hospitalId: world.hospitalId, personId: PERSON, paymentId, bills }
  await world.payments.quote({ ...wish, ...named, useAccount: true, devices: ['browser'] }, ACTOR)
  return paymentId
}

describe('[P5] the channel of a plan', () => {
  it('is chosen for what the payer pays after all sources, and kept with why', async () => {
    const id = await quoteAnyChannel('B1')
    const { payment, tenders } = await world.picture(id)
    const payer = tenders.find(({ phase }) => phase === 'payer')
    expect(payer).toMatchObject({ provider: 'wechat', method: 'account' })
    expect(payment.channelChoice).toEqual(CHOICE)
    expect(asked.at(-1)).toMatchObject({
      paymentId: id,
      amountFen: payer?.amountFen,
      scene: 'outpatient',
      channel: null,
      devices: ['browser'],
    })
  })

  it('is the payer’s own where the hospital leaves it to them, or the first that there is', async () => {
    answer = null
    const { tenders, payment } = await world.picture(await quoteAnyChannel('B2'))
    expect(tenders[0]).toMatchObject({ provider: 'wechat', phase: 'payer' })
    expect(payment.channelChoice).toBeNull()
    await expect(quoteAnyChannel('B3', { channel: 'nobody' })).rejects.toMatchObject({
      code: 'payments.channel_unknown',
    })
  })

  it('leaves no payment behind when none can take it', async () => {
    answer = Object.assign(new Error('none'), { code: 'channels.none_offered' })
    await expect(quoteAnyChannel('B4')).rejects.toMatchObject({ code: 'channels.none_offered' })
    answer = CHOICE
  })

  it('is remembered as what the person used last, once money was taken there', async () => {
    const last = () =>
      inHospital(db, world.hospitalId, (tx) => lastUsedChannel(tx, world.hospitalId, PERSON))
    expect(await last()).toBeNull()
    const id = await quoteAnyChannel('B5')
    await world.confirm(id)
    expect(await last()).toBeNull()
    world.wallet.payAll()
    await world.pass(10_000)
    expect(await last()).toBe('wechat')
  })
})
