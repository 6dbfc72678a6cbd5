import { AppError } from '../../kernel/error.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import { businessDateOf } from '../../kernel/time.ts'
import type { Billing } from '../../modules/billing/index.ts'
import {
  type BillLine,
  type Catalogue,
  type CatalogueInsured,
  type Estimate,
  isNotReady,
} from '../../modules/catalogue/index.ts'
import {
  type Insurance,
  isSamePool,
  type SettledClaim,
  type YearStanding,
  yearSoFarOf,
} from '../../modules/insurance/index.ts'
import type { OnError, Payable, PaymentId } from '../../modules/payments/index.ts'
import type { Events } from '../../platform/events.ts'

/** A payer who looks at a bill waits no longer for what is an estimate only, in real time. */
const ASKED_FOR_MS = 3_000

/**
 * What a bill may come to under the insurance, before the insurer says so: what the insurer last said of the person goes in,
 * what it then settled is held against what came out. None of it moves money.
 */
export function createEstimates(parts: EstimateParts) {
  const { catalogue, insurance, onError } = parts
  return { insuredFor, learnFrom, onPaymentEnded }

  /** Null where nothing is known of the person, or only of an area whose terms the hospital's region does not have. */
  async function insuredFor(
    hospitalId: HospitalId,
    personId: Id<'Person'>,
  ): Promise<CatalogueInsured | null> {
    const setting = await catalogue.settingOf(hospitalId)
    if (!setting) return null
    const signal = AbortSignal.timeout(ASKED_FOR_MS)
    const standing = await insurance.standingFor({ hospitalId, trace: untold, signal }, personId)
    return standing && isSamePool(standing.region, setting.region)
      ? insuredOf(standing, true)
      : null
  }

  /** Bills are read whether or not what is on them can be learnt. */
  async function learnFrom(hospitalId: HospitalId, bills: readonly Payable[]): Promise<void> {
    try {
      await catalogue.learnLines(hospitalId, linesOf(bills))
    } catch (error) {
      onError?.(error, { hospitalId, subject: 'catalogue' })
    }
  }

  /** Estimates what was settled from what was known before, keeps both, and asks anew where the person stands now. */
  async function onPaymentEnded(event: Events['payments.ended']): Promise<void> {
    if (event.status !== 'succeeded') return
    const { hospitalId } = event
    const setting = await catalogue.settingOf(hospitalId)
    if (!setting) return
    const claim = await insurance.settledClaim(hospitalId, event.paymentId as PaymentId)
    if (!claim) return
    const known = await insurance.knownStanding(hospitalId, claim.personId)
    const isOfBefore = known !== null && known.saidAt < claim.sentAt
    if (isOfBefore && isSamePool(known.region, setting.region)) {
      await measure(parts, hospitalId, claim, known)
    }
    const signal = AbortSignal.timeout(ASKED_FOR_MS)
    await insurance.askStanding({ hospitalId, trace: untold, signal }, claim.personId)
  }
}

async function measure(
  parts: EstimateParts,
  hospitalId: HospitalId,
  claim: SettledClaim,
  known: YearStanding,
): Promise<void> {
  const bills = await parts.billing.keptBills(hospitalId, claim.billNos)
  const insured = insuredOf(known, claim.useAccount)
  const on = businessDateOf(claim.settledAt)
  const estimate = await estimateOf(parts, hospitalId, linesOf(bills), insured, on)
  const { figures } = claim
  // Lines that are not all there any more are another bill than was settled.
  if (estimate?.totalFen !== figures.totalFen) return
  await parts.catalogue.measure(hospitalId, {
    settlementNo: claim.msgid,
    businessDate: on,
    insutype: claim.insutype,
    totalFen: figures.totalFen,
    estimated: estimate,
    settled: figures,
  })
}

async function estimateOf(
  { catalogue }: EstimateParts,
  hospitalId: HospitalId,
  lines: readonly BillLine[],
  insured: CatalogueInsured,
  on: ReturnType<typeof businessDateOf>,
): Promise<Estimate | null> {
  try {
    return (await catalogue.explainBill(hospitalId, lines, insured, on)).estimate
  } catch (error) {
    const isWithout = error instanceof AppError && error.code === 'catalogue.policy_not_found'
    if (isWithout || isNotReady(error)) return null
    throw error
  }
}

/** Of an inquiry that moves nothing, nothing is kept but its answer. */
const untold = () => undefined

const insuredOf = (standing: YearStanding, useAccount: boolean): CatalogueInsured => ({
  insutype: standing.insutype,
  visitKind: 'outpatient',
  year: yearSoFarOf(standing, useAccount),
  saidAt: standing.saidAt,
})

/** As the catalogue wants them: an empty code of the hospital's system is none. */
export const linesOf = (bills: readonly Payable[]): BillLine[] =>
  bills.flatMap(({ lines }) =>
    lines.map((line) => ({ ...line, nationalCode: line.nationalCode || null })),
  )

type EstimateParts = {
  catalogue: Catalogue
  insurance: Insurance
  billing: Pick<Billing, 'keptBills'>
  onError?: OnError | undefined
}
