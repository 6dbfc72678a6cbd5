import type { HospitalId } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import {
  type Application,
  applicationsOfPerson,
  openReviews,
  type Review,
  reviewsOf,
} from './application-store.ts'
import {
  applyForLine,
  type ApplicationWish,
  sweepApplications,
  withdrawApplication,
  type WithdrawnApplication,
} from './applications.ts'
import type { CreditDependencies } from './dependencies.ts'
import { drawsOfVisit } from './draw-store.ts'
import { nextDueAt } from './due.ts'
import { payVisitEarly } from './early-payment.ts'
import { creditErrors } from './errors.ts'
import {
  findConsentText,
  findProduct,
  insertConsentText,
  insertProduct,
  listLenders,
  offeredProducts,
  saveLender,
  setProductStatus,
} from './lender-store.ts'
import {
  changesOfLine,
  findHospitalLimit,
  findLine,
  freeAtHospital,
  type HospitalLimit,
  moveUse,
} from './line-store.ts'
import type { CreditLine } from './line.ts'
import { changeHospitalLimit, changeLine, endLine, followStages, type LineChange } from './lines.ts'
import type { PrincipalRepaid } from './loan-book.ts'
import type { StageMove } from './loan/dependencies.ts'
import { openVisits } from './open-visits.ts'
import { createPayouts } from './payouts.ts'
import { problemsOfProduct } from './product.ts'
import { askForReview, decideReview, type Verdict } from './reviews.ts'
import { settleVisit, type VisitKey } from './settle.ts'
import { createSource } from './source.ts'
import { creditOf } from './standing.ts'
import type { LenderId, LineId, PersonId, Product } from './terms.ts'
import { findVisit, visitsOfPerson } from './visit-store.ts'
import type { CreditVisit, EndCause } from './visit.ts'
import {
  agreeToVisit,
  endVisitsAt,
  type Left,
  lookAfterVisit,
  sweepVisits,
  type VisitWish,
} from './visits.ts'

export type Credit = ReturnType<typeof createCredit>

/** Lines of credit, the visits they are agreed for, and the source of a payment's money that draws on them. */
export const createCredit = (deps: CreditDependencies) => ({
  /** What payments asks. */
  source: createSource(deps),
  ...directory(deps),
  ...reads(deps),
  apply: (wish: ApplicationWish, actor: Actor) => applyForLine(deps, wish, actor),
  withdrawApplication: (wish: WithdrawnApplication, actor: Actor) =>
    withdrawApplication(deps, wish, actor),
  askForReview: (wish: Parameters<typeof askForReview>[1], actor: Actor) =>
    askForReview(deps, wish, actor),
  decideReview: (verdict: Verdict, actor: Actor) => decideReview(deps, verdict, actor),
  changeLine: (
    key: { lenderId: LenderId; lineId: LineId },
    change: LineChange,
    by: { actor: Actor; reason: string },
  ) => changeLine(deps, key, change, by),
  endLine: (key: { lenderId: LenderId; personId: PersonId }, actor: Actor) =>
    endLine(deps, key, actor),
  changeHospitalLimit: (limit: Parameters<typeof changeHospitalLimit>[1], actor: Actor) =>
    changeHospitalLimit(deps, limit, actor),
  agreeToVisit: (wish: VisitWish, actor: Actor) => agreeToVisit(deps, wish, actor),
  /** All visits of a lender that are open, a page at a time. */
  openVisits: (lenderId: LenderId) => openVisits(deps, lenderId),
  settleVisit: (key: VisitKey, cause: EndCause | null) => settleVisit(deps, key, cause),
  payVisitEarly: (wish: Parameters<typeof payVisitEarly>[1]) => payVisitEarly(deps, wish),
  async endVisits(left: Left, cause: EndCause): Promise<CreditVisit[]> {
    const lenderIds = (await listLenders(deps.db)).map(({ lenderId }) => lenderId)
    return endVisitsAt(deps, { ...left, lenderIds }, cause)
  },
  /** A visit whose early payment, or whose settlement, waits for something that is known to have ended. */
  lookAfterVisit: (key: VisitKey) => lookAfterVisit(deps, key),
  payouts: createPayouts(deps),
  /** Moves on whatever of a lender is due; returns how much there was. */
  async sweep(
    lenderId: LenderId,
    onError: (error: unknown, subject: string) => void = () => undefined,
  ): Promise<number> {
    const applications = await sweepApplications(deps, lenderId, onError)
    return applications + (await sweepVisits(deps, lenderId, onError))
  },
  /** When something of a lender is to be looked at next; null for nothing. */
  nextDueAt: (lenderId: LenderId) => nextDueAt(deps.db, lenderId),
  /** Principal came back to the lender: the line and the limit at the hospital are free again by as much. */
  onRepaid: (tx: Tx, repaid: PrincipalRepaid): Promise<void> => onRepaid(deps, tx, repaid),
  /** Loans came into another stage: lines are suspended while one of them is overdue. */
  onStages: (tx: Tx, moves: readonly StageMove[]): Promise<void> => followStages(deps, tx, moves),
})

async function onRepaid(
  { clock }: CreditDependencies,
  tx: Tx,
  { lenderId, personId, hospitalId: careHospitalId, amountFen }: PrincipalRepaid,
): Promise<void> {
  const now = clock.now()
  const line = await findLine(tx, lenderId, { personId })
  if (!line) return
  await moveUse(tx, { lenderId, lineId: line.id }, { drawn: 0 - amountFen }, now)
  await freeAtHospital(tx, { lenderId, careHospitalId }, amountFen, now)
}

/** Lenders, products and texts: what an operator sets up for a lender. */
const directory = ({ db, clock }: CreditDependencies) => ({
  lenders: () => listLenders(db),
  saveLender: (lender: Parameters<typeof saveLender>[1]) => saveLender(db, lender, clock.now()),
  offered: () => offeredProducts(db),
  /** Errors: product_not_found. */
  product: (lenderId: LenderId, productId: string) => mustFindProduct(db, lenderId, productId),
  /** The same within a transaction: whoever holds one connection must not wait for another. */
  productIn: (tx: Tx, lenderId: LenderId, productId: string) =>
    mustFindProduct(tx, lenderId, productId),
  /** Errors: product_wrong with what is wrong, product_exists, consent_outdated when its text is not there. */
  async addProduct(product: Product): Promise<void> {
    const problems = problemsOfProduct(product)
    if (problems.length > 0) throw creditErrors.product_wrong({ problems: problems.join(', ') })
    const { lenderId, id, consentVersion: version } = product
    if (!(await findConsentText(db, lenderId, version))) {
      throw creditErrors.consent_outdated({ version })
    }
    if (!(await insertProduct(db, product, clock.now()))) throw creditErrors.product_exists({ id })
  },
  withdrawProduct: (lenderId: LenderId, id: string) =>
    setProductStatus(db, { lenderId, id, status: 'withdrawn' }),
  addConsentText: (lenderId: LenderId, text: Parameters<typeof insertConsentText>[2]) =>
    insertConsentText(db, lenderId, text),
  consentText: (lenderId: LenderId, version: string) => findConsentText(db, lenderId, version),
})

async function mustFindProduct(
  db: CreditDependencies['db'] | Tx,
  lenderId: LenderId,
  productId: string,
): Promise<Product> {
  const product = await findProduct(db, lenderId, productId)
  if (!product) throw creditErrors.product_not_found({ productId })
  return product
}

const reads = ({ db }: CreditDependencies) => ({
  /** The lines of a person with all lenders. */
  async linesOf(personId: PersonId): Promise<CreditLine[]> {
    return fromAll(db, (tx, lenderId) => findLine(tx, lenderId, { personId }))
  },
  async visitsOf(personId: PersonId): Promise<CreditVisit[]> {
    return fromAll(db, (tx, lenderId) => visitsOfPerson(tx, lenderId, personId))
  },
  async applicationsOf(personId: PersonId): Promise<ReviewedApplication[]> {
    return fromAll(db, async (tx, lenderId) => {
      const reviewed: ReviewedApplication[] = []
      for (const application of await applicationsOfPerson(tx, lenderId, personId)) {
        const reviews = await reviewsOf(tx, lenderId, application.id)
        reviewed.push({ ...application, reviews })
      }
      return reviewed
    })
  },
  /** What a person could pay by credit at a hospital now, at the lender with the most; null where there is none. */
  creditOf: (personId: PersonId, careHospitalId: HospitalId) =>
    creditOf(db, { personId, careHospitalId }),
  visit: ({ lenderId, visitId }: VisitKey) =>
    inHospital(db, lenderId, (tx) => findVisit(tx, lenderId, visitId)),
  drawsOf: ({ lenderId, visitId }: VisitKey) =>
    inHospital(db, lenderId, (tx) => drawsOfVisit(tx, lenderId, visitId)),
  changesOf: (lenderId: LenderId, lineId: LineId) =>
    inHospital(db, lenderId, (tx) => changesOfLine(tx, lenderId, lineId)),
  openReviews: (lenderId: LenderId) => inHospital(db, lenderId, (tx) => openReviews(tx, lenderId)),
  /** The limits that lenders have for one hospital. */
  async hospitalLimits(
    careHospitalId: HospitalId,
  ): Promise<(HospitalLimit & { lenderId: LenderId })[]> {
    return fromAll(db, async (tx, lenderId) => {
      const limit = await findHospitalLimit(tx, lenderId, careHospitalId)
      return limit && { ...limit, lenderId }
    })
  },
})

export type ReviewedApplication = Application & { reviews: Review[] }

/** Asks the book of every lender in turn, and puts together what they have. */
async function fromAll<T>(
  db: CreditDependencies['db'],
  read: (tx: Tx, lenderId: LenderId) => Promise<T | T[] | null>,
): Promise<T[]> {
  const all: T[] = []
  for (const { lenderId } of await listLenders(db)) {
    const found = await inHospital(db, lenderId, (tx) => read(tx, lenderId))
    if (found !== null) all.push(...(Array.isArray(found) ? found : [found]))
  }
  return all
}
