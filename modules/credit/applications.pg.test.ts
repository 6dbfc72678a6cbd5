import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { MINUTE_MS } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { auditAbout } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { findConsent } from './application-store.ts'
import { openLine } from './line-store.ts'
import type { PersonId } from './terms.ts'
import { ACTOR, BANK, BUILT_IN, createFixture, type Fixture, product } from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => void (fixture = await createFixture(db, `applications-${seed++}`)))

const apply = (personId: PersonId, of = BUILT_IN, consentVersion = 'v1') =>
  fixture.credit.apply(
    {
      lenderId: of,
      applicationId: fixture.newId<'CreditApplication'>(),
      personId,
      productId: 'visit-1',
      way: 'next_month',
      consentVersion,
    },
    ACTOR,
  )

const staff = (name: string) => ({ name: `staff:${name}`, requestId: null })

describe('an application', () => {
  it('that the bands grant opens a line, with the consent and its words kept', async () => {
    const personId = fixture.newId<'Person'>()
    const application = await apply(personId)
    expect(application).toMatchObject({ status: 'granted', limitFen: 300_000 })
    expect(await fixture.line(personId)).toMatchObject({ status: 'active', limitFen: 300_000 })
    const consent = await inHospital(db, BUILT_IN, (tx) =>
      findConsent(tx, BUILT_IN, `application:${application.id}`),
    )
    const text = await fixture.credit.consentText(BUILT_IN, 'v1')
    expect(consent).toMatchObject({ person_id: personId, text_sha256: text?.sha256 })
    await expect(apply(personId)).rejects.toThrow('credit.line_exists')
  })

  it('that they do not grant says why, and can be made again', async () => {
    fixture.facts.repayment = { ...fixture.facts.repayment, overdueNow: true }
    const personId = fixture.newId<'Person'>()
    const refused = await apply(personId)
    expect(refused).toMatchObject({ status: 'refused', refusal: 'by_score', limitFen: 0 })
    expect(refused.decision.reasons.map(({ code }) => code)).toContain('overdue_now')
    await expect(apply(personId)).resolves.toMatchObject({ status: 'refused' })
  })

  it('with another text than the product’s is not taken', async () => {
    await expect(apply(fixture.newId<'Person'>(), BUILT_IN, 'v0')).rejects.toThrow(
      'consent_outdated',
    )
  })

  it('gets what the bank gives, if that is less', async () => {
    fixture.bank.limitFen = fen(120_000)
    const personId = fixture.newId<'Person'>()
    expect(await apply(personId, BANK)).toMatchObject({ status: 'granted', limitFen: 120_000 })
  })

  it('that the bank refuses is refused by its code', async () => {
    fixture.bank.fault('apply', { refuse: 'not_eligible' })
    const application = await apply(fixture.newId<'Person'>(), BANK)
    expect(application).toMatchObject({ status: 'refused', refusal: 'not_eligible' })
  })

  it.each(['apply', 'sign'] as const)('whose answer to %s is lost is asked again', async (verb) => {
    const personId = fixture.newId<'Person'>()
    fixture.bank.fault(verb, 'lost_answer')
    expect(await apply(personId, BANK)).toMatchObject({ status: 'asking' })
    await expect(apply(personId, BANK)).rejects.toThrow('credit.application_open')
    fixture.clock.advance(2 * MINUTE_MS)
    await fixture.credit.sweep(BANK)
    expect(await fixture.line(personId, BANK)).toMatchObject({ limitFen: 300_000 })
  })
})

describe('an open application', () => {
  const asking = async () => {
    const personId = fixture.newId<'Person'>()
    const silence = Array.from({ length: 50 }, () => 'lost_request' as const)
    fixture.bank.fault('apply', ...silence)
    const asked: string[] = []
    const ask = fixture.bank.apply
    fixture.bank.apply = (call, request) => {
      asked.push(request.applicationNo)
      return ask(call, request)
    }
    const { id: applicationId } = await apply(personId, BANK)
    const number = tradeNoOf(BANK, applicationId)
    // Of other tests some are still asked about.
    const timesAsked = () => asked.filter((one) => one === number).length
    return { personId, applicationId, timesAsked }
  }

  it('is the only one, also of two that are made at once', async () => {
    const personId = fixture.newId<'Person'>()
    fixture.bank.fault('apply', 'lost_request', 'lost_request')
    const both = await Promise.allSettled([apply(personId, BANK), apply(personId, BANK)])
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
    expect(refused).toEqual([expect.stringContaining('credit.application_open')])
  })

  it('of a bank that stays silent is asked about less and less often', async () => {
    const { timesAsked } = await asking()
    for (let second = 0; second < 10; second++) await fixture.credit.sweep(BANK)
    expect(timesAsked()).toBe(1)
    const times: number[] = []
    for (let minute = 0; minute < 5; minute++) {
      fixture.clock.advance(MINUTE_MS)
      await fixture.credit.sweep(BANK)
      await fixture.credit.sweep(BANK)
      times.push(timesAsked())
    }
    expect(times).toEqual([2, 3, 4, 4, 5])
  })

  it('can be taken back: the lender is not asked again', async () => {
    const { personId, applicationId, timesAsked } = await asking()
    const key = { lenderId: BANK, applicationId, personId }
    const stranger = { ...key, personId: fixture.newId<'Person'>() }
    const { credit } = fixture
    await expect(credit.withdrawApplication(stranger, ACTOR)).rejects.toThrow('not_found')
    const withdrawn = await credit.withdrawApplication(key, ACTOR)
    expect(withdrawn).toMatchObject({ status: 'refused', refusal: 'withdrawn' })
    expect(await credit.withdrawApplication(key, ACTOR)).toEqual(withdrawn)
    fixture.clock.advance(2 * MINUTE_MS)
    await credit.sweep(BANK)
    expect(timesAsked()).toBe(1)
    fixture.bank.fault('apply')
    const granted = await apply(personId, BANK)
    const other = { ...key, applicationId: granted.id }
    await expect(credit.withdrawApplication(other, ACTOR)).rejects.toThrow('application_decided')
  })

  it('taken back while the lender grants it opens no line, and the grant is given up', async () => {
    const personId = fixture.newId<'Person'>()
    const applicationId = fixture.newId<'CreditApplication'>()
    const { bank, credit } = fixture
    const ended: string[] = []
    const { sign, end } = bank
    bank.sign = async (call, request) => {
      await credit.withdrawApplication({ lenderId: BANK, applicationId, personId }, ACTOR)
      return sign(call, request)
    }
    bank.end = async (call, holder) => {
      ended.push(holder.accountNo)
      return end(call, holder)
    }
    const wish = { lenderId: BANK, applicationId, personId, productId: 'visit-1' }
    const application = await credit.apply(
      { ...wish, way: 'next_month', consentVersion: 'v1' },
      ACTOR,
    )
    expect(application).toMatchObject({ status: 'refused', refusal: 'withdrawn' })
    expect(ended).toHaveLength(1)
    await expect(fixture.line(personId, BANK)).rejects.toThrow('no line')
  })

  it('that the lender grants when there is a line already ends, and is not asked for ever', async () => {
    const { personId, applicationId } = await asking()
    await inHospital(db, BANK, (tx) =>
      openLine(
        tx,
        {
          lenderId: BANK,
          id: fixture.newId<'CreditLine'>(),
          personId,
          productId: 'visit-1',
          way: 'next_month',
          accountNo: 'A1',
          status: 'active',
          limitFen: fen(1_000),
          reservedFen: fen(0),
          drawnFen: fen(0),
        },
        fixture.clock.now(),
      ),
    )
    fixture.bank.fault('apply')
    fixture.clock.advance(2 * MINUTE_MS)
    await fixture.credit.sweep(BANK)
    const [application] = await fixture.credit.applicationsOf(personId)
    expect(application).toMatchObject({ id: applicationId, refusal: 'line_exists' })
  })
})

describe('a review', () => {
  async function refusedAndAsked(askedBy = ACTOR) {
    fixture.facts.insured = false
    fixture.facts.billsPaidLastYear = 0
    fixture.facts.repayment = { ...fixture.facts.repayment, timesLate: 3 }
    const personId = fixture.newId<'Person'>()
    const { id: applicationId } = await apply(personId)
    const ask = () =>
      fixture.credit.askForReview(
        {
          lenderId: BUILT_IN,
          applicationId,
          reviewId: fixture.newId<'CreditReview'>(),
          personId,
          statement: '我按时还款',
        },
        askedBy,
      )
    return { personId, applicationId, ask, review: await ask() }
  }

  const decide = (
    reviewId: Parameters<typeof fixture.credit.decideReview>[0]['reviewId'],
    by: string,
    limit: number | null,
  ) =>
    fixture.credit.decideReview(
      {
        lenderId: BUILT_IN,
        reviewId,
        reason: '收入证明',
        limitFen: limit === null ? null : fen(limit),
      },
      staff(by),
    )

  it('by a person grants what the score did not', async () => {
    const { personId, review, ask } = await refusedAndAsked()
    await expect(ask()).rejects.toThrow('credit.review_open')
    expect(await fixture.credit.openReviews(BUILT_IN)).toMatchObject([
      { review: { id: review.id }, application: { personId, status: 'refused' } },
    ])
    await expect(decide(review.id, 'a', 10)).rejects.toThrow('credit.review_limit_wrong')
    expect(await decide(review.id, 'a', 80_000)).toMatchObject({ status: 'changed' })
    expect(await fixture.line(personId)).toMatchObject({ limitFen: 80_000 })
    await expect(decide(review.id, 'b', 90_000)).rejects.toThrow('credit.review_decided')
    const [application] = await fixture.credit.applicationsOf(personId)
    expect(application).toMatchObject({ status: 'granted', reviews: [{ reason: '收入证明' }] })
  })

  it('lifts no hard exclusion, and grants on the latest application only', async () => {
    const { review, personId } = await refusedAndAsked()
    await apply(personId)
    await expect(decide(review.id, 'a', 80_000)).rejects.toThrow('credit.review_superseded')
    expect(await decide(review.id, 'a', null)).toMatchObject({ status: 'upheld' })
    fixture.facts.repayment = { ...fixture.facts.repayment, overdueNow: true }
    const excluded = await refusedAndAsked()
    await expect(decide(excluded.review.id, 'a', 80_000)).rejects.toThrow('review_excluded')
  })

  it('is decided by somebody who neither asked for it nor decided before', async () => {
    const { ask, review } = await refusedAndAsked(staff('a'))
    await expect(decide(review.id, 'a', null)).rejects.toThrow('credit.review_by_another')
    expect(await decide(review.id, 'b', null)).toMatchObject({ status: 'upheld' })
    const second = await ask()
    await expect(decide(second.id, 'b', null)).rejects.toThrow('credit.review_by_another')
    await decide(second.id, 'c', null)
    await decide((await ask()).id, 'd', null)
    await expect(ask()).rejects.toThrow('credit.reviews_used_up')
  })
})

describe('a line', () => {
  it('ends when nothing is in use, and can be applied for again', async () => {
    const personId = await fixture.person()
    const visit = await fixture.agree(personId)
    const end = () => fixture.credit.endLine({ lenderId: BUILT_IN, personId }, ACTOR)
    await expect(end()).rejects.toThrow('credit.line_in_use')
    await fixture.credit.settleVisit({ lenderId: BUILT_IN, visitId: visit.id }, 'left')
    await end()
    const { id, status } = await fixture.line(personId)
    expect(status).toBe('ended')
    const audits = await inHospital(db, BUILT_IN, (tx) => auditAbout(tx, BUILT_IN, `line:${id}`))
    expect(audits.map(({ action }) => action)).toContain('credit.line_ended')
    expect(await apply(personId)).toMatchObject({ status: 'granted' })
    expect(await fixture.line(personId)).toMatchObject({ status: 'active', limitFen: 300_000 })
  })
})

describe('a product', () => {
  it('with terms that cannot be is not offered, and its terms never change', async () => {
    const wrong = product({ id: 'x', minLimitFen: fen(0), ways: [] })
    await expect(fixture.credit.addProduct(wrong)).rejects.toThrow('limits, ways')
    await expect(fixture.credit.addProduct(product())).rejects.toThrow('credit.product_exists')
    const noText = product({ id: 'y', consentVersion: 'v9' })
    await expect(fixture.credit.addProduct(noText)).rejects.toThrow('credit.consent_outdated')
  })
})
