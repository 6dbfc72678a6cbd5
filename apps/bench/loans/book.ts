import type pg from 'pg'

import { fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { LenderId } from '../../../modules/credit/index.ts'
import type { Ledger } from '../../../modules/ledger/index.ts'
import { type Db, inHospital } from '../../../platform/db.ts'

/** Of what kinds of loans a book is made: so many of every ten, each with so many instalments open. */
export type Mix = readonly { loans: number; instalments: number; kind: Kind }[]

/** free: nothing accrues yet; interest: in the middle of a period; overdue: penalty by the day. */
type Kind = 'free' | 'interest' | 'overdue'

/** As a lender against visits would have it: half are in their free days, a tenth of the loans is late. */
export const USUAL: Mix = [
  { loans: 4, instalments: 1, kind: 'free' },
  { loans: 3, instalments: 3, kind: 'interest' },
  { loans: 2, instalments: 6, kind: 'interest' },
  { loans: 1, instalments: 1, kind: 'overdue' },
]

/** The worst there can be: every row changes every night, and no two are one loan's. */
export const ALL_MOVING: Mix = [
  { loans: 8, instalments: 1, kind: 'interest' },
  { loans: 2, instalments: 1, kind: 'overdue' },
]

const PRINCIPAL_FEN = 60_000
const BEGUN_DAYS_AGO = 10
const PERIOD_DAYS = 30
const TEN = 10

/** Enters a lender's book with at least so many open instalments as of a morning, and returns how many there are. */
export async function enterBook(
  { client, db, ledger }: { client: pg.Client; db: Db; ledger: Ledger },
  { lenderId, mix, instalments, on }: BookOptions,
): Promise<{ loans: number; instalments: number }> {
  const ofTen = mix.reduce((sum, each) => sum + each.loans * each.instalments, 0)
  const tens = Math.ceil(instalments / ofTen)
  const kinds = mix.flatMap((each) => Array.from({ length: each.loans }, () => each))
  await client.query(`set app.hospital_id = '${lenderId}'`)
  for (const [i, kind] of kinds.entries()) {
    const values = [lenderId, tens, i, on, kind.kind === 'overdue', kind.instalments]
    await client.query(LOANS, values.slice(0, 5))
    await client.query(INSTALMENTS, [...values, kind.kind === 'interest' ? 300 : 0])
  }
  await client.query(ENTRIES, [lenderId, on])
  await client.query('vacuum analyze credit.loan, credit.instalment, credit.loan_entry')
  await inHospital(db, lenderId, (tx) =>
    ledger.post(tx, {
      hospitalId: lenderId,
      businessDate: on,
      cause: 'opened',
      subject: 'bench',
      memo: 'opened',
      transfers: [
        {
          debit: { code: 'loans/principal', kind: 'asset' },
          credit: { code: 'owed/hospital/1', kind: 'liability' },
          amountFen: fen(tens * TEN * PRINCIPAL_FEN),
        },
      ],
    }),
  )
  return { loans: tens * TEN, instalments: tens * ofTen }
}

export type BookOptions = {
  lenderId: LenderId
  mix: Mix
  instalments: number
  on: BusinessDate
}

const ID = `('0190b3a0-0000-7000-8000-' || lpad(to_hex(n * ${TEN} + $3::int), 12, '0'))::uuid`

const LOANS = `insert into credit.loan
  (hospital_id, id, person_id, care_hospital_id, visit_no, product_id, way, periods, yearly_rate_ppm, fee_ppm,
    penalty_rate_ppm, principal_fen, opened_on, free_until, status, overdue_since, stage, opened_at, ended_at)
  select $1, ${ID}, ${ID}, 1, 'V' || n, 'bench', 'equal_payment', 12, 120000, 0, 180000, ${PRINCIPAL_FEN},
    $4::date - 40, $4::date - 10, 'open', null, 'current', $4::date - 40, null
  from generate_series(1, $2::int) n where $5::boolean is not null`

// The first of each is in its period; an overdue one was due one to sixty days ago.
const INSTALMENTS = `insert into credit.instalment
  (hospital_id, loan_id, no, from_on, due_on, period_days, principal_fen, interest_fen, fee_fen, brought_fen,
    accrued_interest_fen, charged_fee_fen, accrued_penalty_fen, penalty_carry, accrued_on, day_interest_fen,
    day_fee_fen, day_penalty_fen, paid_principal_fen, paid_interest_fen, paid_fee_fen, paid_penalty_fen, status)
  select $1, ${ID}, no, begun + (no - 1) * ${PERIOD_DAYS}, begun + no * ${PERIOD_DAYS}, ${PERIOD_DAYS},
    ${PRINCIPAL_FEN} / $6::int, $7::int, 0, 0, 0, 0, 0, 182500000, begun, 0, 0, 0, 0, 0, 0, 0, 'open'
  from generate_series(1, $2::int) n cross join generate_series(1, $6::int) no
    cross join lateral (select case when $5::boolean then $4::date - ${PERIOD_DAYS} - 1 - n % 60
      else $4::date - ${BEGUN_DAYS_AGO} end as begun) b`

const ENTRIES = `insert into credit.loan_entry
  (hospital_id, loan_id, cause, business_date, principal_fen, interest_fen, fee_fen, penalty_fen)
  select $1, id, 'opened', $2::date, principal_fen, 0, 0, 0 from credit.loan where hospital_id = $1`
