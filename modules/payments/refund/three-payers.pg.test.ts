import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, shareFen } from '../../../kernel/money.ts'
import { addMs, DAY_MS, MINUTE_MS } from '../../../kernel/time.ts'
import { createAudit } from '../../../platform/audit.ts'
import type { testPlatform } from '../../../platform/testing/clock.ts'
import { createCoverage } from '../../coverage/index.ts'
import { policy, VERSION } from '../../coverage/testing/fixture.ts'
import { MemoryInsurer } from '../../coverage/testing/memory-insurer.ts'
import type { PaymentId } from '../payment.ts'
import { PERSON } from '../testing/hospital.ts'
import type { PaymentsWorld } from '../testing/world.ts'
import { bookProblems, createWorlds } from '../testing/worlds.ts'

// The medical insurance pays 60 % of the lines, an insurer its share of what that leaves, the payer the rest.

const ACTOR = { name: `person:${PERSON}`, requestId: null }
const FIRST_HOSPITAL = 300

let worlds: Awaited<ReturnType<typeof createWorlds>>
let hospitals = FIRST_HOSPITAL
beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())

/** The real module of commercial cover, with an insurer that pays this share of what is left to it. */
async function worldWith(insurer: { refundsParts: boolean; sharePpm: number }) {
  const hospitalId = ++hospitals as HospitalId
  let cover: ReturnType<typeof coverageOn> | undefined
  const world = worlds.newWorld({
    hospitalId,
    seed: codeOf(hospitalId),
    sources: (platform) => {
      cover = coverageOn(platform, insurer)
      return [cover.coverage.source]
    },
  })
  if (!cover) throw new Error('a world asks for its sources')
  await bind(world, cover.coverage)
  return Object.assign(world, { insured: cover.insurer })
}

function coverageOn(
  platform: ReturnType<typeof testPlatform>,
  { refundsParts, sharePpm }: { refundsParts: boolean; sharePpm: number },
) {
  const { clock, newId } = platform
  const insurer = new MemoryInsurer(clock, { code: codeOf(hospitals), refundsParts })
  insurer.policies.set('CARD', [policy('P-1')])
  insurer.pays = ({ leftFen }): Fen => shareFen(leftFen, sharePpm)
  const coverage = createCoverage({
    db: worlds.db,
    clock,
    newId,
    audit: createAudit(platform),
    publish: async () => undefined,
    insurersOf: async () => new Map([[insurer.code, insurer]]),
    holderOf: async () => ({ name: '张三', idCardNo: 'CARD' }),
    papersOf: async () => null,
  })
  return { coverage, insurer }
}

/** One for each test, as a consent of a person to an insurer counts at every hospital. */
const codeOf = (hospital: number) => `insurer${hospital}`

async function bind(
  { hospitalId, clock }: PaymentsWorld,
  coverage: ReturnType<typeof createCoverage>,
): Promise<void> {
  const insurerCode = codeOf(hospitalId)
  const expiresAt = addMs(clock.now(), 90 * DAY_MS)
  const consent = { insurerCode, purpose: 'policy_check', version: VERSION, expiresAt } as const
  await coverage.consent(hospitalId, PERSON, { ...consent, scope: [] }, ACTOR)
  await coverage.bind(hospitalId, PERSON, { insurerCode, policyNo: 'P-1' }, ACTOR)
}

async function paid(world: PaymentsWorld, lineFens: readonly number[]): Promise<PaymentId> {
  const id = await world.quote([world.hospital.addBill(`B${hospitals}`, lineFens)])
  await world.confirm(id)
  world.wallet.payAll()
  await world.pass(MINUTE_MS)
  return id
}

async function giveBack(world: PaymentsWorld, id: PaymentId, lineNos: number[]) {
  await world.refund(id, `B${hospitals}`, lineNos)
  await world.pass(10 * MINUTE_MS)
  const { refunds } = await world.picture(id)
  return refunds.map(({ status, attention }) => attention ?? status)
}

/** What each still pays. */
async function paysOf(world: PaymentsWorld) {
  const balances = await world.balances()
  return [
    balances['receivable/insurance/pooled'],
    balances['receivable/commercial/commercial'],
    balances['receivable/wechat/self_pay'],
  ]
}

describe.each([true, false])(
  '[P6] lines paid by medical insurance, insurer and payer (an insurer that gives back parts: %s)',
  (refundsParts) => {
    it('go back to each as if they had never been on the bill', async () => {
      const world = await worldWith({ refundsParts, sharePpm: 500_000 })
      const id = await paid(world, [10_000, 10_000])
      expect(await paysOf(world)).toEqual([12_000, 4_000, 4_000])
      expect(await giveBack(world, id, [2])).toEqual(['succeeded'])
      expect(await paysOf(world)).toEqual([6_000, 2_000, 2_000])
      const [refund] = (await world.picture(id)).refunds
      expect(refund?.way).toEqual({
        parts: [
          { provider: 'wechat', kind: 'self_pay', amountFen: 2_000 },
          { provider: 'insurance', kind: 'pooled', amountFen: 6_000 },
          { provider: 'commercial', kind: 'commercial', amountFen: 2_000 },
        ],
        toPayerFen: 2_000,
        declineCode: null,
      })
      expect(world.insured.paidFen()).toBe(2_000)
      expect(await giveBack(world, id, [1])).toEqual(['succeeded', 'succeeded'])
      expect(await paysOf(world)).toEqual([0, 0, 0])
      expect(world.insured.paidFen()).toBe(0)
      expect(await bookProblems(world)).toEqual([])
    })

    it('go back although the payer has paid less than the insurer is to give back', async () => {
      const world = await worldWith({ refundsParts, sharePpm: 800_000 })
      const id = await paid(world, [10_000, 10_000])
      expect(await paysOf(world)).toEqual([12_000, 6_400, 1_600])
      expect(await giveBack(world, id, [1])).toEqual(['succeeded'])
      expect(await paysOf(world)).toEqual([6_000, 3_200, 800])
      expect(await bookProblems(world)).toEqual([])
    })

    it('go back one after the other until nothing is left', async () => {
      const world = await worldWith({ refundsParts, sharePpm: 500_000 })
      const id = await paid(world, [10_000, 5_000, 3_000])
      await giveBack(world, id, [2])
      expect(await paysOf(world)).toEqual([7_800, 2_600, 2_600])
      await giveBack(world, id, [3])
      expect(await paysOf(world)).toEqual([6_000, 2_000, 2_000])
      await giveBack(world, id, [1])
      expect(await paysOf(world)).toEqual([0, 0, 0])
      expect(await bookProblems(world)).toEqual([])
    })
  },
)

describe('[P6] who gets what back', () => {
  it('is not said before those that settle anew have said what they take', async () => {
    const world = await worldWith({ refundsParts: true, sharePpm: 500_000 })
    const id = await paid(world, [10_000, 10_000])
    world.hospital.script.trouble = 'refuse_to_say'
    await world.refund(id, `B${hospitals}`, [2])
    const asked = await world.picture(id)
    expect(asked.refunds[0]?.way).toMatchObject({ parts: [], toPayerFen: null })
    expect(asked.refunds[0]?.approvedAt).toBeNull()
    world.hospital.script.trouble = null
    Object.assign(world.wallet.script, { declinesRefunds: 'channel_says_no' })
    await world.pass(10 * MINUTE_MS)
    const [refund] = (await world.picture(id)).refunds
    expect(refund?.way).toMatchObject({ toPayerFen: 2_000, declineCode: 'channel_says_no' })
    expect(refund?.way.parts.map(({ kind }) => kind)).toEqual(['pooled', 'commercial'])
    expect(refund?.approvedAt?.getTime()).toBeGreaterThan(refund?.createdAt.getTime() ?? 0)
  })
})

describe('[P6] all of a bill', () => {
  it('goes back to the insurer where the medical insurance has paid nothing', async () => {
    const world = await worldWith({ refundsParts: false, sharePpm: 500_000 })
    world.insurer.script.available = false
    const id = await paid(world, [10_000, 10_000])
    await giveBack(world, id, [2])
    expect(await paysOf(world)).toEqual([undefined, 5_000, 5_000])
    await giveBack(world, id, [1])
    expect(await paysOf(world)).toEqual([undefined, 0, 0])
  })
})
