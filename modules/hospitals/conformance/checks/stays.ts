import { fen } from '../../../../kernel/money.ts'
import { addDays, businessDateOf } from '../../../../kernel/time.ts'
import type { HisDeposit, HisDischarge, HisStay } from '../../interface/stays.ts'
import { type Check, checksOf } from '../check.ts'
import { expectSame, expectThat, NotTried, okOf, prepared, refusedOf } from '../outcome.ts'
import type { Session } from '../session.ts'

const check = checksOf('stay')
const GET = 'stays.get'
const DAILY = 'stays.dailyList'
const DEPOSIT = 'stays.payDeposit'
const PRE_SETTLE = 'stays.preSettle'
const DISCHARGE = 'stays.discharge'
const DEPOSIT_FEN = fen(100_000)

export const stayChecks: readonly Check[] = [
  check(GET, 'answer', ['住院信息', 'the stay that is not over'], async (s) => {
    const { patientNo } = await s.patient(1)
    okOf(GET, await s.his.stay(s.call, patientNo), 'a patient')
    const stay = await stayOf(s)
    expectSame('whose it is', stay.patientNo, patientNo)
  }),
  check(
    GET,
    'unknown',
    ['未知患者有明确答复', 'an unknown patient is PATIENT_NOT_FOUND'],
    async (s) => {
      const answer = await s.his.stay(s.call, s.newNo('X'))
      refusedOf(GET, answer, ['patient_not_found'], 'an unknown patient')
    },
  ),
  check(
    DAILY,
    'unknown',
    ['未知住院号有明确答复', 'an unknown stay is STAY_NOT_FOUND'],
    async (s) => {
      const businessDate = businessDateOf(s.clock.now())
      const answer = await s.his.dailyList(s.call, { stayNo: s.newNo('Z'), businessDate })
      refusedOf(DAILY, answer, ['stay_not_found'], 'an unknown stay')
    },
  ),
  check(DEPOSIT, 'answer', ['预交金入账', 'a deposit is booked'], async (s) => {
    const before = await stayOf(s)
    const deposit = depositOf(s, before)
    const answer = okOf(DEPOSIT, await s.his.payDeposit(s.call, deposit), 'a deposit')
    const sum = before.depositFen + DEPOSIT_FEN
    expectSame('what is deposited by the answer', answer.depositFen, sum)
    expectSame('what is deposited by the stay', (await stayOf(s)).depositFen, sum)
  }),
  check(
    DEPOSIT,
    'repeated',
    ['重复预交同一答复', 'the same request has the same answer'],
    async (s) => {
      const deposit = depositOf(s, await stayOf(s))
      const first = prepared(DEPOSIT, await s.his.payDeposit(s.call, deposit))
      const again = okOf(DEPOSIT, await s.his.payDeposit(s.call, deposit), 'the same again')
      expectSame('the second answer', again, first)
    },
  ),
  check(
    DEPOSIT,
    'different',
    ['同一键不同内容被拒绝', 'the same key with another body is refused'],
    async (s) => {
      const deposit = depositOf(s, await stayOf(s))
      prepared(DEPOSIT, await s.his.payDeposit(s.call, deposit))
      const other = { ...depositOf(s, await stayOf(s), 50_000), depositNo: deposit.depositNo }
      const answer = await s.his.payDeposit(s.call, other)
      refusedOf(DEPOSIT, answer, ['duplicate_different'], 'the key with another amount')
    },
  ),
  check(
    DEPOSIT,
    'unknown',
    ['未知住院号有明确答复', 'an unknown stay is STAY_NOT_FOUND'],
    async (s) => {
      const deposit = { ...depositOf(s, await stayOf(s)), stayNo: s.newNo('Z') }
      const answer = await s.his.payDeposit(s.call, deposit)
      refusedOf(DEPOSIT, answer, ['stay_not_found'], 'a deposit to an unknown stay')
    },
  ),
]

/** Tried last: a stay has cost something by then, where the sandbox's time can be moved. */
export const dischargeChecks: readonly Check[] = [
  check(DAILY, 'answer', ['一日清单合计相符', 'a daily list adds up'], async (s) => {
    const { stayNo } = await stayOf(s)
    const businessDate = addDays(businessDateOf(s.clock.now()), -1)
    const list = okOf(DAILY, await s.his.dailyList(s.call, { stayNo, businessDate }), 'a day')
    const sum = list.lines.reduce((total, line) => total + line.amountFen, 0)
    expectSame('its total', list.totalFen, sum)
    for (const { unitPriceFen, quantity, amountFen } of list.lines) {
      expectSame('the amount of a line', amountFen, unitPriceFen * quantity)
    }
  }),
  check(PRE_SETTLE, 'answer', ['出院预结算平衡', 'settling in advance balances'], async (s) => {
    const { stayNo } = await leavingStay(s)
    const it = okOf(PRE_SETTLE, await s.his.preSettleStay(s.call, stayNo), 'a stay')
    const covered = it.depositFen + it.pooledFen + it.accountFen + it.otherFen + it.toPayFen
    expectSame('total and to return', it.totalFen + it.toReturnFen, covered)
    const isOne = it.toPayFen === 0 || it.toReturnFen === 0
    expectThat(isOne, 'to pay and to return', 'one of them is 0', [it.toPayFen, it.toReturnFen])
  }),
  check(
    PRE_SETTLE,
    'unknown',
    ['未知住院号有明确答复', 'an unknown stay is STAY_NOT_FOUND'],
    async (s) => {
      const answer = await s.his.preSettleStay(s.call, s.newNo('Z'))
      refusedOf(PRE_SETTLE, answer, ['stay_not_found'], 'an unknown stay')
    },
  ),
  check(
    DISCHARGE,
    'answer',
    ['出院结算', 'a stay is settled'],
    async (s) => {
      const { stayNo } = await leavingStay(s)
      const settlement = await settlementOf(s, stayNo)
      const first = okOf(DISCHARGE, await s.his.discharge(s.call, settlement), 'a stay in full')
      const again = okOf(DISCHARGE, await s.his.discharge(s.call, settlement), 'the same again')
      expectSame('the second answer', again, first)
    },
    { needs: ['stays.orderDischarge'] },
  ),
]

/** The stay of the second patient, who is admitted where the sandbox lets the kit. */
async function stayOf(session: Session): Promise<HisStay> {
  const { patientNo } = await session.patient(1)
  const { his, call } = session
  const there = prepared(GET, await his.stay(call, patientNo))
  if (there) return there
  if (session.offers('stays.admit')) await session.hand('stays.admit', { patientNo })
  const admitted = prepared(GET, await his.stay(call, patientNo))
  if (admitted) return admitted
  throw new NotTried({
    zh: '第二名测试患者不在院',
    en: 'the second test patient is not in hospital',
  })
}

/** The same, with its discharge ordered where the sandbox lets the kit: some hospitals settle no other. */
async function leavingStay(session: Session): Promise<HisStay> {
  const stay = await stayOf(session)
  if (stay.status === 'in_hospital' && session.offers('stays.orderDischarge')) {
    await session.hand('stays.orderDischarge', { stayNo: stay.stayNo })
  }
  return stay
}

function depositOf(
  session: Session,
  { stayNo }: HisStay,
  amount: number = DEPOSIT_FEN,
): HisDeposit {
  const depositNo = session.newNo('Y')
  const amountFen = fen(amount)
  const tenders = [{ kind: 'self_pay' as const, amountFen, tradeNo: `T${depositNo}` }]
  return { depositNo, stayNo, amountFen, paidAt: session.justNow(), tenders }
}

async function settlementOf(session: Session, stayNo: string): Promise<HisDischarge> {
  const it = prepared(PRE_SETTLE, await session.his.preSettleStay(session.call, stayNo))
  const settlementNo = session.newNo('J')
  const parts = [
    ['deposit', it.depositFen - it.toReturnFen],
    ['pooled', it.pooledFen],
    ['account', it.accountFen],
    ['commercial', it.otherFen],
    ['self_pay', it.toPayFen],
  ] as const
  const tenders = parts
    .filter(([, amount]) => amount > 0)
    .map(([kind, amount]) => ({ kind, amountFen: fen(amount), tradeNo: `${settlementNo}-${kind}` }))
  return {
    settlementNo,
    stayNo,
    totalFen: it.totalFen,
    settledAt: session.justNow(),
    tenders,
    returnedFen: it.toReturnFen,
    insuranceSettlementNo: null,
  }
}
