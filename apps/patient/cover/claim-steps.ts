import type { CoverageClaim } from '../../../contract/client.ts'

/** One step of a claim's way, with its words under cover.steps in payers.json. */
export type ClaimStep = {
  code:
    | 'paid'
    | 'to_send'
    | 'late'
    | 'withheld'
    | 'sent'
    | 'deciding'
    | 'more_wanted'
    | 'missing'
    | 'not_taken'
    | 'accepted'
    | 'refused'
    | 'resolved'
    | 'closed'
  tone: 'done' | 'now' | 'bad' | 'plain'
  at: string | null
}

/**
 * The way of a claim as the payer sees it, in the order in which it happened; the last step says where it stands. A claim
 * that waits for a person of the hospital says so, and that it is not the payer's turn.
 */
export function claimSteps(claim: CoverageClaim): ClaimStep[] {
  return [
    { code: 'paid', tone: 'done', at: claim.createdAt },
    ...papersOf(claim),
    ...decisionOf(claim),
    ...(claim.resolvedAt === null
      ? []
      : [{ code: 'resolved', tone: 'done', at: claim.resolvedAt } as const]),
  ]
}

function papersOf({ status, submittedAt, dueBy, attention }: CoverageClaim): ClaimStep[] {
  if (submittedAt !== null) return [{ code: 'sent', tone: 'done', at: submittedAt }]
  switch (status) {
    case 'withheld':
      return [{ code: 'withheld', tone: 'bad', at: null }]
    case 'waiting':
      if (attention === 'papers_not_accepted') return [{ code: 'not_taken', tone: 'bad', at: null }]
      return [
        attention === 'papers_late'
          ? { code: 'late', tone: 'bad', at: dueBy }
          : { code: 'to_send', tone: 'now', at: dueBy },
      ]
    default:
      return []
  }
}

function decisionOf({ status, submittedAt, decidedAt, attention }: CoverageClaim): ClaimStep[] {
  switch (status) {
    case 'submitted':
      return [{ code: 'deciding', tone: 'now', at: null }]
    case 'more_wanted':
      return [
        attention === 'papers_missing'
          ? { code: 'missing', tone: 'bad', at: null }
          : { code: 'more_wanted', tone: 'now', at: null },
      ]
    case 'accepted':
      return [{ code: 'accepted', tone: 'done', at: decidedAt }]
    case 'refused':
      return [{ code: 'refused', tone: 'bad', at: decidedAt }]
    case 'closed':
      return [{ code: 'closed', tone: 'plain', at: decidedAt ?? submittedAt }]
    case 'waiting':
    case 'withheld':
      return []
  }
}
