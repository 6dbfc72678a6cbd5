import { type Fen, fen, subtractFen } from '../../kernel/money.ts'
import type { SourceReasons } from './payment.ts'
import type { PayMethod, Phase } from './provider.ts'
import { acceptedFen, type SourceQuote } from './sources.ts'
import type { TenderRow } from './store.ts'

/** How the payer pays the rest. */
export type PayerWay = { provider: string; method: PayMethod; payerAccount: string | null }

/** What each source pays, and what is left for the payer. */
export type Shares = { totalFen: Fen; fromSources: PlannedTender[]; restFen: Fen }

export type PlannedTender = Omit<TenderRow, 'hospital_id' | 'payment_id' | 'id'>

/** Pure: in the order of the sources, each as much as it offers while there is something left to pay. */
export function sharesOf(totalFen: Fen, quotes: readonly SourceQuote[]): Shares {
  let restFen = totalFen
  const fromSources: PlannedTender[] = []
  for (const { provider, phase, answer } of quotes) {
    const amountFen = acceptedFen(restFen, answer)
    if (answer.outcome !== 'quoted' || amountFen === 0) continue
    restFen = subtractFen(restFen, amountFen)
    const { parts, quoteReference } = answer
    fromSources.push(plannedTender({ provider, phase, parts, amountFen, quoteReference }))
  }
  return { totalFen, fromSources, restFen }
}

/** Pure: the tenders of a plan, the payer's first. Their amounts are exactly the total. */
export function composePlan(
  { fromSources, restFen }: Shares,
  payer: PayerWay | null,
): PlannedTender[] {
  const fromPayer = payer && [
    plannedTender({
      provider: payer.provider,
      phase: 'payer',
      parts: [{ kind: 'self_pay', amountFen: restFen }],
      amountFen: restFen,
      quoteReference: null,
      payerAccount: payer.payerAccount,
      method: payer.method,
    }),
  ]
  return [...(fromPayer ?? []), ...fromSources].map((tender, i) => ({
    ...tender,
    tender_no: i + 1,
  }))
}

function plannedTender(tender: {
  provider: string
  phase: Phase
  parts: TenderRow['parts']
  amountFen: Fen
  quoteReference: string | null
  payerAccount?: string | null
  method?: PayMethod
}): PlannedTender {
  return {
    tender_no: 0,
    provider: tender.provider,
    phase: tender.phase,
    status: 'planned',
    amount_fen: tender.amountFen,
    parts: tender.parts,
    quote_reference: tender.quoteReference,
    payer_account: tender.payerAccount ?? null,
    method: tender.method ?? null,
    payer_action: null,
    decline_code: null,
    absent_answers: 0,
    charge_our_no: null,
    charge_provider_no: null,
    taken_fen: fen(0),
    returned_fen: fen(0),
    taken_at: null,
  }
}

/** For the payer: why each source pays what it pays, or why it does not. */
export function reasonsOf({ provider, answer }: SourceQuote): SourceReasons {
  return answer.outcome === 'quoted'
    ? { provider, available: true, reasons: answer.reasons }
    : { provider, available: false, reasons: [{ code: answer.code, params: {} }] }
}
