import { chance, pick, type Random, randomBelow } from '../../../kernel/random.ts'
import { addMs, type Clock, DAY_MS } from '../../../kernel/time.ts'
import { API_BANK } from '../sandbox/seed-lenders.ts'
import type { Session } from './api-client.ts'
import type { Shares } from './shares.ts'
import type { Tally } from './tally.ts'

// What somebody has beside their own money on the day: policies that pay, a line of credit, a visit agreed on credit.
// Whatever fails is gone without: the bill is then paid by the rest.

/** What the person wants used; credit in an agreed visit is used without a word. */
export type Cover = { sources: Record<string, boolean>; creditVisit: CreditVisit | null }

/** `leavesIt`: the person taps nothing, and what comes is paid for them. */
type CreditVisit = { lenderId: number; id: string; paysEarly: boolean; leavesIt: boolean }

type Comer = {
  session: Session
  hospitalId: number
  clock: Clock
  shares: Shares
  /** A source of chance of its own, so that shares change nothing else of the day. */
  random: Random
  nextKey: () => string
  tally: Tally
}

export async function takeCover(comer: Comer): Promise<Cover> {
  const { random, shares } = comer
  const hasPolicies = chance(random, shares.commercialPpm)
  const usesCredit = chance(random, shares.creditPpm)
  if (hasPolicies) await bindPolicies(comer)
  const creditVisit = usesCredit ? await takeCredit(comer) : null
  const wantsCredit = usesCredit && creditVisit === null
  return { sources: wantsCredit ? { credit: true } : {}, creditVisit }
}

const PAPERS = ['bill', 'items', 'receipt', 'summary']
const CONSENT_MS = 30 * DAY_MS

/** Lets each insurer that pays here be asked, binds what it has, and mostly lets it have the papers. */
async function bindPolicies({ session, hospitalId, clock, random, tally }: Comer): Promise<void> {
  const path = `/v1/hospitals/${hospitalId}/coverage`
  const cover = await session.get<CoverView>(path)
  if (!cover.ok) return
  const expiresAt = addMs(clock.now(), CONSENT_MS).toISOString()
  const versionOf = (purpose: string) =>
    cover.body.texts.find((text) => text.purpose === purpose)?.version ?? ''
  for (const { code: insurerCode } of cover.body.insurers) {
    const consent = (purpose: string, scope: string[]) =>
      session.send(`${path}/consents`, {
        insurerCode,
        purpose,
        version: versionOf(purpose),
        scope,
        expiresAt,
      })
    await consent('policy_check', [])
    if (chance(random, 800_000)) await consent('claim_papers', PAPERS)
    const found = await session.get<{ items: { policyNo: string }[] }>(
      `${path}/insurers/${insurerCode}/policies`,
    )
    if (!found.ok) tally.refuse(found.code)
    for (const { policyNo } of found.ok ? found.body.items : []) {
      const bound = await session.send(`${path}/policies`, { insurerCode, policyNo })
      if (!bound.ok) tally.refuse(bound.code)
    }
  }
}

type CoverView = { insurers: { code: string }[]; texts: { purpose: string; version: string }[] }

/** Applies for a line with the bank that keeps books of its own, and half of the time agrees to a visit on credit. */
async function takeCredit(comer: Comer): Promise<CreditVisit | null> {
  const { session, random, nextKey, tally } = comer
  const offers = await session.get<{ items: Offer[] }>('/v1/credit/offers')
  const open = offers.ok ? offers.body.items.filter(({ lenderId }) => lenderId === API_BANK) : []
  if (open.length === 0) return null
  const { lenderId, productId, ways, consent } = pick(random, open)
  const wish = { productId, way: pick(random, ways).way, consentVersion: consent.version }
  const path = `/v1/credit/lenders/${lenderId}`
  const applied = await session.post<Applied>(`${path}/applications`, nextKey(), wish)
  if (!applied.ok) tally.refuse(applied.code)
  else if (applied.body.status !== 'granted') tally.refuse(`application ${applied.body.status}`)
  const lines = await session.get<{ items: Line[] }>('/v1/credit/lines')
  const line = lines.ok ? lines.body.items.find((own) => own.lenderId === lenderId) : undefined
  if (!line || chance(random, 500_000)) return null
  const reserveFen = 1 + randomBelow(random, line.freeFen)
  const visit = { hospitalId: comer.hospitalId, reserveFen, consentVersion: consent.version }
  const agreed = await session.post<{ id: string }>(`${path}/visits`, nextKey(), visit)
  if (!agreed.ok) tally.refuse(agreed.code)
  const paysEarly = chance(random, 250_000)
  const leavesIt = chance(random, 600_000)
  return agreed.ok ? { lenderId, id: agreed.body.id, paysEarly, leavesIt } : null
}

type Applied = { status: string }
type Line = { lenderId: number; freeFen: number }
type Offer = {
  lenderId: number
  productId: string
  ways: { way: string }[]
  consent: { version: string }
}
