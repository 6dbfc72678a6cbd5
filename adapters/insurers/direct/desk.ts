import { createHash } from 'node:crypto'

import { addFen, fen, negateFen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type {
  ClaimState,
  DayStatement,
  Insurer,
  InsurerAnswer,
  Policy,
  PolicyState,
  StatementEntry,
  UnreadableStatement,
} from '../../../modules/coverage/index.ts'
import { ClaimFound, dayOf, momentOf, Policies, Statement, Submitted } from './answers.ts'
import { type Ask, ok, unknown } from './client.ts'

type DeskVerbs = Pick<Insurer, 'policiesOf' | 'submitClaim' | 'claimState' | 'statement'>

/** Policies, papers, and the day's list. */
export const createDesk = (ask: Ask): DeskVerbs => ({
  policiesOf: (call, holder) =>
    ask(call, {
      path: '/hospitalDirect/policy/query',
      fields: { certNo: holder.idCardNo, name: holder.name },
      secrets: [holder.idCardNo, holder.name],
      read: readPolicies,
    }),
  submitClaim: (call, submission) =>
    ask(call, {
      path: '/hospitalDirect/claim/submit',
      withPapers: true,
      fields: {
        submissionNo: submission.submissionNo,
        directPayNo: submission.insurerNo,
        ...(submission.claimNo === null ? {} : { claimNo: submission.claimNo }),
        consentNo: submission.consent.id,
        consentVersion: submission.consent.version,
        documentList: submission.documents.map((document) => ({
          documentType: document.kind,
          documentNo: document.documentNo,
          title: document.title,
          contentType: document.contentType,
          sha256: document.sha256,
          content: document.content.toString('base64'),
        })),
      },
      read(data) {
        if (!Submitted.Check(data)) return null
        const isAnother = submission.claimNo !== null && submission.claimNo !== data.claimNo
        return isAnother
          ? unknown('the papers came to another claim')
          : ok({ claimNo: data.claimNo })
      },
    }),
  claimState: (call, { claimNo }) =>
    ask(call, {
      path: '/hospitalDirect/claim/query',
      fields: { claimNo },
      read: (data) => readClaim(data, claimNo),
    }),
  async statement(call, { date }) {
    // What is proven to be the insurer's and cannot be trusted all the same is no yes and no silence.
    let unreadable: UnreadableStatement | null = null
    const answer = await ask<DayStatement>(call, {
      path: '/hospitalDirect/statement/day',
      fields: { date },
      read(data) {
        const reading = readStatement(data, date)
        if (reading.outcome === 'ok') return reading
        unreadable = reading
        return unknown(`unreadable: ${reading.reason}`)
      },
    })
    return unreadable ?? answer
  },
})

const POLICY_STATES: Record<'1' | '2' | '3', PolicyState> = {
  '1': 'in_force',
  '2': 'suspended',
  '3': 'lapsed',
}

function readPolicies(data: unknown): InsurerAnswer<Policy[]> | null {
  if (!Policies.Check(data)) return null
  const policies = data.policyList.map((found): Policy | null => {
    const [validFrom, validUntil] = [dayOf(found.beginDate), dayOf(found.endDate)]
    const paysFrom = dayOf(found.waitingEndDate)
    if (validFrom === null || validUntil === null || paysFrom === null) return null
    return {
      policyNo: found.policyNo,
      product: { code: found.productCode, name: found.productName },
      state: POLICY_STATES[found.policyStatus as keyof typeof POLICY_STATES],
      validFrom,
      validUntil,
      terms: {
        deductibleFen: fen(found.deductible),
        deductibleUsedFen: fen(found.deductibleUsed),
        ratioPpm: found.ratioPpm,
        capFen: fen(found.limitAmount),
        paidFen: fen(found.paidAmount),
        waitingUntil: paysFrom > validFrom ? paysFrom : null,
        excludedCategories: found.excludedCategoryList,
        excludedClasses: found.outsideRatioPpm === 0 ? ['C'] : [],
      },
    }
  })
  const read = policies.filter((policy) => policy !== null)
  return read.length === policies.length ? ok(read) : null
}

function readClaim(data: unknown, claimNo: string): InsurerAnswer<ClaimState> | null {
  if (!ClaimFound.Check(data) || data.claimNo !== claimNo) return null
  const { claimStatus, wantedList, reason } = data
  const decidedAt = momentOf(data.decideTime)
  switch (claimStatus) {
    case 'submitted':
      return ok({ state: 'submitted' })
    case 'more_wanted':
      return ok({ state: 'more_wanted', wanted: wantedList, reason })
    case 'accepted':
      return decidedAt && ok({ state: 'accepted', decidedAt })
    case 'refused':
      return decidedAt && ok({ state: 'refused', decidedAt, reason })
    default:
      return null
  }
}

type Reading = { outcome: 'ok'; data: DayStatement } | UnreadableStatement

/** Believes a list only whole: of that day, as long as it says, with its digest and its sum. */
function readStatement(data: unknown, date: BusinessDate): Reading {
  if (!Statement.Check(data)) return unreadable('layout', 'a field is missing or out of shape')
  if (data.date !== date) return unreadable('layout', `it is of ${data.date}`)
  if (data.list.length !== data.totalCount) {
    return unreadable('truncated', `${data.list.length} rows of ${data.totalCount}`)
  }
  const rows = data.list.map((r) => `${r.type}|${r.orderNo}|${r.businessNo}|${r.amount}|${r.time}`)
  const digest = createHash('sha256').update(rows.join('\n')).digest('hex')
  if (digest !== data.listSha256) return unreadable('hash', 'the digest of its rows is another')
  const lines = data.list.map((row): StatementEntry => ({
    kind: row.type === 'PAY' ? 'charge' : 'return',
    ourNo: row.orderNo,
    insurerNo: row.businessNo,
    amountFen: fen(row.amount),
    at: momentOf(row.time),
  }))
  const netFen = addFen(
    ...lines.map(({ kind, amountFen }) => (kind === 'charge' ? amountFen : negateFen(amountFen))),
  )
  if (netFen !== data.netAmount) return unreadable('sums', 'its rows do not add up to its sum')
  const charged = lines.filter((line) => line.amountFen > 0)
  return { outcome: 'ok', data: { date, lines: charged, content: JSON.stringify(data) } }
}

const unreadable = (code: UnreadableStatement['code'], reason: string): UnreadableStatement => ({
  outcome: 'unreadable',
  code,
  reason,
})
