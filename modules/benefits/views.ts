import { freeOfBudget } from './budget.ts'
import type { Offered } from './offered.ts'
import { type PointsEntry, type PointsLot, restOf } from './points-store.ts'
import type { Allotment } from './programme-store.ts'
import type { Entitlement } from './programme.ts'
import type { ProgrammeWithBudget } from './programmes.ts'
import type { AllotmentProposal } from './tables.ts'

// What the routes show.

export function viewOfProgramme({ programme, budget }: ProgrammeWithBudget) {
  const { id, name, funder, terms, startsOn, endsOn, status, history } = programme
  return {
    id,
    name,
    funder,
    terms: terms as never,
    startsOn,
    endsOn,
    status,
    ...history,
    proposedAt: history.proposedAt.toISOString(),
    decidedAt: history.decidedAt?.toISOString() ?? null,
    endedAt: history.endedAt?.toISOString() ?? null,
    budget: budget && { ...budget, freeFen: freeOfBudget(budget) },
  }
}

/** Of the budget only what says whether there is something left. */
export function viewOfOffered({ programme, budget, verdict }: Offered) {
  const { id, name, funder, terms, startsOn, endsOn } = programme
  const figures = budget && { allottedFen: budget.allottedFen, freeFen: freeOfBudget(budget) }
  const standing = verdict && {
    met: verdict.met,
    fact: verdict.met ? null : verdict.fact,
    known: verdict.met || verdict.known,
  }
  return { id, name, funder, terms: terms as never, startsOn, endsOn, budget: figures, standing }
}

export const viewOfAllotment = ({ id, amountFen, document, decidedBy, byTwo, at }: Allotment) => ({
  id,
  amountFen,
  document,
  decidedBy,
  byTwo,
  at: at.toISOString(),
})

export const viewOfProposal = (proposal: AllotmentProposal) => ({
  id: proposal.id,
  programmeId: proposal.programme_id,
  amountFen: proposal.amount_fen,
  document: proposal.document,
  proposedBy: proposal.proposed_by,
  proposedAt: proposal.proposed_at.toISOString(),
})

const partsOf = (entitlement: Entitlement) => ({
  id: entitlement.id,
  programmeId: entitlement.programmeId,
  kind: entitlement.kind,
  amountFen: entitlement.amountFen,
  usedFen: entitlement.usedFen,
  validFrom: entitlement.validFrom,
  validUntil: entitlement.validUntil,
  status: entitlement.status,
  items: entitlement.items.map(({ code, most, used }) => ({ code, most, used })),
})

export const viewOfMine = (entitlement: Entitlement, name: { zh: string; en: string }) => ({
  ...partsOf(entitlement),
  name,
  document: entitlement.document,
  grounds: entitlement.grounds,
})

export const viewOfEntitlement = (entitlement: Entitlement) => ({
  ...partsOf(entitlement),
  personId: entitlement.personId,
  document: entitlement.document,
  grounds: entitlement.grounds,
  needsSecond: entitlement.needsSecond,
  proposedBy: entitlement.proposedBy,
  proposedAt: entitlement.proposedAt.toISOString(),
  decidedBy: entitlement.decidedBy,
  endReason: entitlement.endReason,
})

export const viewOfPoints = ({ lots, entries }: { lots: PointsLot[]; entries: PointsEntry[] }) => ({
  points: lots.reduce((sum, lot) => sum + restOf(lot), 0),
  lots: lots.map((lot) => ({ year: lot.year, rest: restOf(lot), expiresOn: lot.expiresOn })),
  entries: entries.map(({ id, kind, event, points, at }) => ({
    id,
    kind,
    event,
    points,
    at: at.toISOString(),
  })),
})
