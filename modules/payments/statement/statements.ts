import { eachAtOnce } from '../../../kernel/at-once.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import {
  addDays,
  type BusinessDate,
  type Clock,
  instantAt,
  SECOND_MS,
} from '../../../kernel/time.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import type { PersonId } from '../payment.ts'
import { statementErrors } from './errors.ts'
import {
  checkCodeOf,
  type Digest,
  isCheckCode,
  readStatementNo,
  type StatementFacts,
  statementNoOf,
} from './number.ts'
import { paymentsOfPerson } from './statement-store.ts'
import {
  type PaidPayment,
  type Statement,
  type StatementHospital,
  statementOf,
} from './statement.ts'

export const MOST_DAYS = 366
export const MOST_PAYMENTS = 2_000
const HOSPITALS_AT_ONCE = 4

export type Statements = ReturnType<typeof createStatements>

export function createStatements({ db, clock, identity, hospitals, seal }: Dependencies) {
  const digest: Digest = (text) => seal.blindIndex('payments.statement', text)
  return { statementOfPerson, verify }

  /**
   * Everything the person paid from the first day to the last, both included, at all hospitals that know them.
   * Errors: throws payments.statement_period_reversed, statement_period_too_long, statement_too_many_payments.
   */
  async function statementOfPerson(
    personId: PersonId,
    days: { from: BusinessDate; to: BusinessDate },
  ): Promise<NumberedStatement> {
    checkPeriod(days)
    const [holder, known] = await Promise.all([
      identity.personView(personId, 'owner'),
      hospitalsOf(personId),
    ])
    const statement = statementOf(days, known, await paymentsAt(known, personId, days))
    const nowMs = clock.now().getTime()
    const generatedAt = new Date(nowMs - (nowMs % SECOND_MS))
    const { name, idCardNo } = holder
    const idEnds = endsOf(idCardNo)
    const statementNo = statementNoOf({ ...days, generatedAt, ...statement.totals, idEnds })
    return {
      ...statement,
      statementNo,
      checkCode: checkCodeOf(digest, statementNo, name),
      generatedAt,
      holder: { name, idCardNo },
    }
  }

  /** What the hub vouched for under this number and name; null when it never did. */
  function verify(
    statementNo: string,
    paper: { code: string; name: string },
  ): StatementFacts | null {
    const facts = readStatementNo(statementNo)
    return facts && isCheckCode(digest, statementNo, paper) ? facts : null
  }

  async function hospitalsOf(personId: PersonId): Promise<StatementHospital[]> {
    const [known, all] = await Promise.all([identity.hospitalsOf(personId), hospitals.list()])
    const names = new Map(all.map(({ id, name }) => [id, name]))
    return known.map(({ hospitalId }) => ({ hospitalId, name: names.get(hospitalId) ?? '' }))
  }

  /** Refuses as soon as there are too many, so that no more is read than may be answered. */
  async function paymentsAt(
    known: readonly StatementHospital[],
    personId: PersonId,
    { from, to }: { from: BusinessDate; to: BusinessDate },
  ): Promise<PaidPayment[]> {
    const period = { since: instantAt(from), before: instantAt(addDays(to, 1)) }
    const payments: PaidPayment[] = []
    await eachAtOnce(known, HOSPITALS_AT_ONCE, async ({ hospitalId }) => {
      const limit = MOST_PAYMENTS - payments.length + 1
      const found = await inHospital(db, hospitalId, (tx) =>
        paymentsOfPerson(tx, hospitalId, personId, period, limit),
      )
      payments.push(...found)
      if (payments.length > MOST_PAYMENTS) {
        throw statementErrors.statement_too_many_payments({ most: MOST_PAYMENTS })
      }
    })
    return payments
  }
}

const UNKNOWN_ENDS = '00'

/** Of the masked number, as the paper shows it. */
function endsOf(idCardNo: string): string {
  const ends = `${idCardNo.at(0) ?? ''}${idCardNo.at(-1) ?? ''}`.toUpperCase()
  return /^\d[\dX]$/.test(ends) ? ends : UNKNOWN_ENDS
}

function checkPeriod({ from, to }: { from: BusinessDate; to: BusinessDate }): void {
  if (from > to) throw statementErrors.statement_period_reversed({ from, to })
  if (to > addDays(from, MOST_DAYS - 1)) {
    throw statementErrors.statement_period_too_long({ mostDays: MOST_DAYS })
  }
}

/** A statement as it is handed out: with the number and the code by which others can tell that it is genuine. */
export type NumberedStatement = Statement & {
  statementNo: string
  checkCode: string
  generatedAt: Date
  /** The name in full, as it is their own; the number of the identity card masked. */
  holder: { name: string; idCardNo: string }
}

/** What is wanted of people, hospitals and the key, whoever has them. */
type Dependencies = {
  db: Db
  clock: Clock
  identity: {
    hospitalsOf(personId: PersonId): Promise<readonly { hospitalId: HospitalId }[]>
    personView(personId: PersonId, viewer: 'owner'): Promise<{ name: string; idCardNo: string }>
  }
  hospitals: { list(): Promise<readonly { id: HospitalId; name: string }[]> }
  seal: { blindIndex(purpose: string, text: string): string }
}
