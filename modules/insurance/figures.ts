import { addFen, type Fen, subtractFen } from '../../kernel/money.ts'
import type { QuoteReason, TenderPart } from '../payments/index.ts'

/**
 * How an insurance centre splits a bill, pre-settled or settled: who bears what, and why.
 *
 * Units: fen, and basis points (1/10000) for the ratio. All amounts are of the whole settlement and not
 * negative, also in the answer to a cancellation. `fundFen` never holds the personal account: adapters
 * of provinces that count it in take it out.
 * Source: setlinfo of 2206, 2207, 2208 and 5203.
 */
export type Figures = {
  totalFen: Fen // medfee_sumamt
  ownFen: Fen // fulamt_ownpay_amt: class C and what else is not covered at all
  overLimitFen: Fen // overlmt_selfpay
  firstShareFen: Fen // preselfpay_amt: the person's first share of class B
  inScopeFen: Fen // inscp_scp_amt
  deductibleFen: Fen // act_pay_dedc, borne by the person
  poolRatioBp: number // pool_prop_selfpay
  basicFundFen: Fen // hifp_pay
  supplementFundFen: Fen // hifes_pay, hifmi_pay, hifob_pay and cvlserv_pay
  aidFundFen: Fen // maf_pay
  otherFundFen: Fen // oth_pay
  fundFen: Fen // fund_pay_sumamt
  personalFen: Fen // psn_part_amt
  accountFen: Fen // acct_pay
  sharedAccountFen: Fen // acct_mulaid_pay, a part of acct_pay: of the family's accounts
  cashFen: Fen // psn_cash_pay
  hospitalFen: Fen // hosp_part_amt
  balanceFen: Fen // balc, left in the account afterwards
}

/**
 * The first rule that the figures break, in words; null when they hold together. Figures that do not are
 * no answer: money must not move by them.
 *
 * Source: the identities of the interface document for setlinfo.
 */
export function brokenIdentity(f: Figures): string | null {
  const amounts = Object.entries(f).filter(([name]) => name.endsWith('Fen'))
  const negative = amounts.find(([, amount]) => amount < 0)
  if (negative) return `${negative[0]} is below zero`
  if (f.poolRatioBp < 0 || f.poolRatioBp > RATIO_WHOLE_BP) return 'the ratio is not between 0 and 1'
  return IDENTITIES.find((rule) => rule.left(f) !== rule.right(f))?.says ?? sharedPart(f)
}

const RATIO_WHOLE_BP = 10_000

const IDENTITIES: readonly Identity[] = [
  {
    says: 'total = funds + person + hospital',
    left: (f) => f.totalFen,
    right: (f) => addFen(f.fundFen, f.personalFen, f.hospitalFen),
  },
  {
    says: 'funds = basic + supplements + aid + other',
    left: (f) => f.fundFen,
    right: (f) => addFen(f.basicFundFen, f.supplementFundFen, f.aidFundFen, f.otherFundFen),
  },
  {
    says: 'person = account + cash',
    left: (f) => f.personalFen,
    right: (f) => addFen(f.accountFen, f.cashFen),
  },
  {
    says: 'total = own expense + over limit + first share + in scope',
    left: (f) => f.totalFen,
    right: (f) => addFen(f.ownFen, f.overLimitFen, f.firstShareFen, f.inScopeFen),
  },
]

const sharedPart = (f: Figures) =>
  f.sharedAccountFen > f.accountFen ? 'the shared account is a part of the account' : null

/** What the insurance pays of it: all funds as one part, the personal account as the other. */
export const partsOf = (f: Figures): TenderPart[] =>
  [
    { kind: 'pooled' as const, amountFen: f.fundFen },
    { kind: 'account' as const, amountFen: f.accountFen },
  ].filter((part) => part.amountFen > 0)

/** The same money in the eyes of the books of payments and of the person: total and who paid. */
export const sameMoney = (a: Figures, b: Figures): boolean =>
  a.totalFen === b.totalFen && a.fundFen === b.fundFen && a.accountFen === b.accountFen

/** Why the parts are as they are, for the payer. What comes to zero is left out. */
export function reasonsOf(f: Figures): QuoteReason[] {
  const amounts: [code: string, amountFen: Fen][] = [
    ['own_expense', f.ownFen],
    ['over_limit', f.overLimitFen],
    ['first_share', f.firstShareFen],
    ['in_scope', f.inScopeFen],
    ['deductible', f.deductibleFen],
  ]
  return [
    ...amounts
      .filter(([, amountFen]) => amountFen > 0)
      .map(([code, amountFen]) => ({ code, params: { amountFen } })),
    ...(f.fundFen > 0
      ? [{ code: 'fund_share', params: { ratioBp: f.poolRatioBp, amountFen: f.fundFen } }]
      : []),
    ...(f.accountFen > 0
      ? [{ code: 'account', params: { usedFen: f.accountFen, leftFen: f.balanceFen } }]
      : []),
  ]
}

/** One line of a bill as the centre classified it. `level` is null where the centre gives none. */
export type LineFigures = {
  amountFen: Fen
  ownFen: Fen
  overLimitFen: Fen
  firstShareFen: Fen
  inScopeFen: Fen
  level: 'A' | 'B' | 'C' | null
}

/** As brokenIdentity, for one line of 2204. */
export function brokenLineIdentity(line: LineFigures): string | null {
  const { amountFen, ownFen, overLimitFen, firstShareFen, inScopeFen } = line
  const split = [ownFen, overLimitFen, firstShareFen, inScopeFen]
  if (split.some((part) => part < 0)) return 'a part of a line is below zero'
  return subtractFen(amountFen, addFen(...split)) === 0
    ? null
    : 'line = own expense + over limit + first share + in scope'
}

type Identity = { says: string; left: (f: Figures) => Fen; right: (f: Figures) => Fen }
