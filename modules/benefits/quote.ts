import type { Fen } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type {
  PartKind,
  ProviderCall,
  QuoteAnswer,
  QuoteRequest,
  TenderPart,
} from '../payments/index.ts'
import { freeOfBudget } from './budget.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { entitlementsOf } from './entitlement-store.ts'
import { planBenefits, type Situation } from './plan.ts'
import { budgetsOf, runningProgrammes } from './programme-store.ts'
import { BENEFIT_KINDS } from './programme.ts'
import type { Facts } from './rule.ts'
import { capsUsed, insertQuote } from './tender-store.ts'

/** Works out what benefits pay of what is left, and keeps it for the order that refers to it. Promises nothing yet. */
export const createQuote =
  (deps: BenefitsDependencies) =>
  async (_call: ProviderCall, request: QuoteRequest): Promise<QuoteAnswer> => {
    if (request.wanted === false) return notAvailable('not_wanted', 'the payer does not want it')
    const { hospitalId, paymentId, personId } = request
    const known = await deps.factsOf(hospitalId, personId)
    const facts = { ...known, diagnoses: request.payables.map(({ diagnosis }) => diagnosis.code) }
    const { leftFen } = await request.left
    if (leftFen <= 0) return notAvailable('nothing_left', 'others pay all of it')
    return inHospital(deps.db, hospitalId, async (tx) => {
      const { uses, reasons } = planBenefits(
        await situationOf(deps, tx, request, { facts, leftFen }),
      )
      if (uses.length === 0) {
        const [first] = reasons
        return notAvailable(first?.code ?? 'no_benefit', 'no programme pays anything of this')
      }
      const id = deps.newId<'BenefitQuote'>()
      await insertQuote(tx, { hospitalId, id, paymentId, personId, uses }, deps.clock.now())
      return { outcome: 'quoted', parts: partsOf(uses), quoteReference: id, reasons }
    })
  }

/** One part for each kind, in the order of use. */
export const partsOf = (uses: readonly { kind: PartKind; amountFen: Fen }[]): TenderPart[] =>
  BENEFIT_KINDS.map((kind) => ({
    kind,
    amountFen: uses.reduce((sum, use) => (use.kind === kind ? sum + use.amountFen : sum), 0) as Fen,
  })).filter(({ amountFen }) => amountFen > 0)

async function situationOf(
  { clock }: BenefitsDependencies,
  tx: Tx,
  { hospitalId, personId, payables }: QuoteRequest,
  { facts, leftFen }: { facts: Facts; leftFen: Fen },
): Promise<Situation> {
  const today = businessDateOf(clock.now())
  const visitNo = payables[0]?.visitNo ?? ''
  const programmes = await runningProgrammes(tx, hospitalId, today)
  const ids = programmes.map(({ id }) => id)
  const scopes = [`visit:${visitNo}`, `year:${today.slice(0, 4)}`]
  const budgets = await budgetsOf(tx, hospitalId, ids)
  return {
    today,
    visitNo,
    leftFen,
    lines: payables.flatMap(({ lines }) => lines),
    facts,
    programmes,
    entitlements: await entitlementsOf(tx, hospitalId, { personId, on: today }),
    freeFen: new Map([...budgets].map(([id, budget]) => [id, freeOfBudget(budget)])),
    usedFen: await capsUsed(tx, hospitalId, { personId, scopes }),
  }
}

const notAvailable = (code: string, reason: string) =>
  ({ outcome: 'not_available', code, reason }) as const
