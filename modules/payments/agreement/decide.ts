import type { AgreementAnswer, RevokeAnswer } from '../provider.ts'
import { askPayerAgainAt, retryAfter } from '../retry.ts'
import type { Agreement, AgreementEnd } from './agreement.ts'
import type { AgreementChanges } from './store.ts'

export type AgreementStep = { do: 'wait' } | { do: 'query' } | { do: 'revoke' }

/** Pure: whom to ask what about an agreement follows from its row and the time. */
export function decide({ status, dueAt, revokeRequestedAt }: Agreement, now: Date): AgreementStep {
  if (status === 'revoked' || dueAt === null || dueAt > now) return { do: 'wait' }
  return revokeRequestedAt ? { do: 'revoke' } : { do: 'query' }
}

/**
 * Pure: what an answer makes of an agreement. Whatever is not understood leaves it unknown, and to be asked about again;
 * one that the payer has ended is never active again, whatever the provider says of it.
 */
export function afterAnswer(
  agreement: Agreement,
  answer: AgreementAnswer | RevokeAnswer,
  now: Date,
): AgreementChanges {
  const { revokeRequestedAt, validUntil } = agreement
  switch (answer.outcome) {
    case 'active': {
      const known = {
        agreement_no: answer.agreementNo,
        signed_at: answer.signedAt ?? agreement.signedAt ?? now,
        valid_until: answer.validUntil,
        attempts: 0,
      }
      if (revokeRequestedAt) return { ...known, status: 'unknown', due_at: now }
      const isPast = answer.validUntil !== null && answer.validUntil <= now
      if (isPast) return { ...known, ...ended('by_provider', now) }
      return { ...known, status: 'active', due_at: answer.validUntil }
    }
    case 'pending':
      return stillSigning(agreement, now)
    case 'absent':
      // The payer may have the page open still, and sign as soon as we look away.
      if (agreement.agreementNo === null && now < agreement.expiresAt) {
        return stillSigning(agreement, now)
      }
      return ended(endReasonOf(agreement), now)
    case 'ended':
    case 'revoked':
      return ended(endReasonOf(agreement), now)
    case 'suspended':
      return again(agreement, 'unknown', now)
    case 'unknown': {
      const isPast = validUntil !== null && validUntil <= now
      const signs = agreement.status === 'signing' && now < agreement.expiresAt && !isPast
      return again(agreement, signs ? 'signing' : 'unknown', now)
    }
  }
}

function stillSigning(agreement: Agreement, now: Date): AgreementChanges {
  const { id, attempts, expiresAt, revokeRequestedAt } = agreement
  const isOver = now >= expiresAt
  const at = isOver ? retryAfter(now, attempts, id) : askPayerAgainAt(now, attempts, id)
  return {
    status: isOver || revokeRequestedAt ? 'unknown' : 'signing',
    attempts: attempts + 1,
    // The end of the signing is not slept through.
    due_at: !isOver && at > expiresAt ? expiresAt : at,
  }
}

const again = (
  { id, attempts }: Agreement,
  status: 'signing' | 'unknown',
  now: Date,
): AgreementChanges => ({ status, attempts: attempts + 1, due_at: retryAfter(now, attempts, id) })

function endReasonOf({ revokeRequestedAt, agreementNo }: Agreement): AgreementEnd {
  if (revokeRequestedAt) return 'by_payer'
  return agreementNo === null ? 'not_signed' : 'by_provider'
}

const ended = (endReason: AgreementEnd, now: Date): AgreementChanges => ({
  status: 'revoked',
  end_reason: endReason,
  revoked_at: now,
  attempts: 0,
  due_at: null,
})
